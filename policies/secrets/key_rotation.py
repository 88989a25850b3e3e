"""SEC-005: a KMS key rotates automatically every year or more often."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Resource, ResourceRule, Severity, declared, shown
from .keys import KEY


def check(key: Resource, _parameters: Parameters) -> Iterator[Finding]:
    properties = key.properties
    if properties.get("customerMasterKeySpec") not in (None, "SYMMETRIC_DEFAULT"):
        raise NotApplicable("KMS rotates only symmetric encryption keys")
    if properties.get("keyUsage") not in (None, "ENCRYPT_DECRYPT"):
        raise NotApplicable("KMS rotates only symmetric encryption keys")
    if declared(properties, "customKeyStoreId") or declared(properties, "xksKeyId"):
        raise NotApplicable("KMS does not rotate keys in a custom key store")
    if not properties.get("enableKeyRotation"):
        yield Finding("enableKeyRotation", shown(properties.get("enableKeyRotation")), "true")


RULE = ResourceRule(
    id="SEC-005",
    name="key-rotation",
    title="A KMS key rotates automatically.",
    item=ChecklistItem.SECRETS,
    severity=Severity.MEDIUM,
    applies_to=(KEY,),
    check=check,
    remediation="Set enable_key_rotation to true; data encrypted before a rotation stays readable.",
    example='aws.kms.Key("app", enable_key_rotation=True)',
    source="https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html",
    read=date(2026, 11, 24),
)
