from __future__ import annotations

import pytest

from policies.database.clusters import ADVANCED_CLUSTER
from policies.database.private_path import PATHS, RULE
from policies.rule import Outcome, Stack
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource


def test_a_peering_passes_also_before_the_first_up() -> None:
    assert evaluate(RULE, "atlas-cluster").outcome is Outcome.PASS
    changes = {"projectId": UNKNOWN, "atlas-peering: projectId": UNKNOWN}
    assert evaluate(RULE, "atlas-cluster", changes).outcome is Outcome.PASS


def test_public_addresses_alone_fail() -> None:
    assert evaluate(RULE, "atlas-cluster", {"atlas-peering": ABSENT}).outcome is Outcome.FAIL
    assert evaluate(RULE, "atlas-cluster", {"atlas-peering: projectId": "another"}).outcome is Outcome.FAIL


@pytest.mark.parametrize("type_", PATHS)
def test_each_way_passes_for_another_stacks_project_and_none_cannot_be_evaluated(type_: str) -> None:
    cluster = resource(ADVANCED_CLUSTER, {"projectId": "p"}, "cluster")
    way = resource(type_, {"projectId": "p"}, "way")
    assert RULE.evaluate(cluster, Stack((cluster, way))).outcome is Outcome.PASS
    assert RULE.evaluate(cluster, Stack((cluster,))).outcome is Outcome.UNKNOWN
