"""The provider's methods, called directly; tests/engine tests them with the real engine."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from tierup.sandbox.cloud import Cloud
from tierup.sandbox.provider import Provider
from tierup.sandbox.registry import registry
from tierup.sandbox.wire import struct

URN = "urn:pulumi:dev::p::aws:sns/topic:Topic::bell"


class Context:
    """The engine's end of a call."""

    def __init__(self, *, connected: bool) -> None:
        self.connected = connected

    def is_active(self) -> bool:
        return self.connected

    def peer(self) -> str:
        return "engine"

    def abort(self, _code: object, message: str) -> None:
        raise RuntimeError(message)


def create(cloud: Cloud, context: Any) -> Any:
    provider = Provider("aws", cloud, registry())
    provider.Configure(provider_pb2.ConfigureRequest(args=struct({"region": "eu-west-1"})), context)
    return provider.Create(provider_pb2.CreateRequest(urn=URN, properties=struct({"name": "bell"})), context)


def test_change_of_a_disconnected_engine_is_not_performed() -> None:
    """Otherwise it would be performed after the state of a killed engine was recovered, and again by the next run."""
    cloud = Cloud()
    with pytest.raises(RuntimeError, match="has disconnected"):
        create(cloud, Context(connected=False))
    assert cloud.all() == []
    assert create(cloud, Context(connected=True)).id == cloud.all()[0].id
