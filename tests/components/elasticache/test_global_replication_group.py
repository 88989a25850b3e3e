"""The Global Datastore, and the inputs of its secondary."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.elasticache.global_replication_group import GlobalReplicationGroup, GlobalReplicationGroupArgs
from components.elasticache.replication_group import ClusterMode, ReplicationGroup, ReplicationGroupArgs
from tests.engine_recorder import record

ARGS = GlobalReplicationGroupArgs(suffix="t0123", primary_group_id="cache-1", node_type="cache.m7g.large")
GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"


def test_failover_does_not_replace_the_global_datastore() -> None:
    recording = record(lambda: GlobalReplicationGroup("cache-regions", ARGS))
    group = recording.named("cache-regions-global")

    assert recording.tree() == {"cache-regions": None, "cache-regions-global": "cache-regions"}
    assert group.inputs["primaryReplicationGroupId"] == "cache-1"
    assert group.opts.ignore_changes == ("primaryReplicationGroupId",)


@pytest.mark.parametrize("node_type", ["cache.t4g.medium", "cache.t3.small", "cache.m4.large"])
def test_node_type_without_global_datastore_is_refused(node_type: str) -> None:
    with pytest.raises(ValueError, match="node_type: not supported by a Global Datastore"):
        replace(ARGS, node_type=node_type)


@pytest.mark.parametrize("suffix", ["", "-a", "a--b", "a" * 41, "Cache"])
def test_malformed_suffix_is_refused(suffix: str) -> None:
    with pytest.raises(ValueError, match="suffix: not the end"):
        replace(ARGS, suffix=suffix)


def test_secondary_has_no_argument_that_the_provider_refuses() -> None:
    args = ReplicationGroupArgs(
        vpc_id="vpc-1",
        subnet_ids=["subnet-1", "subnet-2"],
        engine_version="8.1",
        node_type="cache.m7g.large",
        auth_token="token-of-the-tests/1",
        replicas=1,
        cluster_mode=ClusterMode.ENABLED,
        shards=2,
        automatic_failover=True,
        multi_az=True,
        snapshot_name="old",
        log_retention_days=30,
        tags={},
        global_group_id="xxxxx-t0123",
    )
    recording = record(lambda: ReplicationGroup("cache-euc1", args))
    secondary = recording.one(GROUP).inputs

    refused = {
        "engine", "engineVersion", "nodeType", "numNodeGroups", "parameterGroupName", "transitEncryptionEnabled",
        "atRestEncryptionEnabled", "snapshotName", "clusterMode",
    }  # fmt: skip
    assert refused.isdisjoint(secondary)
    assert secondary["globalReplicationGroupId"] == "xxxxx-t0123"
    assert secondary["replicasPerNodeGroup"] == 1
    assert "cache-euc1-cluster-parameters" not in recording.tree()
