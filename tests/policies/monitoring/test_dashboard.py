from __future__ import annotations

import json

import pytest

from policies.monitoring.dashboard import RULE
from policies.rule import Outcome
from tests.policies.judging import GONE, judge


def drawing(namespace: str, *metrics: str) -> dict[str, str]:
    lines = [[namespace, metric, "ClusterName", "main", "ServiceName", "service"] for metric in metrics]
    return {"board: dashboardBody": json.dumps({"widgets": [{"properties": {"metrics": lines}}]})}


@pytest.mark.parametrize(
    "changes",
    [
        drawing("AWS/ECS", "CPUUtilization", "MemoryUtilization"),
        drawing("ECS/ContainerInsights", "CpuUtilized", "MemoryUtilized"),
    ],
)
def test_a_dashboard_of_both_passes(changes: dict[str, str]) -> None:
    assert judge(RULE, "service", changes).outcome is Outcome.PASS


def test_each_of_them_is_wanted() -> None:
    verdict = judge(RULE, "service", drawing("AWS/ECS", "CPUUtilization"))
    assert [f.path for f in verdict.findings] == ["dashboard: MemoryUtilization"]


def test_no_dashboard_fails() -> None:
    assert len(judge(RULE, "service", {"board": GONE}).findings) == 2


def test_a_worker_is_not_judged() -> None:
    assert judge(RULE, "service", {"loadBalancers": GONE}).outcome is Outcome.NOT_APPLICABLE
