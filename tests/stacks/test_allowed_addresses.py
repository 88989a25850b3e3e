"""tierup:allowedAddresses: only clients of the listed addresses reach site and API, behind either CDN and before it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stacks.catalog.phases import Phase
from tests.stacks.deployed import deploy
from tests.stacks.test_architecture import CLOUDFLARE_ZONE
from tests.stacks.test_options import errors
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.traffic.evaluation import Report, evaluate

OFFICE = json.dumps(["203.0.113.0/24", "2001:db8::/64"])
SHARED = {
    "arn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shared/0123456789abcdef",
    "priority": 10,
}
CLOUDFLARE: Any = {"cdn": "cloudflare", "cloudflareZoneId": CLOUDFLARE_ZONE}


@pytest.mark.parametrize(
    ("phase", "cdn"),
    [
        pytest.param(Phase.SCALE, {}, id="behind cloudfront"),
        pytest.param(Phase.MVP, {}, id="before cloudfront", marks=pytest.mark.exhaustive),
        pytest.param(Phase.SCALE, CLOUDFLARE, id="behind cloudflare", marks=pytest.mark.exhaustive),
    ],
)
def test_only_clients_of_the_allowed_addresses_are_served(phase: Phase, cdn: dict[str, str]) -> None:
    reports: list[Report] = []

    def inspect(cloud: Cloud) -> None:
        reports.append(evaluate(cloud))

    settings = {"phase": phase.value, "tier": "small", "allowedAddresses": OFFICE, **cdn}
    assert deploy(settings, inspect=inspect, destroy=True) == ([], [])
    assert [each.as_document() for each in [*reports[0].failed, *reports[0].opened]] == []
    assert "browser GET https://app.example.com/" in {each.flow.id for each in reports[0].served}
    outsiders = {each.flow.target for each in reports[0].closed if each.flow.source == "a client of another address"}
    assert "app.example.com" in outsiders
    assert any(host.startswith("api") for host in outsiders)


def test_addresses_that_the_stack_cannot_limit_are_rejected() -> None:
    shared = errors(allowedAddresses=OFFICE, existingLoadBalancer=json.dumps(SHARED))
    assert "the owner of the existing load balancer" in shared["tierup:allowedAddresses"]
    assert "not a CIDR block" in errors(allowedAddresses='["203.0.113.7"]')["tierup:allowedAddresses"]
