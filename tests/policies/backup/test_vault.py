from __future__ import annotations

from policies.backup.plans import VAULT, VAULT_LOCK
from policies.backup.vault import RULE
from policies.rule import Outcome, Stack
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource


def test_a_customer_managed_key_passes_also_when_unknown() -> None:
    assert evaluate(RULE, "vault").outcome is Outcome.PASS
    assert evaluate(RULE, "vault", {"kmsKeyArn": UNKNOWN}).outcome is Outcome.PASS


def test_a_lock_passes() -> None:
    vault = resource(VAULT, {"name": "v"}, "vault")
    lock = resource(VAULT_LOCK, {"backupVaultName": "v"}, "lock")
    assert RULE.evaluate(vault, Stack((vault, lock))).outcome is Outcome.PASS
    other = resource(VAULT_LOCK, {"backupVaultName": "w"}, "lock")
    assert RULE.evaluate(vault, Stack((vault, other))).outcome is Outcome.FAIL


def test_a_vault_without_key_and_lock_fails() -> None:
    assert [finding.path for finding in evaluate(RULE, "vault", {"kmsKeyArn": ABSENT}).findings] == ["kmsKeyArn"]
