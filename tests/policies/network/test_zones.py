from __future__ import annotations

from typing import Any

import pytest

from policies.network.zones import RULE
from policies.rule import Finding, Outcome
from tests.policies.judging import GONE, UNKNOWN, judge

SUBJECTS = pytest.mark.parametrize(
    ("subject", "path", "subnets"),
    [
        ("service", "networkConfiguration.subnets", ("public-a", "public-b")),
        ("store-subnets", "subnetIds", ("store-a", "store-b")),
    ],
)
Subnets = tuple[str, str]


@SUBJECTS
def test_subnets_in_two_zones_pass(subject: str, path: str, subnets: Subnets) -> None:
    assert path
    assert judge(RULE, subject).outcome is Outcome.PASS
    assert judge(RULE, subject, {f"{subnets[0]}: availabilityZone": "eu-west-1c"}).outcome is Outcome.PASS


@SUBJECTS
def test_two_subnets_in_one_zone_fail(subject: str, path: str, subnets: Subnets) -> None:
    verdict = judge(RULE, subject, {f"{subnets[0]}: availabilityZone": "eu-west-1b"})
    assert verdict.findings == (Finding(path, "all 2 in one zone", "2 zones or more"),)


@SUBJECTS
@pytest.mark.parametrize(("given", "count"), [(["subnet-1"], 1), ([], 0)])
def test_one_subnet_or_none_fails_wherever_it_is(
    subject: str, path: str, subnets: Subnets, given: list[str], count: int
) -> None:
    assert subnets
    verdict = judge(RULE, subject, {path: given})
    assert verdict.findings == (Finding(path, f"{count} given", "2 or more, each of another zone"),)


@SUBJECTS
def test_subnets_of_another_stack_are_not_judged_unless_ours_are_enough(
    subject: str, path: str, subnets: Subnets
) -> None:
    ours = [f"{name}-id" for name in subnets]
    assert judge(RULE, subject, {path: ["subnet-1", "subnet-2"]}).outcome is Outcome.UNKNOWN
    assert judge(RULE, subject, {path: [ours[0], "subnet-2"]}).outcome is Outcome.UNKNOWN
    assert judge(RULE, subject, {path: [*ours, "subnet-2"]}).outcome is Outcome.PASS


@SUBJECTS
def test_a_zone_not_known_or_not_given_is_not_a_pass(subject: str, path: str, subnets: Subnets) -> None:
    assert path
    for value in (UNKNOWN, GONE):
        assert judge(RULE, subject, {f"{subnets[0]}: availabilityZone": value}).outcome is Outcome.UNKNOWN


def test_a_zones_id_says_it_as_well() -> None:
    ids: dict[str, Any] = {}
    for zone, zone_id in (("a", "euw1-az1"), ("b", "euw1-az2")):
        ids |= {f"public-{zone}: availabilityZone": GONE, f"public-{zone}: availabilityZoneId": zone_id}
    assert judge(RULE, "service", ids).outcome is Outcome.PASS
    assert judge(RULE, "service", {**ids, "public-b: availabilityZoneId": "euw1-az1"}).outcome is Outcome.FAIL


@pytest.mark.parametrize(("subject", "key"), [("service", "networkConfiguration"), ("store-subnets", "subnetIds")])
def test_what_names_no_subnets_is_not_judged(subject: str, key: str) -> None:
    assert judge(RULE, subject, {key: GONE}).outcome is Outcome.NOT_APPLICABLE
    assert judge(RULE, subject, {key: UNKNOWN}).outcome is Outcome.UNKNOWN
