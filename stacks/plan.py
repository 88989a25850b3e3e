"""What every part of one stack needs to know: its settings, what it found, its tags and the options of its
components."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi import ResourceOptions

from components.tags import stack_tags

from .phases import Block, blocks
from .protection import protect_stateful
from .settings import Settings
from .surroundings import Surroundings, look_up


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """Handed from part to part."""

    project: str
    stack: str
    settings: Settings
    around: Surroundings
    tags: Mapping[str, str]
    opts: ResourceOptions  # of every top-level component

    def has(self, block: Block) -> bool:
        """Whether the stack's phase has the block."""
        return block in blocks(self.settings.phase)

    @property
    def recovery_days(self) -> int:
        """Days a deleted secret can be brought back: none for a stack that may be torn down and rise again at once."""
        return 30 if self.settings.protect else 0


def make_plan(settings: Settings) -> Plan:
    """Looks around, and raises pulumi.RunError where something is missing that the stack stands on."""
    project, stack = pulumi.get_project(), pulumi.get_stack()
    return Plan(
        project=project,
        stack=stack,
        settings=settings,
        around=look_up(settings),
        tags=stack_tags(project=project, stack=stack),
        opts=ResourceOptions(transformations=[protect_stateful] if settings.protect else None),
    )
