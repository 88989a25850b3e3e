"""Describes a planned switch: the effects of each step and the cost, from the engine's preview and the program."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console

from tierup.cost.estimate import estimate
from tierup.deployment.errors import CommandError
from tierup.deployment.operation import OperationOptions, run
from tierup.deployment.project import read_yaml
from tierup.deployment.workspace import Workspace
from tierup.program_loader import forget
from tierup.switch.config_values import Config, differences, with_values
from tierup.switch.effects import CostComparison, StepEffects, compare_costs
from tierup.switch.planner import SwitchPlan, settings_of
from tierup.switch.recording import Recording
from tierup.switch.resource_changes import from_preview, from_program


@dataclass(frozen=True, kw_only=True, slots=True)
class Description:
    """What a planned switch does."""

    plan: SwitchPlan
    effects: Sequence[StepEffects]
    """One for each step."""
    cost: CostComparison | None
    """None for a region without prices."""

    @property
    def seconds(self) -> int:
        """The seconds of interruption of all steps."""
        return sum(each.seconds for each in self.effects)


def describe(plan: SwitchPlan, recorded: Sequence[Recording], first: StepEffects | None = None) -> Description:
    """Describe a plan by the recordings of its start and its steps.

    `first` is what the engine's preview says about the first step.
    """
    effects = [
        StepEffects(changes=from_program(before, after), previewed=False) for before, after in pairwise(recorded)
    ]
    if first is not None and effects:
        effects[0] = first
    return Description(plan=plan, effects=effects, cost=_cost(plan, recorded[0], recorded[-1]))


def configs_of(plan: SwitchPlan) -> list[Config]:
    """Return the configurations that `describe` needs the recordings of."""
    return [plan.start, *(step.config for step in plan.steps)]


def _cost(plan: SwitchPlan, before: Recording, after: Recording) -> CostComparison | None:
    region = settings_of(plan.start, plan.stack).region
    try:
        return compare_costs(estimate(before, region), estimate(after, region))
    except LookupError:
        return None


def preview_config(workspace: Workspace, current: Config, config: Config, options: OperationOptions) -> StepEffects:
    """Preview the stack with another configuration, and return what `up` would do. The settings file is not changed.

    `current` is the configuration in the settings file.

    Raises:
        CommandError: the preview failed.
    """
    path = write_config_copy(workspace, differences(current, config))
    forget()
    try:
        quiet = Console(file=io.StringIO())
        outcome = run(workspace, "preview", replace(options, config_file=path, show_violations=False), quiet)
    finally:
        path.unlink(missing_ok=True)
    if outcome.code:
        reported = "\n".join(each.message for each in outcome.progress.diagnostics if each.severity == "error")
        raise CommandError(f"The preview failed. {outcome.error}\n{reported}".strip(), outcome.code)
    return StepEffects(changes=from_preview(outcome.progress), previewed=True)


def write_config_copy(workspace: Workspace, changes: Mapping[str, Any]) -> Path:
    """Write a copy of the workspace's settings file with other values, and return its path beside the file."""
    copied = workspace.folder / f"Pulumi.{workspace.stack}.yaml"
    source = copied if workspace.in_sandbox else workspace.project.settings_file(workspace.stack)
    document = dict(read_yaml(source))
    document["config"] = with_values(document.get("config") or {}, changes)
    path = source.with_name(f".{source.stem}.switch.yaml")
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return path
