"""The backup plan: what is kept for how long, by whom, and that no account setting can empty it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.backup.plan import BackupPlan, BackupPlanArgs, BackupTimes
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


def rules(times: BackupTimes = ARGS.times) -> dict[str, Any]:
    made = record(lambda: BackupPlan("backups", replace(ARGS, times=times))).one(PLAN)
    return {rule["ruleName"]: rule for rule in made.inputs["rules"]}


def test_it_is_made_of_these_and_no_others(recording: Recording[BackupPlan]) -> None:
    parts = ("vault", "role", "backup", "restore", "plan", "selection", "restore-tests", "restored")

    assert recording.tree() == {"backups": None, **{f"backups-{part}": "backups" for part in parts}}


def test_the_vault_has_its_own_key_and_keeps_what_it_holds(recording: Recording[BackupPlan]) -> None:
    vault = recording.one("aws:backup/vault:Vault").inputs

    assert vault["kmsKeyArn"] == ARGS.kms_key_arn
    assert vault["forceDestroy"] is False


def test_dailies_are_continuous_and_each_kind_is_kept_for_its_time() -> None:
    kept = {kind: (rule["lifecycle"]["deleteAfter"], rule["enableContinuousBackup"]) for kind, rule in rules().items()}

    assert kept == {"daily": (35, True), "weekly": (90, False), "monthly": (365, False)}
    assert len({rule["schedule"] for rule in rules().values()}) == 3


def test_a_kind_of_no_days_is_left_out() -> None:
    assert set(rules(BackupTimes(weekly_days=0, monthly_days=0))) == {"daily"}


def test_it_names_what_it_backs_up_rather_than_a_tag(recording: Recording[BackupPlan]) -> None:
    selection = recording.one("aws:backup/selection:Selection")

    assert selection.inputs["resources"] == ["arn:aws:s3:::site"]
    assert "selectionTags" not in selection.inputs
    assert {"backups-backup", "backups-restore"} <= selection.opts.depends_on


def test_its_role_serves_aws_backup_alone_with_what_s3_needs(recording: Recording[BackupPlan]) -> None:
    (trust,) = statements(recording.one("aws:iam/role:Role"), "assumeRolePolicy")
    attached = {each.inputs["policyArn"].rpartition("/")[2] for each in recording.of(ATTACHMENT)}

    assert trust["Principal"] == {"Service": "backup.amazonaws.com"}
    assert attached == {"AWSBackupServiceRolePolicyForS3Backup", "AWSBackupServiceRolePolicyForS3Restore"}


def test_each_month_the_newest_backup_of_its_vault_is_restored_for_a_day(recording: Recording[BackupPlan]) -> None:
    tests = recording.one("aws:backup/restoreTestingPlan:RestoreTestingPlan")
    selection = recording.one("aws:backup/restoreTestingSelection:RestoreTestingSelection")
    chosen = tests.inputs["recoveryPointSelection"]

    assert tests.inputs["scheduleExpression"] == "cron(0 6 15 * ? *)"
    assert tests.inputs["name"] == "backups_vault_name", "as the vault, without the hyphens that AWS refuses"
    assert chosen["includeVaults"] == [recording.value(recording.result.vault_arn)]
    assert (chosen["algorithm"], set(chosen["recoveryPointTypes"])) == (
        "LATEST_WITHIN_WINDOW",
        {"CONTINUOUS", "SNAPSHOT"},
    )
    assert selection.inputs["restoreTestingPlanName"] == "backups_vault_name"
    assert (selection.inputs["protectedResourceType"], selection.inputs["validationWindowHours"]) == ("S3", 24)
    assert "backups-restore" in selection.opts.depends_on


def test_restores_can_be_left_untested_and_a_schedule_is_checked() -> None:
    untested = record(lambda: BackupPlan("backups", replace(ARGS, restore_tests=None)))

    assert not {"backups-restore-tests", "backups-restored"} & set(untested.tree())
    with pytest.raises(ValueError, match="restore_tests is 'monthly'; give None or a form like"):
        replace(ARGS, restore_tests="monthly")


ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"daily_days": 36}, "daily_days is 36; allowed are 1 to 35"),
        ({"daily_days": 0}, "daily_days is 0"),
        ({"weekly_days": 6}, "weekly_days is 6; allowed is 0 .none. or 7"),
        ({"monthly_days": 30}, "monthly_days is 30; allowed is 0 .none. or 31"),
    ],
)
def test_times_that_aws_cannot_keep_are_refused(wrong: dict[str, int], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        BackupTimes(**wrong)


def test_a_plan_for_nothing_and_a_name_too_long_are_refused() -> None:
    with pytest.raises(ValueError, match="resource_arns is empty"):
        replace(ARGS, resource_arns={})
    with pytest.raises(ValueError, match="at most 32 characters"):
        record(lambda: BackupPlan("b" * 33, ARGS))
