"""Secrets Manager: replicas of a secret in other regions.

A replica has the ARN of its primary secret with its own region, its own KMS key, and every value of the primary.
Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/create-manage-multi-region-secrets.html
(read 2026-11-28)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..cloud import CloudResource

SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 - a type token

Find = Callable[..., Iterable[CloudResource]]
"""The method `find` of a cloud, or of the traffic model's rows."""


def secret_at(find: Find, arn: str) -> CloudResource | None:
    """Return the secret with an ARN; for the ARN of a replica, its primary secret."""
    own = next(iter(find(SECRET, arn=arn)), None)
    if own is not None or arn.count(":") < 6:
        return own
    region = arn.split(":")[3]
    for each in find(SECRET):
        primary = str(each.outputs.get("arn"))
        if replica_in(each, region) is not None and _in_region(primary, region) == arn:
            return each
    return None


def key_at(secret: CloudResource, arn: str) -> Any:
    """Return the KMS key of the secret or of its replica, by the ARN of either; None is the AWS managed key."""
    replica = replica_in(secret, arn.split(":")[3]) if arn != secret.outputs.get("arn") else None
    return replica.get("kmsKeyId") if replica is not None else secret.inputs.get("kmsKeyId")


def replica_in(secret: CloudResource, region: str) -> dict[str, Any] | None:
    """Return the input of the secret's replica in a region; None if it has none there."""
    return next((each for each in secret.inputs.get("replicas") or () if each.get("region") == region), None)


def _in_region(arn: str, region: str) -> str:
    parts = arn.split(":")
    return ":".join([*parts[:3], region, *parts[4:]])
