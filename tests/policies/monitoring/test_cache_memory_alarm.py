from __future__ import annotations

from typing import Any

import pytest

from policies.monitoring.cache_memory_alarm import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

ALARM = "monitored-memory-cache-001"


@pytest.mark.parametrize("node", ["cache-001", "cache-003", "cache-0002-001", "cache"])
def test_alarm_on_the_node_passes(node: str) -> None:
    changes = {f"{ALARM}: dimensions": {"CacheClusterId": node}, "numCacheClusters": 2}
    assert evaluate(RULE, "cache", changes).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("dimension", "outcome"), [("ReplicationGroupId", Outcome.PASS), ("CacheClusterId", Outcome.FAIL)]
)
def test_alarm_on_the_whole_group_covers_every_node(dimension: str, outcome: Outcome) -> None:
    changes = {f"{ALARM}: dimensions": {dimension: "cache"}, "numCacheClusters": 3}
    assert evaluate(RULE, "cache", changes).outcome is outcome


@pytest.mark.parametrize(
    "changes",
    [
        {ALARM: ABSENT},
        {f"{ALARM}: threshold": 90},
        {f"{ALARM}: dimensions": {"CacheClusterId": "cache-two-001"}},
        {f"{ALARM}: metricName": "FreeableMemory"},
    ],
)
def test_missing_alarm_fails(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "cache", changes).outcome is Outcome.FAIL


def test_metric_counted_for_eviction_passes() -> None:
    changes = {f"{ALARM}: metricName": "DatabaseMemoryUsageCountedForEvictPercentage"}
    assert evaluate(RULE, "cache", changes).outcome is Outcome.PASS


def test_unknown_threshold_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "cache", {f"{ALARM}: threshold": UNKNOWN}).outcome is Outcome.UNKNOWN
