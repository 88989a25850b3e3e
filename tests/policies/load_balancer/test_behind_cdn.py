from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from policies.load_balancer.behind_cdn import RULE
from policies.rule import Outcome, Stack
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource

# The compliant program's web ACL blocks requests without the header in its last rule.
WITHOUT_HEADER_RULE = {"acl: rules[4].action": {"count": {}}}
REDIRECT = [{"type": "redirect", "redirect": {"protocol": "HTTPS"}}]
FIXED_RESPONSE = [{"type": "fixed-response", "fixedResponse": {"statusCode": "403", "contentType": "text/plain"}}]
HEADER = [{"httpHeader": {"httpHeaderName": "x-origin-key", "values": ["a-key-of-the-tests"]}}]


def test_web_acl_that_requires_a_header_passes() -> None:
    assert evaluate(RULE, "balancer").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "changes",
    [
        WITHOUT_HEADER_RULE,
        {"association": ABSENT},
        {"acl: rules[4].statement": {"notStatement": {"statement": {"geoMatchStatement": {"countryCodes": ["DE"]}}}}},
        # Blocks requests with the header instead of requests without it.
        {"acl: rules[4].statement": {"byteMatchStatement": {"fieldToMatch": {"singleHeader": {"name": "x"}}}}},
    ],
)
def test_load_balancer_open_to_all_fails_with_the_distribution(changes: dict[str, Any]) -> None:
    verdict = evaluate(RULE, "balancer", changes)
    assert [(finding.path, finding.found) for finding in verdict.findings] == [
        ("listeners, web ACL", "accept requests that do not come from api-distribution")
    ]


def test_security_groups_alone_fail() -> None:
    changes = {**WITHOUT_HEADER_RULE, "world-https: cidrIpv4": ABSENT, "world-https: prefixListId": "pl-cloudfront"}
    assert evaluate(RULE, "balancer", changes).outcome is Outcome.FAIL


def test_listeners_that_forward_by_header_pass() -> None:
    changes = {**WITHOUT_HEADER_RULE, "https: defaultActions": FIXED_RESPONSE, "api-rule: conditions": HEADER}
    assert evaluate(RULE, "balancer", changes).outcome is Outcome.PASS


@pytest.mark.parametrize("changes", [{"https: defaultActions": FIXED_RESPONSE}, {"api-rule: conditions": HEADER}])
def test_one_listener_rule_without_header_fails(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "balancer", {**WITHOUT_HEADER_RULE, **changes}).outcome is Outcome.FAIL


def test_redirecting_rule_needs_no_header() -> None:
    changes = {**WITHOUT_HEADER_RULE, "https: defaultActions": FIXED_RESPONSE, "api-rule: actions": REDIRECT}
    assert evaluate(RULE, "balancer", changes).outcome is Outcome.PASS


def test_client_certificate_of_the_distribution_passes() -> None:
    shown = {"api-distribution: origins[1].customOriginConfig.originMtlsConfig": {"clientCertificateArn": "arn"}}
    assert evaluate(RULE, "balancer", {**WITHOUT_HEADER_RULE, **shown}).outcome is Outcome.PASS
    assert (
        evaluate(RULE, "balancer", {**WITHOUT_HEADER_RULE, **shown, "https: mutualAuthentication": ABSENT}).outcome
        is Outcome.FAIL
    )


@pytest.mark.parametrize(
    ("statement", "outcome"),
    [
        ({"byteMatchStatement": {"fieldToMatch": {"singleHeader": {"name": "x-origin-key"}}}}, Outcome.PASS),
        ({"byteMatchStatement": {"fieldToMatch": {"uriPath": {}}}}, Outcome.FAIL),
    ],
)
def test_web_acl_that_blocks_by_default_requires_header_in_each_allow_rule(
    statement: dict[str, Any], outcome: Outcome
) -> None:
    rules = [{"name": "allow", "action": {"allow": {}}, "statement": statement}]
    changes = {"acl: rules": rules, "acl: defaultAction": {"block": {}}}
    assert evaluate(RULE, "balancer", changes).outcome is outcome
    assert evaluate(RULE, "balancer", {**changes, "acl: defaultAction": {"allow": {}}}).outcome is Outcome.FAIL


def test_allow_rule_without_header_fails() -> None:
    asks = {"byteMatchStatement": {"fieldToMatch": {"singleHeader": {"name": "x-origin-key"}}}}
    rules = [
        {"name": "asks", "action": {"allow": {}}, "statement": asks},
        {"name": "does not", "action": {"allow": {}}, "statement": {"geoMatchStatement": {}}},
    ]
    changes = {"acl: rules": rules, "acl: defaultAction": {"block": {}}}
    assert evaluate(RULE, "balancer", changes).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "changes",
    [
        {"balancer: internal": True},
        {"loadBalancerType": "network"},
        {"api-distribution: origins[1].domainName": "external.example.com"},
    ],
)
def test_internal_or_without_distribution_is_not_applicable(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "balancer", {**WITHOUT_HEADER_RULE, **changes}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    "changes",
    [
        {"association: webAclArn": "arn:aws:wafv2:external"},
        {**WITHOUT_HEADER_RULE, "http: loadBalancerArn": "arn:other", "https: loadBalancerArn": "arn:other"},
        {"acl: rules": UNKNOWN},
        {"balancer: internal": UNKNOWN},
    ],
)
def test_resources_of_another_stack_and_unknown_values_evaluate_to_unknown(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "balancer", changes).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(("header", "outcome"), [(HEADER, Outcome.PASS), ([], Outcome.FAIL)])
def test_listeners_and_rules_are_found_by_plain_arns(header: list[dict[str, Any]], outcome: Outcome) -> None:
    balancer = resource("aws:lb/loadBalancer:LoadBalancer", {}, "balancer")
    origins = {"origins": frozenset({balancer.urn})}
    distribution = replace(resource("aws:cloudfront/distribution:Distribution", {}, "cdn"), references=origins)
    inputs = {"loadBalancerArn": balancer.outputs["arn"], "defaultActions": FIXED_RESPONSE}
    listener = resource("aws:lb/listener:Listener", inputs, "listener")
    forwards = {"listenerArn": listener.outputs["arn"], "actions": [{"type": "forward"}], "conditions": header}
    rule = resource("aws:lb/listenerRule:ListenerRule", forwards, "rule")
    assert RULE.evaluate(balancer, Stack((balancer, distribution, listener, rule))).outcome is outcome
