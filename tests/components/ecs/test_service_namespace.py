"""Tests of the Service Connect namespace."""

from __future__ import annotations

from components.ecs.service_namespace import ServiceNamespace, ServiceNamespaceArgs
from tests.engine_recorder import record


def test_creates_one_http_namespace() -> None:
    recording = record(lambda: ServiceNamespace("app", ServiceNamespaceArgs(tags={"Stack": "dev"})))
    namespace = recording.one("aws:servicediscovery/httpNamespace:HttpNamespace")

    assert recording.tree() == {"app": None, "app-namespace": "app"}
    assert namespace.inputs["tags"] == {"Stack": "dev", "Name": "app-namespace"}
    assert recording.value(recording.result.arn).endswith(":app-namespace")
