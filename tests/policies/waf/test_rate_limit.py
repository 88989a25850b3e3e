from __future__ import annotations

import pytest

from policies.rule import Outcome
from policies.waf.rate_limit import RULE
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_a_rate_based_rule_that_blocks_passes() -> None:
    assert evaluate(RULE, "balancer").outcome is Outcome.PASS


def test_no_web_acl_fails() -> None:
    verdict = evaluate(RULE, "balancer", {"association": ABSENT})
    assert [finding.found for finding in verdict.findings] == ["missing"]


def test_a_web_acl_on_another_load_balancer_does_not_count() -> None:
    assert evaluate(RULE, "balancer", {"association: resourceArn": "arn:aws:another"}).outcome is Outcome.FAIL


@pytest.mark.parametrize("rules", [ABSENT, [], None])
def test_a_web_acl_without_rules_fails(rules: object) -> None:
    assert evaluate(RULE, "balancer", {"acl: rules": rules}).outcome is Outcome.FAIL


@pytest.mark.parametrize("action", [{"count": {}}, {"allow": {}}, {}])
def test_a_rate_that_only_counts_fails(action: object) -> None:
    verdict = evaluate(RULE, "balancer", {"acl: rules[0].action": action})
    assert [finding.path for finding in verdict.findings] == ["web ACL acl: rules"]


def test_a_web_acl_of_another_stack_cannot_be_evaluated() -> None:
    verdict = evaluate(RULE, "balancer", {"association: webAclArn": "arn:aws:wafv2:elsewhere"})
    assert verdict.outcome is Outcome.UNKNOWN
    assert "not of this stack" in verdict.reason


@pytest.mark.parametrize("changes", [{"balancer: internal": True}, {"loadBalancerType": "network"}])
def test_load_balancers_that_waf_cannot_or_need_not_protect_are_not_applicable(changes: dict[str, object]) -> None:
    assert evaluate(RULE, "balancer", {**changes, "association": ABSENT}).outcome is Outcome.NOT_APPLICABLE


def test_one_that_only_its_cdn_reaches_needs_no_web_acl_of_its_own() -> None:
    closed = {"world-https: cidrIpv4": ABSENT, "world-https: prefixListId": "pl-cloudfront", "association": ABSENT}
    assert evaluate(RULE, "balancer", closed).outcome is Outcome.NOT_APPLICABLE
    # Groups that cannot be seen may be open.
    assert evaluate(RULE, "balancer", {**closed, "securityGroups": ["sg-of-others"]}).outcome is Outcome.FAIL
    assert evaluate(RULE, "balancer", {**closed, "securityGroups": ABSENT}).outcome is Outcome.FAIL


@pytest.mark.parametrize("type_", [ABSENT, "application"])
def test_application_is_the_default_type(type_: object) -> None:
    assert evaluate(RULE, "balancer", {"loadBalancerType": type_, "association": ABSENT}).outcome is Outcome.FAIL


def test_the_relation_is_seen_at_preview_when_no_arn_is_known() -> None:
    unknown = {"balancer: arn": UNKNOWN, "acl: arn": UNKNOWN}
    assert evaluate(RULE, "balancer", unknown).outcome is Outcome.PASS
    assert evaluate(RULE, "balancer", {**unknown, "association": ABSENT}).outcome is Outcome.FAIL


@pytest.mark.parametrize("path", ["balancer: internal", "acl: rules", "acl: rules[0].action"])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    assert evaluate(RULE, "balancer", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
