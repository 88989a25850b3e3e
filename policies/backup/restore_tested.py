"""BCK-003: a backup was restored recently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fnmatch import fnmatchcase

from ..atlas.clusters import CLUSTERS, require_dedicated
from ..rule import (
    ChecklistItem,
    Finding,
    Indeterminate,
    Level,
    Parameter,
    Parameters,
    Pitfall,
    Resource,
    Severity,
    Stack,
    StackRule,
    block,
    items,
)
from ..values import UnknownValue
from .plans import PLAN

RESTORE_PLAN = "aws:backup/restoreTestingPlan:RestoreTestingPlan"
RESTORE_SELECTION = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
TESTED = Parameter(
    name="restoreTested",
    schema={"type": "string", "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"},
    default="",
    what="The day, as 2026-11-24, on which a backup was restored and its data checked; empty if there was none.",
)
TAG = "RestoreTested"
MAX_DAYS = Parameter(
    name="restoreTestedDays",
    schema={"type": "integer", "minimum": 1},
    default=92,
    what="The days after which a restore must be tested again.",
)


def check(subject: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    if subject.type != PLAN:
        require_dedicated(subject)
    elif (tests := _tests(subject, stack)) is not None:
        if not any(True for _ in stack.referring((RESTORE_SELECTION,), "restoreTestingPlanName", tests, "name")):
            yield Finding(
                f"{tests.name}: selection", "missing, so it restores nothing", "one for each type of data store"
            )
        return
    path, tested = _recorded_day(subject, parameters)
    maximum = parameters[MAX_DAYS.name]
    if not tested:
        raise Indeterminate(
            "the day of the last restore is not recorded: restore a backup into a separate place, check the data, and "
            f"set the tag {TAG} or the parameter {TESTED.name} to the day"
        )
    if problem := _too_old(tested, maximum):
        yield Finding(path, problem, f"a day not older than {maximum} days")


def _recorded_day(subject: Resource, parameters: Parameters) -> tuple[str, str]:
    """Return the path and the day, which may be empty. A tag is about its resource, the parameter about all."""
    tags = subject.properties.get("tags")
    tagged = tags.get(TAG) if isinstance(tags, Mapping) else None  # the older Cluster has a list
    return (f"tags.{TAG}", str(tagged)) if tagged else (f"parameter {TESTED.name}", parameters[TESTED.name])


def _tests(plan: Resource, stack: Stack) -> Resource | None:
    """Return the restore testing plan for a vault of the backup plan."""
    vaults = plan.references.get("rules", frozenset())
    for tests in stack.of((RESTORE_PLAN,)):
        if vaults & tests.references.get("recoveryPointSelection", frozenset()):
            return tests
        if any(_takes(vault, plan) for vault in _included(tests)):
            return tests
    return None


def _included(tests: Resource) -> Iterator[str]:
    """Yield the known ARNs of the vaults. An unknown one comes from a vault, which the references name."""
    vaults = block(tests.properties, "recoveryPointSelection").get("includeVaults") or ()
    for index in range(len(vaults)):
        try:
            yield str(vaults[index])
        except UnknownValue:
            continue


def _takes(vault: str, plan: Resource) -> bool:
    return vault == "*" or any(
        fnmatchcase(f"backup-vault:{rule.get('targetVaultName')}", vault.split(":", 5)[-1])
        for _, rule in items(plan.properties, "rules")
    )


def _too_old(tested: str, maximum: int) -> str:
    """Return the problem with the day, or an empty text."""
    try:
        day = date.fromisoformat(tested)
    except ValueError:
        return "not a date"
    if day > date.today():
        return f"{day}, which is in the future"
    return f"{day}" if day < date.today() - timedelta(days=maximum) else ""


RULE = StackRule(
    id="BCK-003",
    name="backup-restore-tested",
    title="A restore was tested within the last quarter, or AWS Backup tests restores on a schedule.",
    item=ChecklistItem.BACKUP_TESTED,
    pitfall=Pitfall.NO_BACKUPS,
    severity=Severity.MEDIUM,
    # Advisory: for MongoDB Atlas a person has to restore a backup, check the data and record the day.
    level=Level.ADVISORY,
    applies_to=(PLAN, *CLUSTERS),
    check=check,
    remediation="Add a RestoreTestingPlan for AWS Backup. For Atlas restore a snapshot into another cluster, and set "
    "the tag RestoreTested to the day.",
    example="""tests = aws.backup.RestoreTestingPlan(
    "monthly",
    name="monthly",
    schedule_expression="cron(0 6 15 * ? *)",
    recovery_point_selection={
        "algorithm": "LATEST_WITHIN_WINDOW",
        "include_vaults": [vault.arn],
        "recovery_point_types": ["CONTINUOUS", "SNAPSHOT"],
    },
)
aws.backup.RestoreTestingSelection(
    "buckets",
    name="buckets",
    restore_testing_plan_name=tests.name,
    protected_resource_type="S3",
    iam_role_arn=role.arn,
    protected_resource_arns=["*"],
)""",
    source="https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreTestingPlanForCreate.html",
    read=date(2026, 11, 24),
    parameters=(TESTED, MAX_DAYS),
    unproven="The rule does not see whether the restored data is complete: a person or a validation has to check it.",
)
