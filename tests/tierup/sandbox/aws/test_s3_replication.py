"""Tests of the behaviour rows of S3 replication."""

from __future__ import annotations

from typing import Any

import pytest

from .account import Account
from .s3_inputs import BUCKET, VERSIONING

REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"


def replicating(account: Account, *, versions: tuple[str, ...] = ("site", "copy")) -> dict[str, Any]:
    role = account.add_existing("aws:iam/role:Role", "copier", arn="arn:aws:iam::123456789012:role/copier")
    buckets = {name: account.make(BUCKET, name) for name in ("site", "copy")}
    for name in versions:
        account.make(VERSIONING, name, bucket=buckets[name].id, versioningConfiguration={"status": "Enabled"})
    rule = {
        "id": "all",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "deleteMarkerReplication": {"status": "Enabled"},
        "destination": {"bucket": buckets["copy"].outputs["arn"]},
    }
    return {"bucket": buckets["site"].id, "role": role.outputs["arn"], "rules": [rule]}


@pytest.mark.parametrize("versions", [(), ("site",), ("copy",)])
def test_replication_requires_versioning_on_both_buckets(versions: tuple[str, ...]) -> None:
    account = Account()
    assert account.codes(REPLICATION, **replicating(account, versions=versions)) == {"InvalidRequest"}


def test_replication_configuration_is_validated() -> None:
    account = Account()
    inputs = replicating(account)
    made = account.make(REPLICATION, "it", **inputs)
    assert made.id == inputs["bucket"]
    assert account.replaced_by(made, bucket="other") == {"bucket"}
    (rule,) = inputs["rules"]
    without = {key: value for key, value in rule.items() if key != "deleteMarkerReplication"}
    assert account.codes(REPLICATION, **{**inputs, "rules": [without]}) == {"InvalidRequest"}
    to_missing_bucket = {**rule, "destination": {"bucket": "arn:aws:s3:::missing"}}
    assert account.codes(REPLICATION, "other", **{**inputs, "rules": [to_missing_bucket]})
