"""The resources that a step of a switch changes: from a preview of the engine, or from the program alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from tierup.deployment.progress import ROOT, Progress, name_of
from tierup.switch.recording import Recording

Operation = Literal["create", "update", "replace", "delete"]

# The engine's operations. It reports a replacement as three steps, of which the creation is counted.
_OPERATIONS: Final[Mapping[str, Operation]] = {
    "create": "create",
    "import": "create",
    "update": "update",
    "create-replacement": "replace",
    "import-replacement": "replace",
    "replace": "replace",
    "delete": "delete",
}


_REPLACING: Final[Mapping[str, frozenset[str]]] = {
    # ForceNew in internal/service/elasticache/replication_group.go of terraform-provider-aws (read 2026-11-28)
    "aws:elasticache/replicationGroup:ReplicationGroup": frozenset({"kmsKeyId"}),
}
"""Type token → the inputs whose change replaces the resource, of the replacements that a switch may make.

Without the engine nothing else says that such a change is a replacement.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class ResourceChange:
    """What a step does to one resource."""

    operation: Operation
    type: str
    name: str
    properties: Sequence[str] = ()
    """The inputs that change, by the provider's names, without their paths inside objects."""
    before: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The inputs before the step."""
    after: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The inputs after the step."""


def from_preview(progress: Progress) -> list[ResourceChange]:
    """Return the changes of a preview by the engine, in its order. Components are left out."""
    found: dict[str, ResourceChange] = {}
    for step in progress.steps:
        operation = operation_of(step.op, step.type)
        if operation is None or step.failed:
            continue
        found[step.urn] = ResourceChange(
            operation=operation,
            type=step.type,
            name=name_of(step.urn),
            properties=_top_level(step.changed),
            before=step.before,
            after=step.after,
        )
    return list(found.values())


def operation_of(engine_operation: str, type_token: str) -> Operation | None:
    """Return what a step of the engine does to a resource. None for a component, or if it changes nothing."""
    if type_token == ROOT or type_token.startswith("tierup:"):
        return None
    return _OPERATIONS.get(engine_operation)


def from_program(before: Recording, after: Recording) -> list[ResourceChange]:
    """Return the differences between two recordings of the program. Replacements are updates, except for _REPLACING.

    Values that only a cloud knows are equal to each other.
    """
    old = {(each.type, each.name): each.inputs for each in before}
    new = {(each.type, each.name): each.inputs for each in after}
    changes: list[ResourceChange] = []
    for kind, name in [*new, *(key for key in old if key not in new)]:
        was, is_now = old.get((kind, name)), new.get((kind, name))
        operation: Operation = "create" if was is None else "delete" if is_now is None else "update"
        properties: list[str] = []
        if was is not None and is_now is not None:
            properties = [key for key in sorted({*was, *is_now}) if was.get(key) != is_now.get(key)]
            if not properties:
                continue
            if _REPLACING.get(kind, frozenset()).intersection(properties):
                operation = "replace"
        changes.append(
            ResourceChange(
                operation=operation,
                type=kind,
                name=name,
                properties=properties,
                before=was or {},
                after=is_now or {},
            )
        )
    return changes


def _top_level(paths: Sequence[str]) -> list[str]:
    return sorted({path.partition(".")[0].partition("[")[0] for path in paths})
