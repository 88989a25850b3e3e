"""Tests of the behaviour rows of S3 bucket policies and public access blocks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .account import Account
from .s3_inputs import BLOCK, BUCKET

POLICY = "aws:s3/bucketPolicy:BucketPolicy"


def policy(principal: Any = "*", resource: str = "arn:aws:s3:::site-1/*", **more: Any) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": resource, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "MalformedPolicy"),
        (policy(resource="arn:aws:s3:::other/*"), "MalformedPolicy"),
        (policy(), "AccessDenied"),
        (policy({"AWS": "*"}), "AccessDenied"),
    ],
)
def test_invalid_bucket_policy_is_rejected(text: str, code: str) -> None:
    account = Account()
    account.make(BUCKET, bucket="site-1")
    account.make(BLOCK, bucket="site-1", blockPublicPolicy=True)
    assert account.codes(POLICY, bucket="site-1", policy=text) == {code}


def test_new_bucket_blocks_public_policy_by_default() -> None:
    account = Account()
    account.make(BUCKET, bucket="site-1")
    assert account.codes(POLICY, bucket="site-1", policy=policy()) == {"AccessDenied"}
    account.make(BLOCK, bucket="site-1", blockPublicPolicy=False)
    assert not account.codes(POLICY, bucket="site-1", policy=policy())


def test_policy_for_one_distribution_is_not_public() -> None:
    account = Account()
    account.make(BUCKET, bucket="site-1")
    for_one_distribution = policy(
        Condition={"StringEquals": {"AWS:SourceArn": "arn:aws:cloudfront::123456789012:distribution/E1"}}
    )
    assert not account.codes(POLICY, bucket="site-1", policy=for_one_distribution)
    service = policy({"Service": "cloudfront.amazonaws.com"})
    assert not account.codes(POLICY, bucket="site-1", policy=service)
