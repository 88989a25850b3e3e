"""Tests of the properties of node types. test_replication_group.py tests the supported combinations."""

from __future__ import annotations

import pytest

from components.elasticache.topology import CpuMetric, cpu_metric, has_cpu_credits


@pytest.mark.parametrize(
    ("node_type", "metric", "credits"),
    [
        ("cache.t4g.micro", CpuMetric.CPU, True),
        ("cache.t4g.medium", CpuMetric.CPU, True),
        ("cache.r7g.large", CpuMetric.CPU, False),
        ("cache.r7g.xlarge", CpuMetric.ENGINE_CPU, False),
        ("cache.m7g.16xlarge", CpuMetric.ENGINE_CPU, False),
    ],
)
def test_cpu_metric_depends_on_the_node_type(node_type: str, metric: CpuMetric, credits: bool) -> None:
    assert (cpu_metric(node_type), has_cpu_credits(node_type)) == (metric, credits)
