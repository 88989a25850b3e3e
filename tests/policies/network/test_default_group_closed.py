from __future__ import annotations

from typing import Any

import pytest

from policies.network.default_group_closed import RULE
from policies.rule import Outcome, Stack
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource

AMONG_MEMBERS = [{"protocol": "-1", "fromPort": 0.0, "toPort": 0.0, "self": True}]
OUT = [{"protocol": "-1", "fromPort": 0.0, "toPort": 0.0, "cidrBlocks": ["0.0.0.0/0"]}]


def test_default_group_without_rules_passes() -> None:
    assert evaluate(RULE, "vpc").outcome is Outcome.PASS


@pytest.mark.parametrize("changes", [{"closed-group": ABSENT}, {"closed-group: vpcId": "vpc-another"}])
def test_default_rules_fail(changes: dict[str, Any]) -> None:
    verdict = evaluate(RULE, "vpc", changes)
    assert [finding.path for finding in verdict.findings] == ["default security group"]


@pytest.mark.parametrize(("key", "rules"), [("ingress", AMONG_MEMBERS), ("egress", OUT)])
def test_inline_rules_fail(key: str, rules: list[dict[str, Any]]) -> None:
    verdict = evaluate(RULE, "vpc", {f"closed-group: {key}": rules})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [(f"closed-group: {key}", "1 given")]


@pytest.mark.parametrize("group", ["closed-group-id", "vpc-id"])
@pytest.mark.parametrize("rule", ["from-edge", "old-rule"])
def test_separate_rule_on_the_default_group_fails(group: str, rule: str) -> None:
    verdict = evaluate(RULE, "vpc", {f"{rule}: securityGroupId": group})
    assert [finding.path for finding in verdict.findings] == [f"{rule}: securityGroupId"]


@pytest.mark.parametrize(("ids", "outcome"), [([], Outcome.PASS), (["sgr-1"], Outcome.FAIL)])
@pytest.mark.parametrize("key", ["ingressRuleIds", "egressRuleIds"])
def test_exclusive_rules_pass_only_without_ids(key: str, ids: list[str], outcome: Outcome) -> None:
    vpc = resource("aws:ec2/vpc:Vpc", {"defaultSecurityGroupId": "sg-1"}, "vpc")
    lists = {"ingressRuleIds": [], "egressRuleIds": [], key: ids}
    exclusive = resource(
        "aws:ec2/vpcSecurityGroupRulesExclusive:VpcSecurityGroupRulesExclusive", {"securityGroupId": "sg-1", **lists}
    )
    assert RULE.evaluate(vpc, Stack((vpc, exclusive))).outcome is outcome


def test_unknown_rules_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "vpc", {"closed-group: ingress": UNKNOWN}).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(("named", "outcome"), [("sg-1", Outcome.FAIL), ("sg-2", Outcome.FAIL), ("sg-3", Outcome.PASS)])
def test_groups_are_found_by_plain_ids(named: str, outcome: Outcome) -> None:
    vpc = resource("aws:ec2/vpc:Vpc", {"id": "vpc-1", "defaultSecurityGroupId": "sg-1"}, "vpc")
    group = resource("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", {"id": "sg-2", "vpcId": "vpc-1"}, "group")
    rule = resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {"securityGroupId": named}, "rule")
    assert RULE.evaluate(vpc, Stack((vpc, group, rule))).outcome is outcome
