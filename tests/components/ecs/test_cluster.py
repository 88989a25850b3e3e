"""Tests of the cluster: capacity providers and ECS Exec logs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.ecs.cluster import ContainerInsights, EcsCluster, EcsClusterArgs
from tests.engine_recorder import Recording, record

ARGS = EcsClusterArgs(exec_log_retention_days=90, tags={"Stack": "dev"})


@pytest.fixture(scope="module")
def recording() -> Recording[EcsCluster]:
    return record(lambda: EcsCluster("app", ARGS))


def test_creates_exactly_these_resources(recording: Recording[EcsCluster]) -> None:
    assert recording.tree() == {"app": None, "app-exec": "app", "app-cluster": "app", "app-capacity": "app"}


def test_exec_sessions_are_logged_with_retention(recording: Recording[EcsCluster]) -> None:
    cluster = recording.one("aws:ecs/cluster:Cluster")

    assert recording.one("aws:cloudwatch/logGroup:LogGroup").inputs["retentionInDays"] == 90
    assert cluster.inputs["configuration"] == {
        "executeCommandConfiguration": {
            "logging": "OVERRIDE",
            "logConfiguration": {"cloudWatchLogGroupName": "app-exec-name"},
        }
    }


def test_has_both_capacity_providers_with_fargate_as_default(recording: Recording[EcsCluster]) -> None:
    capacity = recording.one("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders").inputs

    assert capacity["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"]
    assert capacity["defaultCapacityProviderStrategies"] == [{"capacityProvider": "FARGATE", "base": 1, "weight": 1}]


def test_arn_resolves_after_the_capacity_providers(recording: Recording[EcsCluster]) -> None:
    assert recording.sources(recording.result.arn) == {"app-cluster", "app-capacity"}


@pytest.mark.parametrize("level", list(ContainerInsights))
def test_container_insights_has_the_given_level(level: ContainerInsights) -> None:
    recording = record(lambda: EcsCluster("app", replace(ARGS, container_insights=level)))

    settings = recording.one("aws:ecs/cluster:Cluster").inputs["settings"]
    assert settings == [{"name": "containerInsights", "value": level.value}]


def test_exec_log_uses_the_customer_managed_key_if_given(recording: Recording[EcsCluster]) -> None:
    encrypted = record(lambda: EcsCluster("app", replace(ARGS, log_key_arn="arn:key")))

    assert "kmsKeyId" not in recording.named("app-exec").inputs
    assert encrypted.named("app-exec").inputs["kmsKeyId"] == "arn:key"


def test_invalid_arguments_are_rejected() -> None:
    with pytest.raises(ValueError, match=r"exec_log_retention_days: .*got 0.* 1, 3"):
        replace(ARGS, exec_log_retention_days=0)
