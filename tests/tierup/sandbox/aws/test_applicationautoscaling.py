"""Tests of the behaviour rows of Application Auto Scaling."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.aws.applicationautoscaling import POLICY, SCHEDULED_ACTION, TARGET
from tierup.sandbox.aws.ecs import CLUSTER
from tierup.sandbox.aws.ecs_services import SERVICE
from tierup.sandbox.cloud import CloudResource

from .account import Account

ECS = {"serviceNamespace": "ecs", "scalableDimension": "ecs:service:DesiredCount", "resourceId": "service/main/api"}
CPU = {"predefinedMetricSpecification": {"predefinedMetricType": "ECSServiceAverageCPUUtilization"}, "targetValue": 60}


@pytest.fixture
def target(account: Account) -> CloudResource:
    arn = "arn:aws:ecs:eu-west-1:123456789012:cluster/main"
    account.add_existing(CLUSTER, arn, arn=arn, name="main")
    account.add_existing(SERVICE, "api", name="api", cluster=arn)
    return account.make(TARGET, "api", minCapacity=1, maxCapacity=4, **ECS)


def test_target_has_service_linked_role(target: CloudResource) -> None:
    assert target.outputs["roleArn"].endswith("AWSServiceRoleForApplicationAutoScaling_ECSService")
    assert ":scalable-target/" in target.outputs["arn"]


def test_target_requires_existing_resource_and_is_unique(account: Account, target: CloudResource) -> None:
    capacity = {"minCapacity": 1, "maxCapacity": 4}
    assert account.codes(TARGET, "b", **capacity, **ECS) == {"ValidationException"}
    missing = {**ECS, "resourceId": "service/main/missing"}
    (rejection,) = account.rejections(TARGET, "b", **capacity, **missing)
    assert "does not exist" in rejection.message
    assert account.replaced_by(target, resourceId="service/main/other") == {"resourceId"}
    assert not account.replaced_by(target, maxCapacity=8)


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({"minCapacity": 5}, "minCapacity"),
        ({"minCapacity": -1}, "minCapacity"),
        ({"serviceNamespace": "fargate"}, "serviceNamespace"),
        ({"scalableDimension": "rds:cluster:ReadReplicaCount"}, "scalableDimension"),
        ({"resourceId": "arn:aws:ecs:eu-west-1:123456789012:service/main/api"}, "resourceId"),
        ({"resourceId": "service/api"}, "resourceId"),
    ],
)
def test_invalid_target_is_rejected(account: Account, inputs: dict[str, Any], path: str) -> None:
    found = account.planned(TARGET, **{**ECS, "minCapacity": 1, "maxCapacity": 4, **inputs})
    assert [rejection.path for rejection in found] == [path]


def test_policy_requires_registered_target(account: Account, target: CloudResource) -> None:
    inputs = {"policyType": "TargetTrackingScaling", "targetTrackingScalingPolicyConfiguration": CPU}
    made = account.make(POLICY, "cpu", **inputs, **ECS)
    assert ":scalingPolicy:" in made.outputs["arn"]
    assert len(made.outputs["alarmArns"]) == 2
    other = {**ECS, "resourceId": "service/main/other"}
    assert account.codes(POLICY, "b", **inputs, **other) == {"ObjectNotFoundException"}
    assert account.replaced_by(made, name="other") == {"name"}


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({}, "stepScalingPolicyConfiguration"),
        ({"policyType": "TargetTrackingScaling"}, "targetTrackingScalingPolicyConfiguration"),
        ({"policyType": "Predict"}, "policyType"),
        (
            {"policyType": "TargetTrackingScaling", "targetTrackingScalingPolicyConfiguration": {"targetValue": 60}},
            "targetTrackingScalingPolicyConfiguration",
        ),
        (
            {
                "policyType": "TargetTrackingScaling",
                "targetTrackingScalingPolicyConfiguration": {
                    "predefinedMetricSpecification": {"predefinedMetricType": "ALBRequestCountPerTarget"},
                    "targetValue": 60,
                },
            },
            "targetTrackingScalingPolicyConfiguration.predefinedMetricSpecification.resourceLabel",
        ),
        (
            {
                "policyType": "TargetTrackingScaling",
                "targetTrackingScalingPolicyConfiguration": {
                    "predefinedMetricSpecification": {"predefinedMetricType": "RDSReaderAverageCPUUtilization"},
                    "targetValue": 60,
                },
            },
            "targetTrackingScalingPolicyConfiguration.predefinedMetricSpecification.predefinedMetricType",
        ),
    ],
)
def test_invalid_scaling_policy_is_rejected(account: Account, inputs: dict[str, Any], path: str) -> None:
    assert [rejection.path for rejection in account.planned(POLICY, **ECS, **inputs)] == [path]


@pytest.mark.parametrize("text", ["cron(0 8 * * ? *)", "rate(5 minutes)", "at(2027-01-01T08:00:00)"])
def test_valid_schedule_is_accepted(account: Account, target: CloudResource, text: str) -> None:
    assert not account.codes(SCHEDULED_ACTION, schedule=text, scalableTargetAction={"minCapacity": 2}, **ECS)


@pytest.mark.parametrize(
    ("text", "action", "path"),
    [
        ("0 8 * * *", {"minCapacity": 2}, "schedule"),
        ("cron(0 8 * * *)", {"minCapacity": 2}, "schedule"),
        ("rate(5 minutes)", {}, "scalableTargetAction"),
        ("rate(5 minutes)", {"minCapacity": 2, "maxCapacity": 1}, "scalableTargetAction.minCapacity"),
    ],
)
def test_invalid_schedule_is_rejected(account: Account, text: str, action: dict[str, Any], path: str) -> None:
    found = account.planned(SCHEDULED_ACTION, schedule=text, scalableTargetAction=action, **ECS)
    assert [rejection.path for rejection in found] == [path]
