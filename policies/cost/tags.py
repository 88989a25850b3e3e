"""COST-003: resources that are billed by the hour have tags that identify their owner on the bill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..rule import ChecklistItem, Finding, Level, Parameter, Parameters, Resource, ResourceRule, Severity, block
from ..values import UnknownValue
from .billed import BILLED

REQUIRED = Parameter(
    "requiredTags",
    {"type": "array", "items": {"type": "string"}},
    (),
    'The required tags; an empty list requires any tag other than "Name".',
)
NAME = "Name"  # identifies the resource, not its owner


def check(resource: Resource, parameters: Parameters) -> Iterator[Finding]:
    # The AWS provider merges its default tags and the resource's tags into `tagsAll` before policies run
    # (https://github.com/pulumi/pulumi-aws/blob/master/provider/tags.go, read 2026-11-24).
    tags = {*block(resource.properties, "tags"), *block(resource.properties, "tagsAll")}
    required = parameters[REQUIRED.name]
    if missing := [tag for tag in required if tag not in tags]:
        yield Finding("tags", f"without {', '.join(missing)}", f"with {', '.join(required)}")
    elif not tags - {NAME}:
        yield Finding("tags", "no tag for the owner", "a project, owner or environment tag")


def remedy(resource: Resource, parameters: Parameters) -> Mapping[str, Any]:
    """Return the tags with the URN's project and stack; the stack is the environment's name, too."""
    stack, project = resource.urn.removeprefix("urn:pulumi:").split("::")[:2]
    known = {"project": project, "stack": stack, "environment": stack}
    wanted = parameters[REQUIRED.name] or ("Project", "Stack")
    remedied: dict[str, Any] = {}
    try:
        for key in {"tags", *(key for key in ("tagsAll",) if key in resource.properties)}:
            given = dict(block(resource.properties, key))
            remedied[key] = {**{tag: known[tag.lower()] for tag in wanted if tag.lower() in known}, **given}
    except UnknownValue:
        return {}  # an unknown tag could not be kept
    return remedied


RULE = ResourceRule(
    id="COST-003",
    name="tags",
    title="Resources with hourly costs have tags that identify their owner.",
    item=ChecklistItem.BASELINE,
    severity=Severity.LOW,
    applies_to=BILLED,
    check=check,
    remedy=remedy,
    remediation="Set default_tags on the AWS provider, so that every resource carries them.",
    example="""aws.lb.LoadBalancer("api", tags={"Project": "shop", "Stack": pulumi.get_stack()})
# or for all: pulumi config set --path aws:defaultTags.tags.Project shop""",
    source="https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html",
    read=None,
    parameters=(REQUIRED,),
    unproven="The rule does not see whether the payer account has activated the tags for cost allocation.",
    level=Level.ADVISORY,
)
