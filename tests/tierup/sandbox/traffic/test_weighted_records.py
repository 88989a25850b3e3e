"""Weighted records of several regions, and a region that is down."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.tierup.sandbox.traffic.cloud_rows import row, world
from tierup.sandbox.cloud import CloudResource
from tierup.sandbox.traffic.conditions import Condition, ConditionKind, Conditions
from tierup.sandbox.traffic.hop import Verdict, World
from tierup.sandbox.traffic.hops import dns

HOME, OTHER = "eu-west-1", "eu-central-1"


def balancer(region: str) -> CloudResource:
    host = f"api.{region}.elb.amazonaws.com"
    return replace(row(dns.LOAD_BALANCER, f"alb-{region}", dnsName=host), region=region)


def record(region: str, weight: int) -> CloudResource:
    return row(
        dns.RECORD, f"origin-{region}", fqdn="origin.example.com", type="A", setIdentifier=region,
        weightedRoutingPolicies=[{"weight": weight}], aliases=[{"name": f"api.{region}.elb.amazonaws.com"}],
    )  # fmt: skip


def two_regions(*down: str, home: int = 100, other: int = 0) -> World:
    found = world(balancer(HOME), balancer(OTHER), record(HOME, home), record(OTHER, other))
    found.conditions = Conditions(Condition(ConditionKind.REGION_DOWN, region) for region in down)
    return found


@pytest.mark.parametrize(
    ("down", "region"), [((), HOME), ((HOME,), OTHER), ((OTHER,), HOME)], ids=["none", "home", "other"]
)
def test_record_of_weight_0_answers_only_without_a_healthy_one(down: tuple[str, ...], region: str) -> None:
    found = dns.resolve_weighted(two_regions(*down), "origin.example.com")
    assert found is not None
    hop, answer = found
    assert hop.passed
    assert answer is not None
    assert answer.target is not None
    assert answer.target.region == region


def test_no_record_answers_when_all_regions_are_down() -> None:
    found = dns.resolve_weighted(two_regions(HOME, OTHER), "origin.example.com")
    assert found is not None
    assert (found[0].verdict, found[1]) == (Verdict.FAIL, None)


def test_chance_decides_between_two_weights() -> None:
    found = dns.resolve_weighted(two_regions(home=50, other=50), "origin.example.com")
    assert found is not None
    assert found[0].verdict is Verdict.UNKNOWN


def test_name_without_weighted_records_is_left_to_the_others() -> None:
    assert dns.resolve_weighted(world(balancer(HOME)), "origin.example.com") is None


def test_zones_of_a_region_that_is_down_are_down() -> None:
    conditions = Conditions([Condition(ConditionKind.REGION_DOWN, HOME)])
    assert conditions.zone_is_down("eu-west-1a")
    assert not conditions.zone_is_down("eu-central-1a")
