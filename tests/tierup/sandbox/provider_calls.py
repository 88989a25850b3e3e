"""Calls the provider's methods as the engine does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi.runtime.proto import provider_pb2

from tierup.sandbox.cloud import Cloud
from tierup.sandbox.provider import Provider
from tierup.sandbox.registry import Registry, registry
from tierup.sandbox.wire import plain, struct


class Context:
    """The engine's end of a call."""

    def __init__(self, *, connected: bool = True) -> None:
        self.connected = connected

    def is_active(self) -> bool:
        return self.connected

    def peer(self) -> str:
        return "engine"

    def set_trailing_metadata(self, metadata: object) -> None:
        """Take the details of an error, which the message repeats."""

    def abort(self, _code: object, message: str) -> None:
        raise RuntimeError(message)


def urn(type: str, name: str) -> str:
    return f"urn:pulumi:dev::p::{type}::{name}"


class Engine:
    """Calls a provider as the engine does."""

    def __init__(self, rows: Registry | None = None, package: str = "aws") -> None:
        self.cloud = Cloud()
        self.context: Any = Context()
        self.provider = Provider(package, self.cloud, rows or registry())
        self.provider.Configure(provider_pb2.ConfigureRequest(args=struct({"region": "eu-west-1"})), self.context)

    def check(self, type: str, inputs: Mapping[str, Any], olds: Any = None, seed: bytes = b"seed") -> Any:
        return self.provider.Check(
            provider_pb2.CheckRequest(
                urn=urn(type, "it"), news=struct(inputs), olds=olds or struct({}), randomSeed=seed
            ),
            self.context,
        )

    def create(self, type: str, inputs: Mapping[str, Any], name: str = "it") -> Any:
        request = provider_pb2.CreateRequest(urn=urn(type, name), properties=struct(inputs))
        return self.provider.Create(request, self.context)

    def create_outputs(self, type: str, inputs: Mapping[str, Any], name: str = "it") -> dict[str, Any]:
        return plain(self.create(type, inputs, name).properties)[0]

    def diff(
        self, type: str, old: Mapping[str, Any], new: Mapping[str, Any], id: str = ""
    ) -> tuple[set[str], set[str]]:
        """Return the properties that a change updates, and those that replace the resource."""
        answer = self.provider.Diff(
            provider_pb2.DiffRequest(id=id, urn=urn(type, "it"), old_inputs=struct(old), news=struct(new)), self.context
        )
        return set(answer.diffs) - set(answer.replaces), set(answer.replaces)

    def update(self, type: str, id: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Update a resource and return its outputs."""
        answer = self.provider.Update(
            provider_pb2.UpdateRequest(id=id, urn=urn(type, "it"), news=struct(inputs)), self.context
        )
        return plain(answer.properties)[0]
