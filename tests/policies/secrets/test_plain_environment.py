from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from policies.rule import Outcome
from policies.secrets.plain_environment import RULE
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource

CANARY = "canary-7f3a9c"
SCRIPT = f"#!/bin/sh\nexport DB_PASSWORD={CANARY}\n"
ENCODED = base64.b64encode(SCRIPT.encode()).decode()
VARIABLE = {"name": "DB_PASSWORD", "value": CANARY}
RUNTIME = {"runtimeEnvironmentVariables": {"DB_PASSWORD": CANARY}}
LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"


def test_arns_and_plain_settings_pass() -> None:
    assert evaluate(RULE, "reports").outcome is Outcome.PASS
    assert evaluate(RULE, "reports", {"environment": ABSENT}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("type_", "properties"),
    [
        ("aws:lambda/function:Function", {"environment": {"variables": {"DB_PASSWORD": CANARY}}}),
        ("aws:codebuild/project:Project", {"environment": {"environmentVariables": [VARIABLE]}}),
        (
            "aws:apprunner/service:Service",
            {"sourceConfiguration": {"imageRepository": {"imageConfiguration": RUNTIME}}},
        ),
        (
            "aws:apprunner/service:Service",
            {"sourceConfiguration": {"codeRepository": {"codeConfiguration": {"codeConfigurationValues": RUNTIME}}}},
        ),
        ("aws:batch/jobDefinition:JobDefinition", {"containerProperties": json.dumps({"environment": [VARIABLE]})}),
        ("aws:ec2/instance:Instance", {"userData": SCRIPT}),
        ("aws:ec2/instance:Instance", {"userDataBase64": ENCODED}),
        ("aws:ec2/launchConfiguration:LaunchConfiguration", {"userData": SCRIPT}),
        (LAUNCH_TEMPLATE, {"userData": ENCODED}),
    ],
)
def test_plain_secret_fails_in_every_resource_type_and_is_not_shown(type_: str, properties: dict[str, Any]) -> None:
    verdict = RULE.evaluate(resource(type_, properties))
    assert verdict.outcome is Outcome.FAIL
    assert "DB_PASSWORD" in verdict.findings[0].path
    assert CANARY not in repr(verdict)


@pytest.mark.parametrize("type_", ["SECRETS_MANAGER", "PARAMETER_STORE"])
def test_build_may_reference_a_secret(type_: str) -> None:
    variable = {"name": "DB_PASSWORD", "value": "shop/db", "type": type_}
    build = resource("aws:codebuild/project:Project", {"environment": {"environmentVariables": [variable]}})
    assert RULE.evaluate(build).outcome is Outcome.PASS


def test_unknown_variable_evaluates_to_unknown_and_hides_no_failure() -> None:
    variables = {"environment.variables": {"TABLE": UNKNOWN, "DB_PASSWORD": CANARY}}
    assert evaluate(RULE, "reports", variables).outcome is Outcome.FAIL
    assert evaluate(RULE, "reports", {"environment.variables.TABLE": UNKNOWN}).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("type_", "properties"),
    [
        (LAUNCH_TEMPLATE, {"userData": base64.b64encode(b"\x1f\x8b\x08\xff").decode()}),
        ("aws:batch/jobDefinition:JobDefinition", {"containerProperties": "not json"}),
        ("aws:batch/jobDefinition:JobDefinition", {"containerProperties": "[]"}),
        ("aws:batch/jobDefinition:JobDefinition", {"containerProperties": '{"environment": ["text"]}'}),
    ],
)
def test_unreadable_settings_evaluate_to_unknown(type_: str, properties: dict[str, str]) -> None:
    assert RULE.evaluate(resource(type_, properties)).outcome is Outcome.UNKNOWN
