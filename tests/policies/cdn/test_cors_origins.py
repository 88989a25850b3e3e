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


def test_everyone_without_credentials_passes() -> None:
    assert evaluate(RULE, "headers", {ORIGIN: "*", CREDENTIALS: False}).outcome is Outcome.PASS


def test_subdomains_of_ones_own_pass() -> None:
    assert evaluate(RULE, "headers", {ORIGIN: "https://*.example.com"}).outcome is Outcome.PASS


def test_a_policy_without_cors_is_not_evaluated() -> None:
    assert evaluate(RULE, "headers", {"corsConfig": ABSENT}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["corsConfig", CREDENTIALS, ORIGIN])
def test_what_is_not_known_yet_is_not_a_pass(path: str) -> None:
    assert evaluate(RULE, "headers", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
