"""REG-007: the tasks of a region pull their images from the registry of that region."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..ecr.repositories import REPOSITORY
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
    block,
    items,
)
from .places import is_foreign, named, region_of, regions_of

REPLICATION = "aws:ecr/replicationConfiguration:ReplicationConfiguration"
_REGISTRY = re.compile(r"\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.")


def check(task: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    regions = regions_of(stack.of((TASK_DEFINITION,)))
    if len(regions) == 1:
        raise NotApplicable("the stack has tasks in one region")
    own = region_of(task)
    for path, container in containers(task):
        registry = _REGISTRY.search(str(container.get("image") or ""))
        if registry and is_foreign(registry[1], own, regions):
            yield Finding(f"{path}.image", f"from the registry in {registry[1]}", f"the registry in {named(own)}")
    repositories = regions_of(stack.of((REPOSITORY,)))
    rules = list(stack.of((REPLICATION,)))
    if repositories and rules and own not in {*repositories, *(to for each in rules for to in _destinations(each))}:
        yield Finding(
            "containerDefinitions", f"no replication to {named(own)}", "a destination of the registry's rules"
        )


def _destinations(configuration: Resource) -> Iterator[str]:
    for _, rule in items(block(configuration.properties, "replicationConfiguration"), "rules"):
        for _, destination in items(rule, "destinations"):
            yield str(destination.get("region"))


RULE = StackRule(
    id="REG-007",
    name="regional-images",
    title="The tasks of a region pull their images from the registry of that region.",
    item=ChecklistItem.CONTAINERIZATION,
    pitfall=Pitfall.SINGLE_REGION,
    severity=Severity.MEDIUM,
    # Advisory: ECS pulls from another region, too. A task then does not start while that region is unavailable.
    level=Level.ADVISORY,
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation="Replicate the repository to the region, and use the region's registry in its task definitions.",
    example="""aws.ecr.ReplicationConfiguration(
    "images",
    replication_configuration={"rules": [{"destinations": [{"region": "eu-central-1", "registry_id": account}]}]},
)""",
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html",
    read=date(2026, 11, 28),
    unproven="The rule does not see replication that another stack configures, nor which images were pushed before it.",
)
