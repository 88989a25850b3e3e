"""Atlas clusters and search indexes in the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.behaviour import UNKNOWN

from ..aws.account import Account
from .test_project import project

CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
CIPHERS = ["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"]
INDEX = "mongodbatlas:index/searchIndex:SearchIndex"


def region(
    name: str = "EU_WEST_1", priority: int = 7, nodes: int = 3, size: str = "M10", **more: Any
) -> dict[str, Any]:
    """Return a region config; `diskSizeGb` is set in its electable specs."""
    specs = {"instanceSize": size, "nodeCount": nodes}
    if "diskSizeGb" in more:
        specs["diskSizeGb"] = more.pop("diskSizeGb")
    return {"providerName": "AWS", "regionName": name, "priority": priority, "electableSpecs": specs, **more}


def cluster(project_id: str, *regions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the inputs of a replica set."""
    return {
        "projectId": project_id,
        "clusterType": "REPLICASET",
        "replicationSpecs": [{"regionConfigs": list(regions) or [region()]}],
        **more,
    }


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def group(account: Account) -> str:
    return project(account)


def test_cluster_has_a_connection_string_version_and_state(account: Account, group: str) -> None:
    made = account.make(CLUSTER, name="App", **cluster(group, mongoDbMajorVersion="8.0"))
    strings = made.outputs["connectionStrings"]
    assert strings["standardSrv"].startswith("mongodb+srv://app.")
    assert strings["standardSrv"].endswith(".mongodb.net")
    assert strings["privateSrv"] == ""
    assert made.outputs["stateName"] == "IDLE"
    assert made.outputs["mongoDbVersion"].startswith("8.0.")
    assert made.outputs["clusterId"] == made.id


@pytest.mark.parametrize(
    ("regions", "code"),
    [
        ([region("eu-west-1")], "INVALID_REGION"),
        ([region(priority=6)], "INVALID_ATTRIBUTE"),
        ([region(priority=6, nodes=1), region("EU_CENTRAL_1", 7, 2)], "INVALID_ATTRIBUTE"),
        ([region(nodes=2), region("EU_CENTRAL_1", 5, 1)], "INVALID_ATTRIBUTE"),
        ([region(nodes=4)], "INVALID_ATTRIBUTE"),
        (
            [region(), region("EU_CENTRAL_1", 6, 0, readOnlySpecs={"instanceSize": "M10", "nodeCount": 1})],
            "INVALID_ATTRIBUTE",
        ),
        ([region(size="M15")], "INVALID_INSTANCE_SIZE"),
        ([region(diskSizeGb=129)], "INVALID_DISK_SIZE"),
        ([region(diskSizeGb=5)], "INVALID_DISK_SIZE"),
        ([region(nodes=2, diskSizeGb=20), region("EU_CENTRAL_1", 6, 1, diskSizeGb=30)], "INVALID_ATTRIBUTE"),
        ([region(autoScaling={"computeEnabled": True})], "INVALID_ATTRIBUTE"),
        ([region(autoScaling={"computeScaleDownEnabled": True})], "INVALID_ATTRIBUTE"),
        ([region(autoScaling={"computeEnabled": True, "computeMaxInstanceSize": "M0"})], "INVALID_ATTRIBUTE"),
    ],
)
def test_invalid_regions_are_rejected(account: Account, group: str, regions: list[dict[str, Any]], code: str) -> None:
    assert account.codes(CLUSTER, **cluster(group, *regions)) == {code}


@pytest.mark.parametrize(
    "regions",
    [
        [region(diskSizeGb=128)],
        [region(nodes=2), region("EU_CENTRAL_1", 6, 2), region("EU_NORTH_1", 5, 1)],
        [{"providerName": "FLEX", "backingProviderName": "AWS", "regionName": "EU_WEST_1", "priority": 7}],
        [region(), region("EU_CENTRAL_1", 0, 0, readOnlySpecs={"instanceSize": "M10", "nodeCount": 1})],
        [region(autoScaling={"computeEnabled": True, "computeMaxInstanceSize": "M30"})],
    ],
)
def test_valid_regions_are_accepted(account: Account, group: str, regions: list[dict[str, Any]]) -> None:
    assert not account.codes(CLUSTER, **cluster(group, *regions))


