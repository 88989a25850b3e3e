"""The cluster: three nodes, backed up, one user of one database, and a URI that is never plain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from components.atlas.backup_retention import BackupRetention
from components.atlas.cluster import AtlasCluster, AtlasClusterArgs
from components.atlas.connection_string import connection_uri
from components.atlas.topology import HELD, OtherRegion, Scaling
from tests.engine_recorder import Recording, record

CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
SCHEDULE = "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule"
ARGS = AtlasClusterArgs(
    project_id="project-1",
    cluster_name="tasks-dev",
    region="eu-west-1",
    instance_size="M10",
    mongodb_version="8.0",
    database="tasks",
    username="app",
    password="p@ss/word",
    max_pool_size=50,
    termination_protection=True,
    tags={"Stack": "dev"},
    disk_gb=20,
)


def made(args: AtlasClusterArgs = ARGS) -> Recording[AtlasCluster]:
    outputs = {CLUSTER: {"connectionStrings": {"standardSrv": "mongodb+srv://tasks-dev.x.mongodb.net"}}}
    return record(lambda: AtlasCluster("db", args), outputs=outputs)


@pytest.fixture(scope="module")
def recording() -> Recording[AtlasCluster]:
    return made()


@pytest.fixture(scope="module")
def cluster(recording: Recording[AtlasCluster]) -> dict[str, Any]:
    return dict(recording.one(CLUSTER).inputs)


def test_it_is_made_of_these_and_no_others(recording: Recording[AtlasCluster]) -> None:
    assert recording.tree() == {"db": None, "db-cluster": "db", "db-backups": "db", "db-user": "db"}


def test_three_nodes_of_the_size_given_in_one_region(cluster: dict[str, Any]) -> None:
    (shard,) = cluster["replicationSpecs"]
    (region,) = shard["regionConfigs"]

    assert cluster["clusterType"] == "REPLICASET"
    assert (region["providerName"], region["regionName"], region["priority"]) == ("AWS", "EU_WEST_1", 7)
    assert region["electableSpecs"] == {"instanceSize": "M10", "nodeCount": 3, "diskSizeGb": 20}
    assert cluster["mongoDbMajorVersion"] == "8.0"


def test_a_grown_disk_is_no_drift(cluster: dict[str, Any]) -> None:
    assert cluster["replicationSpecs"][0]["regionConfigs"][0]["autoScaling"]["diskGbEnabled"] is True
    assert cluster["useEffectiveFields"] is True


def test_it_speaks_tls_and_runs_no_code_of_a_request(cluster: dict[str, Any]) -> None:
    assert cluster["advancedConfiguration"]["minimumEnabledTlsProtocol"] == "TLS1_2"
    assert cluster["advancedConfiguration"]["javascriptEnabled"] is False


@pytest.mark.parametrize("protected", [True, False])
def test_it_is_protected_and_backed_up_as_given(protected: bool) -> None:
    inputs = made(replace(ARGS, termination_protection=protected, retain_backups=protected)).one(CLUSTER).inputs

    assert inputs["terminationProtectionEnabled"] is protected
    assert inputs["retainBackupsEnabled"] is protected
    assert inputs["backupEnabled"] is True


def test_backups_are_daily_and_kept_as_given(recording: Recording[AtlasCluster], cluster: dict[str, Any]) -> None:
    schedule = recording.one(SCHEDULE).inputs

    assert schedule["clusterName"] == "tasks-dev"
    assert schedule["policyItemDaily"] == {"frequencyInterval": 1, "retentionUnit": "days", "retentionValue": 7}
    assert schedule["policyItemWeeklies"][0]["retentionValue"] == 4
    assert schedule["policyItemMonthlies"][0]["retentionValue"] == 12
    assert cluster["pitEnabled"] is False
    assert not {"restoreWindowDays", "policyItemHourly"} & set(schedule)


def test_any_second_can_be_restored_for_the_days_given() -> None:
    recording = made(replace(ARGS, backups=BackupRetention(point_in_time_days=3)))
    schedule = recording.one(SCHEDULE).inputs

    assert recording.one(CLUSTER).inputs["pitEnabled"] is True
    assert schedule["restoreWindowDays"] == 3
    assert schedule["policyItemHourly"] == {"frequencyInterval": 6, "retentionUnit": "days", "retentionValue": 3}


def test_the_user_may_use_the_one_database_on_this_cluster_only(recording: Recording[AtlasCluster]) -> None:
    user = recording.one("mongodbatlas:index/databaseUser:DatabaseUser")

    assert user.inputs["roles"] == [{"roleName": "readWrite", "databaseName": "tasks"}]
    assert user.inputs["scopes"] == [{"name": "tasks-dev", "type": "CLUSTER"}]
    assert "password" in user.secret_inputs


def test_the_uri_is_secret_complete_and_there_once_the_user_is(recording: Recording[AtlasCluster]) -> None:
    uri = recording.result.connection_uri

    assert recording.is_secret(uri)
    assert recording.value(uri) == (
        # pragma: allowlist nextline secret
        "mongodb+srv://app:p%40ss%2Fword@tasks-dev.x.mongodb.net/tasks?retryWrites=true&w=majority&maxPoolSize=50"
    )
    assert "db-user" in recording.sources(uri)


def test_a_uri_gives_back_what_was_put_into_it() -> None:
    uri = urlsplit(connection_uri(host="h.example", username="a:b", password="c@d/?#", database="t", max_pool_size=5))

    assert (unquote(uri.username or ""), unquote(uri.password or "")) == ("a:b", "c@d/?#")
    assert (uri.hostname, uri.path) == ("h.example", "/t")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"instance_size": "M0"}, "give M10 or larger"),
        ({"instance_size": "M5"}, "give M10 or larger"),
        ({"nodes": 4}, r"nodes is 4; Atlas allows \(3, 5, 7\)"),
        ({"cluster_name": "a-name-of-twenty-three--x"}, "no hyphen first, last or as character 23"),
        ({"cluster_name": "-tasks"}, "cluster_name is '-tasks'"),
        ({"database": "admin"}, "MongoDB's own"),
        ({"database": "a/b"}, "database is 'a/b'"),
        ({"username": ""}, "username is empty"),
        ({"mongodb_version": "8"}, "give major.minor"),
        ({"max_pool_size": 0}, "0 is no limit"),
        ({"region": "EU_WEST_1"}, "AWS region's name"),
    ],
)
def test_wrong_arguments_are_refused(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(ARGS, **wrong)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"daily_days": 0}, "daily_days comes to 0 days"),
        ({"daily_days": 30}, r"daily_days \(30 days\) is more than weekly_weeks \(28 days\)"),
        ({"point_in_time_days": 8}, r"point_in_time_days \(8 days\) is more than daily_days"),
        ({"monthly_months": 0}, "monthly_months comes to 0"),
    ],
)
def test_backups_that_atlas_refuses_are_refused(wrong: dict[str, int], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        BackupRetention(**wrong)


def regions_of(args: AtlasClusterArgs) -> list[dict[str, Any]]:
    (shard, *others) = made(args).one(CLUSTER).inputs["replicationSpecs"]
    assert all(other == shard for other in others)
    return list(shard["regionConfigs"])


LARGE = replace(ARGS, instance_size="M60", disk_gb=320)
ABROAD = OtherRegion(region="eu-central-1", nodes=2)


def test_regions_vote_in_the_order_given() -> None:
    reader = OtherRegion(region="us-east-1", read_only_nodes=1)
    first, second, third = regions_of(replace(LARGE, other_regions=[ABROAD, reader]))

    assert [region["priority"] for region in (first, second, third)] == [7, 6, 0]
    assert (second["regionName"], second["electableSpecs"]["nodeCount"]) == ("EU_CENTRAL_1", 2)
    assert "electableSpecs" not in third
    assert third["readOnlySpecs"] == {"instanceSize": "M60", "nodeCount": 1, "diskSizeGb": 320}


def test_compute_follows_the_load_within_its_bounds() -> None:
    (region,) = regions_of(replace(LARGE, scaling=Scaling(floor="M50", ceiling="M80")))

    assert region["autoScaling"] == {
        "diskGbEnabled": True,
        "computeEnabled": True,
        "computeScaleDownEnabled": True,
        "computeMinInstanceSize": "M50",
        "computeMaxInstanceSize": "M80",
    }


def test_held_it_takes_the_size_given_and_scales_nothing() -> None:
    """Atlas ignores another size as long as an update leaves autoscaling on."""
    (region,) = regions_of(replace(LARGE, scaling=Scaling(floor="M50", ceiling="M80"), hold_scaling=True))

    assert region["autoScaling"] == {"diskGbEnabled": False, "computeEnabled": False}


def test_each_shard_is_one_spec_and_leaves_its_disk_to_atlas() -> None:
    inputs = made(replace(LARGE, shards=2)).one(CLUSTER).inputs

    assert inputs["clusterType"] == "SHARDED"
    assert len(inputs["replicationSpecs"]) == 2
    assert inputs["useEffectiveFields"] is False, "the provider does not heed it for shards"
    (region,) = regions_of(replace(LARGE, shards=2))
    assert "diskSizeGb" not in region["electableSpecs"]
    (fixed,) = regions_of(replace(LARGE, shards=2, scaling=Scaling(disk=False)))
    assert fixed["electableSpecs"]["diskSizeGb"] == 320


def test_analytics_nodes_stand_in_the_first_region_only() -> None:
    first, second = regions_of(replace(LARGE, other_regions=[ABROAD], analytics_nodes=1, analytics_size="M40"))

    assert first["analyticsSpecs"] == {"instanceSize": "M40", "nodeCount": 1, "diskSizeGb": 320}
    assert "analyticsSpecs" not in second
    assert regions_of(replace(LARGE, analytics_nodes=0))[0]["analyticsSpecs"]["nodeCount"] == 0


def test_options_are_left_to_atlas_until_asked_for() -> None:
    usual = made().one(CLUSTER).inputs
    asked = made(replace(ARGS, own_key=True, redact_logs=True, read_limit_milliseconds=5_000)).one(CLUSTER).inputs

    assert not {"encryptionAtRestProvider", "redactClientLogData"} & set(usual)
    assert "defaultMaxTimeMs" not in usual["advancedConfiguration"]
    assert (asked["encryptionAtRestProvider"], asked["redactClientLogData"]) == ("AWS", True)
    assert asked["advancedConfiguration"]["defaultMaxTimeMs"] == 5_000


def test_snapshots_of_years_and_copies_abroad() -> None:
    kept = BackupRetention(point_in_time_days=3, yearly_years=5)
    outputs = {
        CLUSTER: {
            "connectionStrings": {"standardSrv": "mongodb+srv://tasks-dev.x.mongodb.net"},
            "replicationSpecs": [{"zoneId": "zone-1", "regionConfigs": []}],
        }
    }
    args = replace(ARGS, backups=kept, backup_copy_regions=["eu-central-1"])
    schedule = record(lambda: AtlasCluster("db", args), outputs=outputs).one(SCHEDULE).inputs

    assert schedule["policyItemYearlies"] == [{"frequencyInterval": 12, "retentionUnit": "years", "retentionValue": 5}]
    (copy,) = schedule["copySettings"]
    assert (copy["regionName"], copy["zoneId"], copy["shouldCopyOplogs"]) == ("EU_CENTRAL_1", "zone-1", True)
    assert copy["frequencies"] == ["HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"other_regions": [OtherRegion(region="eu-central-1", nodes=1)]}, "of all regions together is 4"),
        ({"other_regions": [OtherRegion(region="eu-west-1", nodes=2)]}, "given more than once"),
        ({"other_regions": [OtherRegion(region="us-east-1"), ABROAD]}, "Atlas wants it last"),
        ({"nodes": 0, "other_regions": [OtherRegion(region="eu-central-1", nodes=3)]}, "holds the primary"),
        ({"instance_size": "M20", "shards": 1}, "sharding needs M30"),
        ({"shards": 81}, "Atlas allows 1 to 80"),
        ({"shards": 31, "other_regions": [ABROAD]}, "Atlas allows 1 to 30"),
        ({"scaling": Scaling(floor="M10", ceiling="M50")}, "instance_size M60 is outside its bounds, M10 to M50"),
        ({"scaling": Scaling(floor="M60", ceiling="M80"), "shards": 2}, "give shards a fixed instance_size"),
        ({"analytics_nodes": -1}, "analytics_nodes is -1; allowed is 0 or more"),
        ({"disk_gb": 9}, "disk_gb is 9 with instance_size M60; Atlas allows 10 to 4096"),
        ({"disk_gb": 600, "instance_size": "M30", "scaling": HELD}, "Atlas allows 10 to 512"),
        ({"analytics_size": "M5"}, "analytics_size is 'M5'"),
        ({"read_limit_milliseconds": 0}, "give 1 or more, or None"),
        ({"backup_copy_regions": ["eu-west-1"]}, "where the snapshots are"),
    ],
)
def test_shapes_that_atlas_refuses_are_refused(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(LARGE, **wrong)


@pytest.mark.parametrize("bounds", [{"floor": "M30"}, {"ceiling": "M30"}, {"floor": "M40", "ceiling": "M30"}])
def test_a_range_has_two_ends_in_order(bounds: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="floor"):
        Scaling(**bounds)
