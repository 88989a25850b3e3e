"""An ECS service's scheduling, deployment controller, load balancers and autoscaling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..rule import NotApplicable, Resource, Stack, block
from ..values import UnknownValue

SERVICE = "aws:ecs/service:Service"
SCALING_TARGET = "aws:appautoscaling/target:Target"
SCALING_POLICY = "aws:appautoscaling/policy:Policy"


def controller(service: Resource) -> str:
    """Return the deployment controller: ECS, CODE_DEPLOY or EXTERNAL."""
    return str(block(service.properties, "deploymentController").get("type") or "ECS")


def is_daemon(service: Resource) -> bool:
    """Return whether the service runs one task on each instance, so that it has no desired count."""
    return service.properties.get("schedulingStrategy") == "DAEMON"


def require_load_balancer(service: Resource) -> None:
    """Raise NotApplicable for a service without a load balancer."""
    if not service.properties.get("loadBalancers"):
        raise NotApplicable("the service has no load balancer")


def scaling_targets(service: Resource, stack: Stack) -> Iterator[Resource]:
    """Yield the service's autoscaling targets, found by reference or by resource id."""
    scaling_id = _scaling_id(service)
    named = replace(service, outputs={"resourceId": scaling_id})
    found = list(stack.referring((SCALING_TARGET,), "resourceId", named, "resourceId"))
    yield from found
    if not found and scaling_id is None and any(_may_scale(target, service) for target in stack.of((SCALING_TARGET,))):
        # Raises UnknownValue: without the cluster, the rule cannot tell which service the target scales.
        service.properties.get("cluster")


def scaling_policies(target: Resource, stack: Stack) -> Iterator[Resource]:
    """Yield the scaling policies of an autoscaling target."""
    yield from stack.referring((SCALING_POLICY,), "resourceId", target, "resourceId")


def _may_scale(target: Resource, service: Resource) -> bool:
    """Return whether a target names a service of the same name, in whichever cluster."""
    try:
        return str(target.properties.get("resourceId")).endswith(f"/{service.properties['name']}")
    except (KeyError, UnknownValue):
        return False  # then the reference identifies the service


def _scaling_id(service: Resource) -> str | None:
    """Return service/CLUSTER/SERVICE. `cluster` may be an ARN or a name; the default is "default"."""
    try:
        cluster = str(service.properties.get("cluster") or "default").rpartition("/")[2]
        return f"service/{cluster}/{service.outputs['name']}"
    except (KeyError, UnknownValue):
        return None
