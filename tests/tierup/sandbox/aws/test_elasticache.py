"""ElastiCache: what it refuses and what it takes."""

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


def test_a_group_answers_with_its_hosts(account: Account) -> None:
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


def test_encryption_in_transit_changes_the_hosts(account: Account) -> None:
    made = account.make(REPLICATION_GROUP, "cache", numCacheClusters=2, **SMALL, **ENCRYPTED)
    assert made.outputs["primaryEndpointAddress"].startswith("master.")
    assert made.outputs["readerEndpointAddress"].startswith("replica.")
    assert made.outputs["primaryEndpointAddress"].endswith(".euw1.cache.amazonaws.com")


def test_shards_have_one_configuration_host(account: Account) -> None:
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


def test_an_automatic_id_has_room_for_32_characters(account: Account) -> None:
    assert not account.planned(REPLICATION_GROUP, "a" * 32, **SMALL)
    with pytest.raises(ValueError, match="has at most 40"):
        account.planned(REPLICATION_GROUP, "a" * 33, **SMALL)


@pytest.mark.parametrize("id", ["a" * 41, "1cache", "cache-", "my--cache", "my_cache"])
def test_ids_are_hyphenated(account: Account, id: str) -> None:
    found = account.planned(REPLICATION_GROUP, replicationGroupId=id, **SMALL)
    assert [refusal.path for refusal in found] == ["replicationGroupId"]


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
def test_a_replication_group_refuses(account: Account, inputs: dict[str, Any], path: str) -> None:
    found = account.planned(REPLICATION_GROUP, **{**SMALL, **inputs})
    assert path in {refusal.path for refusal in found}
    assert {refusal.path for refusal in found} <= {path, "engineVersion"}


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
def test_a_replication_group_takes(account: Account, inputs: dict[str, Any]) -> None:
    assert not account.planned(REPLICATION_GROUP, **{**SMALL, **inputs})


def test_a_token_is_never_told(account: Account) -> None:
    token = "hunter2@" * 4
    found = account.planned(REPLICATION_GROUP, authToken=token, **SMALL, **ENCRYPTED)
    assert found
    assert not any("hunter2" in refusal.message for refusal in found)


def test_what_replaces_a_replication_group(account: Account) -> None:
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


def test_encryption_in_transit_is_switched_on_in_two_steps(account: Account, group: CloudResource) -> None:
    made = account.make(REPLICATION_GROUP, "cache", subnetGroupName=group.outputs["name"], **SMALL)
    at_once = {"transitEncryptionEnabled": True, "transitEncryptionMode": "required"}
    assert account.change_codes(made, **at_once) == {"InvalidParameterCombination"}
    step = account.change(made, transitEncryptionEnabled=True, transitEncryptionMode="preferred")
    assert not account.change_codes(step, transitEncryptionMode="required")


def test_a_parameter_group_is_of_the_engines_family(account: Account) -> None:
    redis = account.make(PARAMETER_GROUP, "redis", family="redis7").outputs["name"]
    valkey = account.make(PARAMETER_GROUP, "valkey", family="valkey8")
    for name in (redis, "default.redis7"):
        assert account.codes(REPLICATION_GROUP, parameterGroupName=name, **SMALL) == {"InvalidParameterCombination"}
    assert account.codes(REPLICATION_GROUP, parameterGroupName="gone", **SMALL) >= {"CacheParameterGroupNotFound"}
    account.make(REPLICATION_GROUP, parameterGroupName=valkey.outputs["name"], **SMALL)
    assert account.delete_codes(valkey) == {"InvalidCacheParameterGroupState"}
    (refusal,) = account.planned(PARAMETER_GROUP, family="redis8")
    assert refusal.path == "family"


