"""The database's alerts: on the guide's numbers, for the one cluster, to a person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.atlas.alerts import AlertThresholds, AtlasAlerts, AtlasAlertsArgs
from tests.engine_recorder import Recording, record

ARGS = AtlasAlertsArgs(project_id="project-1", cluster_name="tasks-dev", email="ops@example.com")


@pytest.fixture(scope="module")
def recording() -> Recording[AtlasAlerts]:
    return record(lambda: AtlasAlerts("db", ARGS))


def test_these_conditions_are_watched_at_the_guides_numbers(recording: Recording[AtlasAlerts]) -> None:
    alerts = recording.of("mongodbatlas:index/alertConfiguration:AlertConfiguration")
    watched = {alert.name: alert.inputs["metricThresholdConfig"] for alert in alerts}

    assert {name: (what["threshold"], what["units"]) for name, what in watched.items()} == {
        "db-slow-reads": (100, "MILLISECONDS"),
        "db-slow-writes": (100, "MILLISECONDS"),
        "db-slow-commands": (100, "MILLISECONDS"),
        "db-query-targeting": (1_000, "RAW"),
        "db-connections": (80, "RAW"),
        "db-disk": (75, "RAW"),
        "db-cpu": (70, "RAW"),
        "db-replication-lag": (30, "SECONDS"),
    }
    assert {what["operator"] for what in watched.values()} == {"GREATER_THAN"}
    assert recording.tree() == {"db": None, **dict.fromkeys(watched, "db")}


def test_every_alert_is_on_for_this_cluster_and_reaches_the_address(recording: Recording[AtlasAlerts]) -> None:
    for alert in recording.of("mongodbatlas:index/alertConfiguration:AlertConfiguration"):
        assert alert.inputs["enabled"] is True
        assert alert.inputs["matchers"] == [{"fieldName": "CLUSTER_NAME", "operator": "EQUALS", "value": "tasks-dev"}]
        (notice,) = alert.inputs["notifications"]
        assert (notice["typeName"], notice["emailAddress"]) == ("EMAIL", "ops@example.com")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"email": "ops"}, "give one address"),
        ({"delay_minutes": -1}, "delay_minutes is -1"),
        ({"repeat_minutes": 4}, "after 5 minutes or more"),
    ],
)
def test_wrong_arguments_are_refused(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(ARGS, **wrong)


@pytest.mark.parametrize("wrong", [{"disk_percent": 100}, {"cpu_percent": 0}, {"execution_milliseconds": -1}])
def test_a_threshold_that_never_or_always_rings_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="ring always or never"):
        AlertThresholds(**wrong)


def test_limits_of_autoscaling_and_the_oplog_are_watched_when_asked_for() -> None:
    asked = replace(ARGS, scaling=True, thresholds=AlertThresholds(oplog_hours=24, memory_percent=90))
    recording = record(lambda: AtlasAlerts("db", asked))
    oplog = recording.named("db-oplog").inputs["metricThresholdConfig"]

    assert (oplog["operator"], oplog["threshold"], oplog["units"]) == ("LESS_THAN", 24, "HOURS")
    assert recording.named("db-memory").inputs["metricThresholdConfig"]["operator"] == "GREATER_THAN"
    for name in ("db-largest-size", "db-largest-disk"):
        event = recording.named(name).inputs
        assert event["eventType"].endswith(("_MAX_INSTANCE_SIZE_FAIL_BASE", "_MAX_DISK_SIZE_FAIL"))
        assert not {"metricThresholdConfig", "matchers"} & set(event)
        assert event["notifications"][0]["emailAddress"] == "ops@example.com"
