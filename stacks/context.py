"""The context of one stack: settings, lookups, tags and the resource options of its components."""

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
from stacks.transforms.ignore_changes import ignore_changes
from stacks.transforms.protection import protect_stateful
from stacks.transforms.resource_overrides import ResourceOverrides

EDGE_REGION: Final = "us-east-1"
"""The region of CloudFront's certificates, web ACLs and metrics, whatever the stack's region is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StackContext:
    """What every part of the stack needs; each function in stacks/resources takes it first."""

    project: str
    stack: str
    settings: Settings
    lookups: Lookups
    tags: Mapping[str, str]
    resource_overrides: ResourceOverrides
    opts: ResourceOptions  # of every top-level component
    suffix: str = ""  # of the logical names in a further region: "-euc1"

    def named(self, name: str) -> str:
        """Return the logical name of a part that each region has; in the first region it is `name` itself."""
        return f"{name}{self.suffix}"

    def has(self, feature: Feature) -> bool:
        """Return whether the phase of the stack has the feature."""
        return feature in features(self.settings.phase)

    @property
    def other_regions(self) -> Sequence[str]:
        """The two further regions of the database. The first one also holds the copy of the site."""
        return self.settings.database_regions or NEIGHBOURS[self.settings.region]

    @property
    def secret_recovery_days(self) -> int:
        """The recovery window of deleted secrets in days: 0 without protection, so that `up` can follow `destroy` at
        once."""
        return 30 if self.settings.protect else 0


def create_context(settings: Settings) -> StackContext:
    """Look up the account, zones and DNS zone. Raises pulumi.RunError when one of them is missing."""
    project, stack = pulumi.get_project(), pulumi.get_stack()
    tags = stack_tags(project=project, stack=stack)
    resource_overrides = ResourceOverrides(settings.resource_overrides)
    transformations = [resource_overrides.apply, ignore_changes(features(settings.phase))]
    return StackContext(
        project=project,
        stack=stack,
        settings=settings,
        lookups=look_up(settings, tags),
        tags=tags,
        resource_overrides=resource_overrides,
        opts=ResourceOptions(transformations=[*transformations, *([protect_stateful] if settings.protect else [])]),
    )
