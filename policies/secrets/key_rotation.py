"""SEC-005: a KMS key's material changes every year or more often."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Resource, ResourceRule, Severity, declared, shown
from .keys import KEY


def check(key: Resource, _parameters: Parameters) -> Iterator[Finding]:
    properties = key.properties
    if properties.get("customerMasterKeySpec") not in (None, "SYMMETRIC_DEFAULT"):
        raise NotApplicable("KMS rotates symmetric keys alone")
    if properties.get("keyUsage") not in (None, "ENCRYPT_DECRYPT"):
        raise NotApplicable("KMS rotates symmetric keys alone")
    if declared(properties, "customKeyStoreId") or declared(properties, "xksKeyId"):
        raise NotApplicable("KMS rotates no keys of a custom key store")
    if not properties.get("enableKeyRotation"):
        yield Finding("enableKeyRotation", shown(properties.get("enableKeyRotation")), "true")


RULE = ResourceRule(
    id="SEC-005",
    name="key-rotation",
    title="A KMS key rotates by itself.",
    item=ChecklistItem.SECRETS,
    severity=Severity.MEDIUM,
    applies_to=(KEY,),
    check=check,
    remediation="Set enable_key_rotation to true; what was encrypted before stays readable.",
    example='aws.kms.Key("app", enable_key_rotation=True)',
    source="https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html",
    read=date(2026, 11, 24),
)
