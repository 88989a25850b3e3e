"""COST-003: what is billed by the hour says whose it is, so that a bill can be read."""

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
    'The tags that must be there; none given asks for any tag beside "Name".',
)
NAME = "Name"  # tells which, not whose


def check(resource: Resource, parameters: Parameters) -> Iterator[Finding]:
    # AWS's provider writes its default tags and the resource's own into `tagsAll` before policies run
    # (https://github.com/pulumi/pulumi-aws/blob/master/provider/tags.go, read 2026-11-24).
    tags = {*block(resource.properties, "tags"), *block(resource.properties, "tagsAll")}
    required = parameters[REQUIRED.name]
    if missing := [tag for tag in required if tag not in tags]:
        yield Finding("tags", f"without {', '.join(missing)}", f"with {', '.join(required)}")
    elif not tags - {NAME}:
        yield Finding("tags", "none that says whose it is", "a project, an owner or an environment")


def remedy(resource: Resource, parameters: Parameters) -> Mapping[str, Any]:
    """The tags that the URN gives: the project, and the stack, which is the environment's name too."""
    stack, project = resource.urn.removeprefix("urn:pulumi:").split("::")[:2]
    known = {"project": project, "stack": stack, "environment": stack}
    wanted = parameters[REQUIRED.name] or ("Project", "Stack")
    mended: dict[str, Any] = {}
    try:
        for key in {"tags", *(key for key in ("tagsAll",) if key in resource.properties)}:
            given = dict(block(resource.properties, key))
            mended[key] = {**{tag: known[tag.lower()] for tag in wanted if tag.lower() in known}, **given}
    except UnknownValue:
        return {}  # one that is not known yet could not be kept
    return mended


RULE = ResourceRule(
    id="COST-003",
    name="tags",
    title="What is billed by the hour carries tags that say whose it is.",
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
    unproven="That the tags are activated for cost allocation, once per payer account.",
    level=Level.ADVISORY,
)
