from __future__ import annotations

import pytest

from policies.atlas.auditing import AUDITING, RULE
from policies.atlas.clusters import ADVANCED_CLUSTER
from policies.rule import Outcome, Stack
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource


def test_audited_project_passes() -> None:
    assert evaluate(RULE, "atlas-cluster").outcome is Outcome.PASS


@pytest.mark.parametrize("enabled", [False, ABSENT])
def test_disabled_auditing_fails(enabled: object) -> None:
    verdict = evaluate(RULE, "atlas-cluster", {"atlas-audit: enabled": enabled})
    assert [finding.path for finding in verdict.findings] == ["atlas-audit: enabled"]


def test_missing_auditing_fails() -> None:
    assert evaluate(RULE, "atlas-cluster", {"atlas-audit": ABSENT}).outcome is Outcome.FAIL


def test_auditing_of_another_project_is_ignored() -> None:
    assert evaluate(RULE, "atlas-cluster", {"atlas-audit: projectId": "another"}).outcome is Outcome.FAIL


def test_only_project_of_the_stack_is_assumed_at_preview() -> None:
    changes = {"projectId": UNKNOWN, "atlas-audit: projectId": UNKNOWN}
    assert evaluate(RULE, "atlas-cluster", changes).outcome is Outcome.PASS
    assert evaluate(RULE, "atlas-cluster", {**changes, "atlas-audit: enabled": UNKNOWN}).outcome is Outcome.UNKNOWN


def test_project_of_another_stack_evaluates_to_unknown_without_visible_auditing() -> None:
    cluster = resource(ADVANCED_CLUSTER, {"projectId": "p"}, "cluster")
    assert RULE.evaluate(cluster, Stack((cluster,))).outcome is Outcome.UNKNOWN
    audit = resource(AUDITING, {"projectId": "p", "enabled": True}, "audit")
    assert RULE.evaluate(cluster, Stack((cluster, audit))).outcome is Outcome.PASS