def test_a_subnet_group_lies_in_one_vpc_and_is_held(
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


def test_multi_az_needs_two_zones(account: Account, subnets: list[str]) -> None:
    one = account.make(SUBNET_GROUP, "one", subnetIds=subnets[:1]).outputs["name"]
    inputs = {"multiAzEnabled": True, "automaticFailoverEnabled": True, "numCacheClusters": 2, **SMALL}
    assert account.codes(REPLICATION_GROUP, subnetGroupName=one, **inputs) == {"InvalidParameterCombination"}


def test_logs_go_to_a_group_that_stands(account: Account) -> None:
    logs = {"destination": "cache", "destinationType": "cloudwatch-logs", "logFormat": "json", "logType": "slow-log"}
    assert account.codes(REPLICATION_GROUP, logDeliveryConfigurations=[logs], **SMALL) == {"InvalidParameterValue"}
    account.make(LOG_GROUP, name="cache")
    assert not account.codes(REPLICATION_GROUP, logDeliveryConfigurations=[logs], **SMALL)
    assert account.codes(REPLICATION_GROUP, logDeliveryConfigurations=[logs, logs], **SMALL) == {
        "InvalidParameterValue"
    }


def test_users_authenticate_one_way(account: Account) -> None:
    inputs = {"accessString": "on ~* +@all", "engine": "redis", "userId": "api", "userName": "api"}
    assert account.codes(USER, **inputs) == {"InvalidParameterCombination"}
    assert account.codes(USER, passwords=["short"], **inputs) == {"InvalidParameterValue"}
    iam = {"authenticationMode": {"type": "iam"}}
    assert not account.codes(USER, **iam, **inputs)
    assert account.codes(USER, **iam, **{**inputs, "userName": "other"}) == {"InvalidParameterCombination"}
    assert account.codes(USER, **{**inputs, "userId": "1api"}, **iam) >= {"InvalidName"}


def test_a_redis_user_group_needs_a_default_user(account: Account) -> None:
    access = {"accessString": "on ~* +@all", "engine": "redis", "noPasswordRequired": True}
    account.make(USER, "api", userId="api", userName="api", **access)
    quiet = account.make(USER, "quiet", userId="quiet", userName="default", **access)
    assert account.codes(USER_GROUP, userGroupId="users", engine="redis", userIds=["api"]) == {"DefaultUserRequired"}
    assert account.codes(USER_GROUP, userGroupId="users", engine="redis", userIds=["default", "quiet"]) == {
        "DuplicateUserName"
    }
    account.make(USER_GROUP, userGroupId="users", engine="redis", userIds=["api", "quiet"])
    assert account.delete_codes(quiet) == {"InvalidUserState"}


def test_a_subnet_group_has_up_to_20_subnets(account: Account) -> None:
    for subnets in ([], [f"subnet-{number}" for number in range(21)]):
        (refusal,) = account.planned(SUBNET_GROUP, subnetIds=subnets)
        assert refusal.path == "subnetIds"


def test_a_valkey_user_group_does_not_go_with_redis(account: Account) -> None:
    access = {"accessString": "on ~* +@all", "engine": "valkey", "noPasswordRequired": True}
    account.make(USER, "api", userId="api", userName="api", **access)
    account.make(USER_GROUP, userGroupId="users", engine="valkey", userIds=["api"])
    subnets = account.stand(SUBNET_GROUP, "cache", name="cache", subnetIds=[])
    inputs = {"userGroupIds": ["users"], **SMALL, "transitEncryptionEnabled": True, "subnetGroupName": subnets.id}
    assert not account.codes(REPLICATION_GROUP, **inputs)
    redis = {**inputs, "engine": "redis", "engineVersion": "7.1"}
    assert account.codes(REPLICATION_GROUP, **redis) == {"InvalidParameterCombination"}


CLUSTER_ON = [{"name": "cluster-enabled", "value": "yes"}]
WITH_TOKEN = {**SMALL, "authToken": TOKEN, "authTokenUpdateStrategy": "ROTATE"}


def test_users_take_a_tokens_place_in_place(account: Account, group: CloudResource) -> None:
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


def test_cluster_mode_is_reached_step_by_step_in_place(account: Account) -> None:
    plain = account.make(PARAMETER_GROUP, "plain", family="valkey8")
    on = account.make(PARAMETER_GROUP, "on", family="valkey8", parameters=CLUSTER_ON)
    made = account.make(
        REPLICATION_GROUP, "cache", **SMALL, numCacheClusters=2, automaticFailoverEnabled=True,
        parameterGroupName=plain.outputs["name"],
    )  # fmt: skip
    refused = {"InvalidParameterCombination"}
    clustered = {"parameterGroupName": on.outputs["name"]}
    shards = {"numCacheClusters": None, "replicasPerNodeGroup": 1}

    assert account.change_codes(made, **clustered) == refused
    assert account.change_codes(made, clusterMode="compatible") == refused
    assert account.change_codes(made, clusterMode="enabled", **clustered, **shards, numNodeGroups=1) == refused
    compatible = account.change(made, clusterMode="compatible", **clustered)
    assert compatible.outputs["configurationEndpointAddress"].startswith("clustercfg.")
    assert compatible.outputs["primaryEndpointAddress"], "clients that don't speak the cluster protocol stay"
    assert account.change_codes(compatible, clusterMode="enabled", **shards, numNodeGroups=3) == refused
    enabled = account.change(compatible, clusterMode="enabled", **shards, numNodeGroups=1)
    assert account.replaced_by(enabled, numNodeGroups=3) == set()
    grown = account.change(enabled, numNodeGroups=3)
    assert len(grown.outputs["memberClusters"]) == 6
    assert account.change_codes(grown, clusterMode="compatible") == refused
