"""A cluster of others, taken as it is."""

from __future__ import annotations

import pytest

from components.ecs.existing_cluster import ExistingCluster, ExistingClusterArgs
from tests.engine_recorder import record

FOUND = {"aws:ecs/getCluster:getCluster": {"arn": "arn:cluster", "clusterName": "shared"}}


def test_it_makes_nothing_and_tells_what_a_cluster_tells() -> None:
    args = ExistingClusterArgs(cluster_name="shared")
    recording = record(lambda: ExistingCluster("app", args), calls=FOUND)

    assert recording.tree() == {"app": None}
    assert recording.value(recording.result.arn) == "arn:cluster"
    assert recording.value(recording.result.cluster_name) == "shared"
    assert recording.result.exec_log_group_arn is None


def test_its_owner_may_tell_where_sessions_are_recorded() -> None:
    args = ExistingClusterArgs(cluster_name="shared", exec_log_group_arn="arn:exec")
    recording = record(lambda: ExistingCluster("app", args), calls=FOUND)

    assert recording.result.exec_log_group_arn is not None
    assert recording.value(recording.result.exec_log_group_arn) == "arn:exec"


def test_an_arn_is_no_name() -> None:
    with pytest.raises(ValueError, match="cluster_name: got 'arn:aws:ecs"):
        ExistingClusterArgs(cluster_name="arn:aws:ecs:eu-west-1:111122223333:cluster/shared")
