"""The cache: encrypted, closed, its token secret, and only in shapes that ElastiCache takes."""

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


def made(args: ReplicationGroupArgs = ARGS) -> Recording[ReplicationGroup]:
    group = {
        "primaryEndpointAddress": "cache.example.com",
        "replicationGroupId": "cache-1",
        "memberClusters": ["cache-1-001", "cache-1-0002-001"],
    }
    return record(lambda: ReplicationGroup("cache", args), outputs={GROUP: group})


@pytest.fixture(scope="module")
def recording() -> Recording[ReplicationGroup]:
    return made()


@pytest.fixture(scope="module")
def group(recording: Recording[ReplicationGroup]) -> dict[str, Any]:
    return dict(recording.one(GROUP).inputs)


def test_it_is_made_of_these_and_no_others(recording: Recording[ReplicationGroup]) -> None:
    parts = ("group", "parameters", "subnets", "slow-log", "replication")

    assert recording.tree() == {"cache": None, **{f"cache-{part}": "cache" for part in parts}}


def test_it_is_encrypted_both_ways_and_asks_for_the_token(
    recording: Recording[ReplicationGroup], group: dict[str, Any]
) -> None:
    assert group["transitEncryptionEnabled"] is True
    assert group["atRestEncryptionEnabled"] is True
    assert group["authToken"] == ARGS.auth_token
    assert "authToken" in recording.one(GROUP).secret_inputs


def test_its_nodes_are_called_as_the_provider_says(recording: Recording[ReplicationGroup]) -> None:
    assert recording.value(recording.result.node_ids) == ["cache-1-0002-001", "cache-1-001"]


def test_the_url_is_secret_and_its_token_encoded(recording: Recording[ReplicationGroup]) -> None:
    url = recording.result.url

    assert recording.is_secret(url)
    assert recording.value(url) == "rediss://:token-of-the-tests%2F1@cache.example.com:6379"


def test_its_security_group_is_closed_until_a_client_opens_it(
    recording: Recording[ReplicationGroup], group: dict[str, Any]
) -> None:
    security_group = recording.one("aws:ec2/securityGroup:SecurityGroup").inputs

    assert group["securityGroupIds"] == ["cache-group-id"]
    assert security_group["vpcId"] == "vpc-1"
    assert not {"ingress", "egress"} & set(security_group)
    assert not [kind for kind in recording.types().values() if "SecurityGroupIngressRule" in kind]


def test_a_change_is_made_when_up_says_so(group: dict[str, Any]) -> None:
    assert group["applyImmediately"] is True


