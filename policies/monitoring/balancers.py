"""Application Load Balancers in CloudWatch."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import Resource, Stack
from .alarms import WatchedMetric, alarms_on

NAMESPACE = "AWS/ApplicationELB"
DIMENSION = "LoadBalancer"


def alarms_on_balancer(stack: Stack, balancer: Resource, metric: str) -> Iterator[WatchedMetric]:
    """Yield the alarms on a metric of the load balancer or of one of its target groups."""
    return alarms_on(stack, NAMESPACE, metric, balancer, DIMENSION)
