"""REG-006: the tasks of a region read their secrets in that region."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..ecs.definitions import TASK_DEFINITION, containers
from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    NotApplicable,
    Parameters,
    Pitfall,
    Resource,
    Severity,
    Stack,
    StackRule,
    items,
)
from ..secrets.rotation import SECRET
from .places import is_foreign, named, region_of, regions_of


def check(task: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    regions = regions_of(stack.of((TASK_DEFINITION,)))
    if len(regions) == 1:
        raise NotApplicable("the stack has tasks in one region")
    own = region_of(task)
    sources = task.references.get("containerDefinitions", frozenset())
    for secret in stack.of((SECRET,)):
        if secret.urn in sources and region_of(secret) != own and own not in _replicas(secret):
            yield Finding("containerDefinitions", f"{secret.name}, which has no replica here", f"one in {named(own)}")
    for path, container in containers(task):
        for entry in container.get("secrets") or ():
            arn = str(entry.get("valuefrom") or "").split(":")
            if arn[0] == "arn" and is_foreign(arn[3], own, regions):
                found = f"{entry.get('name')} from {arn[3]}"
                yield Finding(f"{path}.secrets", found, f"the secret, or its replica, in {named(own)}")


def _replicas(secret: Resource) -> set[str]:
    return {str(replica.get("region")) for _, replica in items(secret.properties, "replicas")}


RULE = StackRule(
    id="REG-006",
    name="regional-secrets",
    title="The tasks of a region read their secrets in that region.",
    item=ChecklistItem.SECRETS,
    pitfall=Pitfall.SINGLE_REGION,
    severity=Severity.MEDIUM,
    # Advisory: ECS reads secrets of another region, too. A task then does not start while that region is unavailable.
    level=Level.ADVISORY,
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation="Add the region to `replicas` of the secret, and use the ARN of the replica in the region's tasks.",
    example="""aws.secretsmanager.Secret("signing-keys", replicas=[{"region": "eu-central-1"}])""",
    source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/create-manage-multi-region-secrets.html",
    read=date(2026, 11, 28),
    unproven="The rule does not see the secrets that the application reads with its task role.",
)
