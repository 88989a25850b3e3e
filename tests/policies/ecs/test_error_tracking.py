from __future__ import annotations

import pytest

from policies.ecs.error_tracking import RULE
from policies.rule import Level, Outcome
from tests.policies.ecs.tasks import changed, evaluated, router
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:dsn"


@pytest.mark.parametrize("name", ["SENTRY_DSN", "NEXT_PUBLIC_SENTRY_DSN", "ROLLBAR_ACCESS_TOKEN", "BUGSNAG_API_KEY"])
def test_trackers_secret_passes(name: str) -> None:
    assert evaluated(RULE, changed(secrets=[{"name": name, "valueFrom": ARN}])).outcome is Outcome.PASS


@pytest.mark.parametrize("name", ["OTEL_EXPORTER_OTLP_ENDPOINT", "DD_SERVICE"])
def test_variable_of_an_agent_passes(name: str) -> None:
    container = changed(secrets=ABSENT, environment=[{"name": name, "value": "http://localhost:4318"}])
    assert evaluated(RULE, container).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "container",
    [
        changed(secrets=ABSENT),
        changed(secrets=[{"name": "JWT_SECRET", "valueFrom": ARN}]),
        changed(secrets=ABSENT, environment=[{"name": "SENTRY_DSN", "value": ""}]),
    ],
)
def test_variable_on_a_sidecar_only_fails(container: dict[str, object]) -> None:
    sidecar = {**router(), "secrets": [{"name": "DD_API_KEY", "valueFrom": ARN}]}
    assert evaluated(RULE, container, sidecar).outcome is Outcome.FAIL


def test_rule_is_advisory_because_a_tracker_requires_another_vendor() -> None:
    assert RULE.level is Level.ADVISORY


def test_unknown_definitions_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "task", {"containerDefinitions": UNKNOWN}).outcome is Outcome.UNKNOWN
