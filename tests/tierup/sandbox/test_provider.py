"""What the provider does when whoever asked is gone; its other doings are tested on the real engine."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from tierup.sandbox.cloud import Cloud
from tierup.sandbox.provider import Provider
from tierup.sandbox.registry import registry
from tierup.sandbox.wire import struct

URN = "urn:pulumi:dev::p::aws:sns/topic:Topic::bell"


class Asker:
    """The engine's end of a call."""

    def __init__(self, *, there: bool) -> None:
        self.there = there

    def is_active(self) -> bool:
        return self.there

    def peer(self) -> str:
        return "engine"

    def abort(self, _code: object, message: str) -> None:
        raise RuntimeError(message)


def create(cloud: Cloud, asker: Any) -> Any:
    provider = Provider("aws", cloud, registry())
    provider.Configure(provider_pb2.ConfigureRequest(args=struct({"region": "eu-west-1"})), asker)
    return provider.Create(provider_pb2.CreateRequest(urn=URN, properties=struct({"name": "bell"})), asker)


def test_a_deed_that_nobody_waits_for_any_more_is_not_done() -> None:
    """Else it would be done after a killed engine's leftovers were settled, and again by the next run."""
    cloud = Cloud()
    with pytest.raises(RuntimeError, match="is gone"):
        create(cloud, Asker(there=False))
    assert cloud.all() == []
    assert create(cloud, Asker(there=True)).id == cloud.all()[0].id
