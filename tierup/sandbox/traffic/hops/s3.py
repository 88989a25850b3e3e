"""S3: whether a bucket answers a request, by its policy and its public access block."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..hop import Hop, World, fails, passes, unknown
from ..rows import label, listed

POLICY = "aws:s3/bucketPolicy:BucketPolicy"
PUBLIC_ACCESS = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"


def reads(world: World, bucket: CloudResource, principal: str, context: Mapping[str, str]) -> Hop:
    """Return whether a bucket policy allows a principal to read an object.

    `principal` is a service ("cloudfront.amazonaws.com") or "*" for a request without credentials. `context` has the
    condition keys in lower case.
    """
    name = str(bucket.value("bucket") or bucket.id)
    policy = world.rows.one(POLICY, bucket=name)
    if policy is None:
        reason = "The bucket has no policy, so only its own account reads it."
        return fails("bucket-policy", label(bucket), "policy", reason, sources.CLOUDFRONT_OAC)
    text = policy.value("policy")
    document = json.loads(text) if isinstance(text, str) else text
    resource = f"arn:aws:s3:::{name}/index.html"
    allowed = False
    for statement in listed(document.get("Statement")):
        if not _applies(statement, principal, resource):
            continue
        holds = _conditions(statement.get("Condition") or {}, context)
        if holds is None:
            reason = f"A condition of statement '{statement.get('Sid', '')}' cannot be decided."
            return unknown("bucket-policy", label(policy), "policy", reason, sources.CLOUDFRONT_OAC)
        if not holds:
            continue
        if statement.get("Effect") == "Deny":
            reason = f"Statement '{statement.get('Sid', '')}' denies the request."
            return fails("bucket-policy", label(policy), "policy", reason, sources.CLOUDFRONT_OAC)
        allowed = True
    if not allowed:
        reason = f"No statement allows s3:GetObject for {_described(principal, context)}."
        return fails("bucket-policy", label(policy), "policy", reason, sources.CLOUDFRONT_OAC)
    if principal == "*" and _is_public(document, resource) and _restricted(world, name):
        reason = "The policy is public, and the bucket's public access block ignores public policies."
        return fails("bucket-policy", label(bucket), "restrictPublicBuckets", reason, sources.S3_PUBLIC_ACCESS)
    reason = f"The bucket policy allows s3:GetObject for {_described(principal, context)}."
    return passes("bucket-policy", label(policy), "policy", reason, sources.CLOUDFRONT_OAC)


def _described(principal: str, context: Mapping[str, str]) -> str:
    if principal != "*":
        return f"{principal} of {context.get('aws:sourcearn', 'an unknown distribution')}"
    return "requests without credentials"


def _restricted(world: World, bucket: str) -> bool:
    block = world.rows.one(PUBLIC_ACCESS, bucket=bucket)
    return block is not None and bool(block.value("restrictPublicBuckets"))


def _is_public(document: Any, resource: str) -> bool:
    """Return whether a statement allows everyone without a condition on a fixed address, account or ARN."""
    fixed = ("aws:sourceip", "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:principalorgid")
    return any(
        statement.get("Effect") == "Allow"
        and _applies(statement, "*", resource)
        and not any(
            key.lower() in fixed for conditions in (statement.get("Condition") or {}).values() for key in conditions
        )
        for statement in listed(document.get("Statement"))
    )


def _applies(statement: Mapping[str, Any], principal: str, resource: str) -> bool:
    actions = [str(each).lower() for each in listed(statement.get("Action"))]
    if not any(fnmatchcase("s3:getobject", action) for action in actions):
        return False
    if not any(fnmatchcase(resource, str(each)) for each in listed(statement.get("Resource"))):
        return False
    given = statement.get("Principal")
    if given == "*":
        return True
    if not isinstance(given, Mapping):
        return False
    names = [str(each) for value in given.values() for each in listed(value)]
    return principal in names or "*" in names


def _conditions(conditions: Mapping[str, Any], context: Mapping[str, str]) -> bool | None:
    """Return whether all conditions hold; None if one cannot be decided."""
    for operator, keys in conditions.items():
        for key, expected in keys.items():
            given = context.get(key.lower())
            holds = _holds(operator, given, [str(each) for each in listed(expected)])
            if holds is not True:
                return holds
    return True


def _holds(operator: str, given: str | None, expected: list[str]) -> bool | None:
    if operator.endswith("IfExists"):
        if given is None:
            return True
        operator = operator.removesuffix("IfExists")
    if given is None:
        return operator.startswith(("StringNot", "ArnNot", "NotIp"))
    if operator in ("StringEquals", "ArnEquals"):
        return given in expected
    if operator == "StringNotEquals":
        return given not in expected
    if operator in ("StringLike", "ArnLike"):
        return any(fnmatchcase(given, each) for each in expected)
    if operator == "Bool":
        return given.lower() in [each.lower() for each in expected]
    if operator in ("IpAddress", "NotIpAddress"):
        one = ipaddress.ip_address(given)
        inside = any(one in ipaddress.ip_network(each, strict=False) for each in expected)
        return inside if operator == "IpAddress" else not inside
    return None
