"""Tests of the behaviour rows of ElastiCache clusters."""

from __future__ import annotations

from typing import Any

import pytest

from ..account import Account

CLUSTER = "aws:elasticache/cluster:Cluster"
SMALL = {"nodeType": "cache.t4g.small"}


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({"engine": "valkey"}, "engine"),
        ({}, "engine"),
        ({"engine": "redis", "numCacheNodes": 2}, "numCacheNodes"),
        ({"engine": "memcached", "numCacheNodes": 41}, "numCacheNodes"),
        ({"engine": "memcached", "numCacheNodes": 1, "snapshotRetentionLimit": 1}, "snapshotRetentionLimit"),
        ({"engine": "redis", "azMode": "single-az"}, "azMode"),
        ({"engine": "memcached", "numCacheNodes": 1, "azMode": "cross-az"}, "azMode"),
        ({"engine": "redis", "nodeType": "cache.t9.small"}, "nodeType"),
    ],
)
def test_invalid_cluster_is_rejected(account: Account, inputs: dict[str, Any], path: str) -> None:
    found = account.planned(CLUSTER, **{**SMALL, **inputs})
    assert [rejection.path for rejection in found] == [path]


def test_cluster_has_nodes_and_port(account: Account) -> None:
    made = account.make(CLUSTER, clusterId="sessions", engine="memcached", numCacheNodes=2, **SMALL)
    assert [node["id"] for node in made.outputs["cacheNodes"]] == ["0001", "0002"]
    assert made.outputs["port"] == 11_211
