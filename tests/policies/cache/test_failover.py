from __future__ import annotations

import pytest

from policies.cache.encrypted import CLUSTER, REPLICATION_GROUP
from policies.cache.failover import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource

SWITCHES = {"automaticFailoverEnabled": True, "multiAzEnabled": True}


def test_a_replica_with_automatic_failover_passes() -> None:
    assert evaluate(RULE, "cache").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("nodes", "path"),
    [
        ({"numCacheClusters": 1}, "numCacheClusters"),
        ({}, "numCacheClusters"),
        ({"numNodeGroups": 3}, "replicasPerNodeGroup"),
        ({"numNodeGroups": 3, "replicasPerNodeGroup": 0}, "replicasPerNodeGroup"),
    ],
)
def test_a_primary_without_replicas_fails(nodes: dict[str, int], path: str) -> None:
    verdict = RULE.evaluate(resource(REPLICATION_GROUP, {**nodes, **SWITCHES}))
    assert [finding.path for finding in verdict.findings] == [path]
    assert RULE.evaluate(resource(REPLICATION_GROUP, nodes), {"minimumReplicas": 0}).outcome is Outcome.PASS


def test_each_shard_with_a_replica_passes() -> None:
    cache = resource(REPLICATION_GROUP, {"numNodeGroups": 3, "replicasPerNodeGroup": 1, **SWITCHES})
    assert RULE.evaluate(cache).outcome is Outcome.PASS
    assert RULE.evaluate(cache, {"minimumReplicas": 2}).outcome is Outcome.FAIL


@pytest.mark.parametrize("switch", SWITCHES)
@pytest.mark.parametrize("value", [False, ABSENT])
def test_a_replica_without_automatic_failover_fails(switch: str, value: object) -> None:
    assert [finding.path for finding in evaluate(RULE, "cache", {switch: value}).findings] == [switch]


def test_a_single_redis_cluster_fails_and_memcached_is_not_applicable() -> None:
    assert RULE.evaluate(resource(CLUSTER, {"engine": "redis"})).outcome is Outcome.FAIL
    assert RULE.evaluate(resource(CLUSTER, {"engine": "memcached"})).outcome is Outcome.NOT_APPLICABLE
    assert RULE.evaluate(resource(CLUSTER, {"replicationGroupId": "group"})).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(("replicas", "outcome"), [(ABSENT, Outcome.PASS), (1, Outcome.PASS), (0, Outcome.FAIL)])
def test_memorydb_has_a_replica_by_default(replicas: object, outcome: Outcome) -> None:
    changes = {} if replicas is ABSENT else {"numReplicasPerShard": replicas}
    assert evaluate(RULE, "memorydb", changes).outcome is outcome


@pytest.mark.parametrize("path", ["numCacheClusters", *SWITCHES])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "cache", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
