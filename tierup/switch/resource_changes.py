"""The resources that a step of a switch changes: from a preview of the engine, or from the program alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, cast

from pulumi.output import Unknown

from tierup.cost.rules import PricedResource
from tierup.deployment.progress import ROOT, UNKNOWN, Progress, name_of

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
    urn: str = ""
    """The URN, from a preview of the engine."""


def from_preview(progress: Progress) -> list[ResourceChange]:
    """Return the changes of a preview by the engine, in its order. Components are left out."""
    found: dict[str, ResourceChange] = {}
    for step in progress.steps:
        operation = _OPERATIONS.get(step.op)
        if operation is None or step.failed or step.type == ROOT or step.type.startswith("tierup:"):
            continue
        found[step.urn] = ResourceChange(
            operation=operation,
            type=step.type,
            name=name_of(step.urn),
            properties=_top_level(step.changed),
            before=step.before,
            after=step.after,
            urn=step.urn,
        )
    return list(found.values())


def from_program(
    before: Sequence[PricedResource],
    after: Sequence[PricedResource],
    replaces: Callable[[str, str], bool] = lambda _type, _property: False,
) -> list[ResourceChange]:
    """Return the differences between two lists of the program's resources, as tierup.mocked_program records them.

    Values that only a cloud knows are equal to each other. `replaces` says whether a change of an input of a type
    replaces the resource.
    """
    old = {(each.type, each.name): plain(each.inputs) for each in before}
    new = {(each.type, each.name): plain(each.inputs) for each in after}
    changes: list[ResourceChange] = []
    for kind, name in [*new, *(key for key in old if key not in new)]:
        was, is_now = old.get((kind, name)), new.get((kind, name))
        properties: list[str] = []
        if was is not None and is_now is not None:
            properties = [key for key in sorted({*was, *is_now}) if was.get(key) != is_now.get(key)]
            if not properties:
                continue
            operation: Operation = "replace" if any(replaces(kind, each) for each in properties) else "update"
        else:
            operation = "create" if was is None else "delete"
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


def plain(value: Any) -> Any:
    """Return a recorded value as JSON, in which everything that only a cloud knows is UNKNOWN."""
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in cast("Sequence[Any]", value)]
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    return f"<{type(value).__name__}>"  # an asset or an archive
