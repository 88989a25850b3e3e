"""Tests of the behaviour rows of S3 lifecycle rules."""

from __future__ import annotations

from typing import Any

import pytest

from .account import Account
from .s3_inputs import BUCKET

LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"id": "a", "status": "On", "expiration": {"days": 1}}, "InvalidValue"),
        ({"id": "a", "status": "Enabled"}, "InvalidRequest"),
        (
            {"id": "a", "status": "Enabled", "transitions": [{"storageClass": "STANDARD_IA", "days": 7}]},
            "InvalidArgument",
        ),
        (
            {
                "id": "a",
                "status": "Enabled",
                "expiration": {"days": 30},
                "transitions": [{"storageClass": "GLACIER", "days": 60}],
            },
            "InvalidArgument",
        ),
    ],
)
def test_invalid_lifecycle_rule_is_rejected(rule: dict[str, Any], code: str) -> None:
    account = Account()
    account.make(BUCKET, bucket="site-1")
    assert account.codes(LIFECYCLE, bucket="site-1", rules=[rule]) == {code}


def test_valid_lifecycle_rule_is_accepted() -> None:
    account = Account()
    account.make(BUCKET, bucket="site-1")
    rule = {
        "id": "old",
        "status": "Enabled",
        "expiration": {"days": 90},
        "transitions": [{"storageClass": "STANDARD_IA", "days": 30}],
    }
    assert not account.codes(LIFECYCLE, bucket="site-1", rules=[rule])
    assert account.codes(LIFECYCLE, bucket="site-1", rules=[rule, rule]) == {"InvalidArgument"}
