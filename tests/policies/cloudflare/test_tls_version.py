from __future__ import annotations

import pytest

from policies.cloudflare.tls_version import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

subjects = pytest.mark.parametrize("subject", ["setting-min_tls_version", "host-tls"])


@subjects
@pytest.mark.parametrize("value", ["1.2", "1.3"])
def test_tls_1_2_and_up_passes(subject: str, value: str) -> None:
    assert evaluate(RULE, subject, {"value": value}).outcome is Outcome.PASS


@subjects
@pytest.mark.parametrize("value", ["1.0", "1.1"])
def test_older_versions_fail(subject: str, value: str) -> None:
    verdict = evaluate(RULE, subject, {"value": value})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [("value", f'"{value}"')]


@subjects
def test_the_parameter_raises_the_minimum(subject: str) -> None:
    assert evaluate(RULE, subject, parameters={"minimumTls": "1.3"}).outcome is Outcome.FAIL


def test_a_missing_setting_fails() -> None:
    verdict = evaluate(RULE, "zone", {"setting-min_tls_version": ABSENT})
    assert [finding.found for finding in verdict.findings] == ["not set, which means TLS 1.0 and up"]


@pytest.mark.parametrize(("subject", "changes"), [("setting-ssl", {}), ("host-tls", {"settingId": "http2"})])
def test_the_rule_does_not_apply_to_another_setting(subject: str, changes: dict[str, object]) -> None:
    assert evaluate(RULE, subject, changes).outcome is Outcome.NOT_APPLICABLE


@subjects
def test_an_unknown_value_does_not_pass(subject: str) -> None:
    assert evaluate(RULE, subject, {"value": UNKNOWN}).outcome is Outcome.UNKNOWN
