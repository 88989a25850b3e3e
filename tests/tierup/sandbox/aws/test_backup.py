"""Tests of the behaviour rows of AWS Backup."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.behaviour import UNKNOWN

from .account import Account

VAULT = "aws:backup/vault:Vault"
PLAN = "aws:backup/plan:Plan"
SELECTION = "aws:backup/selection:Selection"
RESTORE_PLAN = "aws:backup/restoreTestingPlan:RestoreTestingPlan"
RESTORED = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
INVALID = {"InvalidParameterValueException"}
BUCKET = "arn:aws:s3:::site"


def backup_rule(**more: Any) -> dict[str, Any]:
    return {"ruleName": "daily", "targetVaultName": "Default", "schedule": "cron(0 2 ? * * *)", **more}


def role(account: Account, service: str = "backup.amazonaws.com") -> str:
    trust = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
        f'"Principal":{{"Service":"{service}"}}}}]}}'
    )
    return account.make("aws:iam/role:Role", service.partition(".")[0], assumeRolePolicy=trust).outputs["arn"]


def test_plan_with_vault_and_selection_is_created() -> None:
    account = Account()
    vault = account.make(VAULT, name="backups")
    plan = account.make(PLAN, name="nightly", rules=[backup_rule(targetVaultName="backups")])
    selection = account.make(SELECTION, name="site", planId=plan.id, iamRoleArn=role(account), resources=[BUCKET])

    assert vault.outputs["arn"] == "arn:aws:backup:eu-west-1:123456789012:backup-vault:backups"
    assert account.delete_codes(plan) == {"InvalidRequestException"}, "the selection hangs on it"
    assert account.replaced_by(selection, resources=["arn:aws:s3:::other"]) == {"resources[0]"}
    assert not account.replaced_by(plan, rules=[backup_rule(targetVaultName="backups", schedule="cron(0 3 ? * * *)")])


def test_changed_plan_has_new_version() -> None:
    account = Account()
    plan = account.make(PLAN, name="nightly", rules=[backup_rule()])
    after = account.change(plan, rules=[backup_rule(ruleName="weekly")])

    assert after.outputs["version"] != plan.outputs["version"]
    assert after.id == plan.id


def test_changed_key_replaces_vault() -> None:
    account = Account()
    vault = account.make(VAULT, name="backups")

    assert account.codes(VAULT, name="b") == account.codes(VAULT, name="two words")
    assert account.codes(VAULT, "other", name="backups") == {"AlreadyExistsException"}
    assert account.codes(VAULT, name="more", kmsKeyArn="arn:aws:kms:eu-west-1:123456789012:key/none") == INVALID
    assert account.replaced_by(vault, kmsKeyArn="arn:aws:kms:eu-west-1:123456789012:key/1") == {"kmsKeyArn"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"ruleName": "two words"},
        {"startWindow": 30},
        {"startWindow": 60, "completionWindow": 90},
        {"schedule": "every night"},
        {"lifecycle": {"deleteAfter": 90, "coldStorageAfter": 30}},
        {"enableContinuousBackup": True},
        {"enableContinuousBackup": True, "lifecycle": {"deleteAfter": 36}},
    ],
)
def test_invalid_backup_rule_is_rejected(wrong: dict[str, Any]) -> None:
    assert {
        rejection.code for rejection in Account().planned(PLAN, name="nightly", rules=[backup_rule(**wrong)])
    } == INVALID


@pytest.mark.parametrize(
    "right",
    [
        {"startWindow": 60, "completionWindow": 120},
        {"lifecycle": {"deleteAfter": 120, "coldStorageAfter": 30}},
        {"enableContinuousBackup": True, "lifecycle": {"deleteAfter": 35}},
        {"lifecycle": {"deleteAfter": UNKNOWN}, "enableContinuousBackup": True},
    ],
)
def test_valid_backup_rule_is_accepted(right: dict[str, Any]) -> None:
    assert not Account().planned(PLAN, name="nightly", rules=[backup_rule(**right)])


def test_duplicate_rule_name_and_missing_vault_are_rejected() -> None:
    account = Account()

    assert account.codes(PLAN, name="nightly", rules=[backup_rule(), backup_rule()]) == INVALID
    assert account.codes(PLAN, name="nightly", rules=[backup_rule(targetVaultName="none")]) == INVALID


def test_selection_requires_supported_resources_and_assumable_role() -> None:
    account = Account()
    plan = account.make(PLAN, name="nightly", rules=[backup_rule()]).id
    trusted = role(account)

    def codes(**inputs: Any) -> set[str]:
        given: dict[str, Any] = {"planId": plan, "iamRoleArn": trusted, "resources": [BUCKET], **inputs}
        return account.codes(SELECTION, name="site", **{key: value for key, value in given.items() if value})

    assert not codes()
    assert codes(resources=None) == INVALID
    assert codes(resources=["site"]) == INVALID
    assert codes(resources=["arn:aws:elasticache:eu-west-1:123456789012:replicationgroup:cache"]) == INVALID
    assert codes(iamRoleArn=role(account, "lambda.amazonaws.com")) == INVALID
    assert codes(planId="none") == INVALID


def restore_plan(name: str = "monthly", **more: Any) -> dict[str, Any]:
    chosen = {"algorithm": "LATEST_WITHIN_WINDOW", "includeVaults": ["*"], "recoveryPointTypes": ["SNAPSHOT"]}
    given = {"recoveryPointSelection": {**chosen, **more.pop("chosen", {})}, "scheduleExpression": "cron(0 6 1 * ? *)"}
    return {"name": name, **given, **more}


def test_restore_testing_plan_name_has_no_hyphens() -> None:
    account = Account()
    plan = account.make(RESTORE_PLAN, **restore_plan())
    restored: dict[str, Any] = {"protectedResourceType": "S3", "protectedResourceArns": ["*"], "name": "buckets"}
    selection = account.make(RESTORED, restoreTestingPlanName=plan.id, iamRoleArn=role(account), **restored)

    assert account.codes(RESTORE_PLAN, "other", **restore_plan()) == {"AlreadyExistsException"}
    assert account.codes(RESTORE_PLAN, "other", **restore_plan("each-month"))
    assert account.delete_codes(plan) == {"InvalidRequestException"}, "the selection hangs on it"
    assert account.replaced_by(selection, protectedResourceType="RDS") == {"protectedResourceType"}
    assert not account.replaced_by(selection, validationWindowHours=1)
    assert account.codes(
        RESTORED, "none", restoreTestingPlanName="none", iamRoleArn=role(account, "x.amazonaws.com"), **restored
    ) == {
        "ResourceNotFoundException",
        *INVALID,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"chosen": {"algorithm": "NEWEST"}},
        {"chosen": {"recoveryPointTypes": ["SNAPSHOT", "COPY"]}},
        {"chosen": {"selectionWindowDays": 366}},
        {"startWindowHours": 169},
    ],
)
def test_invalid_restore_testing_plan_is_rejected(wrong: dict[str, Any]) -> None:
    assert {rejection.code for rejection in Account().planned(RESTORE_PLAN, **restore_plan(**wrong))} == INVALID
    assert not Account().planned(RESTORE_PLAN, **restore_plan())


@pytest.mark.parametrize(
    "wrong",
    [
        {"protectedResourceType": "ElastiCache", "protectedResourceArns": ["*"]},
        {"protectedResourceType": "S3"},
        {"protectedResourceType": "S3", "protectedResourceArns": [BUCKET] * 31},
        {"protectedResourceType": "S3", "protectedResourceArns": ["*"], "validationWindowHours": 169},
    ],
)
def test_invalid_restore_testing_selection_is_rejected(wrong: dict[str, Any]) -> None:
    given = {"name": "buckets", "restoreTestingPlanName": "monthly", "iamRoleArn": "arn:aws:iam::1:role/x", **wrong}
    assert {rejection.code for rejection in Account().planned(RESTORED, **given)} == INVALID


@pytest.mark.parametrize(("days", "rejected"), [("* * ?", False), ("? * *", False), ("* * *", True), ("? * ?", True)])
def test_schedule_has_one_day_field(days: str, rejected: bool) -> None:
    rules = [backup_rule(schedule=f"cron(0 5 {days} *)")]
    assert bool(Account().codes(PLAN, name="nightly", rules=rules)) is rejected
