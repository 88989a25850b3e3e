from __future__ import annotations

import pytest

from policies.cloudflare.compression import PHASE, RULE
from policies.rule import Outcome
from tests.policies.evaluation import UNKNOWN, evaluate, resource

BROTLI = "setting-brotli"


def outcome_of(expression: str, *algorithms: str, enabled: bool = True) -> Outcome:
    rule = {
        "action": "compress_response",
        "expression": expression,
        "enabled": enabled,
        "actionParameters": {"algorithms": [{"name": name} for name in algorithms]},
    }
    return RULE.evaluate(resource("cloudflare:index/ruleset:Ruleset", {"phase": PHASE, "rules": [rule]})).outcome


def test_brotli_passes() -> None:
    assert evaluate(RULE, BROTLI).outcome is Outcome.PASS


def test_disabled_brotli_fails() -> None:
    assert [finding.found for finding in evaluate(RULE, BROTLI, {"value": "off"}).findings] == ['"off"']


def test_a_rule_that_disables_compression_fails() -> None:
    assert outcome_of("true", "none") is Outcome.FAIL


def test_rules_for_some_requests_pass() -> None:
    assert outcome_of("true", "zstd", "auto") is Outcome.PASS
    assert outcome_of('http.request.uri.path.extension eq "avif"', "none") is Outcome.PASS
    assert outcome_of("true", "none", enabled=False) is Outcome.PASS


@pytest.mark.parametrize("subject", ["setting-ssl", "cache-ruleset"])
def test_the_rule_does_not_apply_to_another_setting_or_phase(subject: str) -> None:
    assert evaluate(RULE, subject).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(("subject", "path"), [(BROTLI, "value"), ("cache-ruleset", "phase")])
def test_an_unknown_value_does_not_pass(subject: str, path: str) -> None:
    assert evaluate(RULE, subject, {path: UNKNOWN}).outcome is Outcome.UNKNOWN
