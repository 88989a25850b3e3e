"""The Atlas cluster: topology, backups, the application's user and the secret connection URI."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from components.atlas.backup_retention import BackupRetention
from components.atlas.cluster import AtlasCluster, AtlasClusterArgs, OtherUser
from components.atlas.connection_string import connection_uri
from components.atlas.topology import NO_AUTOSCALING, Autoscaling, OtherRegion
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


def recorded(args: AtlasClusterArgs = ARGS) -> Recording[AtlasCluster]:
    outputs = {CLUSTER: {"connectionStrings": {"standardSrv": "mongodb+srv://tasks-dev.x.mongodb.net"}}}
    return record(lambda: AtlasCluster("db", args), outputs=outputs)


@pytest.fixture(scope="module")
def recording() -> Recording[AtlasCluster]:
    return recorded()


@pytest.fixture(scope="module")
def cluster(recording: Recording[AtlasCluster]) -> dict[str, Any]:
    return dict(recording.one(CLUSTER).inputs)


def test_creates_exactly_these_resources(recording: Recording[AtlasCluster]) -> None:
    assert recording.tree() == {"db": None, "db-cluster": "db", "db-backups": "db", "db-user": "db"}


def test_replica_set_has_three_nodes_of_the_given_size(cluster: dict[str, Any]) -> None:
    (shard,) = cluster["replicationSpecs"]
    (region,) = shard["regionConfigs"]

    assert cluster["clusterType"] == "REPLICASET"
    assert (region["providerName"], region["regionName"], region["priority"]) == ("AWS", "EU_WEST_1", 7)
    assert region["electableSpecs"] == {"instanceSize": "M10", "nodeCount": 3, "diskSizeGb": 20}
    assert cluster["mongoDbMajorVersion"] == "8.0"


def test_disk_growth_is_not_drift(cluster: dict[str, Any]) -> None:
    assert cluster["replicationSpecs"][0]["regionConfigs"][0]["autoScaling"]["diskGbEnabled"] is True
    assert cluster["useEffectiveFields"] is True


def test_tls_is_required_and_server_side_javascript_is_disabled(cluster: dict[str, Any]) -> None:
    assert cluster["advancedConfiguration"]["minimumEnabledTlsProtocol"] == "TLS1_2"
    assert cluster["advancedConfiguration"]["javascriptEnabled"] is False
    assert cluster["advancedConfiguration"]["oplogMinRetentionHours"] == 0


@pytest.mark.parametrize("protected", [True, False])
def test_protection_and_kept_backups_follow_the_arguments(protected: bool) -> None:
    inputs = recorded(replace(ARGS, termination_protection=protected, retain_backups=protected)).one(CLUSTER).inputs

    assert inputs["terminationProtectionEnabled"] is protected
    assert inputs["retainBackupsEnabled"] is protected
    assert inputs["backupEnabled"] is True


def test_backup_schedule_has_the_given_retention(recording: Recording[AtlasCluster], cluster: dict[str, Any]) -> None:
    schedule = recording.one(SCHEDULE).inputs

    assert schedule["clusterName"] == "tasks-dev"
    assert recording.one(SCHEDULE).opts.replace_on_changes == ("clusterName",)
    assert schedule["policyItemDaily"] == {"frequencyInterval": 1, "retentionUnit": "days", "retentionValue": 7}
    assert schedule["policyItemWeeklies"][0]["retentionValue"] == 4
    assert schedule["policyItemMonthlies"][0]["retentionValue"] == 12
    assert cluster["pitEnabled"] is False
    assert not {"restoreWindowDays", "policyItemHourly"} & set(schedule)


def test_point_in_time_recovery_has_the_given_window() -> None:
    recording = recorded(replace(ARGS, backups=BackupRetention(point_in_time_days=3)))
    schedule = recording.one(SCHEDULE).inputs

    assert recording.one(CLUSTER).inputs["pitEnabled"] is True
    assert schedule["restoreWindowDays"] == 3
    assert schedule["policyItemHourly"] == {"frequencyInterval": 6, "retentionUnit": "days", "retentionValue": 3}


def test_user_is_limited_to_one_database_of_the_cluster(recording: Recording[AtlasCluster]) -> None:
    user = recording.one("mongodbatlas:index/databaseUser:DatabaseUser")

    assert user.inputs["roles"] == [{"roleName": "readWrite", "databaseName": "tasks"}]
    assert user.inputs["scopes"] == [{"name": "tasks-dev", "type": "CLUSTER"}]
    assert "password" in user.secret_inputs


def test_uri_is_secret_and_depends_on_the_user(recording: Recording[AtlasCluster]) -> None:
    uri = recording.result.connection_uri
    assert uri is not None

    assert recording.is_secret(uri)
    assert recording.value(uri) == (
        # pragma: allowlist nextline secret
        "mongodb+srv://app:p%40ss%2Fword@tasks-dev.x.mongodb.net/tasks?retryWrites=true&w=majority&maxPoolSize=50"
    )
    assert "db-user" in recording.sources(uri)


def test_uri_encodes_user_and_password() -> None:
    uri = urlsplit(connection_uri(host="h.example", username="a:b", password="c@d/?#", database="t", max_pool_size=5))

    assert (unquote(uri.username or ""), unquote(uri.password or "")) == ("a:b", "c@d/?#")
    assert (uri.hostname, uri.path) == ("h.example", "/t")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"instance_size": "M0"}, r"^instance_size: .*\(got 'M0'\)\. Give M10 or larger"),
        ({"instance_size": "M5"}, r"^instance_size: .*\(got 'M5'\)\. Give M10 or larger"),
        ({"nodes": 4}, r"^nodes: .*\(got 4\)\. Use 3, 5, 7"),
        ({"cluster_name": "a-name-of-twenty-three--x"}, "no hyphen first, last or as character 23"),
        ({"cluster_name": "-tasks"}, r"^cluster_name: .*\(got '-tasks'\)"),
        ({"database": "admin"}, "MongoDB's own"),
        ({"database": "a/b"}, r"^database: .*\(got 'a/b'\)"),
        ({"username": ""}, "^username: must not be empty"),
        ({"mongodb_version": "8"}, r"^mongodb_version: .*\(got '8'\)\. Give major.minor"),
        ({"max_pool_size": 0}, r"^max_pool_size: .*\(got 0\).*no limit"),
        ({"region": "EU_WEST_1"}, "AWS region's name"),
    ],
)
def test_invalid_arguments_are_rejected(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(ARGS, **wrong)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"daily_days": 0}, r"^daily_days: .*\(got 0 days\)"),
        ({"daily_days": 30}, r"^daily_days: longer than weekly_weeks, 28 days \(got 30 days\)"),
        ({"point_in_time_days": 8}, r"^point_in_time_days: longer than daily_days, 7 days \(got 8 days\)"),
        ({"monthly_months": 0}, r"^monthly_months: .*\(got 0 days\)"),
    ],
)
def test_invalid_backup_retention_is_rejected(wrong: dict[str, int], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        BackupRetention(**wrong)


def regions_of(args: AtlasClusterArgs) -> list[dict[str, Any]]:
    (shard, *others) = recorded(args).one(CLUSTER).inputs["replicationSpecs"]
    assert all(other == shard for other in others)
    return list(shard["regionConfigs"])


LARGE = replace(ARGS, instance_size="M60", disk_gb=320)
ABROAD = OtherRegion(region="eu-central-1", nodes=2)


def test_priorities_follow_the_order_of_regions() -> None:
    reader = OtherRegion(region="us-east-1", read_only_nodes=1)
    first, second, third = regions_of(replace(LARGE, other_regions=[ABROAD, reader]))

    assert [region["priority"] for region in (first, second, third)] == [7, 6, 0]
    assert (second["regionName"], second["electableSpecs"]["nodeCount"]) == ("EU_CENTRAL_1", 2)
    assert "electableSpecs" not in third
    assert third["readOnlySpecs"] == {"instanceSize": "M60", "nodeCount": 1, "diskSizeGb": 320}


def test_instance_size_scales_within_the_range() -> None:
    (region,) = regions_of(replace(LARGE, autoscaling=Autoscaling(min_instance_size="M50", max_instance_size="M80")))

    assert region["autoScaling"] == {
        "diskGbEnabled": True,
        "computeEnabled": True,
        "computeScaleDownEnabled": True,
        "computeMinInstanceSize": "M50",
        "computeMaxInstanceSize": "M80",
    }


def test_paused_autoscaling_is_disabled() -> None:
    """Atlas ignores another size while an update leaves autoscaling on."""
    (region,) = regions_of(
        replace(
            LARGE,
            autoscaling=Autoscaling(min_instance_size="M50", max_instance_size="M80"),
            pause_autoscaling=True,
        )
    )

    assert region["autoScaling"] == {"diskGbEnabled": False, "computeEnabled": False}


def test_sharded_cluster_has_one_spec_per_shard_without_disk_size() -> None:
    inputs = recorded(replace(LARGE, shards=2)).one(CLUSTER).inputs

    assert inputs["clusterType"] == "SHARDED"
    assert len(inputs["replicationSpecs"]) == 2
    assert inputs["useEffectiveFields"] is False, "the provider ignores it for shards"
    (region,) = regions_of(replace(LARGE, shards=2))
    assert "diskSizeGb" not in region["electableSpecs"]
    (fixed,) = regions_of(replace(LARGE, shards=2, autoscaling=Autoscaling(disk=False)))
    assert fixed["electableSpecs"]["diskSizeGb"] == 320


def test_analytics_nodes_are_in_the_first_region_only() -> None:
    first, second = regions_of(replace(LARGE, other_regions=[ABROAD], analytics_nodes=1, analytics_size="M40"))

    assert first["analyticsSpecs"] == {"instanceSize": "M40", "nodeCount": 1, "diskSizeGb": 320}
    assert "analyticsSpecs" not in second
    assert regions_of(replace(LARGE, analytics_nodes=0))[0]["analyticsSpecs"]["nodeCount"] == 0


def test_optional_inputs_are_absent_by_default() -> None:
    default = recorded().one(CLUSTER).inputs
    given = (
        recorded(replace(ARGS, customer_managed_key=True, redact_logs=True, default_max_time_ms=5_000))
        .one(CLUSTER)
        .inputs
    )

    assert not {"encryptionAtRestProvider", "redactClientLogData"} & set(default)
    assert "defaultMaxTimeMs" not in default["advancedConfiguration"]
    assert (given["encryptionAtRestProvider"], given["redactClientLogData"]) == ("AWS", True)
    assert given["advancedConfiguration"]["defaultMaxTimeMs"] == 5_000


def test_schedule_has_yearly_snapshots_and_copies_to_another_region_if_given() -> None:
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
        ({"other_regions": [OtherRegion(region="eu-central-1", nodes=1)]}, r"^nodes: .*all regions.*\(got 4\)"),
        ({"other_regions": [OtherRegion(region="eu-west-1", nodes=2)]}, r"more than once \(got eu-west-1\)"),
        ({"other_regions": [OtherRegion(region="us-east-1"), ABROAD]}, r"\(got \[3, 0, 2\]\)\. Put it last"),
        ({"nodes": 0, "other_regions": [OtherRegion(region="eu-central-1", nodes=3)]}, "holds the primary"),
        ({"instance_size": "M20", "shards": 1}, r"^shards: .*M30 \(got M20\)"),
        ({"shards": 81}, r"^shards: .*\(got 81\)\. Give 1 to 80"),
        ({"shards": 31, "other_regions": [ABROAD]}, r"^shards: .*\(got 31\)\. Give 1 to 30"),
        (
            {"autoscaling": Autoscaling(min_instance_size="M10", max_instance_size="M50")},
            r"^instance_size: .*\(got M60\)\. Give M10 to M50",
        ),
        (
            {"autoscaling": Autoscaling(min_instance_size="M60", max_instance_size="M80"), "shards": 2},
            r"^autoscaling: .*Use a fixed instance_size",
        ),
        ({"analytics_nodes": -1}, r"^analytics_nodes: .*\(got -1\)\. Give 0 or more"),
        ({"disk_gb": 9}, r"^disk_gb: outside the limits of M60 \(got 9\)\. Give 10 to 4096"),
        ({"disk_gb": 600, "instance_size": "M30", "autoscaling": NO_AUTOSCALING}, "Give 10 to 512"),
        ({"analytics_size": "M5"}, r"^analytics_size: .*\(got 'M5'\)"),
        ({"default_max_time_ms": 0}, r"^default_max_time_ms: .*\(got 0\)\. Give 1 or more, or None"),
        ({"backup_copy_regions": ["eu-west-1"]}, r"^backup_copy_regions: .*\(got eu-west-1\)"),
    ],
)
def test_invalid_topology_is_rejected(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(LARGE, **wrong)


@pytest.mark.parametrize(
    "bounds",
    [
        {"min_instance_size": "M30"},
        {"max_instance_size": "M30"},
        {"min_instance_size": "M40", "max_instance_size": "M30"},
    ],
)
def test_autoscaling_range_has_two_bounds_in_order(bounds: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^min_instance_size"):
        Autoscaling(**bounds)


def test_a_rotation_has_a_second_user_with_the_same_roles() -> None:
    other = OtherUser(resource="user-2", username="app-2", password="other")
    recording = recorded(replace(ARGS, other_user=other))
    first, second = recording.named("db-user"), recording.named("db-user-2")
    assert (second.inputs["username"], second.inputs["password"]) == ("app-2", "other")
    assert second.inputs["roles"] == first.inputs["roles"]
    assert "password" in second.secret_inputs


def test_a_second_user_needs_another_name_and_resource() -> None:
    with pytest.raises(ValueError, match="other_user: has the name or the resource"):
        replace(ARGS, other_user=OtherUser(resource="user", username="app-2", password="other"))
