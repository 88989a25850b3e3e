"""The components of Sentry: the project with its key, and the alerts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.sentry.alerts import SentryAlerts, SentryAlertsArgs
from components.sentry.project import SentryErrorTracking, SentryErrorTrackingArgs
from components.sentry.slugs import slug_of
from tests.engine_recorder import Recording, record

METRIC_ALERT = "sentry:index/sentryMetricAlert:SentryMetricAlert"
PROJECT = SentryErrorTrackingArgs(organization="example", slug="shop-prod")
ALERTS = SentryAlertsArgs(organization="example", project="shop-prod", team_id="45", errors=10)
DSN = "https://0123@o1.ingest.sentry.io/42"


@pytest.fixture(scope="module")
def tracking() -> Recording[SentryErrorTracking]:
    key = {"dsnPublic": DSN}
    return record(lambda: SentryErrorTracking("it", PROJECT), outputs={"sentry:index/sentryKey:SentryKey": key})


def test_child_resources(tracking: Recording[SentryErrorTracking]) -> None:
    assert tracking.tree() == {"it": None, "it-team": "it", "it-project": "it", "it-key": "it"}
    assert tracking.named("it-project").inputs["teams"] == ["shop-prod"]


def test_dsn_is_secret_in_state_and_output(tracking: Recording[SentryErrorTracking]) -> None:
    assert tracking.value(tracking.result.dsn) == DSN
    assert tracking.is_secret(tracking.result.dsn)
    assert set(tracking.named("it-key").opts.additional_secret_outputs) >= {"dsnPublic", "public"}


def test_key_limits_a_flood_of_errors(tracking: Recording[SentryErrorTracking]) -> None:
    key = tracking.named("it-key").inputs
    assert (key["rateLimitCount"], key["rateLimitWindow"]) == (600, 60)
    unlimited = record(lambda: SentryErrorTracking("it", replace(PROJECT, events_per_minute=None))).named("it-key")
    assert "rateLimitCount" not in unlimited.inputs
    assert "rateLimitWindow" not in unlimited.inputs


def test_alerts_notify_the_team_without_traces_on_errors_alone() -> None:
    recording = record(lambda: SentryAlerts("it", ALERTS))
    assert sorted(recording.tree()) == ["it", "it-many-errors", "it-new-issue", "it-regression"]
    metric = recording.one(METRIC_ALERT).inputs
    assert (metric["aggregate"], metric["timeWindow"], metric["dataset"]) == ("count()", 5, "events")
    (trigger,) = metric["triggers"]
    assert (trigger["label"], trigger["alertThreshold"]) == ("critical", 10)
    assert trigger["actions"] == [{"type": "email", "targetType": "team", "targetIdentifier": "45"}]
    (action,) = recording.named("it-new-issue").inputs["actions"]
    assert (action["targetType"], action["targetIdentifier"]) == ("Team", "45")


def test_traces_add_alerts_on_the_thresholds_of_the_guide() -> None:
    recording = record(lambda: SentryAlerts("it", replace(ALERTS, tracing=True)))
    found = {
        each.name: (each.inputs["aggregate"], each.inputs["triggers"][0]["alertThreshold"])
        for each in recording.of(METRIC_ALERT)
    }
    assert found == {
        "it-many-errors": ("count()", 10),
        "it-slow-responses": ("p95(transaction.duration)", 500),
        "it-error-rate": ("failure_rate()", 0.001),
    }


def test_slug_joins_names_in_lower_case_with_hyphens() -> None:
    assert slug_of("My Shop", "Prod") == "my-shop-prod"


@pytest.mark.parametrize(
    ("args", "changed", "message"),
    [
        (PROJECT, {"organization": "Example"}, "^organization: not a slug"),
        (PROJECT, {"slug": "123"}, "^slug: not a slug"),
        (PROJECT, {"events_per_minute": 0}, "^events_per_minute: "),
        (ALERTS, {"errors": 0}, "^errors: "),
        (ALERTS, {"p95_seconds": 0}, "^p95_seconds, failure_percent: "),
        (ALERTS, {"repeat_minutes": 1}, "^repeat_minutes: "),
    ],
)
def test_wrong_arguments_are_rejected(args: Any, changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(args, **changed)
