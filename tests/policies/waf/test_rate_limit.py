from __future__ import annotations

import pytest

from policies.rule import Outcome
from policies.waf.rate_limit import RULE
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_blocking_rate_based_rule_passes() -> None:
    assert evaluate(RULE, "balancer").outcome is Outcome.PASS


def test_missing_web_acl_fails() -> None:
    verdict = evaluate(RULE, "balancer", {"association": ABSENT})
    assert [finding.found for finding in verdict.findings] == ["missing"]


def test_web_acl_of_another_load_balancer_does_not_count() -> None:
    assert evaluate(RULE, "balancer", {"association: resourceArn": "arn:aws:another"}).outcome is Outcome.FAIL


@pytest.mark.parametrize("rules", [ABSENT, [], None])
def test_web_acl_without_rules_fails(rules: object) -> None:
    assert evaluate(RULE, "balancer", {"acl: rules": rules}).outcome is Outcome.FAIL


@pytest.mark.parametrize("action", [{"count": {}}, {"allow": {}}, {}])
def test_counting_rate_based_rule_fails(action: object) -> None:
    verdict = evaluate(RULE, "balancer", {"acl: rules[0].action": action})
    assert [finding.path for finding in verdict.findings] == ["web ACL acl: rules"]


def test_web_acl_of_another_stack_evaluates_to_unknown() -> None:
    verdict = evaluate(RULE, "balancer", {"association: webAclArn": "arn:aws:wafv2:elsewhere"})
    assert verdict.outcome is Outcome.UNKNOWN
    assert "not in this stack" in verdict.reason


@pytest.mark.parametrize("changes", [{"balancer: internal": True}, {"loadBalancerType": "network"}])
def test_internal_or_network_load_balancer_is_not_applicable(changes: dict[str, object]) -> None:
    assert evaluate(RULE, "balancer", {**changes, "association": ABSENT}).outcome is Outcome.NOT_APPLICABLE


def test_load_balancer_behind_a_cdn_only_is_not_applicable() -> None:
    closed = {"world-https: cidrIpv4": ABSENT, "world-https: prefixListId": "pl-cloudfront", "association": ABSENT}
    assert evaluate(RULE, "balancer", closed).outcome is Outcome.NOT_APPLICABLE
    # A security group outside the stack may be open.
    assert evaluate(RULE, "balancer", {**closed, "securityGroups": ["sg-of-others"]}).outcome is Outcome.FAIL
    assert evaluate(RULE, "balancer", {**closed, "securityGroups": ABSENT}).outcome is Outcome.FAIL


@pytest.mark.parametrize("type_", [ABSENT, "application"])
def test_type_defaults_to_application(type_: object) -> None:
    assert evaluate(RULE, "balancer", {"loadBalancerType": type_, "association": ABSENT}).outcome is Outcome.FAIL


def test_references_identify_the_web_acl_at_preview() -> None:
    unknown = {"balancer: arn": UNKNOWN, "acl: arn": UNKNOWN}
    assert evaluate(RULE, "balancer", unknown).outcome is Outcome.PASS
    assert evaluate(RULE, "balancer", {**unknown, "association": ABSENT}).outcome is Outcome.FAIL


@pytest.mark.parametrize("path", ["balancer: internal", "acl: rules", "acl: rules[0].action"])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    assert evaluate(RULE, "balancer", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
