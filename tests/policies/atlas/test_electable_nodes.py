from __future__ import annotations

import pytest

from policies.atlas.clusters import CLUSTER
from policies.atlas.electable_nodes import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource

REGIONS = "replicationSpecs[0].regionConfigs"
HOME, AWAY = (f"{REGIONS}[{at}].electableSpecs" for at in (0, 1))


def test_three_nodes_over_two_regions_pass() -> None:
    assert evaluate(RULE, "atlas-cluster").outcome is Outcome.PASS


@pytest.mark.parametrize(("home", "away"), [(1, 0), (1, 1), (2, 2)])
def test_too_few_or_an_even_number_fails(home: int, away: int) -> None:
    verdict = evaluate(RULE, "atlas-cluster", {f"{HOME}.nodeCount": home, f"{AWAY}.nodeCount": away})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [
        (f"{HOME}.nodeCount", f"{home + away} in 2 regions")
    ]


def test_each_shard_is_evaluated() -> None:
    shard = {"regionConfigs": [{"providerName": "AWS", "electableSpecs": {"nodeCount": 3}}]}
    weak = {"regionConfigs": [{"providerName": "AWS", "electableSpecs": {"nodeCount": 1}}]}
    verdict = evaluate(RULE, "atlas-cluster", {"replicationSpecs": [shard, weak]})
    assert [finding.path for finding in verdict.findings] == [
        "replicationSpecs[1].regionConfigs[0].electableSpecs.nodeCount"
    ]


def test_read_only_nodes_do_not_count() -> None:
    changes = {AWAY: ABSENT, f"{REGIONS}[1].readOnlySpecs": {"nodeCount": 1}}
    assert evaluate(RULE, "atlas-cluster", changes).outcome is Outcome.FAIL


def test_minimum_is_configurable() -> None:
    assert evaluate(RULE, "atlas-cluster", parameters={"minimumNodes": 5}).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("properties", "outcome"),
    [
        ({}, Outcome.PASS),
        ({"replicationFactor": 5}, Outcome.PASS),
        ({"replicationFactor": 1}, Outcome.FAIL),
        ({"replicationSpecs": [{"regionsConfigs": [{"electableNodes": 3}]}]}, Outcome.PASS),
        ({"replicationSpecs": [{"regionsConfigs": [{"electableNodes": 2}]}]}, Outcome.FAIL),
        ({"replicationSpecs": [{"regionsConfigs": []}]}, Outcome.FAIL),
    ],
)
def test_nodes_of_legacy_cluster_are_counted(properties: dict[str, object], outcome: Outcome) -> None:
    cluster = resource(CLUSTER, {"providerName": "AWS", "providerInstanceSizeName": "M10", **properties})
    assert RULE.evaluate(cluster).outcome is outcome


@pytest.mark.parametrize("path", [f"{HOME}.nodeCount", "replicationSpecs"])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    assert evaluate(RULE, "atlas-cluster", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
