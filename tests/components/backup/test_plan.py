"""The backup plan: rules and retention, selection, role and restore tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.backup.plan import BackupCopy, BackupPlan, BackupPlanArgs, RecoveryPointRetention
from tests.components.policy_documents import statements
from tests.engine_recorder import Recording, record

ARGS = BackupPlanArgs(
    resource_arns={"site": "arn:aws:s3:::site"},
    kms_key_arn="arn:aws:kms:eu-west-1:111122223333:key/1",
    tags={"Stack": "dev"},
)
PLAN = "aws:backup/plan:Plan"


@pytest.fixture(scope="module")
def recording() -> Recording[BackupPlan]:
    return record(lambda: BackupPlan("backups", ARGS))


def rules(retention: RecoveryPointRetention = ARGS.retention) -> dict[str, Any]:
    plan = record(lambda: BackupPlan("backups", replace(ARGS, retention=retention))).one(PLAN)
    return {rule["ruleName"]: rule for rule in plan.inputs["rules"]}


def test_creates_exactly_these_resources(recording: Recording[BackupPlan]) -> None:
    parts = ("vault", "role", "backup", "restore", "plan", "selection", "restore-tests", "restore-test-selection")

    assert recording.tree() == {"backups": None, **{f"backups-{part}": "backups" for part in parts}}


def test_vault_has_the_given_key_and_is_not_force_destroyed(recording: Recording[BackupPlan]) -> None:
    vault = recording.one("aws:backup/vault:Vault").inputs

    assert vault["kmsKeyArn"] == ARGS.kms_key_arn
    assert vault["forceDestroy"] is False


def test_daily_backups_are_continuous_and_each_kind_has_its_retention() -> None:
    rows = {kind: (rule["lifecycle"]["deleteAfter"], rule["enableContinuousBackup"]) for kind, rule in rules().items()}

    assert rows == {"daily": (35, True), "weekly": (90, False), "monthly": (365, False)}
    assert len({rule["schedule"] for rule in rules().values()}) == 3


def test_kind_with_zero_days_has_no_rule() -> None:
    assert set(rules(RecoveryPointRetention(weekly_days=0, monthly_days=0))) == {"daily"}


def test_selection_names_arns_and_no_tags(recording: Recording[BackupPlan]) -> None:
    selection = recording.one("aws:backup/selection:Selection")

    assert selection.inputs["resources"] == ["arn:aws:s3:::site"]
    assert "selectionTags" not in selection.inputs
    assert {"backups-backup", "backups-restore"} <= selection.opts.depends_on


def test_role_trusts_aws_backup_with_the_managed_s3_policies(recording: Recording[BackupPlan]) -> None:
    (trust,) = statements(recording.one("aws:iam/role:Role"), "assumeRolePolicy")
    attached = {each.inputs["policyArn"].rpartition("/")[2] for each in recording.of(ATTACHMENT)}

    assert trust["Principal"] == {"Service": "backup.amazonaws.com"}
    assert attached == {"AWSBackupServiceRolePolicyForS3Backup", "AWSBackupServiceRolePolicyForS3Restore"}


def test_restore_testing_plan_restores_the_newest_recovery_point(recording: Recording[BackupPlan]) -> None:
    tests = recording.one("aws:backup/restoreTestingPlan:RestoreTestingPlan")
    selection = recording.one("aws:backup/restoreTestingSelection:RestoreTestingSelection")
    chosen = tests.inputs["recoveryPointSelection"]

    assert tests.inputs["scheduleExpression"] == "cron(0 6 15 * ? *)"
    assert tests.inputs["name"] == "backups_vault_name", "the vault's name without hyphens, which AWS rejects"
    assert chosen["includeVaults"] == [recording.value(recording.result.vault_arn)]
    assert (chosen["algorithm"], set(chosen["recoveryPointTypes"])) == (
        "LATEST_WITHIN_WINDOW",
        {"CONTINUOUS", "SNAPSHOT"},
    )
    assert selection.inputs["restoreTestingPlanName"] == "backups_vault_name"
    assert (selection.inputs["protectedResourceType"], selection.inputs["validationWindowHours"]) == ("S3", 24)
    assert "backups-restore" in selection.opts.depends_on


def test_restore_tests_are_optional_and_their_schedule_is_checked() -> None:
    untested = record(lambda: BackupPlan("backups", replace(ARGS, restore_tests=None)))

    assert not {"backups-restore-tests", "backups-restore-test-selection"} & set(untested.tree())
    with pytest.raises(ValueError, match=r"^restore_tests: .*\(got 'monthly'\)\. Give None or a form like"):
        replace(ARGS, restore_tests="monthly")


ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"daily_days": 36}, r"^daily_days: .*\(got 36\)\. Give 1 to 35"),
        ({"daily_days": 0}, r"^daily_days: .*\(got 0\)"),
        ({"weekly_days": 6}, r"^weekly_days: .*\(got 6\)\. Give 7 or more, or 0"),
        ({"monthly_days": 30}, r"^monthly_days: .*\(got 30\)\. Give 31 or more, or 0"),
    ],
)
def test_invalid_retention_is_rejected(wrong: dict[str, int], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        RecoveryPointRetention(**wrong)


def test_empty_plan_and_long_name_are_rejected() -> None:
    with pytest.raises(ValueError, match="resource_arns: must not be empty"):
        replace(ARGS, resource_arns={})
    with pytest.raises(ValueError, match="Use at most 32 characters"):
        record(lambda: BackupPlan("b" * 33, ARGS))


COPY = BackupCopy(region="eu-central-1", kms_key_arn="arn:aws:kms:eu-central-1:111122223333:key/2")


def test_snapshots_are_copied_to_a_vault_of_the_other_region() -> None:
    recording = record(lambda: BackupPlan("backups", replace(ARGS, copy=COPY)))
    copies = recording.named("backups-copies")
    copied = {
        rule["ruleName"]: [(each["destinationVaultArn"], each["lifecycle"]["deleteAfter"]) for each in copy_actions]
        for rule in recording.one(PLAN).inputs["rules"]
        if (copy_actions := rule.get("copyActions"))
    }
    (allowed,) = statements(recording.named("backups-copy"))

    assert (copies.inputs["region"], copies.inputs["kmsKeyArn"]) == ("eu-central-1", COPY.kms_key_arn)
    assert copied == {"weekly": [(allowed["Resource"], 90)], "monthly": [(allowed["Resource"], 365)]}
    assert allowed["Action"] == "backup:CopyIntoBackupVault"


def test_copies_of_continuous_backups_alone_are_rejected() -> None:
    with pytest.raises(ValueError, match="copy: has nothing to copy"):
        replace(ARGS, copy=COPY, retention=RecoveryPointRetention(weekly_days=0, monthly_days=0))
