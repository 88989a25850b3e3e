from __future__ import annotations

import re
from importlib import import_module
from inspect import signature
from typing import Any, NamedTuple

import pytest

from policies.ecs.services import SERVICE
from policies.network.zones import RULE, SUBNET_LISTS
from policies.rule import Finding, Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


class Case(NamedTuple):
    subject: str
    path: str
    subnets: tuple[str, str]


cases = pytest.mark.parametrize(
    "case",
    [
        Case("service", "networkConfiguration.subnets", ("public-a", "public-b")),
        Case("store-subnets", "subnetIds", ("store-a", "store-b")),
    ],
    ids=lambda case: case.subject,
)


@cases
def test_subnets_in_two_zones_pass(case: Case) -> None:
    assert evaluate(RULE, case.subject).outcome is Outcome.PASS
    moved = {f"{case.subnets[0]}: availabilityZone": "eu-west-1c"}
    assert evaluate(RULE, case.subject, moved).outcome is Outcome.PASS


@cases
def test_two_subnets_in_one_zone_fail(case: Case) -> None:
    verdict = evaluate(RULE, case.subject, {f"{case.subnets[0]}: availabilityZone": "eu-west-1b"})
    assert verdict.findings == (Finding(case.path, "all 2 in one zone", "2 zones or more"),)


@cases
@pytest.mark.parametrize(("given", "count"), [(["subnet-1"], 1), ([], 0)])
def test_fewer_than_two_subnets_fail(case: Case, given: list[str], count: int) -> None:
    verdict = evaluate(RULE, case.subject, {case.path: given})
    assert verdict.findings == (Finding(case.path, f"{count} given", "2 or more, each in another zone"),)


@cases
def test_subnets_of_another_stack_evaluate_to_unknown_unless_the_known_ones_suffice(case: Case) -> None:
    known = [f"{name}-id" for name in case.subnets]
    for given, outcome in (
        (["subnet-1", "subnet-2"], Outcome.UNKNOWN),
        ([known[0], "subnet-2"], Outcome.UNKNOWN),
        ([*known, "subnet-2"], Outcome.PASS),
    ):
        assert evaluate(RULE, case.subject, {case.path: given}).outcome is outcome


@cases
@pytest.mark.parametrize("zone", [UNKNOWN, ABSENT])
def test_unknown_or_missing_zone_evaluates_to_unknown(case: Case, zone: object) -> None:
    changes = {f"{case.subnets[0]}: availabilityZone": zone}
    assert evaluate(RULE, case.subject, changes).outcome is Outcome.UNKNOWN


def test_zone_id_identifies_the_zone() -> None:
    ids: dict[str, Any] = {}
    for zone, zone_id in (("a", "euw1-az1"), ("b", "euw1-az2")):
        ids |= {f"public-{zone}: availabilityZone": ABSENT, f"public-{zone}: availabilityZoneId": zone_id}
    assert evaluate(RULE, "service", ids).outcome is Outcome.PASS
    assert evaluate(RULE, "service", {**ids, "public-b: availabilityZoneId": "euw1-az1"}).outcome is Outcome.FAIL


@pytest.mark.parametrize(("subject", "key"), [("service", "networkConfiguration"), ("store-subnets", "subnetIds")])
def test_resource_without_subnets_is_not_applicable(subject: str, key: str) -> None:
    assert evaluate(RULE, subject, {key: ABSENT}).outcome is Outcome.NOT_APPLICABLE
    assert evaluate(RULE, subject, {key: UNKNOWN}).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(("token", "key"), SUBNET_LISTS.items())
def test_each_type_has_a_subnet_property_in_the_sdk(token: str, key: str) -> None:
    _, module, name = re.split("[:/]", token.rpartition("/")[0] + ":" + token.rpartition(":")[2])
    sdk = import_module(f"pulumi_aws.{module}")
    holder = getattr(sdk, "ServiceNetworkConfigurationArgs" if token == SERVICE else f"{name}Args")
    assert {"subnets": "subnets", "subnetIds": "subnet_ids"}[key] in signature(holder).parameters
