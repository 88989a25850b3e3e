"""ECR-002: a tag always names the same image, so that a rollback runs the image that ran before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, items, shown
from .repositories import REPOSITORY


def check(repository: Resource, _parameters: Parameters) -> Iterator[Finding]:
    mutability = repository.properties.get("imageTagMutability")
    if mutability not in ("IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"):
        yield Finding("imageTagMutability", shown(mutability or "MUTABLE"), '"IMMUTABLE"')
    if mutability == "IMMUTABLE_WITH_EXCLUSION":
        for path, each in items(repository.properties, "imageTagMutabilityExclusionFilters"):
            if not str(each.get("filter")).strip("*"):
                yield Finding(f"{path}.filter", '"*" (every tag)', "a filter for the mutable tags only")


RULE = ResourceRule(
    id="ECR-002",
    name="repository-immutable-tags",
    title="A repository's tags are immutable.",
    item=ChecklistItem.ROLLBACK,
    severity=Severity.MEDIUM,
    applies_to=(REPOSITORY,),
    check=check,
    remediation="Set image_tag_mutability to IMMUTABLE, and push each build under a unique tag.",
    example='aws.ecr.Repository("api", image_tag_mutability="IMMUTABLE")',
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ecr-controls.html#ecr-2",
    read=date(2026, 11, 24),
)
