from __future__ import annotations

import pytest

from policies.cloudflare.ssl_mode import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


@pytest.mark.parametrize("value", ["strict", "origin_pull"])
def test_a_verified_certificate_passes(value: str) -> None:
    assert evaluate(RULE, "setting-ssl", {"value": value}).outcome is Outcome.PASS


@pytest.mark.parametrize("value", ["off", "flexible", "full"])
def test_other_modes_fail(value: str) -> None:
    verdict = evaluate(RULE, "setting-ssl", {"value": value})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [("value", f'"{value}"')]


def test_a_missing_setting_fails() -> None:
    assert evaluate(RULE, "zone", {"setting-ssl": ABSENT}).outcome is Outcome.FAIL


@pytest.mark.parametrize("subject", ["zone", "setting-brotli"])
def test_the_rule_does_not_apply_where_another_subject_is_evaluated(subject: str) -> None:
    assert evaluate(RULE, subject).outcome is Outcome.NOT_APPLICABLE


def test_an_unknown_value_does_not_pass() -> None:
    assert evaluate(RULE, "setting-ssl", {"value": UNKNOWN}).outcome is Outcome.UNKNOWN
