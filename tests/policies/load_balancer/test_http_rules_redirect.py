from __future__ import annotations

import pytest

from policies.load_balancer.http_rules_redirect import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_listener_without_rules_passes() -> None:
    assert evaluate(RULE, "http").outcome is Outcome.PASS


def test_https_listener_is_not_applicable() -> None:
    assert evaluate(RULE, "https").outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("protocol", ["HTTP", ABSENT])
def test_forwarding_rule_of_http_listener_fails(protocol: object) -> None:
    verdict = evaluate(RULE, "https", {"protocol": protocol})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [
        ("api-rule: actions[0].type", '"forward"')
    ]


@pytest.mark.parametrize(("target", "outcome"), [("HTTPS", Outcome.PASS), ("HTTP", Outcome.FAIL), (None, Outcome.FAIL)])
def test_redirecting_rule_must_redirect_to_https(target: str | None, outcome: Outcome) -> None:
    redirect = {"type": "redirect", "redirect": {"protocol": target}}
    assert evaluate(RULE, "https", {"protocol": "HTTP", "api-rule: actions[0]": redirect}).outcome is outcome


def test_rule_of_another_listener_is_ignored() -> None:
    changes = {"protocol": "HTTP", "api-rule: listenerArn": "arn:aws:elasticloadbalancing:another"}
    assert evaluate(RULE, "https", changes).outcome is Outcome.PASS


def test_unknown_action_evaluates_to_unknown() -> None:
    assert (
        evaluate(RULE, "https", {"protocol": "HTTP", "api-rule: actions[0].type": UNKNOWN}).outcome is Outcome.UNKNOWN
    )
