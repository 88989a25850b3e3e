from __future__ import annotations

from typing import Any

import pytest

from policies.load_balancer.zones import RULE
from policies.rule import Finding, Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

MAPPED = [{"subnetId": "subnet-1", "allocationId": "eip-1"}, {"subnetId": "subnet-2", "allocationId": "eip-2"}]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"subnets": ABSENT, "subnetMappings": MAPPED},
        {"loadBalancerType": "network", "subnets": ABSENT, "subnetMappings": MAPPED},
        {"balancer: internal": True},
        {"subnets": [UNKNOWN, UNKNOWN]},
    ],
)
def test_two_subnets_pass_even_when_their_ids_are_unknown(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "balancer", changes).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"subnets": ["subnet-1"]}, ("subnets", "1 given")),
        ({"subnets": []}, ("subnets", "0 given")),
        ({"subnets": ABSENT}, ("subnets", "0 given")),
        ({"subnets": ABSENT, "subnetMappings": MAPPED[:1]}, ("subnetMappings", "1 given")),
        ({"loadBalancerType": "network", "subnets": ["subnet-1"]}, ("subnets", "1 given")),
    ],
)
def test_one_zone_fails(changes: dict[str, Any], finding: tuple[str, str]) -> None:
    verdict = evaluate(RULE, "balancer", changes)
    assert verdict.findings == (Finding(*finding, "2 or more, each in another zone"),)


def test_load_balancer_on_an_outpost_is_not_applicable() -> None:
    changes = {"customerOwnedIpv4Pool": "ipv4pool-coip-1", "subnets": ["subnet-1"]}
    assert evaluate(RULE, "balancer", changes).outcome is Outcome.NOT_APPLICABLE


def test_unknown_subnets_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "balancer", {"subnets": UNKNOWN}).outcome is Outcome.UNKNOWN
