from __future__ import annotations

import pytest

from policies.cloudflare.proxied import RULE
from policies.rule import Outcome
from tests.policies.cloudflare.zone_of_another_stack import RECORDS
from tests.policies.evaluation import UNKNOWN, evaluate

CONTENT, NAME = "content", "name"


@pytest.mark.parametrize("record", ["site-record", "api-record"])
def test_a_proxied_host_passes(record: str) -> None:
    assert evaluate(RULE, record).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "content",
    [
        "api-1234567890.eu-west-1.elb.amazonaws.com",
        "api-1234567890.us-gov-west-1.elb.amazonaws.com",
        "balancer-id",  # unknown, but the data flow names the load balancer
    ],
)
def test_an_unproxied_application_load_balancer_fails(content: str) -> None:
    changes = {"api-record: content": "other.example.net", CONTENT: content}
    assert [finding.path for finding in evaluate(RULE, "address-record", changes).findings] == ["proxied"]


@pytest.mark.parametrize("content", ["203.0.113.10", "origin.example.net"])
def test_a_record_with_the_target_of_a_proxied_record_fails(content: str) -> None:
    verdict = evaluate(RULE, "address-record", {CONTENT: content, "api-record: content": content.upper()})
    assert [finding.found for finding in verdict.findings] == ["false, while a proxied record has the same target"]


@pytest.mark.parametrize(
    ("record", "changes"),
    [
        ("validation-record", {}),
        ("validation-record", {NAME: UNKNOWN, "type": "TXT"}),
        ("address-record", {}),
        ("address-record", {"type": "MX", CONTENT: "mail.example.net"}),
        ("address-record", {"type": "CNAME", CONTENT: "d1.cloudfront.net"}),
        ("address-record", {"type": "CNAME", CONTENT: "1.dkim.amazonses.com"}),
        ("address-record", {"type": "CNAME", CONTENT: "queue-0123456789abcdef.elb.eu-west-1.amazonaws.com"}),
    ],
)
def test_the_rule_does_not_apply_to_records_of_other_kinds(record: str, changes: dict[str, object]) -> None:
    assert evaluate(RULE, record, changes).outcome is Outcome.NOT_APPLICABLE


def test_the_rule_does_not_apply_to_a_network_load_balancer() -> None:
    changes = {
        CONTENT: "balancer-id",
        "api-record: content": "other.example.net",
        "balancer: loadBalancerType": "network",
    }
    assert evaluate(RULE, "address-record", changes).outcome is Outcome.NOT_APPLICABLE


def test_the_rule_does_not_apply_to_a_zone_without_proxied_records() -> None:
    changes = {f"{record}: proxied": False for record in RECORDS}
    assert evaluate(RULE, "api-record", changes).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["type", "proxied", CONTENT, NAME])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "address-record", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
