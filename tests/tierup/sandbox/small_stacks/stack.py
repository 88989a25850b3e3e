"""Creates the resources of a small stack, and returns what the sandbox refuses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pulumi.runtime.proto import provider_pb2

from tierup.sandbox.cloud import Cloud
from tierup.sandbox.provider import Provider
from tierup.sandbox.registry import registry
from tierup.sandbox.wire import plain, struct

from ..provider_calls import Context, urn

Step = tuple[str, str, Mapping[str, Any]]
"""Logical name, type ("mongodbatlas:Project" for a type of the index module) and inputs of a resource.

An input "$name.output" is an output of an earlier resource, and "$name" is its id.
"""


def token(type: str) -> str:
    """Return the whole token of a type."""
    package, _, name = type.partition(":")
    return type if ":" in name else f"{package}:index/{name[0].lower()}{name[1:]}:{name}"


class SmallStack:
    """The resources of a stack. The providers of all its packages have one cloud."""

    def __init__(self, *steps: Step) -> None:
        self.cloud = Cloud()
        self.context: Any = Context()
        self.providers: dict[str, Provider] = {}
        self.outputs: dict[str, Mapping[str, Any]] = {}
        for step in steps:
            assert self.create(step) is None, step[0]

    def create(self, step: Step) -> str | None:
        """Create a resource, and return why it is refused."""
        name, type, inputs = step
        provider = self._provider(token(type))
        given = struct(self._resolved(dict(inputs)))
        at = urn(token(type), name)
        checked = provider.Check(
            provider_pb2.CheckRequest(urn=at, news=given, olds=struct({}), randomSeed=name.encode()), self.context
        )
        if checked.failures:
            return "; ".join(failure.reason for failure in checked.failures)
        try:
            made = provider.Create(provider_pb2.CreateRequest(urn=at, properties=checked.inputs), self.context)
        except RuntimeError as error:
            return str(error)
        self.outputs[name] = {**plain(made.properties)[0], "id": made.id}
        return None

    def delete(self, name: str, type: str) -> str | None:
        """Delete a resource, and return why this is refused."""
        request = provider_pb2.DeleteRequest(id=self.outputs[name]["id"], urn=urn(token(type), name))
        try:
            self._provider(token(type)).Delete(request, self.context)
        except RuntimeError as error:
            return str(error)
        return None

    def _provider(self, type: str) -> Provider:
        package = type.partition(":")[0]
        if package not in self.providers:
            provider = Provider(package, self.cloud, registry())
            arguments = struct({"region": "eu-west-1"})
            provider.Configure(provider_pb2.ConfigureRequest(args=arguments), self.context)
            self.providers[package] = provider
        return self.providers[package]

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: self._resolved(inner) for key, inner in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._resolved(inner) for inner in value]
        if not isinstance(value, str) or not value.startswith("$"):
            return value
        name, _, path = value[1:].partition(".")
        found: Any = self.outputs[name]
        for part in re.findall(r"[^.\[\]]+", path or "id"):
            found = found[int(part)] if part.isdigit() else found[part]
        return found
