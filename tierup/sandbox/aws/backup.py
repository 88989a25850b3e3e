"""AWS Backup: vaults, plans, restore testing and selections. The sandbox creates no recovery points."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..behaviour import UNKNOWN, Behaviour, Call, Name, Reference, Rejection, Stage, assumed, located, rule
from .access.needs import Need, denied_needs, is_known_role, untrusted_service
from .arns import account_of
from .iam import to_role
from .kms import key_exists
from .policy_documents import policy_document
from .sources import RECORDED, api, created_only, schema_of, sdk

VAULT = "aws:backup/vault:Vault"
PLAN = "aws:backup/plan:Plan"
RESTORE_PLAN = "aws:backup/restoreTestingPlan:RestoreTestingPlan"
INVALID = "InvalidParameterValueException"
_COLD_DAYS = 90
_CONTINUOUS_DAYS = 35
_RULES = assumed(
    "from memory; page to check: .../devguide/plan-options-and-configuration.html. That continuous backups"
    " are kept for 35 days at most is in CDK's documents of BackupPlanRule (read 2026-11-24)"
)
_WEEK_HOURS = 168
_MAX_RESTORED = 30
_RESTORE_CHOICES = {
    "algorithm": ("LATEST_WITHIN_WINDOW", "RANDOM_WITHIN_WINDOW"),
    "recoveryPointTypes": ("CONTINUOUS", "SNAPSHOT"),
}
_RESTORED_TYPES = ("Aurora", "DocumentDB", "DynamoDB", "EBS", "EC2", "EFS", "FSx", "Neptune", "RDS", "S3")
_NAMED = r"[a-zA-Z0-9\-_.]{1,50}"


def _rules(call: Call) -> Iterator[tuple[str, dict[str, Any]]]:
    for at, each in located(call.inputs, "rules[*]"):
        if isinstance(each, dict):
            yield at, each


@rule("backup-rule-names-are-unique", Stage.PLAN, source=api("backup", "CreateBackupPlan"))
def _names(call: Call) -> Iterator[Rejection]:
    seen: set[str] = set()
    for at, each in _rules(call):
        name = each.get("ruleName")
        if not isinstance(name, str):
            continue
        if not re.fullmatch(_NAMED, name):
            yield Rejection(
                f"{at}.ruleName",
                f"invalid name (got '{name}'). Allowed are 1 to 50 letters, digits, '-', '_', '.'.",
                INVALID,
            )
        if name in seen:
            yield Rejection(f"{at}.ruleName", f"duplicate rule name in the plan (got '{name}')", INVALID)
        seen.add(name)


@rule("backup-rule-lifecycle", Stage.PLAN, source=_RULES)
def _lifecycle(call: Call) -> Iterator[Rejection]:
    for at, each in _rules(call):
        lifecycle = each.get("lifecycle")
        lifecycle = lifecycle if isinstance(lifecycle, dict) else {}
        deleted, cold = lifecycle.get("deleteAfter"), lifecycle.get("coldStorageAfter")
        if isinstance(deleted, (int, float)) and isinstance(cold, (int, float)) and deleted < cold + _COLD_DAYS:
            yield Rejection(
                f"{at}.lifecycle.deleteAfter",
                f"too early (got {deleted:g}). Recovery points stay in cold storage for at least {_COLD_DAYS} days,"
                " here from"
                f" day {cold:g}.",
                INVALID,
            )
        if each.get("enableContinuousBackup") is True and (
            deleted is None or (isinstance(deleted, (int, float)) and not 1 <= deleted <= _CONTINUOUS_DAYS)
        ):
            yield Rejection(
                f"{at}.lifecycle.deleteAfter",
                f"invalid retention (got {deleted}). Continuous backups are kept for 1 to {_CONTINUOUS_DAYS} days.",
                INVALID,
            )


@rule("backup-windows-fit", Stage.PLAN, source=_RULES)
def _windows(call: Call) -> Iterator[Rejection]:
    for at, each in _rules(call):
        start, complete = each.get("startWindow"), each.get("completionWindow")
        if isinstance(start, (int, float)) and start < 60:
            yield Rejection(
                f"{at}.startWindow", f"too short (got {start:g} minutes). Allowed are 60 minutes or more.", INVALID
            )
        if isinstance(start, (int, float)) and isinstance(complete, (int, float)) and complete < start + 60:
            yield Rejection(
                f"{at}.completionWindow",
                f"too short (got {complete:g} minutes). It must exceed startWindow ({start:g} minutes) by at least 60"
                " minutes.",
                INVALID,
            )
        schedule = each.get("schedule")
        if isinstance(schedule, str) and not re.fullmatch(r"cron\(\S+( \S+){5}\)|rate\(\d+ (hours|days)\)", schedule):
            yield Rejection(
                f"{at}.schedule",
                f"invalid value (got '{schedule}'). Allowed are expressions such as 'cron(0 5 ? * * *)'.",
                INVALID,
            )


@rule(
    "backup-schedule-has-one-day-field",
    Stage.CREATE,
    Stage.UPDATE,
    source=assumed(
        "cron expressions as in EventBridge: one of day-of-month and day-of-week must be ?; page to check:"
        " https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html"
    ),
)
def _day_fields(call: Call) -> Iterator[Rejection]:
    for at, each in _rules(call):
        found = re.fullmatch(r"cron\((.+)\)", str(each.get("schedule") or ""))
        fields = found[1].split() if found else []
        if len(fields) == 6 and not fields[0].isdigit():
            yield Rejection(
                f"{at}.schedule",
                f"Backups can run once an hour at most: the minutes must be one number (got '{each['schedule']}')",
                INVALID,
            )
        if len(fields) == 6 and (fields[2] == "?") == (fields[4] == "?"):
            yield Rejection(
                f"{at}.schedule",
                f"exactly one of day-of-month and day-of-week must be ? (got '{each['schedule']}')",
                INVALID,
            )


@rule("plan-has-rules", Stage.PLAN, source=api("backup", "BackupPlanInput: Rules"))
def _has_rules(call: Call) -> Iterator[Rejection]:
    if call.get("rules") == []:
        yield Rejection("rules", "At least one rule is required.", INVALID)


@rule("backup-vault-exists", Stage.CREATE, Stage.UPDATE, source=api("backup", "CreateBackupPlan"))
def _vaults(call: Call) -> Iterator[Rejection]:
    for at, name in located(call.inputs, "rules[*].targetVaultName"):
        if name != "Default" and next(call.nearby(VAULT, name=name), None) is None:
            yield Rejection(at, f"the backup vault '{name}' does not exist in {call.region}", INVALID)


@rule("backup-copy-vault-exists", Stage.CREATE, Stage.UPDATE, source=api("backup", "CopyAction"))
def _copies(call: Call) -> Iterator[Rejection]:
    for at, arn in located(call.inputs, "rules[*].copyActions[*].destinationVaultArn"):
        if not isinstance(arn, str) or account_of(arn) not in ("", call.account):
            continue  # the sandbox has one account: it accepts the vault of another one
        if not re.fullmatch(r"arn:aws[^:]*:backup:[^:]+:\d{12}:backup-vault:[a-zA-Z0-9\-_]{2,50}", arn):
            yield Rejection(at, f"invalid ARN (got '{arn}'). It must be the ARN of a backup vault.", INVALID)
        elif next(call.cloud.find(VAULT, arn=arn), None) is None:
            yield Rejection(at, f"the backup vault '{arn}' does not exist", INVALID)


@rule("backup-copy-lifecycle", Stage.PLAN, source=_RULES)
def _copy_lifecycle(call: Call) -> Iterator[Rejection]:
    for at, each in located(call.inputs, "rules[*].copyActions[*].lifecycle"):
        if not isinstance(each, dict):
            continue
        deleted, cold = each.get("deleteAfter"), each.get("coldStorageAfter")
        if isinstance(deleted, (int, float)) and isinstance(cold, (int, float)) and deleted < cold + _COLD_DAYS:
            yield Rejection(
                f"{at}.deleteAfter",
                f"too early (got {deleted:g}). Copies stay in cold storage for at least {_COLD_DAYS} days, here from"
                f" day {cold:g}.",
                INVALID,
            )


@rule("selection-is-not-empty", Stage.PLAN, source=api("backup", "CreateBackupSelection"))
def _selects(call: Call) -> Iterator[Rejection]:
    ways = ("resources", "selectionTags", "notResources", "conditions")
    if not any(call.inputs.get(way) for way in ways) and UNKNOWN not in [call.inputs.get(way) for way in ways]:
        yield Rejection("resources", f"the selection is empty. Set {' or '.join(ways[:2])}.", INVALID)
    for at, value in located(call.inputs, "resources[*]"):
        if isinstance(value, str) and value != "*" and not value.startswith("arn:"):
            yield Rejection(
                at, f"invalid value (got '{value}'). Allowed are ARNs, in which '*' is a wildcard.", INVALID
            )
        if isinstance(value, str) and ":elasticache:" in value:
            yield Rejection(
                at, f"AWS Backup does not support ElastiCache (got '{value}'). Use ElastiCache's snapshots.", INVALID
            )


@rule("backup-role-trusts-aws-backup", Stage.CREATE, Stage.UPDATE, source=api("backup", "CreateBackupSelection"))
def _trusted(call: Call) -> Iterator[Rejection]:
    arn = call.get("iamRoleArn")
    if not is_known_role(call.cloud, arn):
        return
    message = f"IAM Role {arn} cannot be assumed by AWS Backup"
    yield from untrusted_service(call, "iamRoleArn", "backup.amazonaws.com", message, INVALID)
    if call.get("selectionTags") or call.get("conditions"):
        by_tag = Need(caller=arn, action="tag:GetResources", resource="*")
        message = f"IAM Role {arn} is not authorized to call tag:GetResources"
        yield from denied_needs(call, "iamRoleArn", [by_tag], message, INVALID)


@rule("restore-tests-choose-recovery-points", Stage.PLAN, source=api("backup", "RestoreTestingRecoveryPointSelection"))
def _restore_tests(call: Call) -> Iterator[Rejection]:
    chosen = call.inputs.get("recoveryPointSelection")
    chosen = chosen if isinstance(chosen, dict) else {}
    for key, allowed in _RESTORE_CHOICES.items():
        given = chosen.get(key)
        for value in given if isinstance(given, list) else [given]:
            if isinstance(value, str) and value not in allowed:
                yield Rejection(
                    f"recoveryPointSelection.{key}",
                    f"invalid value (got '{value}'). Allowed are {' and '.join(allowed)}.",
                    INVALID,
                )
    days, hours = chosen.get("selectionWindowDays"), call.inputs.get("startWindowHours")
    if isinstance(days, (int, float)) and not 1 <= days <= 365:
        yield Rejection(
            "recoveryPointSelection.selectionWindowDays",
            f"invalid value (got {days:g}). Allowed are 1 to 365.",
            INVALID,
        )
    if isinstance(hours, (int, float)) and not 1 <= hours <= _WEEK_HOURS:
        yield Rejection("startWindowHours", f"invalid value (got {hours:g}). Allowed are 1 to {_WEEK_HOURS}.", INVALID)


@rule("restore-testing-selection", Stage.PLAN, source=api("backup", "RestoreTestingSelectionForCreate"))
def _restored(call: Call) -> Iterator[Rejection]:
    kind, hours = call.inputs.get("protectedResourceType"), call.inputs.get("validationWindowHours")
    if isinstance(kind, str) and kind not in _RESTORED_TYPES:
        yield Rejection(
            "protectedResourceType", f"invalid value (got '{kind}'). Allowed are {', '.join(_RESTORED_TYPES)}.", INVALID
        )
    ways = [call.inputs.get(way) for way in ("protectedResourceArns", "protectedResourceConditions")]
    if not any(ways) and UNKNOWN not in ways:
        yield Rejection(
            "protectedResourceArns", "the selection is empty. Set ARNs, '*' or protectedResourceConditions.", INVALID
        )
    arns = call.inputs.get("protectedResourceArns")
    if isinstance(arns, list) and len(arns) > _MAX_RESTORED:
        yield Rejection(
            "protectedResourceArns",
            f"too many ARNs (got {len(arns)}). Allowed are at most {_MAX_RESTORED}, or '*'.",
            INVALID,
        )
    if isinstance(hours, (int, float)) and not 0 <= hours <= _WEEK_HOURS:
        yield Rejection(
            "validationWindowHours", f"invalid value (got {hours:g}). Allowed are 0 to {_WEEK_HOURS}.", INVALID
        )


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type="aws:backup/vaultPolicy:VaultPolicy",
        source=sdk("backup/vaultpolicy"),
        rules=(policy_document("policy", "resource", code=INVALID),),
    ),
)

BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=VAULT,
        source=sdk("backup/vault"),
        id=lambda call: call.inputs["name"],
        outputs={
            "arn": "arn:aws:backup:{region}:{account}:backup-vault:{id}",
            "kmsKeyArn": "arn:aws:kms:{region}:{account}:key/{uuid}",  # the AWS managed key aws/backup
            "recoveryPoints": 0,
        },
        replaces=frozenset({"name", "kmsKeyArn"}),
        replace_source=created_only("AWS::Backup::BackupVault"),
        name=Name(
            longest=50,
            shortest=2,
            pattern=r"[a-zA-Z0-9\-_]+",
            allowed="letters, digits, '-' and '_'",
            taken="AlreadyExistsException",
            source=api("backup", "CreateBackupVault"),
        ),
        rules=(key_exists("kmsKeyArn", INVALID),),
    ),
    Behaviour(
        type=PLAN,
        source=sdk("backup/plan"),
        id="{uuid}",
        outputs={"arn": "arn:aws:backup:{region}:{account}:backup-plan:{id}"},
        derived={"version": lambda call: call.hex(48, repr(sorted(call.inputs.items(), key=str)))},
        name=Name(
            longest=50,
            pattern=_NAMED,
            allowed="letters, digits, '-', '_' and '.'",
            unique=None,
            source=api("backup", "BackupPlanInput"),
        ),
        replaces=frozenset({"name"}),
        replace_source=RECORDED,
        rules=(_names, _has_rules, _lifecycle, _windows, _day_fields, _vaults, _copies, _copy_lifecycle),
    ),
    Behaviour(
        type="aws:backup/selection:Selection",
        source=sdk("backup/selection"),
        id="{uuid}",
        replaces=frozenset(
            {"name", "planId", "iamRoleArn", "resources", "notResources", "selectionTags", "conditions"}
        ),
        replace_source=schema_of("backup/selection.go"),
        name=Name(
            longest=50,
            pattern=_NAMED,
            allowed="letters, digits, '-', '_' and '.'",
            unique="planId",
            taken="AlreadyExistsException",
            source=api("backup", "CreateBackupSelection"),
        ),
        references=(
            Reference(
                path="planId",
                to=PLAN,
                code=INVALID,
                in_use="InvalidRequestException",
                source=api("backup", "DeleteBackupPlan"),
            ),
            to_role("iamRoleArn", code=INVALID, source=api("backup", "CreateBackupSelection")),
        ),
        rules=(_selects, _trusted),
    ),
    Behaviour(
        type=RESTORE_PLAN,
        source=sdk("backup/restoretestingplan"),
        id=lambda call: call.inputs["name"],
        outputs={
            "arn": "arn:aws:backup:{region}:{account}:restore-testing-plan:{id}-{uuid}",
            "scheduleExpressionTimezone": "{scheduleExpressionTimezone|Etc/UTC}",
            "startWindowHours": lambda call: call.inputs.get("startWindowHours", 24),
        },
        replaces=frozenset({"name"}),
        replace_source=api("backup", "RestoreTestingPlanForUpdate"),
        name=Name(
            longest=50,
            pattern=r"[a-zA-Z0-9_]+",
            allowed="letters, digits and '_'",
            taken="AlreadyExistsException",
            source=api("backup", "RestoreTestingPlanForCreate"),
        ),
        rules=(_restore_tests,),
    ),
    Behaviour(
        type="aws:backup/restoreTestingSelection:RestoreTestingSelection",
        source=sdk("backup/restoretestingselection"),
        id=lambda call: f"{call.inputs['name']}:{call.inputs['restoreTestingPlanName']}",
        outputs={"validationWindowHours": lambda call: call.inputs.get("validationWindowHours", 0)},
        replaces=frozenset({"name", "restoreTestingPlanName", "protectedResourceType"}),
        replace_source=api("backup", "RestoreTestingSelectionForUpdate"),
        name=Name(
            longest=50,
            pattern=r"[a-zA-Z0-9_]+",
            allowed="letters, digits and '_'",
            unique="restoreTestingPlanName",
            taken="AlreadyExistsException",
            source=api("backup", "RestoreTestingSelectionForCreate"),
        ),
        references=(
            Reference(
                path="restoreTestingPlanName",
                to=RESTORE_PLAN,
                by="name",
                code="ResourceNotFoundException",
                in_use="InvalidRequestException",
                source=api("backup", "DeleteRestoreTestingPlan"),
            ),
            to_role("iamRoleArn", code=INVALID, source=api("backup", "CreateRestoreTestingSelection")),
        ),
        rules=(_restored, _trusted),
    ),
)
