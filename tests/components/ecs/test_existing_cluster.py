"""Tests of an existing cluster."""

from __future__ import annotations

import pytest

from components.ecs.existing_cluster import ExistingCluster, ExistingClusterArgs
from tests.engine_recorder import record

FOUND = {"aws:ecs/getCluster:getCluster": {"arn": "arn:cluster", "clusterName": "shared"}}


def test_creates_no_resources_and_has_the_outputs_of_a_cluster() -> None:
    args = ExistingClusterArgs(cluster_name="shared")
    recording = record(lambda: ExistingCluster("app", args), calls=FOUND)

    assert recording.tree() == {"app": None}
    assert recording.value(recording.result.arn) == "arn:cluster"
    assert recording.value(recording.result.cluster_name) == "shared"
    assert recording.result.exec_log_group_arn is None


def test_exec_log_group_is_passed_on() -> None:
    args = ExistingClusterArgs(cluster_name="shared", exec_log_group_arn="arn:exec")
    recording = record(lambda: ExistingCluster("app", args), calls=FOUND)

    assert recording.result.exec_log_group_arn is not None
    assert recording.value(recording.result.exec_log_group_arn) == "arn:exec"


def test_arn_instead_of_a_name_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"cluster_name: not a cluster name \(got 'arn:aws:ecs"):
        ExistingClusterArgs(cluster_name="arn:aws:ecs:eu-west-1:111122223333:cluster/shared")
