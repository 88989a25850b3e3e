"""Tests of the replication group: encryption, access, cluster mode and supported combinations."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pulumi import ResourceOptions

from components.elasticache.replication_group import (
    CacheAuth,
    CacheEngine,
    ClusterMode,
    Eviction,
    ReplicationGroup,
    ReplicationGroupArgs,
    parameter_family,
)
from tests.engine_recorder import Recording, record

GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
ARGS = ReplicationGroupArgs(
    vpc_id="vpc-1",
    subnet_ids=["subnet-1", "subnet-2"],
    engine_version="8.0",
    node_type="cache.t4g.micro",
    auth_token="token-of-the-tests/1",
    log_retention_days=30,
    tags={"Stack": "dev"},
)


def recorded(args: ReplicationGroupArgs = ARGS) -> Recording[ReplicationGroup]:
    group = {
        "primaryEndpointAddress": "cache.example.com",
        "replicationGroupId": "cache-1",
        "memberClusters": ["cache-1-001", "cache-1-0002-001"],
    }
    return record(lambda: ReplicationGroup("cache", args), outputs={GROUP: group})


@pytest.fixture(scope="module")
def recording() -> Recording[ReplicationGroup]:
    return recorded()


@pytest.fixture(scope="module")
def group(recording: Recording[ReplicationGroup]) -> dict[str, Any]:
    return dict(recording.one(GROUP).inputs)


def test_creates_exactly_these_resources(recording: Recording[ReplicationGroup]) -> None:
    parts = ("security-group", "parameters", "subnets", "slow-log", "replication")

    assert recording.tree() == {"cache": None, **{f"cache-{part}": "cache" for part in parts}}


def test_encryption_and_auth_token_are_enabled(recording: Recording[ReplicationGroup], group: dict[str, Any]) -> None:
    assert group["transitEncryptionEnabled"] is True
    assert group["atRestEncryptionEnabled"] is True
    assert group["authToken"] == ARGS.auth_token
    assert "authToken" in recording.one(GROUP).secret_inputs


def test_node_ids_are_the_providers_list_sorted(recording: Recording[ReplicationGroup]) -> None:
    assert recording.value(recording.result.node_ids) == ["cache-1-0002-001", "cache-1-001"]


def test_url_is_secret_and_has_the_encoded_token(recording: Recording[ReplicationGroup]) -> None:
    url = recording.result.url

    assert recording.is_secret(url)
    assert recording.value(url) == "rediss://:token-of-the-tests%2F1@cache.example.com:6379"


def test_security_group_has_no_rules(recording: Recording[ReplicationGroup], group: dict[str, Any]) -> None:
    security_group = recording.one("aws:ec2/securityGroup:SecurityGroup").inputs

    assert group["securityGroupIds"] == ["cache-security-group-id"]
    assert security_group["vpcId"] == "vpc-1"
    assert not {"ingress", "egress"} & set(security_group)
    assert not [kind for kind in recording.types().values() if "SecurityGroupIngressRule" in kind]


def test_changes_apply_immediately(group: dict[str, Any]) -> None:
    assert group["applyImmediately"] is True


def test_slow_log_is_delivered_to_a_vended_log_group(
    recording: Recording[ReplicationGroup], group: dict[str, Any]
) -> None:
    logs = recording.one("aws:cloudwatch/logGroup:LogGroup")

    assert group["logDeliveryConfigurations"] == [
        {
            "logType": "slow-log",
            "logFormat": "json",
            "destinationType": "cloudwatch-logs",
            "destination": f"{logs.name}-name",
        }
    ]
    assert logs.inputs["namePrefix"].startswith("/aws/vendedlogs/")
    assert logs.inputs["retentionInDays"] == 30


def test_log_group_key_is_separate_from_the_data_key(recording: Recording[ReplicationGroup]) -> None:
    encrypted = recorded(replace(ARGS, log_key_arn="arn:aws:kms:eu-west-1:1:key/1"))
    kind = "aws:cloudwatch/logGroup:LogGroup"

    assert encrypted.one(kind).inputs["kmsKeyId"] == "arn:aws:kms:eu-west-1:1:key/1"
    assert "kmsKeyId" not in encrypted.one(GROUP).inputs  # a change of that key replaces the cache
    assert "kmsKeyId" not in recording.one(kind).inputs


def test_replicas_failover_and_multi_az_are_as_given() -> None:
    single = recorded().one(GROUP).inputs
    replicated = recorded(replace(ARGS, replicas=2, automatic_failover=True, multi_az=True)).one(GROUP).inputs

    assert (single["numCacheClusters"], single["automaticFailoverEnabled"], single["multiAzEnabled"]) == (
        1,
        False,
        False,
    )
    assert (replicated["numCacheClusters"], replicated["automaticFailoverEnabled"], replicated["multiAzEnabled"]) == (
        3,
        True,
        True,
    )


def test_final_snapshot_is_taken_if_named() -> None:
    with_snapshot = recorded(replace(ARGS, final_snapshot_name="last-1", snapshot_days=14)).one(GROUP).inputs

    assert (with_snapshot["finalSnapshotIdentifier"], with_snapshot["snapshotRetentionLimit"]) == ("last-1", 14)
    assert "finalSnapshotIdentifier" not in recorded().one(GROUP).inputs


def test_eviction_policy_is_volatile_lru_by_default() -> None:
    parameters = "aws:elasticache/parameterGroup:ParameterGroup"

    assert recorded().one(parameters).inputs["parameters"] == [{"name": "maxmemory-policy", "value": "volatile-lru"}]
    queue = recorded(replace(ARGS, eviction=Eviction.NOEVICTION)).one(parameters).inputs
    assert queue["parameters"] == [{"name": "maxmemory-policy", "value": "noeviction"}]
    assert queue["family"] == "valkey8"


def test_parameter_group_of_a_protected_cache_is_not_protected() -> None:
    """Another major version replaces the parameter group, and Pulumi does not replace protected resources."""
    recording = record(lambda: ReplicationGroup("cache", ARGS, ResourceOptions(protect=True)))

    assert recording.one(GROUP).opts.protect
    assert not recording.one("aws:elasticache/parameterGroup:ParameterGroup").opts.protect


def test_parameter_family_depends_on_engine_and_major_version() -> None:
    assert parameter_family(CacheEngine.VALKEY, "7.2") == "valkey7"
    assert parameter_family(CacheEngine.REDIS, "7.1") == "redis7"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"port": 65_536}, r"port: out of range \(got 65536\)\. Set 1 to 65535"),
        ({"node_type": "t4g.micro"}, r"node_type: not an ElastiCache node type \(got 't4g\.micro'\)"),
        ({"node_type": "cache.r6gd.xlarge"}, "node_type: r6gd nodes need data tiering"),
        ({"replicas": 6}, r"replicas: out of range \(got 6\)\. Set 0 to 5"),
        ({"automatic_failover": True}, "automatic_failover: needs a replica"),
        ({"replicas": 1, "multi_az": True}, "multi_az: needs automatic_failover"),
        ({"engine_version": "8"}, r"engine_version: not major\.minor \(got '8'\)"),
        ({"engine_version": "6.2"}, r"engine_version: out of support \(got 6\.2\)\. Set 7\.0 or newer"),
        ({"snapshot_days": 36}, r"snapshot_days: out of range \(got 36\)"),
        ({"snapshot_window": "04:30-05:30"}, "snapshot_window, maintenance_window: the windows overlap"),
        (
            {"snapshot_window": "23:30-00:30", "maintenance_window": "mon:00:00-mon:01:00"},
            "snapshot_window, maintenance_window: the windows overlap",
        ),
        ({"log_retention_days": 2}, r"log_retention_days: .*got 2"),
        ({"final_snapshot_name": "last--1"}, r"final_snapshot_name: not a snapshot name \(got 'last--1'\)"),
        ({"final_snapshot_name": "1st"}, r"final_snapshot_name: .*\(got '1st'\)"),
    ],
)
def test_invalid_arguments_are_rejected(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(ARGS, **change)


REPLICATED = replace(ARGS, replicas=2, automatic_failover=True, multi_az=True)
AUTH = CacheAuth(user_group_id="app-users", username="app", password="password-of-the-user")


def test_users_replace_the_token_in_one_update() -> None:
    recording = recorded(replace(ARGS, auth_token=None, auth=AUTH))
    group = recording.one(GROUP).inputs

    assert "authToken" not in group
    assert (group["userGroupIds"], group["authTokenUpdateStrategy"]) == (["app-users"], "DELETE")
    # pragma: allowlist nextline secret
    assert recording.value(recording.result.url) == "rediss://app:password-of-the-user@cache.example.com:6379"
    assert recording.is_secret(recording.result.url)


@pytest.mark.parametrize("given", [{}, {"auth_token": ARGS.auth_token, "auth": AUTH}])
def test_token_and_user_together_or_neither_are_rejected(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="auth_token, auth: not exactly one"):
        replace(ARGS, **{"auth_token": None, "auth": None, **given})


def test_compatible_mode_has_one_shard_and_cluster_parameters() -> None:
    recording = recorded(replace(REPLICATED, cluster_mode=ClusterMode.COMPATIBLE))
    group = recording.one(GROUP).inputs
    parameters = recording.one("aws:elasticache/parameterGroup:ParameterGroup")

    assert (group["clusterMode"], group["numCacheClusters"]) == ("compatible", 3)
    assert "numNodeGroups" not in group
    assert parameters.name == "cache-cluster-parameters", "cluster-enabled can't change in a group that is in use"
    assert {"name": "cluster-enabled", "value": "yes"} in parameters.inputs["parameters"]


def test_enabled_mode_has_shards_and_the_configuration_endpoint() -> None:
    hosts = {"primaryEndpointAddress": "", "configurationEndpointAddress": "clustercfg.example.com"}
    args = replace(REPLICATED, cluster_mode=ClusterMode.ENABLED, shards=3)
    recording = record(lambda: ReplicationGroup("cache", args), outputs={GROUP: hosts})
    group = recording.one(GROUP).inputs

    assert (group["numNodeGroups"], group["replicasPerNodeGroup"]) == (3, 2)
    assert "numCacheClusters" not in group
    assert recording.value(recording.result.endpoint) == "clustercfg.example.com"
    assert recording.result.cluster_protocol


def test_disabled_mode_omits_shards_users_and_key(group: dict[str, Any]) -> None:
    assert not {"numNodeGroups", "replicasPerNodeGroup", "userGroupIds", "kmsKeyId"} & set(group)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"shards": 2}, "shards: several shards need cluster_mode enabled"),
        ({"shards": 2, "cluster_mode": ClusterMode.COMPATIBLE}, "shards: several shards need cluster_mode enabled"),
        ({"shards": 0}, r"shards: out of range \(got 0\)\. Set 1 to 500"),
        (
            {"shards": 31, "cluster_mode": ClusterMode.ENABLED},
            r"shards: too many nodes \(got 93: 31 shards of 3\)\. Use at most 90",
        ),
        (
            {"cluster_mode": ClusterMode.ENABLED, "automatic_failover": False, "multi_az": False},
            "cluster_mode: enabled needs automatic_failover",
        ),
    ],
)
def test_unsupported_shards_are_rejected(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(REPLICATED, **change)


@pytest.mark.parametrize("mode", list(ClusterMode))
def test_cluster_mode_is_always_explicit(mode: ClusterMode) -> None:
    group = recorded(replace(REPLICATED, cluster_mode=mode)).one(GROUP).inputs

    assert group["clusterMode"] == mode.value
