from __future__ import annotations

from collections.abc import Iterator

import pytest

from policies.cloudflare.origin_restricted import RULE
from policies.cloudflare.zones import RECORDS
from policies.rule import Outcome, Resource, Stack
from policies.values import from_state
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, urn

# The compliant program's load balancer allows public ingress and verifies a client certificate.
OPEN = {"https: mutualAuthentication": ABSENT}
KEY = {"httpHeader": {"httpHeaderName": "x-origin-key", "values": ["secret"]}}
FORBIDDEN = [{"type": "fixed-response", "fixedResponse": {"statusCode": "403"}}]


def test_mutual_tls_passes() -> None:
    assert evaluate(RULE, "api-record").outcome is Outcome.PASS


@pytest.mark.parametrize("changes", [OPEN, {"https: mutualAuthentication.mode": "passthrough"}])
def test_a_public_load_balancer_without_restrictions_fails(changes: dict[str, object]) -> None:
    verdict = evaluate(RULE, "api-record", changes)
    assert [finding.path for finding in verdict.findings] == ["content (balancer), https"]
    assert "world-https opens 0.0.0.0/0" in verdict.findings[0].found


def test_ingress_from_cloudflares_addresses_only_passes() -> None:
    assert evaluate(RULE, "api-record", {**OPEN, "world-https: cidrIpv4": "173.245.48.0/20"}).outcome is Outcome.PASS


def test_an_open_port_without_a_listener_passes() -> None:
    changes = {**OPEN, "world-https: fromPort": 22.0, "world-https: toPort": 22.0}
    assert evaluate(RULE, "api-record", changes).outcome is Outcome.PASS
    assert evaluate(RULE, "api-record", {**changes, "world-https: toPort": 443.0}).outcome is Outcome.FAIL


@pytest.mark.parametrize(("conditions", "outcome"), [([KEY], Outcome.PASS), ([], Outcome.FAIL)])
def test_every_rule_needs_a_header_condition(conditions: list[object], outcome: Outcome) -> None:
    path = {"pathPattern": {"values": ["/api/*"]}}
    changes = {**OPEN, "https: defaultActions": FORBIDDEN, "api-rule: conditions": [path, *conditions]}
    assert evaluate(RULE, "api-record", changes).outcome is outcome


@pytest.mark.parametrize(("changes", "outcome"), [({}, Outcome.PASS), (OPEN, Outcome.FAIL)])
def test_the_load_balancers_of_a_name_in_route_53_are_evaluated(changes: dict[str, object], outcome: Outcome) -> None:
    regions = {"content": "origin.example.com", "weighted-record: aliases[0].name": "balancer"}
    assert evaluate(RULE, "api-record", {**regions, **changes}).outcome is outcome


@pytest.mark.parametrize("name", ["http", "https"])
def test_a_listener_that_forwards_nothing_passes(name: str) -> None:
    redirects = [{"type": "redirect", "redirect": {"protocol": "HTTPS"}}]
    changes = {**OPEN, "api-rule": ABSENT, "https: defaultActions": FORBIDDEN, f"{name}: defaultActions": redirects}
    assert evaluate(RULE, "api-record", changes).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "content", ["tierup-tests.s3.eu-west-1.amazonaws.com", "1.cfargotunnel.com", "site.pages.dev", "d1.cloudfront.net"]
)
def test_the_rule_does_not_apply_to_a_target_outside_of_the_account(content: str) -> None:
    assert evaluate(RULE, "api-record", {"content": content}).outcome is Outcome.NOT_APPLICABLE


def test_the_rule_does_not_apply_to_a_record_that_is_not_proxied() -> None:
    assert evaluate(RULE, "api-record", {"proxied": False, **OPEN}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    "changes",
    [
        {"content": "203.0.113.10"},
        {"content": UNKNOWN},
        {"proxied": UNKNOWN},
        {"balancer: securityGroups": ["sg-elsewhere"]},
        {"https": ABSENT, "http": ABSENT, "api-rule": ABSENT},
        {"https: mutualAuthentication": UNKNOWN},
        {"world-https: cidrIpv4": UNKNOWN},
    ],
)
def test_resources_of_other_stacks_and_unknown_values_evaluate_to_unknown(changes: dict[str, object]) -> None:
    assert evaluate(RULE, "api-record", changes).outcome is Outcome.UNKNOWN


class CountingStack(Stack):
    """A stack that counts the resources that it yields."""

    def __init__(self, resources: tuple[Resource, ...]) -> None:
        super().__init__(resources)
        self.reads = 0

    def of(self, types: tuple[str, ...]) -> Iterator[Resource]:
        for each in super().of(types):
            self.reads += 1
            yield each

    def referring(self, types: tuple[str, ...], key: str, target: Resource, output: str) -> Iterator[Resource]:
        for each in super().referring(types, key, target, output):
            self.reads += 1
            yield each


def reads_to_evaluate(records: int) -> int:
    """Return how many resources the rule reads for that many records, each with its own load balancer and group."""
    resources: list[Resource] = []
    for number in range(records):
        group = _resource("aws:ec2/securityGroup:SecurityGroup", f"group-{number}", {"ingress": [_PUBLIC_INGRESS]})
        balancer = _resource("aws:lb/loadBalancer:LoadBalancer", f"balancer-{number}", {}, securityGroups=group)
        listener = _resource(
            "aws:lb/listener:Listener",
            f"listener-{number}",
            {"defaultActions": [{"type": "forward"}]},
            loadBalancerArn=balancer,
        )
        record = _resource(RECORDS[0], f"record-{number}", {"proxied": True}, content=balancer)
        resources += [group, balancer, listener, record]
    stack = CountingStack(tuple(resources))
    for record in list(Stack(tuple(resources)).of(RECORDS)):
        assert RULE.evaluate(record, stack).outcome is Outcome.FAIL
    return stack.reads


_PUBLIC_INGRESS = {"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": ["0.0.0.0/0"]}


def _resource(type_: str, name: str, properties: dict[str, object], **flows: Resource) -> Resource:
    references = {key: frozenset({source.urn}) for key, source in flows.items()}
    unknown = dict.fromkeys(flows, UNKNOWN)
    return Resource(type_, name, urn(type_, name), from_state({**properties, **unknown}), from_state({}), references)


def test_the_number_of_reads_grows_linearly_with_the_records() -> None:
    assert reads_to_evaluate(40) <= 2 * reads_to_evaluate(20)
