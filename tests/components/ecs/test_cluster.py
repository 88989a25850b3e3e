"""The cluster: both Fargate providers, recorded sessions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.ecs.cluster import ContainerInsights, EcsCluster, EcsClusterArgs
from tests.engine_recorder import Recording, record

ARGS = EcsClusterArgs(exec_log_retention_days=90, tags={"Stack": "dev"})


@pytest.fixture(scope="module")
def recording() -> Recording[EcsCluster]:
    return record(lambda: EcsCluster("app", ARGS))


def test_it_is_made_of_these_and_no_others(recording: Recording[EcsCluster]) -> None:
    assert recording.tree() == {"app": None, "app-exec": "app", "app-cluster": "app", "app-capacity": "app"}


def test_sessions_are_recorded_in_a_log_group_with_an_end(recording: Recording[EcsCluster]) -> None:
    cluster = recording.one("aws:ecs/cluster:Cluster")

    assert recording.one("aws:cloudwatch/logGroup:LogGroup").inputs["retentionInDays"] == 90
    assert cluster.inputs["configuration"] == {
        "executeCommandConfiguration": {
            "logging": "OVERRIDE",
            "logConfiguration": {"cloudWatchLogGroupName": "app-exec-name"},
        }
    }


def test_both_fargates_are_there_and_the_plain_one_is_the_default(recording: Recording[EcsCluster]) -> None:
    capacity = recording.one("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders").inputs

    assert capacity["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"]
    assert capacity["defaultCapacityProviderStrategies"] == [{"capacityProvider": "FARGATE", "base": 1, "weight": 1}]


def test_the_cluster_is_handed_out_once_its_capacity_is_there(recording: Recording[EcsCluster]) -> None:
    assert recording.sources(recording.result.arn) == {"app-cluster", "app-capacity"}


@pytest.mark.parametrize("level", list(ContainerInsights))
def test_container_insights_is_as_asked(level: ContainerInsights) -> None:
    recording = record(lambda: EcsCluster("app", replace(ARGS, container_insights=level)))

    settings = recording.one("aws:ecs/cluster:Cluster").inputs["settings"]
    assert settings == [{"name": "containerInsights", "value": level.value}]


def test_the_customers_own_key_seals_the_sessions_where_there_is_one(recording: Recording[EcsCluster]) -> None:
    sealed = record(lambda: EcsCluster("app", replace(ARGS, log_key_arn="arn:key")))

    assert "kmsKeyId" not in recording.named("app-exec").inputs
    assert sealed.named("app-exec").inputs["kmsKeyId"] == "arn:key"


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="exec_log_retention_days: got 0, allowed 1, 3"):
        replace(ARGS, exec_log_retention_days=0)
