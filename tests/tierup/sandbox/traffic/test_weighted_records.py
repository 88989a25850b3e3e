"""Weighted records of several regions, and a region that is down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.tierup.sandbox.traffic.cloud_rows import row, world
from tierup.sandbox.cloud import CloudResource
from tierup.sandbox.traffic.conditions import Condition, ConditionKind, Conditions
from tierup.sandbox.traffic.hop import Verdict, World
from tierup.sandbox.traffic.hops import alb, dns
from tierup.sandbox.traffic.hops.weighted_records import resolve_weighted
from tierup.sandbox.traffic.memory import SERVICE

HOME, OTHER = "eu-west-1", "eu-central-1"


def balancer(region: str) -> CloudResource:
    host = f"api.{region}.elb.amazonaws.com"
    return replace(row(dns.LOAD_BALANCER, f"alb-{region}", dnsName=host), region=region)


def record(region: str, weight: int) -> CloudResource:
    return row(
        dns.RECORD, f"origin-{region}", fqdn="origin.example.com", type="A", setIdentifier=region,
        weightedRoutingPolicies=[{"weight": weight}],
        aliases=[{"name": f"api.{region}.elb.amazonaws.com", "evaluateTargetHealth": True}],
    )  # fmt: skip


def application(region: str) -> Iterator[CloudResource]:
    """Yield the listener of a region's load balancer and the service behind it."""
    yield row(
        alb.LISTENER, f"listener-{region}", loadBalancerArn=f"alb-{region}",
        defaultActions=[{"type": "forward", "targetGroupArn": f"group-{region}"}],
    )  # fmt: skip
    yield row(
        SERVICE, f"api-{region}", name=f"api-{region}", desiredCount=2,
        loadBalancers=[{"targetGroupArn": f"group-{region}"}],
    )  # fmt: skip


def two_regions(*down: str, home: int = 100, other: int = 0) -> World:
    found = world(
        *(balancer(HOME), balancer(OTHER), record(HOME, home), record(OTHER, other)),
        *(each for region in (HOME, OTHER) for each in application(region)),
    )
    found.memory.running |= {f"api-{HOME}", f"api-{OTHER}"}
    found.conditions = Conditions(Condition(ConditionKind.REGION_DOWN, region) for region in down)
    return found


@pytest.mark.parametrize(
    ("down", "region"), [((), HOME), ((HOME,), OTHER), ((OTHER,), HOME)], ids=["none", "home", "other"]
)
def test_record_of_weight_0_answers_only_without_a_healthy_one(down: tuple[str, ...], region: str) -> None:
    found = resolve_weighted(two_regions(*down), "origin.example.com")
    assert found is not None
    hop, answer = found
    assert hop.passed
    assert answer is not None
    assert answer.target is not None
    assert answer.target.region == region


def test_no_record_answers_when_all_regions_are_down() -> None:
    found = resolve_weighted(two_regions(HOME, OTHER), "origin.example.com")
    assert found is not None
    assert (found[0].verdict, found[1]) == (Verdict.FAIL, None)


def answering(found: World) -> str:
    """Return the region that answers requests."""
    resolved = resolve_weighted(found, "origin.example.com")
    assert resolved is not None
    assert resolved[1] is not None
    assert resolved[1].target is not None
    return resolved[1].target.region


@pytest.mark.parametrize("kind", [ConditionKind.HEALTH_FAILING, ConditionKind.TASK_STOPPED])
def test_region_without_a_healthy_task_does_not_answer(kind: ConditionKind) -> None:
    found = two_regions()
    found.conditions = Conditions([Condition(kind, f"api-{HOME}")])
    assert answering(found) == OTHER


def test_region_of_the_weight_answers_when_no_region_is_healthy() -> None:
    found = two_regions()
    found.conditions = Conditions(Condition(ConditionKind.HEALTH_FAILING, f"api-{region}") for region in (HOME, OTHER))
    assert answering(found) == HOME


def test_record_that_does_not_evaluate_its_target_answers_without_a_healthy_task() -> None:
    found = two_regions()
    for each in found.rows.all(dns.RECORD):
        aliases = [{**each.outputs["aliases"][0], "evaluateTargetHealth": False}]
        found.rows.put(replace(each, outputs={**each.outputs, "aliases": aliases}))
    found.conditions = Conditions([Condition(ConditionKind.HEALTH_FAILING, f"api-{HOME}")])
    assert answering(found) == HOME


@pytest.mark.parametrize(
    ("servers", "verdict"), [(("ns-1.example.net",), Verdict.PASS), (("ns-9.example.net",), Verdict.FAIL)]
)
def test_hosted_zone_below_a_cloudflare_zone_needs_ns_records(servers: tuple[str, ...], verdict: Verdict) -> None:
    found = two_regions()
    for each in found.rows.all(dns.RECORD):
        found.rows.put(replace(each, outputs={**each.outputs, "zoneId": "Z1"}))
    found.rows.put(row(dns.CLOUDFLARE_ZONE, "zone", name="example.com"))
    found.rows.put(row(dns.ZONE, "Z1", name="origin.example.com", nameServers=["ns-1.example.net"]))
    missing = resolve_weighted(found, "origin.example.com")
    assert missing is not None
    assert missing[0].verdict is Verdict.FAIL

    for server in servers:
        found.rows.put(row(dns.CLOUDFLARE_RECORD, server, name="origin.example.com", type="NS", content=server))
    delegated = resolve_weighted(found, "origin.example.com")
    assert delegated is not None
    assert delegated[0].verdict is verdict


def test_record_without_an_alias_answers_by_its_weight() -> None:
    found = two_regions()
    for each in found.rows.all(dns.RECORD):
        target = each.outputs["aliases"][0]["name"]
        found.rows.put(replace(each, outputs={**each.outputs, "type": "CNAME", "aliases": None, "records": [target]}))
    assert answering(found) == HOME


def test_chance_decides_between_two_weights() -> None:
    found = resolve_weighted(two_regions(home=50, other=50), "origin.example.com")
    assert found is not None
    assert found[0].verdict is Verdict.UNKNOWN


def test_name_without_weighted_records_is_left_to_the_others() -> None:
    assert resolve_weighted(world(balancer(HOME)), "origin.example.com") is None


def test_zones_of_a_region_that_is_down_are_down() -> None:
    conditions = Conditions([Condition(ConditionKind.REGION_DOWN, HOME)])
    assert conditions.zone_is_down("eu-west-1a")
    assert not conditions.zone_is_down("eu-central-1a")
