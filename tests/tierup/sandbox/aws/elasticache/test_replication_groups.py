"""Tests of the behaviour rows of ElastiCache replication groups."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.aws.elasticache import PARAMETER_GROUP, SUBNET_GROUP
from tierup.sandbox.aws.elasticache_replication_groups import REPLICATION_GROUP
from tierup.sandbox.aws.logs import LOG_GROUP
from tierup.sandbox.behaviour import UNKNOWN

from ..account import Account
from .inputs import ENCRYPTED, SMALL, TOKEN


def test_replication_group_has_endpoints(account: Account) -> None:
    plain = account.make(REPLICATION_GROUP, "cache", **SMALL)
    name = plain.outputs["replicationGroupId"]
    assert plain.id == name
    assert name.startswith("cache-")
    assert plain.outputs["primaryEndpointAddress"].startswith(f"{name}.")
    assert plain.outputs["readerEndpointAddress"].startswith(f"{name}-ro.")
    assert plain.outputs["memberClusters"] == [f"{name}-001"]
    assert plain.outputs["parameterGroupName"] == "default.valkey8"
    assert plain.outputs["engineVersionActual"] == "8.1.0"
    assert plain.outputs["port"] == 6379
    assert plain.outputs["atRestEncryptionEnabled"] is True


def test_transit_encryption_changes_endpoints(account: Account) -> None:
    made = account.make(REPLICATION_GROUP, "cache", numCacheClusters=2, **SMALL, **ENCRYPTED)
    assert made.outputs["primaryEndpointAddress"].startswith("master.")
    assert made.outputs["readerEndpointAddress"].startswith("replica.")
    assert made.outputs["primaryEndpointAddress"].endswith(".euw1.cache.amazonaws.com")


def test_cluster_mode_has_configuration_endpoint(account: Account) -> None:
    made = account.make(
        REPLICATION_GROUP,
        "cache",
        numNodeGroups=2,
        replicasPerNodeGroup=1,
        automaticFailoverEnabled=True,
        **SMALL,
    )
    assert made.outputs["configurationEndpointAddress"].startswith("clustercfg.")
    assert made.outputs["primaryEndpointAddress"] == ""
    assert len(made.outputs["memberClusters"]) == 4
    assert made.outputs["clusterEnabled"] is True
    grown = account.change(made, numNodeGroups=3)
    assert len(grown.outputs["memberClusters"]) == 6


def test_autonamed_id_has_at_most_40_characters(account: Account) -> None:
    assert not account.planned(REPLICATION_GROUP, "a" * 32, **SMALL)
    with pytest.raises(ValueError, match="has at most 40"):
        account.planned(REPLICATION_GROUP, "a" * 33, **SMALL)


@pytest.mark.parametrize("id", ["a" * 41, "1cache", "cache-", "my--cache", "my_cache"])
def test_invalid_id_is_rejected(account: Account, id: str) -> None:
    found = account.planned(REPLICATION_GROUP, replicationGroupId=id, **SMALL)
    assert [rejection.path for rejection in found] == ["replicationGroupId"]


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({"multiAzEnabled": True, "numCacheClusters": 2}, "multiAzEnabled"),
        ({"automaticFailoverEnabled": True}, "automaticFailoverEnabled"),
        ({"automaticFailoverEnabled": True, "numCacheClusters": 1}, "automaticFailoverEnabled"),
        ({"numNodeGroups": 2, "automaticFailoverEnabled": False}, "automaticFailoverEnabled"),
        ({"numCacheClusters": 2, "numNodeGroups": 2, "automaticFailoverEnabled": True}, "numNodeGroups"),
        ({"numCacheClusters": 7}, "numCacheClusters"),
        ({"numNodeGroups": 1, "replicasPerNodeGroup": 6}, "replicasPerNodeGroup"),
        ({"replicasPerNodeGroup": 1}, "replicasPerNodeGroup"),
        ({"numCacheClusters": 2, "preferredCacheClusterAzs": ["eu-west-1a"]}, "preferredCacheClusterAzs"),
        ({"authToken": TOKEN}, "authToken"),
        ({"authToken": "short", **ENCRYPTED}, "authToken"),
        ({"authToken": TOKEN + "@", **ENCRYPTED}, "authToken"),
        ({"authToken": TOKEN, "userGroupIds": ["users"], **ENCRYPTED}, "userGroupIds"),
        ({"userGroupIds": ["users"]}, "userGroupIds"),
        ({"userGroupIds": ["a", "b"], **ENCRYPTED}, "userGroupIds"),
        ({"transitEncryptionEnabled": True}, "subnetGroupName"),
        ({"transitEncryptionMode": "required"}, "transitEncryptionMode"),
        ({"kmsKeyId": "arn", "atRestEncryptionEnabled": False}, "kmsKeyId"),
        ({"snapshotRetentionLimit": 36}, "snapshotRetentionLimit"),
        ({"snapshotWindow": "3-4"}, "snapshotWindow"),
        ({"snapshotWindow": "03:00-03:30"}, "snapshotWindow"),
        ({"maintenanceWindow": "sunday:05:00-sunday:06:00"}, "maintenanceWindow"),
        ({"maintenanceWindow": "sun:05:00-sun:05:30"}, "maintenanceWindow"),
        ({"snapshotWindow": "05:30-06:30", "maintenanceWindow": "sun:05:00-sun:06:00"}, "snapshotWindow"),
        ({"snapshotWindow": "23:30-00:30", "maintenanceWindow": "mon:00:00-mon:01:00"}, "snapshotWindow"),
        ({"nodeType": "t4g.small"}, "nodeType"),
        ({"nodeType": "cache.t4g.large"}, "nodeType"),
        ({"nodeType": "cache.m3.large"}, "nodeType"),
        ({"nodeType": "cache.r6gd.xlarge"}, "dataTieringEnabled"),
        ({"engineVersion": "7.1"}, "engineVersion"),
        ({"engineVersion": "8.1.0"}, "engineVersion"),
        ({"engine": "memcached"}, "engine"),
        ({"networkType": "ipv5"}, "networkType"),
    ],
)
def test_invalid_replication_group_is_rejected(account: Account, inputs: dict[str, Any], path: str) -> None:
    found = account.planned(REPLICATION_GROUP, **{**SMALL, **inputs})
    assert path in {rejection.path for rejection in found}
    assert {rejection.path for rejection in found} <= {path, "engineVersion"}


@pytest.mark.parametrize(
    "inputs",
    [
        {"multiAzEnabled": True, "automaticFailoverEnabled": True, "numCacheClusters": 2},
        {"automaticFailoverEnabled": True, "numCacheClusters": UNKNOWN},
        {"authToken": TOKEN + "!&#$^<>-", **ENCRYPTED},
        {"authToken": UNKNOWN, **ENCRYPTED},
        {"snapshotRetentionLimit": 35, "snapshotWindow": "03:00-04:00", "maintenanceWindow": "sun:05:00-sun:06:00"},
        {"snapshotWindow": "23:00-00:00", "maintenanceWindow": "mon:00:00-mon:01:00"},
        {"engine": "redis", "engineVersion": "7.1"},
        {"engine": "redis", "engineVersion": "6.x"},
    ],
)
def test_valid_replication_group_is_accepted(account: Account, inputs: dict[str, Any]) -> None:
    assert not account.planned(REPLICATION_GROUP, **{**SMALL, **inputs})


def test_changed_inputs_replace_replication_group(account: Account) -> None:
    made = account.make(REPLICATION_GROUP, "cache", **{**SMALL, "engine": "redis", "engineVersion": "7.1"})
    assert account.replaced_by(made, port=6380) == {"port"}
    assert account.replaced_by(made, engineVersion="7.0") == {"engineVersion"}
    assert account.replaced_by(made, engineVersion="6.x") == {"engineVersion"}
    assert not account.replaced_by(made, engine="valkey", engineVersion="8.1")
    assert not account.replaced_by(made, nodeType="cache.m7g.large")
    assert not account.replaced_by(made, transitEncryptionEnabled=True)
    valkey = account.make(REPLICATION_GROUP, "new", **SMALL)
    assert account.replaced_by(valkey, engine="redis", engineVersion="7.1") == {"engine"}
    old = account.make(REPLICATION_GROUP, "old", **{**SMALL, "engine": "redis", "engineVersion": "6.2"})
    assert account.replaced_by(old, transitEncryptionEnabled=True) == {"transitEncryptionEnabled"}
    assert not account.replaced_by(old, engineVersion="7.0")


def test_parameter_group_family_must_match_engine(account: Account) -> None:
    redis = account.make(PARAMETER_GROUP, "redis", family="redis7").outputs["name"]
    valkey = account.make(PARAMETER_GROUP, "valkey", family="valkey8")
    for name in (redis, "default.redis7"):
        assert account.codes(REPLICATION_GROUP, parameterGroupName=name, **SMALL) == {"InvalidParameterCombination"}
    assert account.codes(REPLICATION_GROUP, parameterGroupName="missing", **SMALL) >= {"CacheParameterGroupNotFound"}
    account.make(REPLICATION_GROUP, parameterGroupName=valkey.outputs["name"], **SMALL)
    assert account.delete_codes(valkey) == {"InvalidCacheParameterGroupState"}
    (rejection,) = account.planned(PARAMETER_GROUP, family="redis8")
    assert rejection.path == "family"


def test_multi_az_requires_two_zones(account: Account, subnets: list[str]) -> None:
    one = account.make(SUBNET_GROUP, "one", subnetIds=subnets[:1]).outputs["name"]
    inputs = {"multiAzEnabled": True, "automaticFailoverEnabled": True, "numCacheClusters": 2, **SMALL}
    assert account.codes(REPLICATION_GROUP, subnetGroupName=one, **inputs) == {"InvalidParameterCombination"}


def test_missing_log_destination_is_rejected(account: Account) -> None:
    logs = {"destination": "cache", "destinationType": "cloudwatch-logs", "logFormat": "json", "logType": "slow-log"}
    assert account.codes(REPLICATION_GROUP, logDeliveryConfigurations=[logs], **SMALL) == {"InvalidParameterValue"}
    account.make(LOG_GROUP, name="cache")
    assert not account.codes(REPLICATION_GROUP, logDeliveryConfigurations=[logs], **SMALL)
    assert account.codes(REPLICATION_GROUP, logDeliveryConfigurations=[logs, logs], **SMALL) == {
        "InvalidParameterValue"
    }


@pytest.mark.parametrize(
    ("version", "kind", "rejected"),
    [
        ("5.0.6", "slow-log", True),
        ("6.0", "slow-log", False),
        ("6.0", "engine-log", True),
        ("6.2", "engine-log", False),
    ],
)
def test_log_type_requires_engine_version(account: Account, version: str, kind: str, rejected: bool) -> None:
    logs = {"destination": "/cache", "destinationType": "cloudwatch-logs", "logFormat": "json", "logType": kind}
    inputs = {**SMALL, "engine": "redis", "engineVersion": version, "logDeliveryConfigurations": [logs]}
    found = account.planned(REPLICATION_GROUP, **inputs)
    assert [rejection.path for rejection in found] == (["logDeliveryConfigurations[0].logType"] if rejected else [])
