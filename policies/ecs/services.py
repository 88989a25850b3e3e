"""An ECS service: how it is scheduled and deployed, what balances its load and what scales it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..rule import NotApplicable, Resource, Stack, block
from ..values import UnknownValue

SERVICE = "aws:ecs/service:Service"
SCALING_TARGET = "aws:appautoscaling/target:Target"
SCALING_POLICY = "aws:appautoscaling/policy:Policy"


def controller(service: Resource) -> str:
    """Who deploys it: ECS, CODE_DEPLOY or EXTERNAL."""
    return str(block(service.properties, "deploymentController").get("type") or "ECS")


def is_daemon(service: Resource) -> bool:
    """Whether it runs one task on each instance, so that nobody chooses how many."""
    return service.properties.get("schedulingStrategy") == "DAEMON"


def balanced(service: Resource) -> None:
    """Raises NotApplicable for a service that no load balancer sends requests to."""
    if not service.properties.get("loadBalancers"):
        raise NotApplicable("no load balancer sends it requests")


def scaling_targets(service: Resource, stack: Stack) -> Iterator[Resource]:
    """The autoscaling targets of its number of tasks, found by data flow or by the name that AWS gives it there."""
    scaling_id = _scaling_id(service)
    named = replace(service, outputs={"resourceId": scaling_id})
    found = list(stack.referring((SCALING_TARGET,), "resourceId", named, "resourceId"))
    yield from found
    if not found and scaling_id is None and any(_may_scale(target, service) for target in stack.of((SCALING_TARGET,))):
        service.properties.get("cluster")  # raises: whether the target is this service's hangs on it


def scaling_policies(target: Resource, stack: Stack) -> Iterator[Resource]:
    """The policies that move the number of tasks of an autoscaling target."""
    yield from stack.referring((SCALING_POLICY,), "resourceId", target, "resourceId")


def _may_scale(target: Resource, service: Resource) -> bool:
    """Whether a target names a service of the same name, in a cluster that may be this service's."""
    try:
        return str(target.properties.get("resourceId")).endswith(f"/{service.properties['name']}")
    except (KeyError, UnknownValue):
        return False  # then the data flow says whose it is


def _scaling_id(service: Resource) -> str | None:
    """service/CLUSTER/SERVICE; `cluster` may be an ARN or a name, and is "default" where it is not given."""
    try:
        cluster = str(service.properties.get("cluster") or "default").rpartition("/")[2]
        return f"service/{cluster}/{service.outputs['name']}"
    except (KeyError, UnknownValue):
        return None
