from __future__ import annotations

import pytest

from policies.cloudflare.proxied import RULE
from policies.rule import Outcome
from tests.policies.cloudflare.zone_of_others import RECORDS
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
        "balancer-id",  # not known yet, but known to come from the load balancer
    ],
)
def test_an_application_load_balancer_past_the_proxy_fails(content: str) -> None:
    changes = {"api-record: content": "other.example.net", CONTENT: content}
    assert [finding.path for finding in evaluate(RULE, "address-record", changes).findings] == ["proxied"]


@pytest.mark.parametrize("content", ["203.0.113.10", "origin.example.net"])
def test_a_record_that_gives_a_hidden_origin_away_fails(content: str) -> None:
    verdict = evaluate(RULE, "address-record", {CONTENT: content, "api-record: content": content.upper()})
    assert [finding.found for finding in verdict.findings] == ["false, beside a proxied record of the same target"]


@pytest.mark.parametrize(
    ("record", "changes"),
    [
        ("proof-record", {}),
        ("proof-record", {NAME: UNKNOWN, "type": "TXT"}),
        ("address-record", {}),
        ("address-record", {"type": "MX", CONTENT: "mail.example.net"}),
        ("address-record", {"type": "CNAME", CONTENT: "d1.cloudfront.net"}),
        ("address-record", {"type": "CNAME", CONTENT: "1.dkim.amazonses.com"}),
        ("address-record", {"type": "CNAME", CONTENT: "queue-0123456789abcdef.elb.eu-west-1.amazonaws.com"}),
    ],
)
def test_a_record_of_another_kind_is_not_evaluated(record: str, changes: dict[str, object]) -> None:
    assert evaluate(RULE, record, changes).outcome is Outcome.NOT_APPLICABLE


def test_a_balancer_for_other_protocols_is_not_evaluated() -> None:
    changes = {
        CONTENT: "balancer-id",
        "api-record: content": "other.example.net",
        "balancer: loadBalancerType": "network",
    }
    assert evaluate(RULE, "address-record", changes).outcome is Outcome.NOT_APPLICABLE


def test_a_zone_that_only_answers_for_names_is_not_evaluated() -> None:
    changes = {f"{record}: proxied": False for record in RECORDS}
    assert evaluate(RULE, "api-record", changes).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["type", "proxied", CONTENT, NAME])
def test_what_is_not_known_yet_is_not_a_pass(path: str) -> None:
    assert evaluate(RULE, "address-record", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
