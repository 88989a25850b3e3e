"""Load balancers that answer requests, as CloudWatch sees them."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import NotApplicable, Resource, Stack
from .alarms import WatchedMetric, watching

LOAD_BALANCERS = ("aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer")
NAMESPACE = "AWS/ApplicationELB"
DIMENSION = "LoadBalancer"


def only_applications(balancer: Resource) -> None:
    """Raises NotApplicable for a balancer that forwards packets: it knows no requests, so it has no metrics of them."""
    if balancer.properties.get("loadBalancerType") not in (None, "application"):
        raise NotApplicable("it forwards packets, and knows no requests")


def watched_metrics(stack: Stack, balancer: Resource, metric: str) -> Iterator[WatchedMetric]:
    """The alarms on a metric of the balancer, or of one of its target groups."""
    return watching(stack, NAMESPACE, metric, balancer, DIMENSION)
