"""Tests of the behaviour rows of cluster mode of replication groups."""

from __future__ import annotations

from tierup.sandbox.aws.elasticache import PARAMETER_GROUP
from tierup.sandbox.aws.elasticache_replication_groups import REPLICATION_GROUP

from ..account import Account
from .inputs import SMALL

CLUSTER_ON = [{"name": "cluster-enabled", "value": "yes"}]


def test_cluster_mode_changes_step_by_step_by_update(account: Account) -> None:
    plain = account.make(PARAMETER_GROUP, "plain", family="valkey8")
    on = account.make(PARAMETER_GROUP, "on", family="valkey8", parameters=CLUSTER_ON)
    made = account.make(
        REPLICATION_GROUP, "cache", **SMALL, numCacheClusters=2, automaticFailoverEnabled=True,
        parameterGroupName=plain.outputs["name"],
    )  # fmt: skip
    rejected = {"InvalidParameterCombination"}
    clustered = {"parameterGroupName": on.outputs["name"]}
    shards = {"numCacheClusters": None, "replicasPerNodeGroup": 1}

    assert account.change_codes(made, **clustered) == rejected
    assert account.change_codes(made, clusterMode="compatible") == rejected
    assert account.change_codes(made, clusterMode="enabled", **clustered, **shards, numNodeGroups=1) == rejected
    compatible = account.change(made, clusterMode="compatible", **clustered)
    assert compatible.outputs["configurationEndpointAddress"].startswith("clustercfg.")
    assert compatible.outputs["primaryEndpointAddress"], "clients that don't speak the cluster protocol stay"
    assert account.change_codes(compatible, clusterMode="enabled", **shards, numNodeGroups=3) == rejected
    enabled = account.change(compatible, clusterMode="enabled", **shards, numNodeGroups=1)
    assert account.replaced_by(enabled, numNodeGroups=3) == set()
    grown = account.change(enabled, numNodeGroups=3)
    assert len(grown.outputs["memberClusters"]) == 6
    assert account.change_codes(grown, clusterMode="compatible") == rejected
