"""ECR-003: a repository deletes old images automatically, since they cost money and receive no security patches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule
from .repositories import REPOSITORY

LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy"


def check(repository: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if not any(True for _ in stack.referring((LIFECYCLE,), "repository", repository, "name")):
        yield Finding("lifecycle policy", "missing", "a lifecycle policy that keeps the images for a rollback")


RULE = StackRule(
    id="ECR-003",
    name="repository-lifecycle",
    title="A repository has a lifecycle policy.",
    item=ChecklistItem.CONTAINERIZATION,
    severity=Severity.LOW,
    applies_to=(REPOSITORY,),
    check=check,
    remediation="Give the repository a lifecycle policy that expires all images except the latest.",
    example="""selection = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 30}
aws.ecr.LifecyclePolicy(
    "api",
    repository=repository.name,
    policy=json.dumps({"rules": [{"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}]}),
)""",
    source="https://docs.aws.amazon.com/controltower/latest/controlreference/ecr-rules.html",
    read=date(2026, 11, 24),
)
