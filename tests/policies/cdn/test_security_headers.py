from __future__ import annotations

import pytest

from policies.cdn.security_headers import HEADERS, RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

CONFIG = "securityHeadersConfig"
MAX_AGE = f"{CONFIG}.strictTransportSecurity.accessControlMaxAgeSec"


def test_all_five_headers_pass() -> None:
    assert evaluate(RULE, "headers").outcome is Outcome.PASS


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("missing", [ABSENT, None])
def test_each_missing_header_fails(header: str, missing: object) -> None:
    verdict = evaluate(RULE, "headers", {f"{CONFIG}.{header}": missing})
    assert [finding.path for finding in verdict.findings] == [f"{CONFIG}.{header}"]


def test_a_policy_without_security_headers_has_five_findings() -> None:
    assert len(evaluate(RULE, "headers", {CONFIG: ABSENT}).findings) == len(HEADERS)


@pytest.mark.parametrize(("seconds", "outcome"), [(31_536_000.0, Outcome.PASS), (31_535_999.0, Outcome.FAIL)])
def test_hsts_needs_a_max_age_of_a_year(seconds: float, outcome: Outcome) -> None:
    assert evaluate(RULE, "headers", {MAX_AGE: seconds}).outcome is outcome


def test_a_whole_number_is_shown_without_decimals() -> None:
    assert evaluate(RULE, "headers", {MAX_AGE: 300.0}).findings[0].found == "300"


def test_an_unknown_policy_text_passes() -> None:
    path = f"{CONFIG}.contentSecurityPolicy.contentSecurityPolicy"
    assert evaluate(RULE, "headers", {path: UNKNOWN}).outcome is Outcome.PASS


@pytest.mark.parametrize("path", [CONFIG, MAX_AGE])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "headers", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
