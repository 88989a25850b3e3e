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


RECORD = "urn:pulumi:dev::p::aws:route53/record:Record::"


def test_create_with_allow_overwrite_updates_the_existing_record() -> None:
    cloud, context = Cloud(), Context(connected=True)
    provider = Provider("aws", cloud, registry())
    provider.Configure(provider_pb2.ConfigureRequest(args=struct({"region": "eu-west-1"})), context)
    zone = provider.Create(
        provider_pb2.CreateRequest(
            urn="urn:pulumi:dev::p::aws:route53/zone:Zone::z", properties=struct({"name": "example.com"})
        ),
        context,
    )
    record = {"zoneId": zone.id, "name": "_proof", "type": "CNAME", "ttl": 60, "records": ["a.example.net"]}

    def create_record(name: str, inputs: dict[str, Any]) -> Any:
        return provider.Create(provider_pb2.CreateRequest(urn=RECORD + name, properties=struct(inputs)), context)

    first = create_record("first", record)
    with pytest.raises(RuntimeError, match="already exists"):
        create_record("second", record)
    assert create_record("second", {**record, "allowOverwrite": True}).id == first.id
    assert len(list(cloud.find("aws:route53/record:Record"))) == 1


def test_call_that_the_provider_retries_waits_for_its_dependency(monkeypatch: pytest.MonkeyPatch) -> None:
    """terraform-provider-aws retries a bucket setting while S3 answers NoSuchBucket."""
    cloud, context = Cloud(), Context(connected=True)
    provider = Provider("aws", cloud, registry())
    provider.Configure(provider_pb2.ConfigureRequest(args=struct({"region": "eu-west-1"})), context)

    def create_resource(type: str, inputs: dict[str, Any]) -> Any:
        urn = f"urn:pulumi:dev::p::{type}::it"
        return provider.Create(provider_pb2.CreateRequest(urn=urn, properties=struct(inputs)), context)

    def create_bucket(_seconds: float) -> None:
        if not list(cloud.find("aws:s3/bucket:Bucket")):
            create_resource("aws:s3/bucket:Bucket", {"bucket": "late-1"})

    monkeypatch.setattr("tierup.sandbox.provider.time.sleep", create_bucket)
    versioning = {"bucket": "late-1", "versioningConfiguration": {"status": "Enabled"}}
    assert create_resource("aws:s3/bucketVersioning:BucketVersioning", versioning).id == "late-1"
    monkeypatch.setattr("tierup.sandbox.provider._RETRY_SECONDS", 0.0)
    with pytest.raises(RuntimeError, match="does not exist"):
        create_resource("aws:s3/bucketVersioning:BucketVersioning", {**versioning, "bucket": "never-1"})
