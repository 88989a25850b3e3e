"""Application Load Balancers in CloudWatch."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import NotApplicable, Resource, Stack
from .alarms import WatchedMetric, alarms_on

LOAD_BALANCERS = ("aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer")
NAMESPACE = "AWS/ApplicationELB"
DIMENSION = "LoadBalancer"


def require_application(balancer: Resource) -> None:
    """Raise NotApplicable for a network or gateway load balancer, which has no metrics on requests."""
    if balancer.properties.get("loadBalancerType") not in (None, "application"):
        raise NotApplicable("a network or gateway load balancer has no metrics on requests")


def alarms_on_balancer(stack: Stack, balancer: Resource, metric: str) -> Iterator[WatchedMetric]:
    """Yield the alarms on a metric of the load balancer or of one of its target groups."""
    return alarms_on(stack, NAMESPACE, metric, balancer, DIMENSION)
