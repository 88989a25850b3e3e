"""ECS-011: a service that a load balancer sends requests to has a second task, which goes on when the first is gone.

The least number counts: what autoscaling may go down to, else what the service asks for.
"""

from __future__ import annotations

from collections.abc import Iterator

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
from .services import SERVICE, balanced, is_daemon, scaling_targets

MINIMUM_TASKS = Parameter(
    name="minimumTasks",
    schema={"type": "integer", "minimum": 1},
    default=2,
    what="How many tasks of a service always run.",
)


def check(service: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    balanced(service)
    if is_daemon(service):
        raise NotApplicable("a daemon has a task on each instance")
    minimum = parameters[MINIMUM_TASKS.name]
    targets = list(scaling_targets(service, stack))
    for target in targets:
        if target.properties.get("minCapacity", 0) < minimum:
            path = f"autoscaling target {target.name}: minCapacity"
            yield Finding(path, shown(target.properties.get("minCapacity")), f"{minimum} or more")
    if not targets and (service.properties.get("desiredCount") or 0) < minimum:
        yield Finding("desiredCount", shown(service.properties.get("desiredCount")), f"{minimum} or more")


RULE = StackRule(
    id="ECS-011",
    name="service-multiple-tasks",
    title="A service behind a load balancer always has a second task.",
    item=ChecklistItem.AUTO_RESTART,
    pitfall=Pitfall.SINGLE_INSTANCE,
    severity=Severity.HIGH,
    level=Level.ADVISORY,  # before there are users, the guide's smallest size runs one
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
    unproven="That the tasks stand in several zones (a rule of the network's) and that one can carry the load alone.",
)
