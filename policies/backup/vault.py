"""BCK-006: a backup vault has a customer managed key or a lock, which limits who can read or empty it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameters, Resource, Severity, Stack, StackRule, declared
from .plans import VAULT, VAULT_LOCK


def check(vault: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    locked = any(True for _ in stack.referring((VAULT_LOCK,), "backupVaultName", vault, "name"))
    if not locked and not declared(vault.properties, "kmsKeyArn"):
        yield Finding("kmsKeyArn", "not set, nor is the vault locked", "a customer managed key, or a vault lock")


RULE = StackRule(
    id="BCK-006",
    name="backup-vault-protected",
    title="A backup vault has a customer managed key or a lock.",
    item=ChecklistItem.BACKUPS,
    severity=Severity.LOW,
    # Advisory: every vault is encrypted, at least with the account's AWS managed key for backups.
    level=Level.ADVISORY,
    applies_to=(VAULT,),
    check=check,
    remediation="Set kms_key_arn when the vault is created, or add a VaultLockConfiguration.",
    example="""aws.backup.Vault("backups", kms_key_arn=key.arn)""",
    source="https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultLockConfiguration.html",
    read=date(2026, 11, 24),
)
