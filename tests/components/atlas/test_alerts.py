"""The alerts of an Atlas cluster: conditions, thresholds, matchers and notifications."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.atlas.alerts import AlertThresholds, AtlasAlerts, AtlasAlertsArgs
from tests.engine_recorder import Recording, record

ARGS = AtlasAlertsArgs(project_id="project-1", email="ops@example.com")


@pytest.fixture(scope="module")
def recording() -> Recording[AtlasAlerts]:
    return record(lambda: AtlasAlerts("db", ARGS))


def test_conditions_have_the_guides_thresholds(recording: Recording[AtlasAlerts]) -> None:
    alerts = recording.of("mongodbatlas:index/alertConfiguration:AlertConfiguration")
    conditions = {alert.name: alert.inputs["metricThresholdConfig"] for alert in alerts}

    assert {name: (each["threshold"], each["units"]) for name, each in conditions.items()} == {
        "db-slow-reads": (100, "MILLISECONDS"),
        "db-slow-writes": (100, "MILLISECONDS"),
        "db-slow-commands": (100, "MILLISECONDS"),
        "db-query-targeting": (1_000, "RAW"),
        "db-connections": (80, "RAW"),
        "db-disk": (75, "RAW"),
        "db-cpu": (70, "RAW"),
        "db-replication-lag": (30, "SECONDS"),
    }
    assert {each["operator"] for each in conditions.values()} == {"GREATER_THAN"}
    assert recording.tree() == {"db": None, **dict.fromkeys(conditions, "db")}


def test_alerts_are_enabled_and_notify_the_address(recording: Recording[AtlasAlerts]) -> None:
    alerts = recording.of("mongodbatlas:index/alertConfiguration:AlertConfiguration")
    assert alerts
    for alert in alerts:
        assert alert.inputs["enabled"] is True
        (notice,) = alert.inputs["notifications"]
        assert (notice["typeName"], notice["emailAddress"]) == ("EMAIL", "ops@example.com")


def test_alerts_on_host_metrics_have_no_matcher(recording: Recording[AtlasAlerts]) -> None:
    """Matchers of host metrics do not accept CLUSTER_NAME."""
    alerts = recording.of("mongodbatlas:index/alertConfiguration:AlertConfiguration")

    assert {alert.inputs["eventType"] for alert in alerts} == {"OUTSIDE_METRIC_THRESHOLD"}
    assert [alert.name for alert in alerts if "matchers" in alert.inputs] == []


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"email": "ops"}, "^email: .*Give one address"),
        ({"delay_minutes": -1}, r"^delay_minutes: .*\(got -1\)"),
        ({"repeat_minutes": 4}, r"^repeat_minutes: .*\(got 4\)\. Give 5 or more"),
    ],
)
def test_invalid_arguments_are_rejected(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(ARGS, **wrong)


@pytest.mark.parametrize("wrong", [{"disk_percent": 100}, {"cpu_percent": 0}, {"execution_milliseconds": -1}])
def test_threshold_that_always_or_never_fires_is_rejected(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="would fire always or never"):
        AlertThresholds(**wrong)


def test_alerts_on_autoscaling_limits_oplog_and_memory_are_created_if_given() -> None:
    args = replace(ARGS, autoscaling_limits=True, thresholds=AlertThresholds(oplog_hours=24, memory_percent=90))
    recording = record(lambda: AtlasAlerts("db", args))
    oplog = recording.named("db-oplog").inputs["metricThresholdConfig"]

    assert (oplog["operator"], oplog["threshold"], oplog["units"]) == ("LESS_THAN", 24, "HOURS")
    assert recording.named("db-memory").inputs["metricThresholdConfig"]["operator"] == "GREATER_THAN"
    for name in ("db-largest-size", "db-largest-disk"):
        event = recording.named(name).inputs
        assert event["eventType"].endswith(("_MAX_INSTANCE_SIZE_FAIL_BASE", "_MAX_DISK_SIZE_FAIL"))
        assert not {"metricThresholdConfig", "matchers"} & set(event)
        assert event["notifications"][0]["emailAddress"] == "ops@example.com"
