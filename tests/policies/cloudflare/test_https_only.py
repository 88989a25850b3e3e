from __future__ import annotations

import pytest

from policies.cloudflare.https_only import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

SETTING = "setting-always_use_https"


def redirect(expression: str, target: str) -> dict[str, object]:
    """Return the changes that make a redirect ruleset of the compliant program's cache ruleset."""
    rule = {
        "action": "redirect",
        "expression": expression,
        "actionParameters": {"fromValue": {"targetUrl": {"expression": target}}},
    }
    return {"cache-ruleset: phase": "http_request_dynamic_redirect", "cache-ruleset: rules": [rule]}


HTTPS = redirect("(not ssl)", 'concat("https://", http.host, http.request.uri.path)')


def test_always_https_passes() -> None:
    assert evaluate(RULE, SETTING).outcome is Outcome.PASS


def test_the_setting_off_fails() -> None:
    verdict = evaluate(RULE, SETTING, {"value": "off"})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [("value", '"off"')]


def test_a_missing_setting_fails() -> None:
    assert evaluate(RULE, "zone", {SETTING: ABSENT}).outcome is Outcome.FAIL


def test_a_redirect_rule_passes() -> None:
    assert evaluate(RULE, SETTING, {"value": "off", **HTTPS}).outcome is Outcome.PASS
    assert evaluate(RULE, "zone", {SETTING: ABSENT, **HTTPS}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "rules",
    [redirect('http.host eq "old.example.com"', '"https://example.com"'), redirect("ssl", '"http://example.com"')],
)
def test_another_redirect_fails(rules: dict[str, object]) -> None:
    assert evaluate(RULE, "zone", {SETTING: ABSENT, **rules}).outcome is Outcome.FAIL


@pytest.mark.parametrize("subject", ["zone", "setting-ssl"])
def test_the_rule_does_not_apply_where_another_subject_is_evaluated(subject: str) -> None:
    assert evaluate(RULE, subject).outcome is Outcome.NOT_APPLICABLE


def test_an_unknown_value_does_not_pass() -> None:
    assert evaluate(RULE, SETTING, {"value": UNKNOWN}).outcome is Outcome.UNKNOWN
