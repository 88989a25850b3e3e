"""What a bucket's policy says: its statements, whom one lets in, and under which conditions.

A policy is text, so at preview it is unknown as a whole whenever the bucket's ARN stands in it: `up` evaluates it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..network.public_cidr import is_public
from ..rule import Indeterminate, Resource, Stack
from .buckets import of_bucket

BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
EVERYBODY = "*"

# With one of these at fixed values, S3 takes a policy for not public. aws:Referer is none of them: anybody can send it.
# https://docs.aws.amazon.com/sdkfornet/v3/apidocs/items/S3/TPublicAccessBlockConfiguration.html (read 2026-11-24);
# those on organizations, VPC addresses and access points from memory.
NARROWING = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:vpcsourceip",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
    }
)


@dataclass(frozen=True, slots=True)
class BucketStatement:
    """One statement; `name` is its Sid or its place. Whatever may be one or many is many here."""

    name: str
    allows: bool
    principals: Mapping[str, tuple[str, ...]]
    """Kind (AWS, Service, Federated, CanonicalUser) to names; everybody is {"AWS": ("*",)}."""
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...]
    """Operator, key and values, the first two in lower case, as IAM reads them."""

    @property
    def for_everybody(self) -> bool:
        return any(EVERYBODY in names for names in self.principals.values())

    @property
    def narrowed(self) -> bool:
        """Whether a condition says who may come, with values that are not as good as anybody."""
        return any(
            # StringNotEquals, NotIpAddress and Null keep some away, which says nothing of who comes.
            key in NARROWING and "not" not in operator and operator != "null" and not any(map(_anybody, values))
            for operator, key, values in self.conditions
        )

    def acts_on(self, action: str) -> bool:
        """Whether `action` (in lower case, such as s3:getobject) is among its actions, wildcards read."""
        return any(
            action == name or (name.endswith("*") and action.startswith(name[:-1]))
            for name in (each.lower() for each in self.actions)
        )


def policies(bucket: Resource, stack: Stack) -> Iterator[tuple[str, list[BucketStatement]]]:
    """The bucket's policies by name: the one of its own, and those that are resources. Raises Indeterminate."""
    if document := bucket.properties.get("policy"):
        yield "policy", list(_statements(document))
    for policy in of_bucket(bucket, stack, (BUCKET_POLICY,)):
        yield policy.name, list(_statements(policy.properties.get("policy")))


def _statements(document: Any) -> Iterator[BucketStatement]:
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:
            raise Indeterminate("the bucket's policy is not JSON") from None
    if not isinstance(document, Mapping):
        raise Indeterminate("the bucket's policy is not an object")
    found = document.get("Statement") or ()
    for number, each in enumerate([found] if isinstance(found, Mapping) else found):
        principal = each.get("Principal") or {}
        yield BucketStatement(
            name=f"statement {each.get('Sid') or number}",
            allows=each.get("Effect") == "Allow",
            # An Allow with NotPrincipal lets in everybody but those it names.
            principals={"AWS": (EVERYBODY,)}
            if principal == EVERYBODY or each.get("NotPrincipal")
            else {kind: _many(principal[kind]) for kind in principal},
            actions=_many(each.get("Action")) or ((EVERYBODY,) if each.get("NotAction") else ()),
            resources=_many(each.get("Resource")),
            conditions=tuple(_conditions(each.get("Condition") or {})),
        )


def _conditions(conditions: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for operator in conditions:
        for key in conditions[operator]:
            yield operator.lower(), key.lower(), _many(conditions[operator][key])


def _many(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    many = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return tuple(str(each).lower() if isinstance(each, bool) else str(each) for each in many)


def _anybody(value: str) -> bool:
    return value == EVERYBODY or is_public(value)
