from __future__ import annotations

import pytest

from policies.database.clusters import ADVANCED_CLUSTER, CLUSTER
from policies.database.disk_growth import RULE
from policies.rule import Outcome
from tests.policies.judging import GONE, UNKNOWN, judge, resource

PATH = "replicationSpecs[0].regionConfigs[0].autoScaling.diskGbEnabled"


def test_a_disk_that_grows_passes() -> None:
    assert judge(RULE, "atlas-cluster").outcome is Outcome.PASS


@pytest.mark.parametrize("value", [False, GONE])
def test_a_fixed_disk_fails_once(value: object) -> None:
    verdict = judge(RULE, "atlas-cluster", {PATH: value})
    assert [finding.path for finding in verdict.findings] == [PATH]


@pytest.mark.parametrize(("grows", "outcome"), [(True, Outcome.PASS), (None, Outcome.FAIL)])
def test_the_older_resource_says_so_at_the_top(grows: bool | None, outcome: Outcome) -> None:
    cluster = resource(CLUSTER, {"providerName": "AWS", "autoScalingDiskGbEnabled": grows})
    assert RULE.judge(cluster).outcome is outcome


@pytest.mark.parametrize(("second", "failing"), [(True, None), (False, 1), (None, 1)])
def test_every_shard_counts(second: bool | None, failing: int | None) -> None:
    specs = [
        {"regionConfigs": [{"providerName": "AWS", "autoScaling": {"diskGbEnabled": grows}}]}
        for grows in (True, second)
    ]
    verdict = RULE.judge(resource(ADVANCED_CLUSTER, {"clusterType": "SHARDED", "replicationSpecs": specs}))
    assert [finding.path for finding in verdict.findings] == (
        [f"replicationSpecs[{failing}].regionConfigs[0].autoScaling.diskGbEnabled"] if failing else []
    )


def test_what_is_not_known_yet_is_not_a_pass() -> None:
    assert judge(RULE, "atlas-cluster", {PATH: UNKNOWN}).outcome is Outcome.UNKNOWN
