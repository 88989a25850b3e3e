"""EKS-002: a cluster encrypts Kubernetes secrets with a customer managed key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, block, declared
from .clusters import CLUSTER


def check(cluster: Resource, _parameters: Parameters) -> Iterator[Finding]:
    provider = block(block(cluster.properties, "encryptionConfig"), "provider")
    if not declared(provider, "keyArn"):
        yield Finding("encryptionConfig.provider.keyArn", "not set", "the ARN of a KMS key")


RULE = ResourceRule(
    id="EKS-002",
    name="cluster-secrets-encrypted",
    title="A cluster encrypts Kubernetes secrets with a customer managed key.",
    item=ChecklistItem.SECRETS,
    severity=Severity.MEDIUM,
    applies_to=(CLUSTER,),
    check=check,
    remediation="Set encryption_config with a KMS key and the resource secrets. It cannot be removed later.",
    example='encryption_config = {"provider": {"key_arn": key.arn}, "resources": ["secrets"]}',
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/eks-controls.html#eks-3",
    read=date(2026, 11, 28),
)
