from __future__ import annotations

import pytest

from policies.cdn.cors_origins import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

ORIGIN = "corsConfig.accessControlAllowOrigins.items[0]"
CREDENTIALS = "corsConfig.accessControlAllowCredentials"


def test_named_origins_pass() -> None:
    assert evaluate(RULE, "headers").outcome is Outcome.PASS


@pytest.mark.parametrize("origin", ["*", "https://*", "http://*"])
def test_credentials_for_everyone_fail(origin: str) -> None:
    verdict = evaluate(RULE, "headers", {ORIGIN: origin})
    assert [finding.path for finding in verdict.findings] == [ORIGIN]
    assert f'"{origin}"' in verdict.findings[0].found


def test_a_wildcard_without_credentials_passes() -> None:
    assert evaluate(RULE, "headers", {ORIGIN: "*", CREDENTIALS: False}).outcome is Outcome.PASS


def test_a_wildcard_subdomain_passes() -> None:
    assert evaluate(RULE, "headers", {ORIGIN: "https://*.example.com"}).outcome is Outcome.PASS


def test_the_rule_does_not_apply_to_a_policy_without_cors() -> None:
    assert evaluate(RULE, "headers", {"corsConfig": ABSENT}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["corsConfig", CREDENTIALS, ORIGIN])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "headers", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
