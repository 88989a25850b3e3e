"""Changed copies of the arguments of a service or one-off task."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar

from components.ecs.fargate_service import FargateServiceArgs
from components.ecs.one_off_task import OneOffTaskArgs
from components.ecs.task import TaskArgs

_OF_TASK = frozenset(field.name for field in fields(TaskArgs))

Args = TypeVar("Args", bound=FargateServiceArgs | OneOffTaskArgs)


def changed(args: Args, **change: Any) -> Args:
    """Return a copy of `args` in which these arguments, its own or those of its task, are different."""
    task = {name: value for name, value in change.items() if name in _OF_TASK}
    own = {name: value for name, value in change.items() if name not in _OF_TASK}
    return replace(args, task=replace(args.task, **task), **own)
