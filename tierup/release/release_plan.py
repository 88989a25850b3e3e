"""What a release changes: the engine's preview with the new image, limited to what an image may change.

The targets of a release are all resources that the preview changes, and the components above them, whose outputs
follow. So the state afterwards is that of a full `up`, which then changes nothing.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from rich.console import Console

from tierup.deployment.checkpoint import Checkpoint
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.operation import OperationOptions, run
from tierup.deployment.progress import ROOT, UNKNOWN, Progress, Step
from tierup.deployment.workspace import Workspace
from tierup.program_loader import forget
from tierup.release.stack_services import DEPLOYMENT, SERVICE
from tierup.switch.planned_effects import write_config_copy

TASK_DEFINITION: Final = "aws:ecs/taskDefinition:TaskDefinition"
RELEASE_TASK: Final = "release"
"""The logical name of the component of tierup:releaseTask."""

_RELEASE_COMPONENTS: Final = ("tierup:aws:OneOffTask", "tierup:kubernetes:JobTemplate")
_CRON_JOB: Final = "kubernetes:batch/v1:CronJob"
_ALLOWED: Final[Mapping[str, str]] = {
    TASK_DEFINITION: "containerDefinitions",
    SERVICE: "taskDefinition",
    DEPLOYMENT: "spec",
    _CRON_JOB: "spec",
    "aws:iam/rolePolicy:RolePolicy": "policy",  # the execution role may pull from the image's repository only
    "aws:scheduler/schedule:Schedule": "target",  # names the revision of its task definition
}
"""Type → the property that another image changes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseWave:
    """What one run of the engine deploys: the changes in one region."""

    region: str
    """A further region of tierup:regions; "" is the first one, with the resources that no region has."""
    targets: Sequence[str]
    """The URNs of its changed resources, with the components above them, and, in the last wave, the stack."""
    services: Sequence[str]
    """The short names of the services that are deployed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleasePlan:
    """What a release changes."""

    steps: Sequence[Step]
    targets: Sequence[str]
    """The URNs of all changed resources, with the components above them and the stack."""
    task_targets: Sequence[str]
    """The URNs of the release task, whose run comes before the services; empty without tierup:releaseTask."""
    waves: Sequence[ReleaseWave] = ()
    """The regions in the order in which they are deployed. The next one follows when the one before has succeeded."""

    @property
    def empty(self) -> bool:
        """Whether the image already runs."""
        return not self.steps

    @property
    def services(self) -> list[str]:
        """The short names of the services that are deployed."""
        return _services_of(self.steps)


def preview_release(
    workspace: Workspace,
    state: Checkpoint,
    changes: Mapping[str, Any],
    options: OperationOptions,
    *,
    first: bool,
) -> ReleasePlan:
    """Preview the stack with other images, and return the plan. The settings file is not changed.

    `changes` are the changed values of the settings file by path. `first` says that no image was deployed before: the
    stack then also replaces what belongs to the placeholder.

    Raises:
        CommandError: the preview failed, or shows changes that do not belong to a release.
    """
    path = write_config_copy(workspace, changes)
    forget()
    try:
        quiet = Console(file=io.StringIO())
        outcome = run(workspace, "preview", replace(options, config_file=path, show_violations=False), quiet)
    finally:
        path.unlink(missing_ok=True)
    if outcome.code:
        reported = [each.message for each in outcome.progress.errors]
        reported += [f"{each.policy}: {each.message}" for each in outcome.progress.mandatory]
        details = "\n".join(reported)
        raise CommandError(f"The preview failed. {outcome.error}\n{details}".strip(), outcome.code)
    return plan_of(outcome.progress, state, first=first, flags=workspace.flags)


def plan_of(progress: Progress, state: Checkpoint, *, first: bool, flags: str) -> ReleasePlan:
    """Return the plan of a preview. Raises CommandError if it changes what does not belong to a release."""
    steps = [each for each in progress.steps if each.type != ROOT and not each.failed]
    others = [] if first else [text for each in steps if (text := _foreign(each))]
    if others:
        listed = "; ".join(others[:5]) + (f" and {len(others) - 5} more" if len(others) > 5 else "")
        raise CommandError(
            f"--stack: other changes are pending, which a release must not carry (got {listed}). Run `tierup up "
            f"{flags}` first, or undo them.",
            ExitCode.CHANGES,
        )
    parents = {str(each["urn"]): str(each.get("parent") or "") for each in state.resources}
    root = next((str(each["urn"]) for each in state.resources if each["type"] == ROOT), "")
    targets = _with_parents([each.urn for each in steps], parents)
    if root and root not in targets:
        targets.append(root)
    task = [each.urn for each in steps if _belongs_to_release_task(each, parents)]
    return ReleasePlan(
        steps=steps,
        targets=targets,
        task_targets=[each for each in _with_parents(task, parents) if each != root],
        waves=_waves(steps, parents, root),
    )


def _services_of(steps: Sequence[Step]) -> list[str]:
    return sorted({each.name.removesuffix("-service") for each in steps if each.type in (SERVICE, DEPLOYMENT)})


def _waves(steps: Sequence[Step], parents: Mapping[str, str], root: str) -> list[ReleaseWave]:
    """Return the changes by region: the first region, then the others by name.

    A resource without a region, such as a policy of IAM, belongs to that of its component.
    """
    of_component = {parents.get(each.urn, ""): region for each in steps if (region := _region_of(each))}
    by_region: dict[str, list[Step]] = {}
    for each in steps:
        region = _region_of(each) or of_component.get(parents.get(each.urn) or "-", "")
        by_region.setdefault(region, []).append(each)
    waves: list[ReleaseWave] = []
    for number, region in enumerate(sorted(by_region), start=1):
        targets = [each for each in _with_parents([step.urn for step in by_region[region]], parents) if each != root]
        last = [root] if root and number == len(by_region) else []
        waves.append(ReleaseWave(region=region, targets=[*targets, *last], services=_services_of(by_region[region])))
    return waves


def _region_of(step: Step) -> str:
    """Return the region that a resource names, or "" for that of the stack."""
    return str(step.after.get("region") or step.before.get("region") or "")


def _with_parents(urns: Sequence[str], parents: Mapping[str, str]) -> list[str]:
    found: dict[str, None] = {}
    for urn in urns:
        current = urn
        while current and current not in found:
            found[current] = None
            current = parents.get(current, "")
    return list(found)


def _belongs_to_release_task(step: Step, parents: Mapping[str, str]) -> bool:
    if not any(component in step.urn for component in _RELEASE_COMPONENTS):
        return False
    parent = parents.get(step.urn)
    if parent is not None:
        ends = tuple(f"{component}::{RELEASE_TASK}" for component in _RELEASE_COMPONENTS)
        return parent.endswith(ends) or step.urn.endswith(ends)
    return step.name == RELEASE_TASK or step.name.startswith(f"{RELEASE_TASK}-")


def _foreign(step: Step) -> str:
    """Return what a step changes that another image does not change, or ""."""
    allowed = _ALLOWED.get(step.type)
    changed = {path.partition(".")[0].partition("[")[0] for path in step.changed}
    if allowed is None or step.op in ("create", "delete"):
        return f"{step.op} of {step.name}"
    if changed - {allowed}:
        return f"{', '.join(sorted(changed - {allowed}))} of {step.name}"
    if step.type == TASK_DEFINITION:
        other = _container_changes(step.before.get(allowed), step.after.get(allowed))
        if other:
            return f"{', '.join(other)} of {step.name}"
    if step.type in (DEPLOYMENT, _CRON_JOB):
        before, after = (_without_images(each.get("spec")) for each in (step.before, step.after))
        if before != after:
            return f"{', '.join(_changed_keys(before, after))} of {step.name}"
    return ""


def _without_images(value: Any) -> Any:
    """Return a spec of pods without the images of its containers."""
    if isinstance(value, Mapping):
        found = cast("Mapping[str, Any]", value)
        return {key: _without_images(each) for key, each in found.items() if key != "image"}
    if isinstance(value, list):
        return [_without_images(each) for each in cast("list[Any]", value)]
    return value


def _changed_keys(before: Any, after: Any) -> list[str]:
    """Return the innermost keys under which two specs differ, sorted."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        old, new = cast("Mapping[str, Any]", before), cast("Mapping[str, Any]", after)
        keys: set[str] = set()
        for key in {*old, *new}:
            if old.get(key) != new.get(key):
                keys.update(_changed_keys(old.get(key), new.get(key)) or [key])
        return sorted(keys)
    if isinstance(before, list) and isinstance(after, list) and len(cast("list[Any]", before)) == len(after):
        pairs = zip(cast("list[Any]", before), cast("list[Any]", after), strict=True)
        return sorted({key for one, other in pairs if one != other for key in _changed_keys(one, other)})
    return []


def _container_changes(before: Any, after: Any) -> list[str]:
    """Return the keys of container definitions that differ, without the image; none if one side is not known."""
    if not isinstance(before, str) or not isinstance(after, str) or UNKNOWN in (before, after):
        return []
    try:
        old, new = ({str(each["name"]): each for each in json.loads(text)} for text in (before, after))
    except (ValueError, TypeError, KeyError):
        return []
    if old.keys() != new.keys():
        return ["containers"]
    keys = {
        key
        for name in new
        for key in {*old[name], *new[name]}
        if key != "image" and old[name].get(key) != new[name].get(key)
    }
    return sorted(keys)