def test_unknown_inputs_are_accepted_at_plan(account: Account) -> None:
    assert not account.planned(CLUSTER, **cluster(UNKNOWN, backupEnabled=UNKNOWN, pitEnabled=UNKNOWN))  # pyright: ignore[reportArgumentType] - as at a preview


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"pitEnabled": True}, "PIT_REQUIRES_BACKUP"),
        ({"versionReleaseSystem": "CONTINUOUS", "mongoDbMajorVersion": "8.0"}, "INVALID_ATTRIBUTE"),
        ({"mongoDbMajorVersion": "5"}, "INVALID_VERSION"),
        ({"tags": {"cost:center": "a"}}, "INVALID_TAG"),
        ({"tags": {"a": "b" * 256}}, "INVALID_TAG"),
        ({"biConnectorConfig": {"enabled": True, "readPreference": "nearest"}}, "InvalidValue"),
        ({"mongoDbMajorVersion": "7.0", "advancedConfiguration": {"defaultMaxTimeMs": 100}}, "INVALID_ATTRIBUTE"),
        (
            {"advancedConfiguration": {"tlsCipherConfigMode": "DEFAULT", "customOpensslCipherConfigTls12s": CIPHERS}},
            "INVALID_ATTRIBUTE",
        ),
        ({"mongoDbMajorVersion": "3.2"}, "INVALID_VERSION"),
        ({"encryptionAtRestProvider": "AWS"}, "CANNOT_ENABLE_ENCRYPTION_AT_REST"),
        ({"clusterType": "SHARDED"}, "INVALID_INSTANCE_SIZE"),
        ({"projectId": "f" * 24}, "GROUP_NOT_FOUND"),
        ({"name": "-app"}, "ValidationException"),
        ({"name": "a" * 65}, "ValidationException"),
    ],
)
def test_invalid_clusters_are_rejected(account: Account, group: str, more: dict[str, Any], code: str) -> None:
    codes = account.codes(CLUSTER, **{**cluster(group), **more})
    assert codes
    if code != "ValidationException":
        assert codes == {code}


def test_major_version_may_omit_its_zero(account: Account, group: str) -> None:
    made = account.make(CLUSTER, name="app", **cluster(group, mongoDbMajorVersion="8"))
    assert account.change_codes(made, mongoDbMajorVersion="7") == {"CANNOT_DOWNGRADE"}
    assert not account.replaced_by(made, mongoDbMajorVersion="8.0")


def test_provisioned_iops_need_m30(account: Account, group: str) -> None:
    def codes(size: str, volume: str) -> set[str]:
        config = region(size=size)
        config["electableSpecs"]["ebsVolumeType"] = volume
        return account.codes(CLUSTER, name="app", **cluster(group, config))

    assert codes("M10", "PROVISIONED") == {"INVALID_ATTRIBUTE"}
    assert not codes("M10", "STANDARD")
    assert not codes("M30", "PROVISIONED")


def test_sharded_cluster_needs_m30(account: Account, group: str) -> None:
    big = {"regionConfigs": [region(size="M30")]}
    sharded = {**cluster(group), "clusterType": "SHARDED", "replicationSpecs": [big, big]}
    assert account.make(CLUSTER, **sharded).outputs["configServerType"] == "DEDICATED"
    assert account.codes(CLUSTER, "set", **{**sharded, "clusterType": "REPLICASET"}) == {"INVALID_ATTRIBUTE"}


def test_cluster_names_must_differ_in_their_first_characters(account: Account, group: str) -> None:
    account.make(CLUSTER, "one", name="a-rather-long-cluster-name-1", **cluster(group))
    assert account.codes(CLUSTER, "two", name="a-rather-long-cluster-name-2", **cluster(group)) == {
        "DUPLICATE_CLUSTER_NAME"
    }
    other = project(account, "other")
    assert not account.codes(CLUSTER, "two", name="a-rather-long-cluster-name-1", **cluster(other))


def test_zones_of_a_global_cluster_need_different_preferred_regions(account: Account, group: str) -> None:
    def codes(*regions: str) -> set[str]:
        specs = [
            {"zoneName": f"zone {n}", "regionConfigs": [region(name, size="M30")]} for n, name in enumerate(regions)
        ]
        inputs = {**cluster(group), "clusterType": "GEOSHARDED", "replicationSpecs": specs}
        return account.codes(CLUSTER, name="app", **inputs)

    assert not codes("EU_WEST_1", "US_EAST_1")
    assert codes("EU_WEST_1", "EU_WEST_1") == {"INVALID_ATTRIBUTE"}


