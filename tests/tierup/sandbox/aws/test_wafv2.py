"""Tests of the behaviour rows of AWS WAF."""

from __future__ import annotations

from typing import Any

import pytest

from .account import Account

ACL = "aws:wafv2/webAcl:WebAcl"
IP_SET = "aws:wafv2/ipSet:IpSet"
GROUP = "aws:wafv2/ruleGroup:RuleGroup"
PATTERNS = "aws:wafv2/regexPatternSet:RegexPatternSet"
ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
METRIC = {"cloudwatchMetricsEnabled": True, "metricName": "acl", "sampledRequestsEnabled": True}
COMMON = {"managedRuleGroupStatement": {"vendorName": "AWS", "name": "AWSManagedRulesCommonRuleSet"}}


def acl(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "scope": "REGIONAL",
        "defaultAction": {"allow": {}},
        "visibilityConfig": METRIC,
        "rules": list(rules),
        **more,
    }


def block(statement: dict[str, Any], priority: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "name": f"rule-{priority}",
        "priority": priority,
        "action": {"block": {}},
        "statement": statement,
        "visibilityConfig": METRIC,
        **more,
    }


def managed(statement: dict[str, Any], priority: int = 1) -> dict[str, Any]:
    rule = block(statement, priority, overrideAction={"none": {}})
    del rule["action"]
    return rule


def rate(**more: Any) -> dict[str, Any]:
    return {"rateBasedStatement": {"limit": 66, "evaluationWindowSec": 600, "aggregateKeyType": "IP", **more}}


def match(text: str, transformation: str = "NONE") -> dict[str, Any]:
    return {
        "byteMatchStatement": {
            "fieldToMatch": {"uriPath": {}},
            "positionalConstraint": "STARTS_WITH",
            "searchString": text,
            "textTransformations": [{"priority": 0, "type": transformation}],
        }
    }


def test_web_acl_outputs_match_aws(account: Account) -> None:
    made = account.make(ACL, "api", **acl(managed(COMMON), block(rate(scopeDownStatement=match("/api/")), 2)))
    name = made.outputs["name"]
    assert made.outputs["arn"] == f"arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/{name}/{made.id}"
    assert made.outputs["capacity"] == 700 + 2 + 2


@pytest.mark.parametrize(
    "rules",
    [
        [block(COMMON)],
        [managed(rate())],
        [block(rate()), block(rate())],
        [block(rate(), 1), block(rate(), 2, name="rule-1")],
        [block({**rate(), **match("/")})],
        [block({})],
        [block(rate(limit=9))],
        [block(rate(limit=2_000_000_001))],
        [block(rate(evaluationWindowSec=900))],
        [block(rate(aggregateKeyType="FORWARDED_IP"))],
        [block(rate(aggregateKeyType="CONSTANT"))],
        [block({"andStatement": {"statements": [rate(), match("/")]}})],
        [block({"andStatement": {"statements": [match("/")]}})],
        [block(rate(), action={"block": {}, "count": {}})],
    ],
)
def test_invalid_rules_are_rejected(account: Account, rules: list[dict[str, Any]]) -> None:
    assert account.codes(ACL, **acl(*rules)) == {"WAFInvalidParameterException"}


@pytest.mark.parametrize(
    "rules",
    [
        [block(rate(), 1), block(rate(), 2)],
        [block({"notStatement": {"statement": match("/")}})],
        [block({"orStatement": {"statements": [match("/a"), {"notStatement": {"statement": match("/b")}}]}})],
        [block(rate(aggregateKeyType="CONSTANT", scopeDownStatement=match("/")))],
    ],
)
def test_valid_rules_are_accepted(account: Account, rules: list[dict[str, Any]]) -> None:
    assert not account.codes(ACL, **acl(*rules))


def test_capacity_limit_is_enforced(account: Account) -> None:
    groups = [managed(COMMON, priority) for priority in range(8)]
    assert account.codes(ACL, **acl(*groups)) == {"WAFLimitsExceededException"}
    assert not account.codes(ACL, **acl(*groups[:7]))
    made = account.make(ACL, **acl(block(match("/", "LOWERCASE"))))
    assert made.outputs["capacity"] == 12


def test_unknown_managed_rule_group_is_rejected(account: Account) -> None:
    wrong = {"managedRuleGroupStatement": {"vendorName": "AWS", "name": "AWSManagedRulesNoneRuleSet"}}
    assert account.codes(ACL, **acl(managed(wrong))) == {"WAFNonexistentItemException"}


