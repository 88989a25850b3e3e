"""AWS Backup of S3 buckets: daily, weekly and monthly recovery points in a dedicated vault.

Creates the vault, the role that AWS Backup assumes, the plan and its selection, and a restore testing plan. Once a
month AWS Backup restores the newest recovery point of each bucket into a temporary bucket, which it deletes a day
later. The job history shows whether the restore succeeded; the restored files can be inspected within that day.

AWS Backup supports S3 (versioning must be on). It supports neither ElastiCache, which takes its own snapshots, nor
Atlas, which has its own backups.
https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html (from memory, 2026-11-24)

The selection names ARNs. A selection by tags follows the account's opt-in settings, in which S3 may be off: the plan
would then run every night and back up nothing, without an error.
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_UpdateRegionSettings.html (read 2026-11-24; that S3 may be
off: from memory)

With `copy`, AWS Backup copies each weekly and monthly recovery point to a vault in another region. It does not copy
continuous backups by request (https://docs.aws.amazon.com/aws-backup/latest/devguide/API_StartCopyJob.html, read
2026-11-28), so the daily ones have no copies.

Checklist: backup and restore, backup tested and verified.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

_LONGEST_NAME = 50 - 8  # limit of a plan, vault or selection, minus the suffix that Pulumi appends
_CRON = re.compile(r"cron\(\S+( \S+){5}\)")
_POINT_IN_TIME_DAYS = range(1, 36)
_START_WINDOW_MINUTES = 60  # the minimum that AWS accepts
_COMPLETION_WINDOW_MINUTES = 10_080  # a week: the first backup of a large bucket reads all of it
_VALIDATION_WINDOW_HOURS = 24  # how long AWS Backup keeps a restored bucket
_MANAGED_POLICIES = ("AWSBackupServiceRolePolicyForS3Backup", "AWSBackupServiceRolePolicyForS3Restore")


@dataclass(frozen=True, kw_only=True, slots=True)
class RecoveryPointRetention:
    """Retention per kind of recovery point, in days."""

    daily_days: int = 35
    """Retention of the continuous daily backup, which restores to any second; 1 to 35."""
    weekly_days: int = 90
    """Retention of weekly recovery points: 7 or more; 0 takes none."""
    monthly_days: int = 365
    """Retention of monthly recovery points: 31 or more; 0 takes none."""

    def __post_init__(self) -> None:
        if self.daily_days not in _POINT_IN_TIME_DAYS:
            raise ValueError(
                f"daily_days: outside the limits of continuous backups (got {self.daily_days}). Give "
                f"{_POINT_IN_TIME_DAYS.start} to {_POINT_IN_TIME_DAYS.stop - 1}, and use weekly_days and monthly_days "
                "for longer retention."
            )
        for kind, days, minimum in (("weekly", self.weekly_days, 7), ("monthly", self.monthly_days, 31)):
            if days and days < minimum:
                raise ValueError(
                    f"{kind}_days: shorter than the interval between backups (got {days}). Give {minimum} or more, or "
                    "0 for none."
                )


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupCopy:
    """The region of the copies, which outlive a failure of the stack's region."""

    region: str
    """Another AWS region of the same partition."""
    kms_key_arn: Input[str]
    """ARN of the KMS key of that region with which the copies are encrypted. A change replaces their vault."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupPlanArgs:
    """Arguments of BackupPlan."""

    resource_arns: Mapping[str, Input[str]]
    """ARNs of the S3 buckets, by a short name. Versioning must be on."""
    kms_key_arn: Input[str]
    """ARN of the vault's KMS key. A change replaces the vault."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""
    retention: RecoveryPointRetention = RecoveryPointRetention()
    """Retention per kind of recovery point."""
    force_destroy: bool = False
    """Whether a destroy may delete a vault that holds recovery points, and the recovery points with it."""
    restore_tests: str | None = "cron(0 6 15 * ? *)"
    """Schedule of restore tests in UTC, cron(minutes hours day month weekday year); None disables them. A test costs a
    restore and a day of storage."""

    copy: BackupCopy | None = None
    """Where weekly and monthly recovery points are copied to, with the same retention; None copies none."""

    def __post_init__(self) -> None:
        if self.copy is not None and not self.retention.weekly_days and not self.retention.monthly_days:
            raise ValueError(
                f"copy: has nothing to copy (got region {self.copy.region}). Set weekly_days or monthly_days, because "
                "continuous backups are not copied."
            )
        if self.restore_tests is not None and not _CRON.fullmatch(self.restore_tests):
            raise ValueError(
                f"restore_tests: not a cron expression (got {self.restore_tests!r}). Give None or a form like "
                "'cron(0 6 15 * ? *)'."
            )
        if not self.resource_arns:
            raise ValueError("resource_arns: must not be empty (got none). Give at least one ARN, or omit the plan.")


