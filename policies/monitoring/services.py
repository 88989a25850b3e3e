"""ECS services as CloudWatch sees them: how full they are."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import NotApplicable, Resource, Stack, declared
from .alarms import WatchedMetric, watching

SERVICE = "aws:ecs/service:Service"
NAMESPACE = "AWS/ECS"
DIMENSION = "ServiceName"
INSIGHTS = "ECS/ContainerInsights"


def only_answering(service: Resource) -> None:
    """Raises NotApplicable for a service that nobody calls: a worker whose CPU is full is at work."""
    if not any(declared(service.properties, key) for key in ("loadBalancers", "serviceConnectConfiguration")):
        raise NotApplicable("nobody calls it: a worker whose CPU is full is at work")


def fullness(stack: Stack, service: Resource, *, metric: str, used: str, reserved: str) -> Iterator[WatchedMetric]:
    """The alarms on how full it is, in percent: ECS's own metric, or Container Insights' used / reserved."""
    yield from watching(stack, NAMESPACE, metric, service, DIMENSION)
    for watch in watching(stack, INSIGHTS, used, service, DIMENSION):
        if reserved in watch.metrics and "/" in watch.expression:
            yield watch
