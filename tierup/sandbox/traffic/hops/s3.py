"""S3: whether a bucket answers a request, by its policy and its public access block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tierup.sandbox.aws.access.documents import Statement, UnreadablePolicyError, statements
from tierup.sandbox.aws.access.evaluation import Outcome, Policies, evaluate
from tierup.sandbox.aws.access.evaluation import Request as AccessRequest
from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..hop import Hop, World, fails, passes, unknown
from ..rows import label, listed
from . import kms

ENCRYPTION = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
)
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
PUBLIC_ACCESS = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
_FIXED = frozenset({"aws:sourceip", "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:principalorgid"})


def reads(
    world: World, bucket: CloudResource, principal: str, context: Mapping[str, str], key: str = "/index.html"
) -> Hop:
    """Return whether a bucket policy allows a principal to read an object, and whether its key does.

    `principal` is a service ("cloudfront.amazonaws.com") or "*" for a request without credentials. `context` has the
    condition keys in lower case; the request has no others.
    """
    name = str(bucket.value("bucket") or bucket.id)
    policy = world.rows.one(POLICY, bucket=name)
    if policy is None:
        reason = "The bucket has no policy, so only its own account reads it."
        return fails("bucket-policy", label(bucket), "policy", reason, sources.CLOUDFRONT_OAC)
    place = label(policy)
    try:
        found = statements(policy.value("policy"), place)
    except UnreadablePolicyError as error:
        return unknown("bucket-policy", place, "policy", f"{error}.", sources.CLOUDFRONT_OAC)
    request = AccessRequest(
        caller="anonymous" if principal == "*" else principal,
        action="s3:GetObject",
        resource=f"arn:aws:s3:::{name}/{key.lstrip('/')}",
        context={key: (value,) for key, value in context.items()},
    )
    decision = evaluate(request, Policies(resource=found))
    if decision.outcome is Outcome.UNKNOWN:
        reason = f"A condition of {decision.statement} cannot be decided."
        return unknown("bucket-policy", place, "policy", reason, sources.CLOUDFRONT_OAC)
    if decision.is_explicit:
        reason = f"A deny in {decision.statement} stops the request."
        return fails("bucket-policy", place, "policy", reason, sources.CLOUDFRONT_OAC)
    if decision.denied:
        reason = f"No statement allows s3:GetObject for {_described(principal, context)}."
        return fails("bucket-policy", place, "policy", reason, sources.CLOUDFRONT_OAC)
    if principal == "*" and _is_public(found, request) and _restricted(world, name):
        reason = "The policy is public, and the bucket's public access block ignores public policies."
        return fails("bucket-policy", label(bucket), "restrictPublicBuckets", reason, sources.S3_PUBLIC_ACCESS)
    undecrypted = _encryption(world, bucket, name, principal, context)
    if undecrypted is not None:
        return undecrypted
    reason = f"The bucket policy allows s3:GetObject for {_described(principal, context)}."
    return passes("bucket-policy", place, "policy", reason, sources.CLOUDFRONT_OAC)


def _encryption(
    world: World, bucket: CloudResource, name: str, principal: str, context: Mapping[str, str]
) -> Hop | None:
    """Return the hop that stops a request for objects that a customer managed key encrypts; None if none does."""
    for type in ENCRYPTION:
        for row in world.rows.find(type, bucket=name):
            for rule in listed(row.value("rules")):
                default = rule.get("applyServerSideEncryptionByDefault") or {}
                reference = default.get("kmsMasterKeyId")
                if str(default.get("sseAlgorithm")) == "AES256" or not reference:
                    continue
                if principal == "*":
                    reason = "A KMS key encrypts the objects, so requests without credentials are refused."
                    return fails("bucket-encryption", label(row), "kmsMasterKeyId", reason, sources.S3_ENCRYPTION)
                hop = kms.decrypts(world, reference, bucket, principal, context)
                if hop is not None:
                    return hop
    return None


def _described(principal: str, context: Mapping[str, str]) -> str:
    if principal != "*":
        return f"{principal} of {context.get('aws:sourcearn', 'an unknown distribution')}"
    return "requests without credentials"


def _restricted(world: World, bucket: str) -> bool:
    block = world.rows.one(PUBLIC_ACCESS, bucket=bucket)
    return block is not None and bool(block.value("restrictPublicBuckets"))


def _is_public(found: Sequence[Statement], request: AccessRequest) -> bool:
    """Return whether a statement allows everyone without a condition on a fixed address, account or ARN."""
    return any(
        evaluate(request, Policies(resource=[replace(statement, conditions={})])).allowed
        for statement in found
        if not any(key.lower() in _FIXED for tests in statement.conditions.values() for key in tests)
    )
