"""Calls that AWS refuses in an account with a zone, a role, a queue and a bucket."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .account import Account
from .wrong_calls import WRONG_CALLS

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}],
}
CASES = [
    pytest.param(type, inputs, id=f"{type.rpartition(':')[2]}-{number}")
    for type, rows in WRONG_CALLS.items()
    for number, inputs in enumerate(rows)
]


@pytest.fixture(scope="module")
def used() -> tuple[Account, str]:
    """Return an account with resources, and the id of its zone."""
    account = Account()
    zone = account.make("aws:route53/zone:Zone", "zone", name="example.com")
    failover: dict[str, Any] = {"failoverRoutingPolicies": [{"type": "SECONDARY"}], "setIdentifier": "p"}
    record = {"zoneId": zone.id, "name": "f", "type": "A", "records": ["192.0.2.1"], "ttl": 60}
    account.make("aws:route53/record:Record", "secondary", **record, **failover)
    account.make("aws:iam/role:Role", "r", name="r", assumeRolePolicy=json.dumps(TRUST))
    account.make("aws:sqs/queue:Queue", "dead", name="dead")
    account.make("aws:s3/bucket:Bucket", "bucket", bucket="my-bucket-1")
    return account, zone.id


@pytest.mark.parametrize(("type", "inputs"), CASES)
def test_wrong_call_is_rejected(used: tuple[Account, str], type: str, inputs: dict[str, Any]) -> None:
    account, zone = used
    given = {**inputs, "zoneId": zone} if inputs.get("zoneId") == "ZONE" else inputs
    assert account.rejections(type, **given)


def test_primary_beside_a_secondary_is_accepted(used: tuple[Account, str]) -> None:
    account, zone = used
    failover: dict[str, Any] = {"failoverRoutingPolicies": [{"type": "PRIMARY"}], "setIdentifier": "q"}
    record = {"zoneId": zone, "name": "f", "type": "A", "records": ["192.0.2.2"], "ttl": 60}
    assert account.rejections("aws:route53/record:Record", **record, **failover) == []


def test_notification_to_a_queue_that_allows_s3_is_accepted() -> None:
    account = Account()
    bucket = account.make("aws:s3/bucket:Bucket", "bucket", bucket="my-bucket-2")
    queue = account.make("aws:sqs/queue:Queue", "events", name="events")
    notification = {
        "bucket": bucket.id,
        "queues": [{"events": ["s3:ObjectCreated:*"], "queueArn": queue.outputs["arn"]}],
    }
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue.outputs["arn"],
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    assert account.codes("aws:s3/bucketNotification:BucketNotification", **notification) == {"InvalidArgument"}
    account.make("aws:sqs/queuePolicy:QueuePolicy", "policy", queueUrl=queue.id, policy=policy)
    assert account.rejections("aws:s3/bucketNotification:BucketNotification", **notification) == []
