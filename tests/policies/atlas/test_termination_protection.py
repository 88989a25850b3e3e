from __future__ import annotations

import pytest

from policies.atlas.clusters import FLEX_CLUSTER
from policies.atlas.termination_protection import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource

SWITCH = "terminationProtectionEnabled"


def test_protection_passes_for_dedicated_and_shared_clusters() -> None:
    assert evaluate(RULE, "atlas-cluster").outcome is Outcome.PASS
    assert RULE.evaluate(resource(FLEX_CLUSTER, {SWITCH: True})).outcome is Outcome.PASS


@pytest.mark.parametrize(("value", "found"), [(False, "false"), (ABSENT, "not set")])
def test_no_protection_fails(value: object, found: str) -> None:
    verdict = evaluate(RULE, "atlas-cluster", {SWITCH: value})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [(SWITCH, found)]


def test_unknown_values_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "atlas-cluster", {SWITCH: UNKNOWN}).outcome is Outcome.UNKNOWN
