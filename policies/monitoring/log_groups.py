"""CloudWatch log groups: who writes into them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from ..ecs.definitions import TASK_DEFINITION, containers
from ..rule import Indeterminate, Resource, Stack
from ..values import UnknownValue

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"


def is_of_containers(stack: Stack, group: Resource) -> bool:
    """Whether containers of this stack write to the log group."""
    if any(True for _ in stack.referring((TASK_DEFINITION,), "containerDefinitions", group, "name")):
        return True
    try:
        return str(group.outputs.get("name")) in _named(stack)
    except UnknownValue:
        return False  # its name would flow from here


@lru_cache(maxsize=1)  # every log group asks it of the same stack
def _named(stack: Stack) -> frozenset[str]:
    """The groups that containers name."""
    return frozenset(name for task in stack.of((TASK_DEFINITION,)) for name in _groups(task))


def _groups(task: Resource) -> Iterator[str]:
    try:
        for _, container in containers(task):
            options = (container.get("logconfiguration") or {}).get("options") or {}
            if name := options.get("awslogs-group"):
                yield str(name)
    except (UnknownValue, Indeterminate):
        return
