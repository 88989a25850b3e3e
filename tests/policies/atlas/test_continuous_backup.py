from __future__ import annotations

import pytest

from policies.atlas.clusters import CLUSTER
from policies.atlas.continuous_backup import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource


def test_continuous_backups_pass() -> None:
    assert evaluate(RULE, "atlas-cluster").outcome is Outcome.PASS


@pytest.mark.parametrize("switch", ["backupEnabled", "pitEnabled"])
@pytest.mark.parametrize("value", [False, ABSENT])
def test_each_backup_setting_is_required(switch: str, value: object) -> None:
    verdict = evaluate(RULE, "atlas-cluster", {switch: value})
    assert [finding.path for finding in verdict.findings] == [switch]


@pytest.mark.parametrize(
    ("switches", "outcome"),
    [({"cloudBackup": True, "pitEnabled": True}, Outcome.PASS), ({"backupEnabled": True}, Outcome.FAIL)],
)
def test_legacy_backup_setting_does_not_count(switches: dict[str, bool], outcome: Outcome) -> None:
    cluster = resource(CLUSTER, {"providerName": "AWS", "providerInstanceSizeName": "M10", **switches})
    assert RULE.evaluate(cluster).outcome is outcome


def test_shared_cluster_is_not_applicable() -> None:
    changes = {"replicationSpecs[0].regionConfigs[0].providerName": "FLEX", "backupEnabled": ABSENT}
    assert evaluate(RULE, "atlas-cluster", changes).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("switch", ["backupEnabled", "pitEnabled"])
def test_unknown_values_evaluate_to_unknown(switch: str) -> None:
    assert evaluate(RULE, "atlas-cluster", {switch: UNKNOWN}).outcome is Outcome.UNKNOWN
