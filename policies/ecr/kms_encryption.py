"""ECR-005: a repository encrypts its images with a KMS key, whose use CloudTrail records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameters, Resource, ResourceRule, Severity, items, shown
from .repositories import REPOSITORY

KMS = frozenset({"KMS", "KMS_DSSE"})


def check(repository: Resource, _parameters: Parameters) -> Iterator[Finding]:
    kinds = [each.get("encryptionType") for _, each in items(repository.properties, "encryptionConfigurations")]
    if not KMS.intersection(kinds):
        found = shown(kinds[0] if kinds else None)
        yield Finding("encryptionConfigurations[0].encryptionType", found, '"KMS"')


RULE = ResourceRule(
    id="ECR-005",
    name="repository-customer-key",
    title="A repository encrypts its images with a KMS key.",
    item=ChecklistItem.BASELINE,
    severity=Severity.LOW,
    level=Level.ADVISORY,  # without KMS, ECR encrypts images with an AES-256 key that it manages
    applies_to=(REPOSITORY,),
    check=check,
    remediation="Choose KMS when you create the repository: changing the encryption replaces it.",
    example="""aws.ecr.Repository(
    "api",
    encryption_configurations=[{"encryption_type": "KMS", "kms_key": key.arn}],
)""",
    source="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_EncryptionConfiguration.html",
    read=date(2026, 11, 24),
)
