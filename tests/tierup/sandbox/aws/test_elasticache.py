"""Tests of the behaviour rows of ElastiCache."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.aws.elasticache import PARAMETER_GROUP, REPLICATION_GROUP, SUBNET_GROUP, USER, USER_GROUP
from tierup.sandbox.aws.logs import LOG_GROUP
from tierup.sandbox.aws.network import SECURITY_GROUP, SUBNET, VPC
from tierup.sandbox.behaviour import UNKNOWN
from tierup.sandbox.cloud import CloudResource

from .account import Account

SMALL = {"description": "Cache", "nodeType": "cache.t4g.small", "engine": "valkey", "engineVersion": "8.1"}
TOKEN = "a" * 32
ENCRYPTED = {"transitEncryptionEnabled": True, "subnetGroupName": "default"}


@pytest.fixture
def vpc(account: Account) -> str:
    return account.make(VPC, "vpc", cidrBlock="10.0.0.0/16").id


@pytest.fixture
def subnets(account: Account, vpc: str) -> list[str]:
    return [
        account.make(SUBNET, zone, vpcId=vpc, cidrBlock=f"10.0.{number}.0/24", availabilityZone=f"eu-west-1{zone}").id
        for number, zone in enumerate("ab")
    ]


@pytest.fixture
def group(account: Account, subnets: list[str]) -> CloudResource:
    return account.make(SUBNET_GROUP, "cache", subnetIds=subnets)


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
    with pytest.raises(ValueError, match="40 are allowed"):
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
        ({"numCacheClusters": 2, "numNodeGroups": 2}, "numNodeGroups"),
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


def test_message_contains_no_token(account: Account) -> None:
    token = "hunter2@" * 4
    found = account.planned(REPLICATION_GROUP, authToken=token, **SMALL, **ENCRYPTED)
    assert found
    assert not any("hunter2" in rejection.message for rejection in found)


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


def test_transit_encryption_is_enabled_in_two_updates(account: Account, group: CloudResource) -> None:
    made = account.make(REPLICATION_GROUP, "cache", subnetGroupName=group.outputs["name"], **SMALL)
    at_once = {"transitEncryptionEnabled": True, "transitEncryptionMode": "required"}
    assert account.change_codes(made, **at_once) == {"InvalidParameterCombination"}
    step = account.change(made, transitEncryptionEnabled=True, transitEncryptionMode="preferred")
    assert not account.change_codes(step, transitEncryptionMode="required")


def test_parameter_group_family_must_match_engine(account: Account) -> None:
    redis = account.make(PARAMETER_GROUP, "redis", family="redis7").outputs["name"]
    valkey = account.make(PARAMETER_GROUP, "valkey", family="valkey8")
    for name in (redis, "default.redis7"):
        assert account.codes(REPLICATION_GROUP, parameterGroupName=name, **SMALL) == {"InvalidParameterCombination"}
    assert account.codes(REPLICATION_GROUP, parameterGroupName="gone", **SMALL) >= {"CacheParameterGroupNotFound"}
    account.make(REPLICATION_GROUP, parameterGroupName=valkey.outputs["name"], **SMALL)
    assert account.delete_codes(valkey) == {"InvalidCacheParameterGroupState"}
    (rejection,) = account.planned(PARAMETER_GROUP, family="redis8")
    assert rejection.path == "family"


def test_subnet_group_in_two_vpcs_is_rejected_and_used_one_is_kept(
    account: Account, vpc: str, group: CloudResource, subnets: list[str]
) -> None:
    assert group.outputs["vpcId"] == vpc
    other = account.make(VPC, "other", cidrBlock="10.1.0.0/16").id
    theirs = account.make(SUBNET, "theirs", vpcId=other, cidrBlock="10.1.0.0/24").id
    assert account.codes(SUBNET_GROUP, "b", subnetIds=[subnets[0], theirs]) == {"InvalidSubnet"}
    far = account.make(SECURITY_GROUP, "far", vpcId=other).id
    inputs = {"subnetGroupName": group.outputs["name"], **SMALL}
    assert account.codes(REPLICATION_GROUP, securityGroupIds=[far], **inputs) == {"InvalidParameterValue"}
    account.make(REPLICATION_GROUP, **inputs)
    assert account.delete_codes(group) == {"CacheSubnetGroupInUse"}


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


def test_user_has_one_authentication(account: Account) -> None:
    inputs = {"accessString": "on ~* +@all", "engine": "redis", "userId": "api", "userName": "api"}
    assert account.codes(USER, **inputs) == {"InvalidParameterCombination"}
    assert account.codes(USER, passwords=["short"], **inputs) == {"InvalidParameterValue"}
    iam = {"authenticationMode": {"type": "iam"}}
    assert not account.codes(USER, **iam, **inputs)
    assert account.codes(USER, **iam, **{**inputs, "userName": "other"}) == {"InvalidParameterCombination"}
    assert account.codes(USER, **{**inputs, "userId": "1api"}, **iam) >= {"InvalidName"}


def test_redis_user_group_requires_default_user(account: Account) -> None:
    access = {"accessString": "on ~* +@all", "engine": "redis", "noPasswordRequired": True}
    account.make(USER, "api", userId="api", userName="api", **access)
    quiet = account.make(USER, "quiet", userId="quiet", userName="default", **access)
    assert account.codes(USER_GROUP, userGroupId="users", engine="redis", userIds=["api"]) == {"DefaultUserRequired"}
    assert account.codes(USER_GROUP, userGroupId="users", engine="redis", userIds=["default", "quiet"]) == {
        "DuplicateUserName"
    }
    account.make(USER_GROUP, userGroupId="users", engine="redis", userIds=["api", "quiet"])
    assert account.delete_codes(quiet) == {"InvalidUserState"}


def test_subnet_group_with_21_subnets_is_rejected(account: Account) -> None:
    for subnets in ([], [f"subnet-{number}" for number in range(21)]):
        (rejection,) = account.planned(SUBNET_GROUP, subnetIds=subnets)
        assert rejection.path == "subnetIds"


def test_valkey_user_group_is_rejected_for_redis(account: Account) -> None:
    access = {"accessString": "on ~* +@all", "engine": "valkey", "noPasswordRequired": True}
    account.make(USER, "api", userId="api", userName="api", **access)
    account.make(USER_GROUP, userGroupId="users", engine="valkey", userIds=["api"])
    subnets = account.add_existing(SUBNET_GROUP, "cache", name="cache", subnetIds=[])
    inputs = {"userGroupIds": ["users"], **SMALL, "transitEncryptionEnabled": True, "subnetGroupName": subnets.id}
    assert not account.codes(REPLICATION_GROUP, **inputs)
    redis = {**inputs, "engine": "redis", "engineVersion": "7.1"}
    assert account.codes(REPLICATION_GROUP, **redis) == {"InvalidParameterCombination"}


CLUSTER_ON = [{"name": "cluster-enabled", "value": "yes"}]
WITH_TOKEN = {**SMALL, "authToken": TOKEN, "authTokenUpdateStrategy": "ROTATE"}


def test_user_group_replaces_token_by_update(account: Account, group: CloudResource) -> None:
    inside = {**ENCRYPTED, "subnetGroupName": group.outputs["name"]}
    made = account.make(REPLICATION_GROUP, "cache", **WITH_TOKEN, **inside)
    account.make(
        USER, "app", userId="u-app", userName="app", engine="valkey", accessString="on ~* +@all", passwords=[TOKEN]
    )
    account.make(USER_GROUP, "users", userGroupId="users", engine="valkey", userIds=["u-app"])
    to_users = {"authToken": None, "userGroupIds": ["users"]}

    rotating = account.change_codes(made, **to_users)
    assert rotating == {"InvalidParameterCombination"}, "SET and ROTATE need a token"
    assert account.change_codes(made, **to_users, authTokenUpdateStrategy=None) == {"InvalidParameterCombination"}
    assert account.replaced_by(made, **to_users, authTokenUpdateStrategy="DELETE") == set()
    changed = account.change(made, **to_users, authTokenUpdateStrategy="DELETE")
    assert "authToken" not in changed.outputs
    assert account.codes(REPLICATION_GROUP, "b", **{**WITH_TOKEN, "authTokenUpdateStrategy": "DELETE"}, **inside) == {
        "InvalidParameterCombination"
    }


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
