"""S3: bucket policies and public access blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import (
    Behaviour,
    Call,
    Plain,
    Rejection,
    Stage,
    rule,
)
from .policy_documents import foreign_actions, listed, policy_document, statements_of
from .s3 import setting_row
from .same_scope import known
from .sources import api, quoted

PUBLIC_ACCESS_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"

_BLOCKED = api("s3", "PublicAccessBlockConfiguration")

# Conditions with fixed values that make a policy non-public.
_NARROWING = {
    "aws:sourceip", "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceaccount", "aws:sourceowner",
    "aws:sourceorgid", "aws:sourceorgpaths", "aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount",
    "aws:principalarn", "aws:userid", "aws:viaawsservice", "s3:dataaccesspointarn", "s3:dataaccesspointaccount",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
}  # fmt: skip


def _texts(value: Plain) -> list[str]:
    return [str(each) for each in listed(value)]


@rule("policy-resource-is-the-bucket", Stage.PLAN, source=api("s3", "PutBucketPolicy"))
def _of_this_bucket(call: Call) -> Iterator[Rejection]:
    bucket, policy = known(call, "bucket"), known(call, "policy")
    if not isinstance(bucket, str):
        return
    for statement in statements_of(policy):
        for resource in _texts(statement.get("Resource")):
            target = resource.removeprefix("arn:aws:s3:::")
            if target == resource or target.partition("/")[0] != bucket:
                yield Rejection(
                    "policy",
                    f"the policy has the invalid resource '{resource}'. Allowed are 'arn:aws:s3:::{bucket}' and"
                    f" 'arn:aws:s3:::{bucket}/...'.",
                    "MalformedPolicy",
                )


_BUCKET_ACTION = re.compile(
    r"s3:([A-Za-z]*Bucket[A-Za-z]*|(Get|Put)(Accelerate|Analytics|Encryption|IntelligentTiering|Inventory|Lifecycle"
    r"|Metrics|Replication)Configuration)"
)
_OBJECT_ACTION = re.compile(
    r"s3:((Get|Put|Delete|Restore)Object[A-Za-z]*|AbortMultipartUpload|ListMultipartUploadParts)"
)


@rule(
    "policy-actions-apply-to-resources",
    Stage.CREATE,
    Stage.UPDATE,
    source=quoted("Action does not apply to any resource(s) in statement"),
)
def _actions_apply(call: Call) -> Iterator[Rejection]:
    policy = known(call, "policy")
    for action in foreign_actions(policy, "s3"):
        if not action.startswith(("*", "s3*", "s3-object-lambda:", "s3express:", "s3outposts:")):
            yield Rejection("policy", f"Policy has invalid action (got '{action}').", "MalformedPolicy")
    for statement in statements_of(policy):
        resources = _texts(statement.get("Resource"))
        for action in _texts(statement.get("Action")):
            of_objects = any("/" in each or "*" in each for each in resources)
            of_bucket = any("/" not in each for each in resources)
            if resources and (
                (_OBJECT_ACTION.fullmatch(action) and not of_objects)
                or (_BUCKET_ACTION.fullmatch(action) and not of_bucket)
            ):
                yield Rejection(
                    "policy",
                    f"Action does not apply to any resource(s) in statement (got {action} on {', '.join(resources)}).",
                    "MalformedPolicy",
                )


@rule("public-policy-is-blocked", Stage.CREATE, Stage.UPDATE, source=_BLOCKED)
def _not_public(call: Call) -> Iterator[Rejection]:
    block = next(call.nearby(PUBLIC_ACCESS_BLOCK, bucket=call.get("bucket")), None)
    # Since April 2023 a new bucket blocks public policies until its public access block is changed.
    blocked = block is None or block.outputs.get("blockPublicPolicy") is True
    for position, statement in enumerate(statements_of(call.get("policy"))):
        if blocked and is_public(statement):
            by = f"'{block.name}'" if block else "the default for new buckets"
            yield Rejection(
                "policy",
                f"statement {position + 1} grants public access ('Principal': '*' without a condition that restricts"
                " it),"
                f" and public policies are prevented by blockPublicPolicy ({by})",
                "AccessDenied",
            )


def is_public(statement: Mapping[str, Any]) -> bool:
    """Return whether a statement allows every principal, without a condition that restricts it."""
    principal = statement.get("Principal")
    everybody = principal == "*" or (isinstance(principal, dict) and "*" in _texts(principal.get("AWS")))
    conditions = statement.get("Condition") or {}
    narrowed = any(key.lower() in _NARROWING for tests in conditions.values() for key in tests)
    return statement.get("Effect") == "Allow" and everybody and not narrowed


BEHAVIOURS: tuple[Behaviour, ...] = (
    setting_row(
        "aws:s3/bucketPolicy:BucketPolicy",
        "s3/bucketpolicy",
        rules=(
            policy_document("policy", "resource", longest=20_480, code="MalformedPolicy"),
            _of_this_bucket,
            _actions_apply,
            _not_public,
        ),
    ),
    setting_row(
        PUBLIC_ACCESS_BLOCK,
        "s3/bucketpublicaccessblock",
        outputs={
            "blockPublicAcls": False,
            "blockPublicPolicy": False,
            "ignorePublicAcls": False,
            "restrictPublicBuckets": False,
        },
    ),
)  # fmt: skip