class BackupPlan(pulumi.ComponentResource):
    """A backup plan with its vault and its restore tests."""

    vault_name: Output[str]
    """Name of the vault, the `BackupVaultName` dimension of its metrics."""
    vault_arn: Output[str]
    """ARN of the vault."""
    role_arn: Output[str]
    """ARN of the role that AWS Backup assumes; a restore uses it too."""
    plan_id: Output[str]
    """Id of the plan, for further selections."""

    def __init__(self, name: str, args: BackupPlanArgs, opts: ResourceOptions | None = None) -> None:
        if len(name) + len("-selection") > _LONGEST_NAME:
            raise ValueError(
                f"name: too long for AWS Backup (got {name!r}). Use at most {_LONGEST_NAME - len('-selection')} "
                "characters."
            )
        super().__init__("tierup:aws:BackupPlan", name, None, opts)
        self._logical_name = name
        self._child = ResourceOptions(parent=self)
        vault = aws.backup.Vault(
            f"{name}-vault",
            kms_key_arn=args.kms_key_arn,
            force_destroy=args.force_destroy,
            tags={**args.tags, "Name": f"{name}-vault"},
            opts=self._child,
        )
        role, policies = self._role(args)
        copies = self._copies(args, args.copy, role) if args.copy is not None else None
        plan = aws.backup.Plan(
            f"{name}-plan",
            rules=[_rule(kind, vault.name, copies, **rule) for kind, rule in _rules(args.retention).items()],
            tags={**args.tags, "Name": f"{name}-plan"},
            opts=self._child,
        )
        aws.backup.Selection(
            f"{name}-selection",
            plan_id=plan.id,
            iam_role_arn=role.arn,
            resources=list(args.resource_arns.values()),
            opts=ResourceOptions(parent=self, depends_on=policies),
        )
        if args.restore_tests is not None:
            self._restore_tests(args.restore_tests, vault, role, args.tags, policies)

        self.vault_name = vault.name
        self.vault_arn = vault.arn
        self.role_arn = role.arn
        self.plan_id = plan.id
        self.register_outputs(
            {
                "vault_name": self.vault_name,
                "vault_arn": self.vault_arn,
                "role_arn": self.role_arn,
                "plan_id": self.plan_id,
            }
        )

    def _copies(self, args: BackupPlanArgs, copy: BackupCopy, role: aws.iam.Role) -> Output[str]:
        """Create the vault of the copies. Return its ARN once the role may copy into it.

        The action: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html (from memory)
        """
        vault = aws.backup.Vault(
            f"{self._logical_name}-copies",
            kms_key_arn=copy.kms_key_arn,
            force_destroy=args.force_destroy,
            region=copy.region,
            tags={**args.tags, "Name": f"{self._logical_name}-copies"},
            opts=self._child,
        )
        document = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "backup:CopyIntoBackupVault", "Resource": vault.arn}],
        }
        policy = aws.iam.RolePolicy(
            f"{self._logical_name}-copy", role=role.name, policy=Output.json_dumps(document), opts=self._child
        )
        return Output.all(vault.arn, policy.id).apply(lambda both: str(both[0]))

    def _restore_tests(
        self,
        schedule: str,
        vault: aws.backup.Vault,
        role: aws.iam.Role,
        tags: Mapping[str, str],
        policies: Sequence[aws.iam.RolePolicyAttachment],
    ) -> None:
        """Test restores of every bucket with a recovery point in the vault, which holds this stack's buckets only.

        Names, windows and types: botocore's model of AWS Backup, RestoreTestingPlanForCreate and
        RestoreTestingSelectionForCreate. That the role may create the bucket:
        https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForS3Restore.html
        (both read 2026-11-24)
        """
        tests = aws.backup.RestoreTestingPlan(
            f"{self._logical_name}-restore-tests",
            # This name must not contain hyphens. The vault's name is unique and identifies what is tested.
            name=vault.name.apply(lambda name: name.replace("-", "_")),
            schedule_expression=schedule,
            start_window_hours=24,
            recovery_point_selection={
                "algorithm": "LATEST_WITHIN_WINDOW",
                "include_vaults": [vault.arn],
                "recovery_point_types": ["CONTINUOUS", "SNAPSHOT"],
                "selection_window_days": 30,
            },
            tags={**tags, "Name": f"{self._logical_name}-restore-tests"},
            opts=self._child,
        )
        aws.backup.RestoreTestingSelection(
            f"{self._logical_name}-restore-test-selection",
            name="buckets",
            restore_testing_plan_name=tests.name,
            protected_resource_type="S3",
            protected_resource_arns=["*"],
            iam_role_arn=role.arn,
            validation_window_hours=_VALIDATION_WINDOW_HOURS,
            opts=ResourceOptions(parent=self, depends_on=policies),
        )

    def _role(self, args: BackupPlanArgs) -> tuple[aws.iam.Role, Sequence[aws.iam.RolePolicyAttachment]]:
        """Create the role with AWS's managed policies for S3, which AWS updates when AWS Backup needs more."""
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    # No source condition: AWS Backup sends none, and only this account can pass its role.
                    "Effect": "Allow",
                    "Principal": {"Service": "backup.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
        role = aws.iam.Role(
            f"{self._logical_name}-role",
            description="AWS Backup reads and restores the stack's buckets",
            assume_role_policy=pulumi.Output.json_dumps(trust),
            tags={**args.tags, "Name": f"{self._logical_name}-role"},
            opts=self._child,
        )
        return role, [
            aws.iam.RolePolicyAttachment(
                f"{self._logical_name}-{'restore' if policy.endswith('Restore') else 'backup'}",
                role=role.name,
                policy_arn=f"arn:aws:iam::aws:policy/{policy}",
                opts=self._child,
            )
            for policy in _MANAGED_POLICIES
        ]


def _rules(retention: RecoveryPointRetention) -> Mapping[str, dict[str, Any]]:
    """Return the rules by kind. Their schedules are in UTC, at night, an hour apart."""
    rules: dict[str, dict[str, Any]] = {
        "daily": {"schedule": "cron(0 2 ? * * *)", "days": retention.daily_days, "continuous": True}
    }
    if retention.weekly_days:
        rules["weekly"] = {"schedule": "cron(0 3 ? * 1 *)", "days": retention.weekly_days}
    if retention.monthly_days:
        rules["monthly"] = {"schedule": "cron(0 4 1 * ? *)", "days": retention.monthly_days}
    return rules


def _rule(
    kind: str,
    vault_name: Input[str],
    copies: Output[str] | None,
    *,
    schedule: str,
    days: int,
    continuous: bool = False,
) -> aws.backup.PlanRuleArgsDict:
    rule: aws.backup.PlanRuleArgsDict = {
        "rule_name": kind,
        "target_vault_name": vault_name,
        "schedule": schedule,
        "enable_continuous_backup": continuous,
        "start_window": _START_WINDOW_MINUTES,
        "completion_window": _COMPLETION_WINDOW_MINUTES,
        "lifecycle": {"delete_after": days},
    }
    if copies is not None and not continuous:
        rule["copy_actions"] = [{"destination_vault_arn": copies, "lifecycle": {"delete_after": days}}]
    return rule
