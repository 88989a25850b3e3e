"""What every part of one stack needs to know: its settings, what it found, its tags and the options of its
components."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi import ResourceOptions

from components.tags import stack_tags
from stacks.catalog.phases import Feature, features
from stacks.catalog.regions import NEIGHBOURS
from stacks.config.model import Settings
from stacks.lookups import Lookups, look_up
from stacks.transforms import ignore_changes as controller_owned
from stacks.transforms.protection import protect_stateful
from stacks.transforms.resource_overrides import ResourceOverrides

EDGE_REGION: Final = "us-east-1"
"""Where CloudFront's certificates, firewalls and metrics are, whatever the stack's region."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StackContext:
    """Handed from part to part."""

    project: str
    stack: str
    settings: Settings
    lookups: Lookups
    tags: Mapping[str, str]
    resource_overrides: ResourceOverrides
    opts: ResourceOptions  # of every top-level component

    def has(self, block: Feature) -> bool:
        """Whether the stack's phase has the block."""
        return block in features(self.settings.phase)

    @property
    def other_regions(self) -> Sequence[str]:
        """Two that are near, the first of them for the site's copy."""
        return self.settings.database_regions or NEIGHBOURS[self.settings.region]

    @property
    def secret_recovery_days(self) -> int:
        """Days a deleted secret can be brought back: none for a stack that may be torn down and rise again at once."""
        return 30 if self.settings.protect else 0


def create_context(settings: Settings) -> StackContext:
    """Looks around, and raises pulumi.RunError where something is missing that the stack stands on."""
    project, stack = pulumi.get_project(), pulumi.get_stack()
    resource_overrides = ResourceOverrides(settings.resource_overrides)
    rules = [resource_overrides.apply, controller_owned.ignore_changes(features(settings.phase))]
    return StackContext(
        project=project,
        stack=stack,
        settings=settings,
        lookups=look_up(settings),
        tags=stack_tags(project=project, stack=stack),
        resource_overrides=resource_overrides,
        opts=ResourceOptions(transformations=[*rules, *([protect_stateful] if settings.protect else [])]),
    )
