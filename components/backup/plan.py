"""Backups of what AWS holds, in a vault of their own: daily, weekly, monthly, each kept for its time.

Makes: the vault, the role that AWS Backup works with, the plan and its selection, and a restore testing plan: once a
month AWS Backup restores the newest backup of each bucket into a bucket of its own, and deletes that a day later. That
it could be restored stands in the history of its jobs; at the files somebody may look within that day.

The site's bucket is what there is to back up: AWS Backup knows S3 (versioning must be on), and does not know
ElastiCache, which takes its own snapshots, nor Atlas, which has its own backups.
https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html (from memory, 2026-11-24)

The selection names ARNs, not tags. Tags alone would obey the account's opt-in list, on which S3 may be switched off:
the plan would run every night and back up nothing, in silence.
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_UpdateRegionSettings.html (read 2026-11-24; that S3 may be
off: from memory)

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

_LONGEST_NAME = 50 - 8  # of a plan, vault or selection, less what Pulumi appends
_CRON = re.compile(r"cron\(\S+( \S+){5}\)")
_POINT_IN_TIME_DAYS = range(1, 36)
_START_WITHIN_MINUTES = 60  # the least AWS takes
_COMPLETE_WITHIN_MINUTES = 10_080  # a week: the first backup of a large bucket reads all of it
_LOOK_WITHIN_HOURS = 24  # at what a restore test made
_MANAGED_POLICIES = ("AWSBackupServiceRolePolicyForS3Backup", "AWSBackupServiceRolePolicyForS3Restore")


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupTimes:
    """For how many days each kind is kept. 0 leaves the kind out."""

    daily_days: int = 35
    """1 to 35; continuous, to any second."""
    weekly_days: int = 90
    """7 or more, or 0."""
    monthly_days: int = 365
    """31 or more, or 0."""

    def __post_init__(self) -> None:
        if self.daily_days not in _POINT_IN_TIME_DAYS:
            raise ValueError(
                f"daily_days is {self.daily_days}; allowed are {_POINT_IN_TIME_DAYS.start} to "
                f"{_POINT_IN_TIME_DAYS.stop - 1}: dailies are continuous, to any second, which AWS keeps no longer. "
                "For more use weekly_days and monthly_days"
            )
        for kind, days, least in (("weekly", self.weekly_days, 7), ("monthly", self.monthly_days, 31)):
            if days and days < least:
                raise ValueError(
                    f"{kind}_days is {days}; allowed is 0 (none) or {least} and more: else the last one would be gone "
                    "before the next is taken"
                )


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupPlanArgs:
    """What is backed up, how long it is kept, and with which key."""

    resource_arns: Mapping[str, Input[str]]
    """ARNs by a name of yours; S3 buckets with versioning on."""
    kms_key_arn: Input[str]
    """Of the vault, for life: another key makes another vault."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    times: BackupTimes = BackupTimes()
    """How long each kind is kept."""
    force_destroy: bool = False
    """Whether a vault that still holds backups may be deleted, with them."""
    restore_tests: str | None = "cron(0 6 15 * ? *)"
    """When restores are tested, in UTC: cron(minutes hours day month weekday year). None: never. A test costs a restore
    and a day of storage."""

    def __post_init__(self) -> None:
        if self.restore_tests is not None and not _CRON.fullmatch(self.restore_tests):
            raise ValueError(f"restore_tests is {self.restore_tests!r}; give None or a form like 'cron(0 6 15 * ? *)'")
        if not self.resource_arns:
            raise ValueError("resource_arns is empty; give at least one ARN, or leave the plan out")


class BackupPlan(pulumi.ComponentResource):
    """`vault_name` is the dimension of its metrics, `role_arn` what a restore is started with."""

    vault_name: Output[str]
    """The `BackupVaultName` dimension of its metrics."""
    vault_arn: Output[str]
    """Where the backups are."""
    role_arn: Output[str]
    """What AWS Backup works as; a restore is started with it."""
    plan_id: Output[str]
    """For selections of others."""

    def __init__(self, name: str, args: BackupPlanArgs, opts: ResourceOptions | None = None) -> None:
        if len(name) + len("-selection") > _LONGEST_NAME:
            raise ValueError(f"name is '{name}'; at most {_LONGEST_NAME - len('-selection')} characters fit AWS Backup")
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
        plan = aws.backup.Plan(
            f"{name}-plan",
            rules=[_rule(kind, vault.name, **how) for kind, how in _kinds(args.times).items()],
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

    def _restore_tests(
        self,
        schedule: str,
        vault: aws.backup.Vault,
        role: aws.iam.Role,
        tags: Mapping[str, str],
        policies: Sequence[aws.iam.RolePolicyAttachment],
    ) -> None:
        """Of whatever bucket has a backup in the vault: the selection takes all, because the vault holds ours alone.

        Names, windows and types: botocore's model of AWS Backup, RestoreTestingPlanForCreate and
        RestoreTestingSelectionForCreate. That the role may make the bucket:
        https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForS3Restore.html
        (both read 2026-11-24)
        """
        tests = aws.backup.RestoreTestingPlan(
            f"{self._logical_name}-restore-tests",
            # Unlike other names it may hold no hyphen; the vault's is unique and says what is tested.
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
            f"{self._logical_name}-restored",
            name="buckets",
            restore_testing_plan_name=tests.name,
            protected_resource_type="S3",
            protected_resource_arns=["*"],
            iam_role_arn=role.arn,
            validation_window_hours=_LOOK_WITHIN_HOURS,
            opts=ResourceOptions(parent=self, depends_on=policies),
        )

    def _role(self, args: BackupPlanArgs) -> tuple[aws.iam.Role, Sequence[aws.iam.RolePolicyAttachment]]:
        """AWS's own policies for S3: they list what AWS Backup needs today, and are kept up by AWS."""
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    # Without a source condition: AWS Backup sends none, and only this account can pass it its role.
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


def _kinds(times: BackupTimes) -> Mapping[str, dict[str, Any]]:
    """Schedules in UTC, in the small hours and apart from one another."""
    kinds: dict[str, dict[str, Any]] = {
        "daily": {"schedule": "cron(0 2 ? * * *)", "days": times.daily_days, "continuous": True}
    }
    if times.weekly_days:
        kinds["weekly"] = {"schedule": "cron(0 3 ? * 1 *)", "days": times.weekly_days}
    if times.monthly_days:
        kinds["monthly"] = {"schedule": "cron(0 4 1 * ? *)", "days": times.monthly_days}
    return kinds


def _rule(
    kind: str, vault_name: Input[str], *, schedule: str, days: int, continuous: bool = False
) -> aws.backup.PlanRuleArgsDict:
    return {
        "rule_name": kind,
        "target_vault_name": vault_name,
        "schedule": schedule,
        "enable_continuous_backup": continuous,
        "start_window": _START_WITHIN_MINUTES,
        "completion_window": _COMPLETE_WITHIN_MINUTES,
        "lifecycle": {"delete_after": days},
    }
