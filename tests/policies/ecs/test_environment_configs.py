from __future__ import annotations

import pytest

from policies.ecs.environment_configs import RULE
from policies.rule import Outcome
from tests.policies.ecs.tasks import changed, evaluated, router
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def variable(name: str, value: str) -> list[dict[str, str]]:
    return [{"name": name, "value": value}]


@pytest.mark.parametrize(
    "settings",
    [
        {"environment": variable("NODE_ENV", "production")},
        {"environment": variable("LOG_LEVEL", "info"), "secrets": ABSENT},
        {"environment": ABSENT},
        {"environment": ABSENT, "secrets": ABSENT, "environmentFiles": [{"type": "s3", "value": "arn:aws:s3:::b/env"}]},
    ],
)
def test_configuration_from_the_environment_passes(settings: dict[str, object]) -> None:
    assert evaluated(RULE, changed(**settings)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("name", "value"),
    [("NODE_ENV", "development"), ("NODE_ENV", "test"), ("FLASK_DEBUG", "1"), ("DJANGO_DEBUG", "True")],
)
def test_development_settings_fail(name: str, value: str) -> None:
    verdict = evaluated(RULE, changed(environment=variable(name, value)))
    assert [finding.path for finding in verdict.findings] == [f"containerDefinitions[0] (api).environment.{name}"]


def test_program_without_any_configuration_fails() -> None:
    verdict = evaluated(
        RULE, changed(environment=ABSENT, secrets=ABSENT), {**router(), "environment": variable("A", "b")}
    )
    assert verdict.findings[0].found == "not set on any container"


def test_unknown_definitions_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "task", {"containerDefinitions": UNKNOWN}).outcome is Outcome.UNKNOWN