def test_slow_commands_go_to_a_group_that_aws_may_write_to(
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


def test_its_log_has_a_key_of_its_own_apart_from_the_data(recording: Recording[ReplicationGroup]) -> None:
    sealed = made(replace(ARGS, log_key_arn="arn:aws:kms:eu-west-1:1:key/1"))
    kind = "aws:cloudwatch/logGroup:LogGroup"

    assert sealed.one(kind).inputs["kmsKeyId"] == "arn:aws:kms:eu-west-1:1:key/1"
    assert "kmsKeyId" not in sealed.one(GROUP).inputs  # another key there is another cache
    assert "kmsKeyId" not in recording.one(kind).inputs


def test_replicas_failover_and_zones_are_as_given() -> None:
    alone = made().one(GROUP).inputs
    safe = made(replace(ARGS, replicas=2, automatic_failover=True, multi_az=True)).one(GROUP).inputs

    assert (alone["numCacheClusters"], alone["automaticFailoverEnabled"], alone["multiAzEnabled"]) == (1, False, False)
    assert (safe["numCacheClusters"], safe["automaticFailoverEnabled"], safe["multiAzEnabled"]) == (3, True, True)


def test_a_final_snapshot_is_taken_when_named() -> None:
    named = made(replace(ARGS, final_snapshot_name="last-1", snapshot_days=14)).one(GROUP).inputs

    assert (named["finalSnapshotIdentifier"], named["snapshotRetentionLimit"]) == ("last-1", 14)
    assert "finalSnapshotIdentifier" not in made().one(GROUP).inputs


def test_full_memory_spares_keys_without_expiry_unless_told_otherwise() -> None:
    parameters = "aws:elasticache/parameterGroup:ParameterGroup"

    assert made().one(parameters).inputs["parameters"] == [{"name": "maxmemory-policy", "value": "volatile-lru"}]
    queue = made(replace(ARGS, eviction=Eviction.NOEVICTION)).one(parameters).inputs
    assert queue["parameters"] == [{"name": "maxmemory-policy", "value": "noeviction"}]
    assert queue["family"] == "valkey8"


def test_a_protected_cache_can_still_change_its_major_version() -> None:
    """Another major version has another parameter group, and Pulumi replaces nothing that is protected."""
    recording = record(lambda: ReplicationGroup("cache", ARGS, ResourceOptions(protect=True)))

    assert recording.one(GROUP).opts.protect
    assert not recording.one("aws:elasticache/parameterGroup:ParameterGroup").opts.protect


def test_a_family_follows_engine_and_version() -> None:
    assert parameter_family(CacheEngine.VALKEY, "7.2") == "valkey7"
    assert parameter_family(CacheEngine.REDIS, "7.1") == "redis7"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"port": 65_536}, "port: got 65536, allowed 1 to 65535"),
        ({"node_type": "t4g.micro"}, "node_type is 't4g.micro'"),
        ({"node_type": "cache.r6gd.xlarge"}, "data tiering"),
        ({"replicas": 6}, "replicas is 6; ElastiCache allows 0 to 5"),
        ({"automatic_failover": True}, "needs replicas of 1 or more"),
        ({"replicas": 1, "multi_az": True}, "multi_az needs automatic_failover"),
        ({"engine_version": "8"}, "give major.minor"),
        ({"engine_version": "6.2"}, "take 7.0 or newer"),
        ({"snapshot_days": 36}, "snapshot_days is 36"),
        ({"snapshot_window": "04:30-05:30"}, "overlap"),
        ({"snapshot_window": "23:30-00:30", "maintenance_window": "mon:00:00-mon:01:00"}, "overlap"),
        ({"log_retention_days": 2}, "log_retention_days: got 2"),
        ({"final_snapshot_name": "last--1"}, "single hyphens"),
        ({"final_snapshot_name": "1st"}, "a letter, then"),
    ],
)
def test_wrong_arguments_are_refused(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(ARGS, **wrong)


SAFE = replace(ARGS, replicas=2, automatic_failover=True, multi_az=True)
LOGIN = CacheAuth(user_group_id="app-users", username="app", password="password-of-the-user")


def test_users_take_the_tokens_place_in_the_one_update_that_aws_allows() -> None:
    recording = made(replace(ARGS, auth_token=None, auth=LOGIN))
    group = recording.one(GROUP).inputs

    assert "authToken" not in group
    assert (group["userGroupIds"], group["authTokenUpdateStrategy"]) == (["app-users"], "DELETE")
    # pragma: allowlist nextline secret
    assert recording.value(recording.result.url) == "rediss://app:password-of-the-user@cache.example.com:6379"
    assert recording.is_secret(recording.result.url)


@pytest.mark.parametrize("given", [{}, {"auth_token": ARGS.auth_token, "auth": LOGIN}])
def test_a_token_or_a_login_and_not_both(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="give exactly one"):
        replace(ARGS, **{"auth_token": None, "auth": None, **given})


def test_the_step_between_has_one_shard_and_the_parameters_of_a_cluster() -> None:
    recording = made(replace(SAFE, cluster_mode=ClusterMode.COMPATIBLE))
    group = recording.one(GROUP).inputs
    parameters = recording.one("aws:elasticache/parameterGroup:ParameterGroup")

    assert (group["clusterMode"], group["numCacheClusters"]) == ("compatible", 3)
    assert "numNodeGroups" not in group
    assert parameters.name == "cache-cluster-parameters", "cluster-enabled can't change in a group that is in use"
    assert {"name": "cluster-enabled", "value": "yes"} in parameters.inputs["parameters"]


def test_shards_have_their_own_count_and_one_endpoint_for_all() -> None:
    hosts = {"primaryEndpointAddress": "", "configurationEndpointAddress": "clustercfg.example.com"}
    args = replace(SAFE, cluster_mode=ClusterMode.ENABLED, shards=3)
    recording = record(lambda: ReplicationGroup("cache", args), outputs={GROUP: hosts})
    group = recording.one(GROUP).inputs

    assert (group["numNodeGroups"], group["replicasPerNodeGroup"]) == (3, 2)
    assert "numCacheClusters" not in group
    assert recording.value(recording.result.endpoint) == "clustercfg.example.com"
    assert recording.result.speaks_cluster


def test_a_cache_without_cluster_mode_says_nothing_of_it(group: dict[str, Any]) -> None:
    assert not {"clusterMode", "numNodeGroups", "replicasPerNodeGroup", "userGroupIds", "kmsKeyId"} & set(group)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"shards": 2}, "only enabled has several"),
        ({"shards": 2, "cluster_mode": ClusterMode.COMPATIBLE}, "only enabled has several"),
        ({"shards": 0}, "shards is 0; ElastiCache allows 1 to 500"),
        ({"shards": 31, "cluster_mode": ClusterMode.ENABLED}, "are 93; the quota is 90"),
        ({"cluster_mode": ClusterMode.ENABLED, "automatic_failover": False, "multi_az": False}, "needs automatic_fai"),
    ],
)
def test_shapes_that_elasticache_refuses_are_refused(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(SAFE, **wrong)
