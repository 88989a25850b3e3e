"""BCK-003: a backup has been restored, lately."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fnmatch import fnmatchcase

from ..database.clusters import CLUSTERS, require_dedicated
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
    what="The day, as 2026-11-24, on which somebody restored a backup and looked at the data; empty: nobody did.",
)
TAG = "RestoreTested"
MOST_DAYS = Parameter(
    name="restoreTestedDays",
    schema={"type": "integer", "minimum": 1},
    default=92,
    what="The days after which a restore must be tried again.",
)


def check(subject: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    if subject.type != PLAN:
        require_dedicated(subject)
    elif (tests := _tests(subject, stack)) is not None:
        if not any(True for _ in stack.referring((RESTORE_SELECTION,), "restoreTestingPlanName", tests, "name")):
            yield Finding(f"{tests.name}: selection", "missing, so it restores nothing", "one for each type of store")
        return
    path, tested = _attested(subject, parameters)
    most = parameters[MOST_DAYS.name]
    if not tested:
        raise Indeterminate(
            "nothing says when a backup was last restored: restore one into a place of its own, look at the data, and "
            f"write the day into the tag {TAG}, or into the parameter {TESTED.name}"
        )
    if fault := _too_old(tested, most):
        yield Finding(path, fault, f"a day not older than {most} days")


def _attested(subject: Resource, parameters: Parameters) -> tuple[str, str]:
    """Where the day stands, and the day; empty: nowhere. A tag speaks of its resource, the parameter of all."""
    tags = subject.properties.get("tags")
    tagged = tags.get(TAG) if isinstance(tags, Mapping) else None  # the older Cluster has a list
    return (f"tags.{TAG}", str(tagged)) if tagged else (f"parameter {TESTED.name}", parameters[TESTED.name])


def _tests(plan: Resource, stack: Stack) -> Resource | None:
    """The restore testing plan that looks into a vault which the backup plan fills."""
    vaults = plan.references.get("rules", frozenset())
    for tests in stack.of((RESTORE_PLAN,)):
        if vaults & tests.references.get("recoveryPointSelection", frozenset()):
            return tests
        if any(_takes(vault, plan) for vault in _included(tests)):
            return tests
    return None


def _included(tests: Resource) -> Iterator[str]:
    """The vaults' ARNs that are known; one that is not known yet comes from a vault, which the references name."""
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


def _too_old(tested: str, most: int) -> str:
    """What is wrong with the day; empty: nothing."""
    try:
        day = date.fromisoformat(tested)
    except ValueError:
        return "no day of the calendar"
    if day > date.today():
        return f"{day}, which is yet to come"
    return f"{day}" if day < date.today() - timedelta(days=most) else ""


RULE = StackRule(
    id="BCK-003",
    name="backup-restore-tested",
    title="A restore has been tried within the last quarter, or is tried by AWS Backup on a schedule.",
    item=ChecklistItem.BACKUP_TESTED,
    pitfall=Pitfall.NO_BACKUPS,
    severity=Severity.MEDIUM,
    # Advisory: no program can restore MongoDB Atlas and look at the data; a person has to, and to say so.
    level=Level.ADVISORY,
    applies_to=(PLAN, *CLUSTERS),
    check=check,
    remediation="Add a RestoreTestingPlan for AWS Backup; for Atlas restore a snapshot into another cluster, and write "
    "the day into the tag RestoreTested.",
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
    parameters=(TESTED, MOST_DAYS),
    unproven="That what is restored is what the application needs: somebody has to look, or a validation does.",
)
