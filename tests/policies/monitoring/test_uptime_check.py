from __future__ import annotations

from typing import Any

import pytest

from policies.monitoring.uptime_check import RULE
from policies.rule import Outcome, Stack, Verdict
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource, resources_with

CHECK, ALARM = "monitored-outside", "monitored-down"


def beside(type_: str, properties: dict[str, Any], *others: tuple[str, dict[str, Any]], **changes: Any) -> Verdict:
    """Return the verdict with other checks instead of Route 53's."""
    known = {each.name: each for each in resources_with({CHECK: ABSENT, **changes})}
    made = [resource(kind, given, f"other-{at}") for at, (kind, given) in enumerate([(type_, properties), *others])]
    return RULE.evaluate(known["balancer"], Stack((*known.values(), *made)))


def test_check_with_alarm_passes() -> None:
    assert evaluate(RULE, "balancer").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({CHECK: ABSENT}, "missing"),
        ({f"{CHECK}: type": "CALCULATED"}, "missing"),
        ({f"{CHECK}: disabled": True}, "missing"),
        ({ALARM: ABSENT}, "no alarm"),
        ({f"{ALARM}: dimensions.HealthCheckId": "another"}, "no alarm"),
    ],
)
def test_missing_check_or_alarm_fails(changes: dict[str, Any], found: str) -> None:
    assert evaluate(RULE, "balancer", changes).findings[0].found == found


def test_canary_is_a_check() -> None:
    canary = ("aws:synthetics/canary:Canary", {"name": "visitor"})
    assert beside(*canary).findings[0].found == "no alarm"
    alarm = {
        f"{ALARM}: namespace": "CloudWatchSynthetics",
        f"{ALARM}: metricName": "SuccessPercent",
        f"{ALARM}: dimensions": {"CanaryName": "visitor"},
    }
    assert beside(*canary, **alarm).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("notification", "outcome"),
    [
        ({"alertType": "health_check_status_notification"}, Outcome.PASS),
        ({"alertType": "health_check_status_notification", "enabled": False}, Outcome.FAIL),
        ({"alertType": "incident_alert"}, Outcome.FAIL),
    ],
)
def test_a_cloudflare_check_needs_an_enabled_notification_of_its_type(
    notification: dict[str, Any], outcome: Outcome
) -> None:
    policy = ("cloudflare:index/notificationPolicy:NotificationPolicy", notification)
    assert beside("cloudflare:index/healthcheck:Healthcheck", {}, policy).outcome is outcome


def test_internal_load_balancer_is_not_applicable() -> None:
    assert evaluate(RULE, "balancer", {"balancer: internal": True}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("changes", [{"balancer: internal": UNKNOWN}, {f"{CHECK}: type": UNKNOWN}])
def test_unknown_values_evaluate_to_unknown(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "balancer", changes).outcome is Outcome.UNKNOWN
