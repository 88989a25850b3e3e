"""Settings that a delete does not change in the cloud."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent import futures
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2_grpc, provider_pb2

from tierup.sandbox.cloudflare.kept_settings import KEPT_AFTER_DELETE
from tierup.sandbox.schema import sdk

from ..provider_calls import Engine, urn

ZONE = "cloudflare:index/zone:Zone"
SETTING = "cloudflare:index/zoneSetting:ZoneSetting"
TIERED = "cloudflare:index/argoTieredCaching:ArgoTieredCaching"
DNS_SETTINGS = "cloudflare:index/zoneDnsSettings:ZoneDnsSettings"


class Log(engine_pb2_grpc.EngineServicer):
    """The engine's end: it records what providers log."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str]] = []

    def Log(self, request: Any, context: Any) -> Any:  # noqa: ARG002 - gRPC defines the names
        self.messages.append((request.urn.rpartition("::")[2], request.message))
        return empty_pb2.Empty()


@pytest.fixture
def engine() -> Engine:
    return Engine(package="cloudflare")


@pytest.fixture
def log(engine: Engine) -> Iterator[Log]:
    """Serve an engine that takes warnings from the provider."""
    server, log = grpc.server(futures.ThreadPoolExecutor(1)), Log()
    engine_pb2_grpc.add_EngineServicer_to_server(log, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    engine.provider.Handshake(provider_pb2.ProviderHandshakeRequest(engine_address=f"127.0.0.1:{port}"), engine.context)
    yield log
    server.stop(None)


def delete(engine: Engine, type: str, id: str) -> None:
    engine.provider.Delete(provider_pb2.DeleteRequest(id=id, urn=urn(type, "it")), engine.context)


@pytest.mark.parametrize(
    ("type", "first", "second"),
    [
        (SETTING, {"settingId": "ssl", "value": "strict"}, {"settingId": "ssl", "value": "full"}),
        (TIERED, {"value": "on"}, {"value": "off"}),
    ],
)
def test_cloud_keeps_a_deleted_setting_until_the_next_create(
    engine: Engine, type: str, first: dict[str, Any], second: dict[str, Any]
) -> None:
    zone = engine.create(ZONE, {"name": "example.com", "account": {"id": "0" * 32}}, "zone").id
    id = engine.create(type, {"zoneId": zone, **first}).id
    delete(engine, type, id)
    read = engine.provider.Read(provider_pb2.ReadRequest(id=id, urn=urn(type, "it")), engine.context)
    assert read.properties["value"] == first["value"]
    (kept,) = engine.cloud.find(type, zoneId=zone)
    assert kept.urn == ""
    assert engine.create(type, {"zoneId": zone, **second}, "again").id == id
    assert [found.outputs["value"] for found in engine.cloud.find(type, zoneId=zone)] == [second["value"]]


def test_second_owner_of_a_setting_is_rejected(engine: Engine) -> None:
    zone = engine.create(ZONE, {"name": "example.com", "account": {"id": "0" * 32}}, "zone").id
    engine.create(TIERED, {"zoneId": zone, "value": "on"}, "one")
    with pytest.raises(RuntimeError, match="already exists"):
        engine.create(TIERED, {"zoneId": zone, "value": "off"}, "two")


@pytest.mark.parametrize("type", [TIERED, DNS_SETTINGS])
def test_provider_warns_that_a_delete_changes_nothing(engine: Engine, log: Log, type: str) -> None:
    zone = engine.create(ZONE, {"name": "example.com", "account": {"id": "0" * 32}}, "zone").id
    inputs = {"zoneId": zone, "value": "on"} if type == TIERED else {"zoneId": zone}
    id = engine.create(type, inputs).id
    delete(engine, type, id)
    created, deleted = log.messages
    assert created == (
        "it",
        "Resource Destruction Considerations: This resource cannot be destroyed from Terraform. If you create this"
        " resource, it will be present in the API until manually deleted.",
    )
    assert "will not change it in the API" in deleted[1]
    assert [found.id for found in engine.cloud.find(type)] == [id]


def test_provider_reports_no_warning_without_an_engine(engine: Engine) -> None:
    zone = engine.create(ZONE, {"name": "example.com", "account": {"id": "0" * 32}}, "zone").id
    assert engine.create(TIERED, {"zoneId": zone, "value": "on"}).id == zone


def test_kept_types_exist() -> None:
    assert len(KEPT_AFTER_DELETE) == 46
    assert set(sdk("cloudflare").tokens) >= KEPT_AFTER_DELETE.keys()
