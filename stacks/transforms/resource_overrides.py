"""Overrides of single resource arguments that have no setting, by logical name, in the stack's configuration.

    pulumi config set --path tierup:resourceOverrides.api-alb.enableZonalShift true

Overrides are configuration and not Python code, so that they are reviewed with their stack and appear in
`pulumi stack output resource_overrides`. The argument has the provider's name, and the override replaces its whole
value. An override of a resource that the stack does not have is an error, because it would have no effect.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi import ResourceTransformationArgs, ResourceTransformationResult

from stacks.config.errors import ConfigError, InvalidConfigError


class ResourceOverrides:
    """The overrides of one stack, and the resources that they were applied to."""

    def __init__(self, wanted: Mapping[str, Mapping[str, Any]]) -> None:
        self._wanted = wanted
        self._names: set[str] = set()

    def apply(self, args: ResourceTransformationArgs) -> ResourceTransformationResult | None:
        """Apply the overrides to a resource, as a transformation. Components are skipped, because they have no cloud
        arguments."""
        if args.type_.startswith("tierup:"):
            return None
        self._names.add(args.name)
        changed = self._wanted.get(args.name)
        if not changed:
            return None
        props = {key: value for key, value in args.props.items() if _snake(key) not in {*map(_snake, changed)}}
        return ResourceTransformationResult(props | {_snake(key): value for key, value in changed.items()}, args.opts)

    def applied(self) -> list[str]:
        """Return `name.argument = value` of each override.

        Raises InvalidConfigError for overrides of resources that the stack does not have.
        """
        errors = [
            ConfigError(
                key=f"tierup:resourceOverrides.{name}",
                problem="the stack has no resource with this logical name",
                expected=_suggestion(name, self._names),
                command=f"pulumi config rm --path tierup:resourceOverrides.{name}",
            )
            for name in sorted(self._wanted.keys() - self._names)
        ]
        if errors:
            raise InvalidConfigError(pulumi.get_stack(), errors)
        return [
            f"{name}.{key} = {json.dumps(value)}"
            for name, changed in sorted(self._wanted.items())
            for key, value in sorted(changed.items())
        ]


def _suggestion(name: str, known: set[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"Did you mean {close[0]}?" if close else "Use the logical name of one of its resources"


def _snake(key: str) -> str:
    """Return the snake_case name that the SDK's constructor uses."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", key).lower()
