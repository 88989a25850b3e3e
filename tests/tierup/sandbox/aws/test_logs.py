"""Tests of the behaviour rows of CloudWatch Logs."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.aws.logs import (
    BUCKET,
    DISTRIBUTION,
    KEY,
    LOG_DELIVERY,
    LOG_DELIVERY_DESTINATION,
    LOG_DELIVERY_SOURCE,
    LOG_GROUP,
    LOG_METRIC_FILTER,
    LOG_RESOURCE_POLICY,
    LOG_STREAM,
)

from .account import Account
from .policy_inputs import key_policy

POLICY = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"es.amazonaws.com"},'
    '"Action":"logs:PutLogEvents","Resource":"*"}]}'
)
SITE = "arn:aws:cloudfront::123456789012:distribution/E1"


def test_log_group_name_may_contain_slashes(account: Account) -> None:
    group = account.make(LOG_GROUP, name="/ecs/api", retentionInDays=30)
    assert group.id == "/ecs/api"
    assert group.outputs["arn"] == "arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/api"
    assert group.outputs["logGroupClass"] == "STANDARD"
    assert account.codes(LOG_GROUP, "b", name="/ecs/api") == {"ResourceAlreadyExistsException"}


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({"retentionInDays": 31}, "retentionInDays"),
        ({"name": "api logs"}, "name"),
        ({"name": "a" * 513}, "name"),
        ({"logGroupClass": "COLD"}, "logGroupClass"),
    ],
)
def test_invalid_log_group_is_rejected(account: Account, inputs: dict[str, Any], path: str) -> None:
    assert [rejection.path for rejection in account.planned(LOG_GROUP, **inputs)] == [path]


def test_key_policy_must_allow_logs(account: Account) -> None:
    arn = "arn:aws:kms:eu-west-1:123456789012:key/1"
    assert account.codes(LOG_GROUP, kmsKeyId=arn) == {"InvalidParameterException"}
    account.add_existing(KEY, "1", arn=arn, policy=key_policy("sns.amazonaws.com"))
    assert account.codes(LOG_GROUP, kmsKeyId=arn) == {"AccessDeniedException"}
    open_key = arn.replace("key/1", "key/2")
    account.add_existing(KEY, "2", arn=open_key, policy=key_policy("logs.eu-west-1.amazonaws.com"))
    assert not account.codes(LOG_GROUP, kmsKeyId=open_key)


def test_deletion_protection_blocks_delete(account: Account) -> None:
    group = account.make(LOG_GROUP, deletionProtectionEnabled=True)
    assert account.delete_codes(group) == {"ValidationException"}
    assert not account.delete_codes(account.change(group, deletionProtectionEnabled=False))
    assert account.replaced_by(group, logGroupClass="INFREQUENT_ACCESS") == {"logGroupClass"}
    assert not account.replaced_by(group, retentionInDays=7)


def test_streams_and_filters_require_log_group(account: Account) -> None:
    metric = {"name": "Errors", "namespace": "app", "value": "1"}
    errors = {"pattern": "ERROR", "metricTransformation": metric}
    assert account.codes(LOG_STREAM, logGroupName="missing") == {"ResourceNotFoundException"}
    assert account.codes(LOG_METRIC_FILTER, logGroupName="missing", **errors) == {"ResourceNotFoundException"}
    account.make(LOG_GROUP, name="api")
    stream = account.make(LOG_STREAM, "s", name="one", logGroupName="api")
    assert stream.outputs["arn"].endswith(":log-group:api:log-stream:one")
    assert account.codes(LOG_STREAM, "t", name="one", logGroupName="api") == {"ResourceAlreadyExistsException"}
    assert not account.codes(LOG_METRIC_FILTER, logGroupName="api", **errors)
    both = {**metric, "defaultValue": "0", "dimensions": {"path": "$.path"}}
    (rejection,) = account.planned(LOG_METRIC_FILTER, logGroupName="api", pattern="", metricTransformation=both)
    assert rejection.path == "metricTransformation.defaultValue"


def test_resource_policy_name_and_size_are_validated(account: Account) -> None:
    assert account.make(LOG_RESOURCE_POLICY, policyName="es", policyDocument=POLICY).outputs["policyScope"] == "ACCOUNT"
    assert account.codes(LOG_RESOURCE_POLICY, policyDocument=POLICY) == {"InvalidParameterCombination"}
    long = POLICY.replace("es.amazonaws", f"{'e' * 5120}.amazonaws")
    assert account.codes(LOG_RESOURCE_POLICY, policyName="es", policyDocument=long) == {"LimitExceeded"}


def test_cloudfront_delivery_source_must_be_in_us_east_1(account: Account) -> None:
    inputs = {"resourceArn": SITE, "logType": "ACCESS_LOGS"}
    (rejection,) = account.planned(LOG_DELIVERY_SOURCE, **inputs)
    assert "us-east-1" in rejection.message
    virginia = Account("us-east-1", account.cloud)
    assert virginia.codes(LOG_DELIVERY_SOURCE, **inputs) == {"ResourceNotFoundException"}
    virginia.add_existing(DISTRIBUTION, "E1", arn=SITE)
    source = virginia.make(LOG_DELIVERY_SOURCE, "site", **inputs)
    assert source.outputs["service"] == "cloudfront"
    assert virginia.codes(LOG_DELIVERY_SOURCE, "again", **inputs) == {"ConflictException"}
    account.add_existing(BUCKET, "logs", arn="arn:aws:s3:::logs")
    to = virginia.make(
        LOG_DELIVERY_DESTINATION,
        "logs",
        deliveryDestinationConfiguration={"destinationResourceArn": "arn:aws:s3:::logs/site"},
        outputFormat="parquet",
    )
    assert to.outputs["deliveryDestinationType"] == "S3"
    delivery = virginia.make(
        LOG_DELIVERY, deliverySourceName=source.outputs["name"], deliveryDestinationArn=to.outputs["arn"]
    )
    assert delivery.outputs["s3DeliveryConfigurations"][0]["enableHiveCompatiblePath"] is False
    assert virginia.delete_codes(source) == {"ConflictException"}
    assert virginia.delete_codes(to) == {"ConflictException"}


def test_delivery_destination_requires_arn(account: Account) -> None:
    assert account.codes(LOG_DELIVERY_DESTINATION) == {"ValidationException"}
    missing = {"destinationResourceArn": "arn:aws:s3:::missing"}
    assert account.codes(LOG_DELIVERY_DESTINATION, deliveryDestinationConfiguration=missing) == {
        "ResourceNotFoundException"
    }