def test_cluster_cannot_be_downgraded(account: Account, group: str) -> None:
    made = account.make(CLUSTER, name="app", **cluster(group, region(diskSizeGb=40), mongoDbMajorVersion="8.0"))

    def change(*regions: dict[str, Any], **more: Any) -> set[str]:
        specs = {"replicationSpecs": [{"regionConfigs": list(regions)}]} if regions else {}
        return account.change_codes(made, **specs, **more)

    assert not change(region(size="M30", diskSizeGb=80))
    assert not change(region(nodes=2, diskSizeGb=40), region("EU_CENTRAL_1", 6, 1, diskSizeGb=40))
    assert not change(region(diskSizeGb=20)), "Atlas can reduce a disk"
    assert change(mongoDbMajorVersion="7.0") == {"CANNOT_DOWNGRADE"}
    assert account.replaced_by(made, name="api") == {"name"}
    assert not account.replaced_by(made, backupEnabled=True)


def test_protected_cluster_is_not_deleted(account: Account, group: str) -> None:
    made = account.make(CLUSTER, name="app", **cluster(group, terminationProtectionEnabled=True))
    assert account.delete_codes(made) == {"CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED"}
    unprotected = account.change(made, terminationProtectionEnabled=False)
    assert not account.delete_codes(unprotected)


def test_project_with_a_cluster_is_not_deleted(account: Account, group: str) -> None:
    account.make(CLUSTER, name="app", **cluster(group))
    closing = account.cloud.get("mongodbatlas:index/project:Project", group)
    assert closing is not None
    assert account.delete_codes(closing) == {"CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS"}


@pytest.mark.parametrize(
    ("more", "accepted"),
    [
        ({"collectionName": "other"}, True),
        ({"name": "other"}, True),
        ({"name": "other", "analyzer": "lucene.english"}, True),
        ({"name": "other", "analyzer": "mine", "analyzers": '[{"name": "mine"}]'}, True),
        ({"name": "other", "analyzer": "mine"}, False),
        ({}, False),
    ],
)
def test_search_indexes_have_names_per_collection_and_known_analyzers(
    account: Account, group: str, more: dict[str, Any], accepted: bool
) -> None:
    account.make(CLUSTER, name="app", **cluster(group))
    given: dict[str, Any] = {"projectId": group, "clusterName": "app", "database": "app", "collectionName": "tasks"}
    given |= {"name": "default", "mappingsDynamic": True}
    account.make(INDEX, "first", **given)
    assert (not account.codes(INDEX, "second", **{**given, **more})) is accepted


@pytest.mark.parametrize(
    ("inputs", "rejected"),
    [
        ({"mappingsDynamic": True}, False),
        ({"mappingsDynamic": False}, True),
        ({"mappingsFields": "{}"}, False),
        ({"mappingsFields": "{"}, True),
        ({"type": "vectorSearch"}, True),
        ({"type": "vectorSearch", "fields": "[]"}, False),
        ({}, True),
        ({"mappingsDynamic": True, "clusterName": "none"}, True),
    ],
)
def test_search_index_validates_its_definition(
    account: Account, group: str, inputs: dict[str, Any], rejected: bool
) -> None:
    account.make(CLUSTER, name="app", **cluster(group))
    given = {"projectId": group, "clusterName": "app", "database": "app", "collectionName": "tasks", **inputs}
    assert bool(account.codes(INDEX, **given)) is rejected


def test_replica_set_becomes_a_cluster_of_one_shard_first(account: Account, group: str) -> None:
    made = account.make(CLUSTER, "app", name="app", **cluster(group, region(size="M30")))

    def shards(count: int) -> dict[str, Any]:
        return {"clusterType": "SHARDED", "replicationSpecs": [{"regionConfigs": [region(size="M30")]}] * count}

    assert account.change_codes(made, **shards(2)) == {"CLUSTER_TYPE_UNSUPPORTED_CHANGE"}
    one = account.change(made, **shards(1))
    two = account.change(one, **shards(2))
    zones = {spec["zoneId"] for spec in two.outputs["replicationSpecs"]}
    assert zones == {made.outputs["replicationSpecs"][0]["zoneId"]}, "all shards of a zone, which stays"
    assert account.change_codes(two, clusterType="REPLICASET", replicationSpecs=cluster(group)["replicationSpecs"])
