from __future__ import annotations

import pytest

from policies.monitoring.cache_load_alarm import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_both_alarms_pass() -> None:
    assert evaluate(RULE, "cache").outcome is Outcome.PASS


def test_cpu_of_the_whole_node_passes() -> None:
    assert evaluate(RULE, "cache", {"monitored-cpu-cache-001: metricName": "CPUUtilization"}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("alarm", "path"),
    [
        ("monitored-cpu-cache-001", "alarms on EngineCPUUtilization"),
        ("monitored-evictions-cache-001", "alarms on Evictions"),
    ],
)
def test_each_alarm_is_required(alarm: str, path: str) -> None:
    assert [f.path for f in evaluate(RULE, "cache", {alarm: ABSENT}).findings] == [path]


@pytest.mark.parametrize(
    "shape", [{"numCacheClusters": 3}, {"numNodeGroups": 1, "replicasPerNodeGroup": 2}, {"numNodeGroups": 3}]
)
def test_each_node_needs_its_alarms(shape: dict[str, int]) -> None:
    cleared = {"numCacheClusters": None, "numNodeGroups": None, "replicasPerNodeGroup": None}
    verdict = evaluate(RULE, "cache", {**cleared, **shape})
    assert [f.found for f in verdict.findings] == ["compliant for 2 of 3 nodes"] * 2


def test_threshold_above_the_limit_fails() -> None:
    assert evaluate(RULE, "cache", {"monitored-cpu-cache-001: threshold": 90}).outcome is Outcome.FAIL


def test_unknown_threshold_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "cache", {"monitored-cpu-cache-001: threshold": UNKNOWN}).outcome is Outcome.UNKNOWN
