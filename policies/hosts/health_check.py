"""HOST-001: a service on a host has a health check, without which traffic reaches a deployment that does not work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, shown

RENDER = "render:services:WebService"
RAILWAY = "pulumi-python:dynamic/railway:Deployment"


def check(service: Resource, _parameters: Parameters) -> Iterator[Finding]:
    if service.type == RENDER:
        details = service.properties.get("serviceDetails")
        path, found = "serviceDetails.healthCheckPath", details.get("healthCheckPath") if details else None
    else:
        path, found = "health_check_path", service.properties.get("health_check_path")
    if not found:
        yield Finding(path, shown(found), "the path of the service's health check")


RULE = ResourceRule(
    id="HOST-001",
    name="host-service-health-check",
    title="A service on a managed host has a health check.",
    item=ChecklistItem.HEALTH_CHECK,
    severity=Severity.MEDIUM,
    applies_to=(RENDER, RAILWAY),
    check=check,
    remediation="Set the health check path to a path that answers with 200 once the service can work.",
    example="""render.WebService(
    "api", owner_id=owner, name="api", service_details={"runtime": "docker", "health_check_path": "/health"}
)""",
    source="https://github.com/cloudy-sky-software/pulumi-render, openapi.yml, webServiceDetails.healthCheckPath",
    read=date(2026, 11, 28),
)
