from __future__ import annotations

import pytest

from policies.atlas.clusters import ADVANCED_CLUSTER, CLUSTER
from policies.atlas.disk_autoscaling import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource

PATH = "replicationSpecs[0].regionConfigs[0].autoScaling.diskGbEnabled"


def test_disk_autoscaling_passes() -> None:
    assert evaluate(RULE, "atlas-cluster").outcome is Outcome.PASS


@pytest.mark.parametrize("value", [False, ABSENT])
def test_fixed_disk_fails_once(value: object) -> None:
    verdict = evaluate(RULE, "atlas-cluster", {PATH: value})
    assert [finding.path for finding in verdict.findings] == [PATH]


@pytest.mark.parametrize(("grows", "outcome"), [(True, Outcome.PASS), (None, Outcome.FAIL)])
def test_setting_of_legacy_cluster_is_evaluated(grows: bool | None, outcome: Outcome) -> None:
    cluster = resource(CLUSTER, {"providerName": "AWS", "autoScalingDiskGbEnabled": grows})
    assert RULE.evaluate(cluster).outcome is outcome


@pytest.mark.parametrize(("second", "failing"), [(True, None), (False, 1), (None, 1)])
def test_every_shard_is_evaluated(second: bool | None, failing: int | None) -> None:
    specs = [
        {"regionConfigs": [{"providerName": "AWS", "autoScaling": {"diskGbEnabled": grows}}]}
        for grows in (True, second)
    ]
    verdict = RULE.evaluate(resource(ADVANCED_CLUSTER, {"clusterType": "SHARDED", "replicationSpecs": specs}))
    assert [finding.path for finding in verdict.findings] == (
        [f"replicationSpecs[{failing}].regionConfigs[0].autoScaling.diskGbEnabled"] if failing else []
    )


def test_unknown_values_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "atlas-cluster", {PATH: UNKNOWN}).outcome is Outcome.UNKNOWN
