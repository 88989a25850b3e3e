from __future__ import annotations

import pytest

from policies.load_balancer.https_only import RULE
from policies.rule import Finding, Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_redirecting_listener_passes() -> None:
    assert evaluate(RULE, "http").outcome is Outcome.PASS


def test_tls_listener_passes() -> None:
    assert evaluate(RULE, "https").outcome is Outcome.PASS


@pytest.mark.parametrize("kind", ["forward", "fixed-response", "authenticate-oidc"])
def test_http_listener_with_another_action_fails(kind: str) -> None:
    verdict = evaluate(RULE, "http", {"defaultActions[0].type": kind})
    assert verdict.outcome is Outcome.FAIL
    assert verdict.findings[0].path == "defaultActions[0].type"
    assert verdict.findings[0].found == f'"{kind}"'


def test_forwarding_listener_fails_on_http() -> None:
    assert evaluate(RULE, "https", {"protocol": "HTTP"}).outcome is Outcome.FAIL


def test_redirect_to_plain_http_fails() -> None:
    verdict = evaluate(RULE, "http", {"defaultActions[0].redirect.protocol": "HTTP"})
    assert verdict.findings == (Finding("defaultActions[0].redirect.protocol", '"HTTP"', '"HTTPS"'),)


def test_redirect_without_protocol_fails() -> None:
    verdict = evaluate(RULE, "http", {"defaultActions[0].redirect.protocol": ABSENT})
    assert [finding.found for finding in verdict.findings] == ["not set"]


def test_missing_protocol_defaults_to_http() -> None:
    assert evaluate(RULE, "https", {"protocol": ABSENT}).outcome is Outcome.FAIL


def test_gateway_listener_is_not_applicable() -> None:
    assert evaluate(RULE, "https", {"protocol": ABSENT, "port": ABSENT}).outcome is Outcome.NOT_APPLICABLE


def test_tcp_listener_is_not_applicable() -> None:
    assert evaluate(RULE, "https", {"protocol": "TCP"}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["protocol", "defaultActions[0].type", "defaultActions[0].redirect.protocol"])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    assert evaluate(RULE, "http", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
