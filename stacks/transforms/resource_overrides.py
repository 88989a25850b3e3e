"""The one way to change an argument that has no setting: by logical name, in the stack's configuration.

    pulumi config set --path tierup:resourceOverrides.api-alb.enableZonalShift true

It is in the configuration and not in a file of Python, so that it is reviewed with the stack it belongs to, and shown
by `pulumi stack output resource_overrides`. The argument is named as the provider names it and replaced as a whole.
An adjustment that reaches no resource is a fault: it would be believed to work.
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
    """What is adjusted, and what of it has found its resource."""

    def __init__(self, wanted: Mapping[str, Mapping[str, Any]]) -> None:
        self._wanted = wanted
        self._names: set[str] = set()

    def apply(self, args: ResourceTransformationArgs) -> ResourceTransformationResult | None:
        """A transformation that gives a resource its adjusted arguments; components have none that would count."""
        if args.type_.startswith("tierup:"):
            return None
        self._names.add(args.name)
        changed = self._wanted.get(args.name)
        if not changed:
            return None
        props = {key: value for key, value in args.props.items() if _snake(key) not in {*map(_snake, changed)}}
        return ResourceTransformationResult(props | {_snake(key): value for key, value in changed.items()}, args.opts)

    def applied(self) -> list[str]:
        """`name.argument = value` of each. Raises SettingsError for those whose resource the stack does not have."""
        errors = [
            ConfigError(
                key=f"tierup:resourceOverrides.{name}",
                problem=f"is the name of no resource of this stack.{_meant(name, self._names)}",
                remedy=f"pulumi config rm --path tierup:resourceOverrides.{name}",
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


def _meant(name: str, known: set[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f" Did you mean {close[0]}?" if close else ""


def _snake(key: str) -> str:
    """As the SDK's constructors have it."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", key).lower()
