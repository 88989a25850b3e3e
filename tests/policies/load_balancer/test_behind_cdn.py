from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from policies.load_balancer.behind_cdn import RULE
from policies.rule import Outcome, Stack
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource

# The compliant program's web ACL refuses what comes without the header, by its last rule.
UNGUARDED = {"acl: rules[4].action": {"count": {}}}
REDIRECT = [{"type": "redirect", "redirect": {"protocol": "HTTPS"}}]
REFUSAL = [{"type": "fixed-response", "fixedResponse": {"statusCode": "403", "contentType": "text/plain"}}]
HEADER = [{"httpHeader": {"httpHeaderName": "x-origin-key", "values": ["a-key-of-the-tests"]}}]


def test_a_web_acl_that_asks_for_a_header_passes() -> None:
    assert evaluate(RULE, "balancer").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "changes",
    [
        UNGUARDED,
        {"association": ABSENT},
        {"acl: rules[4].statement": {"notStatement": {"statement": {"geoMatchStatement": {"countryCodes": ["DE"]}}}}},
        # Blocks those who have the header, not those without.
        {"acl: rules[4].statement": {"byteMatchStatement": {"fieldToMatch": {"singleHeader": {"name": "x"}}}}},
    ],
)
def test_one_that_serves_whoever_calls_fails_and_names_the_distribution(changes: dict[str, Any]) -> None:
    verdict = evaluate(RULE, "balancer", changes)
    assert [(finding.path, finding.found) for finding in verdict.findings] == [
        ("listeners, web ACL", "serve whoever calls, not api-distribution alone")
    ]


def test_closed_security_groups_do_not_tell_one_distribution_from_another() -> None:
    changes = {**UNGUARDED, "world-https: cidrIpv4": ABSENT, "world-https: prefixListId": "pl-cloudfront"}
    assert evaluate(RULE, "balancer", changes).outcome is Outcome.FAIL


def test_listeners_that_forward_by_header_alone_pass() -> None:
    changes = {**UNGUARDED, "https: defaultActions": REFUSAL, "api-rule: conditions": HEADER}
    assert evaluate(RULE, "balancer", changes).outcome is Outcome.PASS


@pytest.mark.parametrize("changes", [{"https: defaultActions": REFUSAL}, {"api-rule: conditions": HEADER}])
def test_one_way_past_the_header_is_enough_to_fail(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "balancer", {**UNGUARDED, **changes}).outcome is Outcome.FAIL


def test_a_rule_that_only_redirects_needs_no_header() -> None:
    changes = {**UNGUARDED, "https: defaultActions": REFUSAL, "api-rule: actions": REDIRECT}
    assert evaluate(RULE, "balancer", changes).outcome is Outcome.PASS


def test_a_client_certificate_of_the_distribution_is_proof_too() -> None:
    shown = {"api-distribution: origins[1].customOriginConfig.originMtlsConfig": {"clientCertificateArn": "arn"}}
    assert evaluate(RULE, "balancer", {**UNGUARDED, **shown}).outcome is Outcome.PASS
    assert (
        evaluate(RULE, "balancer", {**UNGUARDED, **shown, "https: mutualAuthentication": ABSENT}).outcome
        is Outcome.FAIL
    )


@pytest.mark.parametrize(
    ("statement", "outcome"),
    [
        ({"byteMatchStatement": {"fieldToMatch": {"singleHeader": {"name": "x-origin-key"}}}}, Outcome.PASS),
        ({"byteMatchStatement": {"fieldToMatch": {"uriPath": {}}}}, Outcome.FAIL),
    ],
)
def test_a_web_acl_that_blocks_by_default_must_ask_in_each_rule_that_allows(
    statement: dict[str, Any], outcome: Outcome
) -> None:
    rules = [{"name": "allow", "action": {"allow": {}}, "statement": statement}]
    changes = {"acl: rules": rules, "acl: defaultAction": {"block": {}}}
    assert evaluate(RULE, "balancer", changes).outcome is outcome
    assert evaluate(RULE, "balancer", {**changes, "acl: defaultAction": {"allow": {}}}).outcome is Outcome.FAIL


def test_one_allowing_rule_without_the_header_is_a_way_past() -> None:
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
        {"api-distribution: origins[1].domainName": "elsewhere.example.com"},
    ],
)
def test_one_without_clients_from_outside_or_without_a_distribution_is_not_applicable(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "balancer", {**UNGUARDED, **changes}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    "changes",
    [
        {"association: webAclArn": "arn:aws:wafv2:elsewhere"},
        {**UNGUARDED, "http: loadBalancerArn": "arn:other", "https: loadBalancerArn": "arn:other"},
        {"acl: rules": UNKNOWN},
        {"balancer: internal": UNKNOWN},
    ],
)
def test_what_cannot_be_seen_is_not_a_pass(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "balancer", changes).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(("header", "outcome"), [(HEADER, Outcome.PASS), ([], Outcome.FAIL)])
def test_listeners_and_their_rules_are_known_by_plain_arns_too(header: list[dict[str, Any]], outcome: Outcome) -> None:
    balancer = resource("aws:lb/loadBalancer:LoadBalancer", {}, "balancer")
    origins = {"origins": frozenset({balancer.urn})}
    distribution = replace(resource("aws:cloudfront/distribution:Distribution", {}, "cdn"), references=origins)
    refuses = {"loadBalancerArn": balancer.outputs["arn"], "defaultActions": REFUSAL}
    listener = resource("aws:lb/listener:Listener", refuses, "listener")
    forwards = {"listenerArn": listener.outputs["arn"], "actions": [{"type": "forward"}], "conditions": header}
    rule = resource("aws:lb/listenerRule:ListenerRule", forwards, "rule")
    assert RULE.evaluate(balancer, Stack((balancer, distribution, listener, rule))).outcome is outcome
