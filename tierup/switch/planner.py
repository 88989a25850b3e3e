"""Plans a switch: the settings after it, and the steps that lead there.

The planner starts from the target. While an order rule applies to the change from the current settings to the next
ones, the next ones get the rule's values instead. What remains is the next step, and the plan continues from there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tierup.program_settings import NAMESPACE, RejectedSettingsError, Settings, parse_settings
from tierup.switch.config_values import Config, differences, raw_text, value_at, with_values
from tierup.switch.rules import FORBIDDEN_CHANGES, KEPT_SETTINGS, ORDER_RULES, ForbiddenChange, KeptSetting, OrderRule

_MAX_STEPS: Final = 12
_SIZES: Final = f"{NAMESPACE}:sizeOverrides."


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedStep:
    """One `up` of a switch."""

    changes: Mapping[str, Any]
    """Path → value of the settings that the step changes. None removes the setting."""
    rules: Sequence[OrderRule]
    """The rules that make the step differ from the target."""
    config: Config
    """The whole configuration of the step."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A setting that the switch keeps, although the new tier or phase has another value."""

    rule: KeptSetting
    value: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class SwitchPlan:
    """The steps from the current configuration to the target."""

    stack: str
    start: Config
    target: Config
    kept: Sequence[Kept]
    dropped: Sequence[str]
    """Paths of earlier kept sizes that the target does not need any more."""
    steps: Sequence[PlannedStep]


class RefusedSwitchError(ValueError):
    """The switch is not possible on an existing stack. `changes` says why, and what is possible instead."""

    def __init__(self, changes: Sequence[ForbiddenChange]) -> None:
        self.changes = tuple(changes)
        super().__init__(
            "\n".join(
                f"{NAMESPACE}:{each.setting}: the change is not possible on an existing stack. {each.why} "
                f"{each.alternative}"
                for each in changes
            )
        )


def plan_switch(start: Config, wanted: Mapping[str, Any], stack: str) -> SwitchPlan:
    """Return the plan from a configuration to one with the wanted values, by path (`tierup:tier`).

    The plan has no steps if nothing changes.

    Raises:
        RejectedSettingsError: the program rejects the configuration, or the one with the wanted values.
        RefusedSwitchError: the change is not possible on an existing stack.
    """
    before = settings_of(start, stack)
    target, dropped = _without_kept_sizes(start, with_values(start, wanted), wanted, stack)
    target, kept = _with_kept_settings(before, target, wanted, stack)
    after = settings_of(target, stack)
    refused = [each for each in FORBIDDEN_CHANGES if each.applies(before, after)]
    if refused:
        raise RefusedSwitchError(refused)
    return SwitchPlan(
        stack=stack, start=start, target=target, kept=kept, dropped=dropped, steps=_steps(start, target, stack)
    )


def settings_of(config: Config, stack: str) -> Settings:
    """Return the settings of a configuration. Raises RejectedSettingsError if the program rejects them."""
    text, secret_keys = raw_text(config)
    return parse_settings(text, stack, secret_keys=secret_keys)


def _steps(start: Config, target: Config, stack: str) -> list[PlannedStep]:
    steps: list[PlannedStep] = []
    current = start
    while differences(current, target):
        config, rules = _next(current, target, stack)
        changes = differences(current, config)
        if not changes or len(steps) == _MAX_STEPS:
            raise LookupError(
                f"{', '.join(rule.id for rule in rules)}: the order rules lead to no end (got {changes})."
            )
        steps.append(PlannedStep(changes=changes, rules=rules, config=config))
        current = config
    return steps


def _next(current: Config, target: Config, stack: str) -> tuple[Config, Sequence[OrderRule]]:
    """Return the configuration nearest to the target that one `up` may change the current one to."""
    before, candidate = settings_of(current, stack), target
    applied: list[OrderRule] = []
    while True:
        after = settings_of(candidate, stack)
        rule = next((each for each in ORDER_RULES if each not in applied and each.applies(before, after)), None)
        if rule is None:
            return candidate, applied
        applied.append(rule)
        if rule.from_before:
            candidate = current
        candidate = with_values(
            candidate, {f"{NAMESPACE}:{path}": value for path, value in rule.values(before).items()}
        )


def _without_kept_sizes(
    start: Config, target: Config, wanted: Mapping[str, Any], stack: str
) -> tuple[Config, list[str]]:
    """Remove the sizes that an earlier switch kept, where the new tier has at least as much."""
    if value_at(start, f"{NAMESPACE}:tier") == value_at(target, f"{NAMESPACE}:tier"):
        return target, []
    dropped: list[str] = []
    before = settings_of(start, stack)
    for rule in KEPT_SETTINGS:
        path = f"{NAMESPACE}:{rule.path}"
        if not path.startswith(_SIZES) or path in wanted or value_at(target, path) is None:
            continue
        without = with_values(target, {path: None})
        try:
            lower = rule.applies(before, settings_of(without, stack))
        except RejectedSettingsError:
            continue
        if not lower:
            target, dropped = without, [*dropped, path]
    return target, dropped


def _with_kept_settings(
    before: Settings, target: Config, wanted: Mapping[str, Any], stack: str
) -> tuple[Config, list[Kept]]:
    kept: list[Kept] = []
    for rule in KEPT_SETTINGS:
        path = f"{NAMESPACE}:{rule.path}"
        after = settings_of(target, stack)
        if path not in wanted and rule.applies(before, after):
            value = rule.value(before, after)
            target = with_values(target, {path: value})
            kept.append(Kept(rule=rule, value=value))
    return target, kept
