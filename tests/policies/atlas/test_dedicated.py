from __future__ import annotations

import pytest

from policies.atlas.clusters import CLUSTER, FLEX_CLUSTER, SERVERLESS
from policies.atlas.dedicated import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource

REGION = "replicationSpecs[0].regionConfigs[0]"
SIZE = f"{REGION}.electableSpecs.instanceSize"


def test_dedicated_nodes_pass() -> None:
    assert evaluate(RULE, "atlas-cluster").outcome is Outcome.PASS
    assert evaluate(RULE, "atlas-cluster", {SIZE: "R40_NVME"}).outcome is Outcome.PASS


@pytest.mark.parametrize("size", ["M0", "M2", "M5"])
def test_shared_size_fails(size: str) -> None:
    verdict = evaluate(RULE, "atlas-cluster", {SIZE: size})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [(SIZE, f'"{size}"')]


def test_minimum_size_is_configurable() -> None:
    assert evaluate(RULE, "atlas-cluster", parameters={"minimumInstanceSize": "M30"}).outcome is Outcome.FAIL


@pytest.mark.parametrize("provider", ["TENANT", "FLEX"])
def test_shared_provider_fails(provider: str) -> None:
    verdict = evaluate(RULE, "atlas-cluster", {f"{REGION}.providerName": provider})
    assert [finding.path for finding in verdict.findings] == [f"{REGION}.providerName"]


@pytest.mark.parametrize("type_", [FLEX_CLUSTER, SERVERLESS])
def test_shared_resource_type_fails(type_: str) -> None:
    assert RULE.evaluate(resource(type_, {})).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("size", "provider", "outcome"),
    [("M30", "AWS", Outcome.PASS), ("M0", "TENANT", Outcome.FAIL), ("M2", "AWS", Outcome.FAIL)],
)
def test_size_of_legacy_cluster_is_evaluated(size: str, provider: str, outcome: Outcome) -> None:
    cluster = resource(CLUSTER, {"providerInstanceSizeName": size, "providerName": provider})
    assert RULE.evaluate(cluster).outcome is outcome


def test_region_without_electable_nodes_passes() -> None:
    changes = {"replicationSpecs[0].regionConfigs[1].electableSpecs": ABSENT}
    assert evaluate(RULE, "atlas-cluster", changes).outcome is Outcome.PASS


@pytest.mark.parametrize("path", [SIZE, "replicationSpecs"])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    assert evaluate(RULE, "atlas-cluster", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