def test_cloudfront_scope_must_be_in_us_east_1(account: Account) -> None:
    assert account.codes(ACL, **acl(scope="CLOUDFRONT")) == {"WAFInvalidParameterException"}
    made = Account("us-east-1").make(ACL, **acl(scope="CLOUDFRONT"))
    assert ":global/webacl/" in made.outputs["arn"]


def test_default_action_must_be_allow_or_block(account: Account) -> None:
    assert account.codes(ACL, **acl(defaultAction={})) == {"WAFInvalidParameterException"}
    assert account.codes(ACL, **acl(defaultAction={"allow": {}, "block": {}})) == {"WAFInvalidParameterException"}


@pytest.mark.parametrize(
    ("addresses", "rejected"),
    [(["192.0.2.0/24"], False), (["192.0.2.1"], True), (["0.0.0.0/0"], True), (["2001:db8::/32"], True)],
)
def test_ip_set_addresses_must_match_version(account: Account, addresses: list[str], rejected: bool) -> None:
    assert bool(account.codes(IP_SET, scope="REGIONAL", ipAddressVersion="IPV4", addresses=addresses)) is rejected


def test_used_set_cannot_be_deleted(account: Account) -> None:
    made = account.make(IP_SET, scope="REGIONAL", ipAddressVersion="IPV4", addresses=["192.0.2.0/24"])
    reference = {"ipSetReferenceStatement": {"arn": made.outputs["arn"]}}
    account.make(ACL, **acl(block({"notStatement": {"statement": reference}})))
    assert account.delete_codes(made) == {"WAFAssociatedItemException"}
    gone = {"ipSetReferenceStatement": {"arn": "arn:aws:wafv2:eu-west-1:1:regional/ipset/none/1"}}
    assert account.codes(ACL, "other", **acl(block(gone))) == {"WAFNonexistentItemException"}


def test_pattern_set_with_eleven_patterns_is_rejected(account: Account) -> None:
    patterns = [{"regexString": f"a{number}"} for number in range(11)]
    assert account.codes(PATTERNS, scope="REGIONAL", regularExpressions=patterns) == {"WAFLimitsExceededException"}
    assert not account.codes(PATTERNS, scope="REGIONAL", regularExpressions=patterns[:10])


def test_rule_group_capacity_is_enforced(account: Account) -> None:
    inputs = {"scope": "REGIONAL", "visibilityConfig": METRIC, "rules": [block(match("/"))]}
    assert account.codes(GROUP, capacity=1, **inputs) == {"WAFLimitsExceededException"}
    made = account.make(GROUP, capacity=50, **inputs)
    assert account.replaced_by(made, capacity=60) == {"capacity"}
    reference = {"ruleGroupReferenceStatement": {"arn": made.outputs["arn"]}}
    assert account.make(ACL, **acl(managed(reference))).outputs["capacity"] == 50


def test_association_requires_regional_acl_and_is_unique(account: Account) -> None:
    balancer = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/api/1"
    made = account.make(ACL, **acl())
    inputs = {"webAclArn": made.outputs["arn"], "resourceArn": balancer}
    assert account.codes(ASSOCIATION, **inputs) == {"WAFUnavailableEntityException"}
    account.add_existing("aws:lb/loadBalancer:LoadBalancer", balancer, arn=balancer)
    account.make(ASSOCIATION, "first", **inputs)
    assert account.codes(ASSOCIATION, "second", **inputs) == {"WAFInvalidOperationException"}
    assert account.delete_codes(made) == {"WAFAssociatedItemException"}


def test_log_destination_is_validated(account: Account) -> None:
    made = account.make(ACL, **acl())
    base = "arn:aws:logs:eu-west-1:123456789012:log-group:"

    def codes(*destinations: str) -> set[str]:
        return account.codes(LOGGING, resourceArn=made.outputs["arn"], logDestinationConfigs=list(destinations))

    assert codes(f"{base}waf") == {"WAFInvalidParameterException"}
    assert codes(f"{base}aws-waf-logs-api") == {"WAFLogDestinationPermissionIssueException"}
    account.make("aws:cloudwatch/logGroup:LogGroup", name="aws-waf-logs-api")
    assert not codes(f"{base}aws-waf-logs-api")
    assert codes(f"{base}aws-waf-logs-api", f"{base}aws-waf-logs-b") == {"WAFInvalidParameterException"}
    assert codes("arn:aws:logs:us-east-1:1:log-group:aws-waf-logs-a") == {"WAFInvalidParameterException"}
