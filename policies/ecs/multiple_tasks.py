"""ECS-011: a service behind a load balancer always runs at least two tasks.

The rule evaluates the lower bound of autoscaling, or desiredCount without autoscaling.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..inputs import number
from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    NotApplicable,
    Parameter,
    Parameters,
    Pitfall,
    Resource,
    Severity,
    Stack,
    StackRule,
    shown,
)
from .services import SERVICE, is_daemon, require_load_balancer, scaling_targets

MINIMUM_TASKS = Parameter(
    name="minimumTasks",
    schema={"type": "integer", "minimum": 1},
    default=2,
    what="Minimum number of running tasks of a service.",
)


def check(service: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    require_load_balancer(service)
    if is_daemon(service):
        raise NotApplicable("a daemon service runs one task on each instance")
    minimum = parameters[MINIMUM_TASKS.name]
    targets = list(scaling_targets(service, stack))
    for target in targets:
        if (number(target.properties, "minCapacity") or 0) < minimum:
            path = f"autoscaling target {target.name}: minCapacity"
            yield Finding(path, shown(target.properties.get("minCapacity")), f"{minimum} or more")
    if not targets and (number(service.properties, "desiredCount") or 0) < minimum:
        yield Finding("desiredCount", shown(service.properties.get("desiredCount")), f"{minimum} or more")


RULE = StackRule(
    id="ECS-011",
    name="service-multiple-tasks",
    title="A service behind a load balancer always runs at least two tasks.",
    item=ChecklistItem.AUTO_RESTART,
    pitfall=Pitfall.SINGLE_INSTANCE,
    severity=Severity.HIGH,
    level=Level.ADVISORY,  # the guide's smallest size runs one task before there are users
    applies_to=(SERVICE,),
    check=check,
    remediation="Set desired_count, or the min_capacity of the autoscaling target, to 2 or more.",
    example="""aws.ecs.Service(
    "api",
    task_definition=task.arn,
    desired_count=2,
    load_balancers=[{"target_group_arn": api.arn, "container_name": "api", "container_port": 5000}],
    # ...
)""",
    source="https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_fault_isolation_multiaz_region_system.html",
    read=None,
    parameters=(MINIMUM_TASKS,),
    unproven=(
        "The rule does not see whether the tasks run in different Availability Zones (NET-006), nor whether one task "
        "can carry the load alone."
    ),
)
