"""ECR-001: the repository or its registry scans an image for known vulnerabilities when it is pushed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule, block, items, shown
from .repositories import REPOSITORY

REGISTRY_SCANNING = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"
SCANS = frozenset({"SCAN_ON_PUSH", "CONTINUOUS_SCAN"})


def check(repository: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    on_push = block(repository.properties, "imageScanningConfiguration").get("scanOnPush")
    if not on_push and not any(_scans_all(registry) for registry in stack.of((REGISTRY_SCANNING,))):
        yield Finding(
            "imageScanningConfiguration.scanOnPush", shown(on_push), "true, or a scanning rule of the registry"
        )


def _scans_all(registry: Resource) -> bool:
    for _, rule in items(registry.properties, "rules"):
        filters = [each.get("filter") for _, each in items(rule, "repositoryFilters")]
        if rule.get("scanFrequency") in SCANS and "*" in filters:
            return True
    return False


RULE = StackRule(
    id="ECR-001",
    name="repository-scan-on-push",
    title="An image is scanned for vulnerabilities when it is pushed.",
    item=ChecklistItem.CONTAINERIZATION,
    severity=Severity.HIGH,
    applies_to=(REPOSITORY,),
    check=check,
    remediation="Set scan_on_push in the repository's image_scanning_configuration.",
    example='aws.ecr.Repository("api", image_scanning_configuration={"scan_on_push": True})',
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ecr-controls.html#ecr-1",
    read=date(2026, 11, 24),
    unproven="The rule does not see whether anyone reads the scan results.",
)
