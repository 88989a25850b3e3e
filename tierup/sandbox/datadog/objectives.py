"""Datadog's service level objectives."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, located, rule
from . import sources
from .monitors import BAD_REQUEST, MONITOR

_PROVIDER = sources.provider("resource_datadog_service_level_objective.go")
_SLI = {"metric": ("query", "sliSpecification"), "monitor": ("monitorIds",), "time_slice": ("sliSpecification",)}


@rule("objective-has-the-indicator-of-its-type", Stage.PLAN, source=_PROVIDER)
def _indicator(call: Call) -> Iterator[Rejection]:
    kind = call.get("type")
    wanted = _SLI.get(kind) if isinstance(kind, str) else None
    if wanted and all(call.inputs.get(path) is None for path in wanted):
        yield Rejection(wanted[0], f"it is missing. Type {kind} requires {' or '.join(wanted)}.", BAD_REQUEST)


@rule("objective-targets-are-percentages", Stage.PLAN, source=_PROVIDER)
def _targets(call: Call) -> Iterator[Rejection]:
    frames: list[object] = []
    for at, each in located(call.inputs, "thresholds[*]"):
        if not isinstance(each, dict):
            continue
        target, warning = each.get("target"), each.get("warning")
        if isinstance(target, (int, float)) and not 0 < target < 100:
            yield Rejection(f"{at}.target", f"the target is not in (0, 100) (got {target:g}).", BAD_REQUEST)
        if isinstance(target, (int, float)) and isinstance(warning, (int, float)) and not target < warning < 100:
            yield Rejection(
                f"{at}.warning", f"the warning is not above the target (got {warning:g} and {target:g}).", BAD_REQUEST
            )
        frame = each.get("timeframe")
        if frame is not UNKNOWN and frame in frames:
            yield Rejection(f"{at}.timeframe", f"two thresholds have the same time frame (got {frame}).", BAD_REQUEST)
        frames.append(frame)
    primary = call.get("timeframe")
    if primary is not None and primary is not UNKNOWN and UNKNOWN not in frames and primary not in frames:
        yield Rejection("timeframe", f"no threshold has the primary time frame (got {primary}).", BAD_REQUEST)


@rule("objective-combines-existing-monitors", Stage.CREATE, Stage.UPDATE, source=_PROVIDER)
def _monitors(call: Call) -> Iterator[Rejection]:
    for at, number in located(call.inputs, "monitorIds[*]"):
        if call.cloud.get(MONITOR, f"{number:.0f}") is None:
            yield Rejection(at, f"error finding monitor to add to SLO (got {number:.0f})", "404 Not Found")


BEHAVIOURS = (
    Behaviour(
        type="datadog:index/serviceLevelObjective:ServiceLevelObjective",
        source=_PROVIDER,
        id="{hex32}",
        outputs={
            "targetThreshold": lambda call: call.get("thresholds[0].target"),
            "timeframe": lambda call: call.get("thresholds[0].timeframe"),
            "warningThreshold": lambda call: call.get("thresholds[0].warning", 0),
        },
        replaces=frozenset({"type"}),
        replace_source=_PROVIDER,
        keeps=frozenset({"tags", "targetThreshold", "timeframe", "warningThreshold"}),
        empty_is_absent=True,
        enums={
            "type": ("metric", "monitor", "time_slice"),
            "timeframe": ("7d", "30d", "90d", "custom"),
            "thresholds[*].timeframe": ("7d", "30d", "90d", "custom"),
        },
        conflicts=(("query", "monitorIds", "sliSpecification"), ("query", "groups"), ("sliSpecification", "groups")),
        rules=(_indicator, _targets, _monitors),
        regional=False,
    ),
)
