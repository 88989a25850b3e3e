from __future__ import annotations

import json

import pytest

from policies.monitoring.service_dashboard import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, evaluate


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
def test_dashboard_with_both_metrics_passes(changes: dict[str, str]) -> None:
    assert evaluate(RULE, "service", changes).outcome is Outcome.PASS


def test_each_metric_is_required() -> None:
    verdict = evaluate(RULE, "service", drawing("AWS/ECS", "CPUUtilization"))
    assert [f.path for f in verdict.findings] == ["dashboard: MemoryUtilization"]


def test_no_dashboard_fails() -> None:
    assert len(evaluate(RULE, "service", {"board": ABSENT}).findings) == 2


def test_worker_is_not_applicable() -> None:
    assert evaluate(RULE, "service", {"loadBalancers": ABSENT}).outcome is Outcome.NOT_APPLICABLE
