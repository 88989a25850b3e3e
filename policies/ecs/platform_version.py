"""ECS-022: Fargate runs a service on its newest platform version, which gets the fixes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Resource, ResourceRule, Severity, shown
from .services import SERVICE

# 1.0.0 is Windows's only one; for Linux it is long gone, so whoever has it has Windows.
NEWEST = frozenset({"LATEST", "1.4.0", "1.0.0"})


def check(service: Resource, _parameters: Parameters) -> Iterator[Finding]:
    if service.properties.get("launchType") in ("EC2", "EXTERNAL"):
        raise NotApplicable("it does not run on Fargate")
    version = service.properties.get("platformVersion")
    if version is not None and version not in NEWEST:
        yield Finding("platformVersion", shown(version), '"LATEST", or not set')


RULE = ResourceRule(
    id="ECS-022",
    name="service-platform-version",
    title="A Fargate service runs on the newest platform version.",
    item=ChecklistItem.CONTAINERIZATION,
    severity=Severity.MEDIUM,
    applies_to=(SERVICE,),
    check=check,
    remediation="Leave out platform_version, which means LATEST.",
    example='aws.ecs.Service("api", task_definition=task.arn, launch_type="FARGATE", platform_version="LATEST")',
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html",
    read=date(2026, 11, 24),
)
