"""The cluster: three nodes, backed up, one user of one database, and a URI that is never plain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from components.atlas_cluster import AtlasCluster, AtlasClusterArgs
from components.atlas_topology import OtherRegion, Scaling
from components.backup_retention import BackupRetention
from components.mongodb_uri import connection_uri
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
