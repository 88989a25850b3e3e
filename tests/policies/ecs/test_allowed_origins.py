from __future__ import annotations

import json

import pytest

from policies.ecs.allowed_origins import RULE
from policies.rule import Outcome, Verdict
from tests.policies.compliant import container
from tests.policies.evaluation import UNKNOWN, evaluate


def with_origins(value: str, name: str = "ALLOWED_ORIGINS") -> Verdict:
    definition = {**container(), "environment": [{"name": name, "value": value}]}
    return evaluate(RULE, "task", {"containerDefinitions": json.dumps([definition])})


def test_named_https_origins_and_local_origins_pass() -> None:
    assert evaluate(RULE, "task").outcome is Outcome.PASS


@pytest.mark.parametrize("value", ["*", "https://example.com, *", "https://*.example.com"])
def test_wildcard_fails(value: str) -> None:
    assert [finding.found for finding in with_origins(value).findings] == ["a wildcard"]


def test_plain_http_origin_fails() -> None:
    verdict = with_origins("https://example.com,http://example.com")
    assert [finding.found for finding in verdict.findings] == ["an origin over plain HTTP"]


def test_other_variable_names_are_recognised() -> None:
    assert with_origins("*", name="CORS_ORIGIN").outcome is Outcome.FAIL


def test_task_without_cors_variable_is_not_applicable() -> None:
    assert with_origins("*", name="SOMETHING_ELSE").outcome is Outcome.NOT_APPLICABLE


def test_unknown_definitions_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "task", {"containerDefinitions": UNKNOWN}).outcome is Outcome.UNKNOWN
