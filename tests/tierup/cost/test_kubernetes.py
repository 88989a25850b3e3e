"""Tests of the price rules of Kubernetes objects."""

from __future__ import annotations

import pytest

from tierup.cost.kubernetes import RULES
from tierup.cost.rules import PricedResource

DEPLOYMENT = "kubernetes:apps/v1:Deployment"


@pytest.mark.parametrize(
    ("cpu", "memory", "vcpus"),
    [("1000m", "2048Mi", 4.0), ("2", "2Gi", 8.0), ("500m", "4Gi", 8.0)],
)
def test_nodes_cost_what_their_pods_request(cpu: str, memory: str, vcpus: float) -> None:
    container = {"resources": {"requests": {"cpu": cpu, "memory": memory}}}
    inputs = {"spec": {"replicas": 4, "template": {"spec": {"containers": [container]}}}}
    deployment = PricedResource(type=DEPLOYMENT, name="backend", component="", parent="", inputs=inputs)
    count = RULES[DEPLOYMENT].count

    assert count is not None
    assert list(count(deployment, [deployment])) == [("eks-node-vcpu", vcpus)]
