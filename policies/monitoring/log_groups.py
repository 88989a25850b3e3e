"""CloudWatch log groups that containers write to."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from ..ecs.definitions import TASK_DEFINITION, containers
from ..rule import Indeterminate, Resource, Stack
from ..values import UnknownValue

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"


def is_of_containers(stack: Stack, group: Resource) -> bool:
    """Return whether containers of this stack write to the log group."""
    if any(True for _ in stack.referring((TASK_DEFINITION,), "containerDefinitions", group, "name")):
        return True
    try:
        return str(group.outputs.get("name")) in _named(stack)
    except UnknownValue:
        return False  # the reference would identify it


@lru_cache(maxsize=1)  # every log group evaluates the same stack
def _named(stack: Stack) -> frozenset[str]:
    """Return the names of the groups in container definitions."""
    return frozenset(name for task in stack.of((TASK_DEFINITION,)) for name in _groups(task))


def _groups(task: Resource) -> Iterator[str]:
    try:
        for _, container in containers(task):
            options = (container.get("logconfiguration") or {}).get("options") or {}
            if name := options.get("awslogs-group"):
                yield str(name)
    except (UnknownValue, Indeterminate):
        return
