"""ECS-022: a Fargate service runs on the latest platform version, which receives security patches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Resource, ResourceRule, Severity, shown
from .services import SERVICE

# 1.0.0 is the only version for Windows; for Linux it is retired, so a service with 1.0.0 runs on Windows.
LATEST_VERSIONS = frozenset({"LATEST", "1.4.0", "1.0.0"})


def check(service: Resource, _parameters: Parameters) -> Iterator[Finding]:
    if service.properties.get("launchType") in ("EC2", "EXTERNAL"):
        raise NotApplicable("the service does not run on Fargate")
    version = service.properties.get("platformVersion")
    if version is not None and version not in LATEST_VERSIONS:
        yield Finding("platformVersion", shown(version), '"LATEST", or not set')


RULE = ResourceRule(
    id="ECS-022",
    name="service-platform-version",
    title="A Fargate service runs on the latest platform version.",
    item=ChecklistItem.CONTAINERIZATION,
    severity=Severity.MEDIUM,
    applies_to=(SERVICE,),
    check=check,
    remediation="Remove platform_version, which then defaults to LATEST.",
    example='aws.ecs.Service("api", task_definition=task.arn, launch_type="FARGATE", platform_version="LATEST")',
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html",
    read=date(2026, 11, 24),
)
