from __future__ import annotations

import pytest

from policies.atlas.clusters import ADVANCED_CLUSTER
from policies.atlas.private_network import CONNECTIONS, RULE
from policies.rule import Outcome, Stack
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource


def test_peering_passes_at_preview() -> None:
    assert evaluate(RULE, "atlas-cluster").outcome is Outcome.PASS
    changes = {"projectId": UNKNOWN, "atlas-peering: projectId": UNKNOWN}
    assert evaluate(RULE, "atlas-cluster", changes).outcome is Outcome.PASS


def test_public_addresses_only_fail() -> None:
    assert evaluate(RULE, "atlas-cluster", {"atlas-peering": ABSENT}).outcome is Outcome.FAIL
    assert evaluate(RULE, "atlas-cluster", {"atlas-peering: projectId": "another"}).outcome is Outcome.FAIL


@pytest.mark.parametrize("type_", CONNECTIONS)
def test_project_of_another_stack_passes_with_each_connection_type_only(type_: str) -> None:
    cluster = resource(ADVANCED_CLUSTER, {"projectId": "p"}, "cluster")
    connection = resource(type_, {"projectId": "p"}, "connection")
    assert RULE.evaluate(cluster, Stack((cluster, connection))).outcome is Outcome.PASS
    assert RULE.evaluate(cluster, Stack((cluster,))).outcome is Outcome.UNKNOWN
