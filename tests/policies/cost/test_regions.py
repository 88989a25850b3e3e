from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from policies.cost.regions import RULE
from policies.rule import Outcome, Resource, Stack, Verdict
from policies.values import from_state
from tests.policies.evaluation import UNKNOWN, evaluate

ALLOWED = {"regions": ["eu-west-1", "eu-central-1"]}


def of(type_: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any] | None = None) -> Verdict:
    made = Resource(type_, "it", f"urn:pulumi:dev::p::{type_}::it", from_state(inputs), from_state(outputs or {}))
    return RULE.evaluate(made, Stack((made,)), ALLOWED)


def test_every_region_is_allowed_by_default() -> None:
    assert evaluate(RULE, "balancer", {"region": "us-west-2"}).outcome is Outcome.PASS


@pytest.mark.parametrize(("region", "outcome"), [("eu-west-1", Outcome.PASS), ("us-east-1", Outcome.FAIL)])
def test_own_region_is_evaluated(region: str, outcome: Outcome) -> None:
    assert of("aws:s3/bucket:Bucket", {"region": region}).outcome is outcome


@pytest.mark.parametrize(("zone", "outcome"), [("eu-west-1a", Outcome.PASS), ("us-gov-west-1b", Outcome.FAIL)])
def test_availability_zone_gives_the_region(zone: str, outcome: Outcome) -> None:
    assert of("aws:ebs/volume:Volume", {"availabilityZone": zone}).outcome is outcome


@pytest.mark.parametrize("outputs", [{"region": "us-east-1"}, {"arn": "arn:aws:kms:us-east-1:111122223333:key/1"}])
def test_region_of_the_provider_is_read_from_outputs(outputs: Mapping[str, str]) -> None:
    verdict = of("aws:efs/fileSystem:FileSystem", {}, outputs)
    assert verdict.findings[0].found == '"us-east-1"'


@pytest.mark.parametrize("outputs", [{}, {"region": UNKNOWN}, {"arn": "arn:aws:s3:::bucket"}])
def test_missing_region_evaluates_to_unknown(outputs: Mapping[str, str]) -> None:
    assert of("aws:s3/bucket:Bucket", {}, outputs).outcome is Outcome.UNKNOWN


def test_unknown_region_evaluates_to_unknown() -> None:
    assert of("aws:s3/bucket:Bucket", {"region": UNKNOWN}).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("names", "outcome"), [(["EU_WEST_1", "EU_CENTRAL_1"], Outcome.PASS), (["EU_WEST_1", "US_EAST_1"], Outcome.FAIL)]
)
def test_atlas_region_names_are_converted(names: list[str], outcome: Outcome) -> None:
    specs = [{"regionConfigs": [{"regionName": name} for name in names]}]
    assert of("mongodbatlas:index/advancedCluster:AdvancedCluster", {"replicationSpecs": specs}).outcome is outcome
