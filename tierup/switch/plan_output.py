"""Prints a planned switch, and returns it as a document."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import yaml
from rich.console import Console
from rich.markup import escape

from tierup.deployment.traffic import duration_text
from tierup.switch.config_values import value_at
from tierup.switch.effects import CostComparison, StepEffects
from tierup.switch.planned_effects import Description
from tierup.switch.planner import PlannedStep
from tierup.switch.resource_changes import Operation, ResourceChange
from tierup.switch.rules import DATA

_INFINITIVES: Final[Mapping[Operation, str]] = {
    "create": "to create",
    "update": "to update in place",
    "replace": "to replace",
    "delete": "to delete",
}
_MAX_NAMES = 6
_MAX_COSTS = 12


def print_description(console: Console, found: Description, accepted: Collection[str] = ()) -> None:
    """Print the steps with their effects, and the cost. `accepted` are data that the user gives up."""
    _print(console, f"[bold]Switch of stack '{escape(found.plan.stack)}': {escape(headline(found))}[/bold]")
    for kept in found.plan.kept:
        _print(console, f"  Keeps {kept.rule.path} {escape(value_text(kept.value))}. {escape(kept.rule.why)}")
    for path in found.plan.dropped:
        _print(console, f"  Removes {escape(path)}, which an earlier switch had kept.")
    for number, (step, effects) in enumerate(zip(found.plan.steps, found.effects, strict=True), start=1):
        _print_step(console, number, len(found.plan.steps), step, effects, accepted)
    _print_cost(console, found.cost)
    total = found.seconds
    _print(
        console,
        "Interruption: none is expected." if not total else f"Interruption: {total} s are expected in total.",
    )
    minimum = sum(each.min_seconds for each in found.effects)
    _print(console, f"Estimated time on the real clouds: at least {duration_text(minimum)}.")


def headline(found: Description) -> str:
    """Return the change in one line: "phase mvp → scale, tier small → medium"."""
    parts: list[str] = []
    for key in ("tierup:phase", "tierup:tier", "tierup:cdn"):
        before, after = value_at(found.plan.start, key), value_at(found.plan.target, key)
        if before != after:
            parts.append(f"{key.removeprefix('tierup:')} {before or 'default'} → {after or 'default'}")
    return ", ".join(parts) or "settings"


def changes_text(changes: Mapping[str, Any]) -> str:
    """Return the settings of a step in one line: "phase scale, pauseDatabaseAutoscaling true"."""
    return ", ".join(
        f"{path.removeprefix('tierup:')} {'unset' if value is None else value_text(value)}"
        for path, value in changes.items()
    )


def value_text(value: Any) -> str:
    """Return a value as YAML in one line."""
    return yaml.safe_dump(value, default_flow_style=True, width=1 << 16).strip().removesuffix("...").strip()


def _print_step(
    console: Console,
    number: int,
    count: int,
    step: PlannedStep,
    effects: StepEffects,
    accepted: Collection[str],
) -> None:
    _print(console, f"\n[bold]Step {number} of {count}:[/bold] {escape(changes_text(step.changes))}")
    for rule in step.rules:
        _print(console, f"  {escape(rule.does)} {escape(rule.why)} [dim]({escape(rule.id)})[/dim]")
    source = "" if effects.previewed else " [dim](by the program alone; the engine previews the step before it)[/dim]"
    _print(console, f"  {escape(counts_text(effects))}{source}")
    for operation in ("replace", "delete", "update"):
        for line in _by_kind([each for each in effects.changes if each.operation == operation]):
            _print(console, f"    {operation}  {escape(line)}")
    created = Counter(kind_of(each.type) for each in effects.changes if each.operation == "create")
    if created:
        kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(created.items()))
        _print(console, f"    create  {escape(kinds)}")
    for change, effect in _one_each(effects):
        _print(console, f"  [yellow]{effect.seconds} s[/yellow] {escape(change.name)}: {escape(effect.effect)}")
        _print(console, f"    [dim]{escape(effect.source)}[/dim]")
    for change in effects.unknown:
        _print(console, f"  [yellow]unknown[/yellow] {escape(change.name)}: no documented effect is known.")
    refused = effects.refused(accepted)
    for change in effects.lost_data:
        style = "red" if change in refused else "yellow"
        _print(
            console,
            f"  [{style}]data[/{style}] {escape(change.name)}: would be {change.operation}d, and with it "
            f"{escape(DATA[change.type])}.",
        )
    for change in effects.replaced:
        _print(console, f"  [red]replaced[/red] {escape(change.name)}: users reach it.")
    if not effects.lost_data and not effects.replaced:
        _print(console, "  No data is deleted, and nothing that users reach is replaced.")


def _one_each(effects: StepEffects) -> list[tuple[ResourceChange, Any]]:
    """Return one resource for each kind of interruption."""
    seen: dict[int, tuple[ResourceChange, Any]] = {}
    for change, effect in effects.interruptions:
        seen.setdefault(id(effect), (change, effect))
    return list(seen.values())


def counts_text(effects: StepEffects) -> str:
    """Return the number of changes by operation: "3 to create, 2 to update in place"."""
    parts = [
        f"{effects.counts[operation]} {text}" for operation, text in _INFINITIVES.items() if effects.counts[operation]
    ]
    return ", ".join(parts) or "no resource changes"


def _by_kind(changes: Sequence[ResourceChange]) -> list[str]:
    by_kind: dict[str, list[ResourceChange]] = defaultdict(list)
    for change in changes:
        by_kind[kind_of(change.type)].append(change)
    lines: list[str] = []
    for kind, found in sorted(by_kind.items()):
        names = [each.name for each in found]
        more = f" and {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else ""
        properties = sorted({each for change in found for each in change.properties})
        changed = f" ({', '.join(properties)})" if properties and found[0].operation == "update" else ""
        lines.append(f"{kind}: {', '.join(names[:_MAX_NAMES])}{more}{changed}")
    return lines


def kind_of(type_token: str) -> str:
    """Return a type in words: `aws:ec2/natGateway:NatGateway` is "nat gateway"."""
    name = type_token.rpartition(":")[2]
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()


def _print_cost(console: Console, cost: CostComparison | None) -> None:
    if cost is None:
        _print(console, "\nFixed monthly cost: there are no prices for the region.")
        return
    _print(
        console,
        f"\nFixed monthly cost: {_usd(cost.before)} → {_usd(cost.after)} USD ({_signed(cost.after - cost.before)})",
    )
    for line in cost.changes[:_MAX_COSTS]:
        _print(
            console,
            f"  {_signed(line.after - line.before):>12}  {escape(line.name)}: {escape(line.what)} "
            f"[dim]({_usd(line.before)} → {_usd(line.after)})[/dim]",
        )
    rest = cost.changes[_MAX_COSTS:]
    if rest:
        _print(console, f"  {_signed(sum((each.after - each.before for each in rest), Decimal())):>12}  others")


def _usd(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def _signed(amount: Decimal) -> str:
    return f"{amount:+,.2f}"


def as_document(found: Description, accepted: Collection[str] = ()) -> dict[str, Any]:
    """Return the description as a JSON document."""
    return {
        "stack": found.plan.stack,
        "change": headline(found),
        "kept": [{"setting": each.rule.path, "value": each.value, "why": each.rule.why} for each in found.plan.kept],
        "dropped": list(found.plan.dropped),
        "interruption_seconds": found.seconds,
        "steps": [
            {
                "number": number,
                "settings": dict(step.changes),
                "rules": [
                    {"id": rule.id, "does": rule.does, "why": rule.why, "source": rule.source} for rule in step.rules
                ],
                "previewed": effects.previewed,
                "counts": {operation: effects.counts[operation] for operation in _INFINITIVES},
                "changes": [
                    {
                        "operation": change.operation,
                        "type": change.type,
                        "name": change.name,
                        "properties": list(change.properties),
                    }
                    for change in effects.changes
                ],
                "interruption_seconds": effects.seconds,
                "min_seconds": effects.min_seconds,
                "interruptions": [
                    {
                        "name": change.name,
                        "type": change.type,
                        "seconds": effect.seconds,
                        "effect": effect.effect,
                        "source": effect.source,
                    }
                    for change, effect in effects.interruptions
                ],
                "unknown": [change.name for change in effects.unknown],
                "lost_data": [change.name for change in effects.lost_data],
                "replaced": [change.name for change in effects.replaced],
                "refused": [change.name for change in effects.refused(accepted)],
            }
            for number, (step, effects) in enumerate(zip(found.plan.steps, found.effects, strict=True), start=1)
        ],
        "cost": None
        if found.cost is None
        else {
            "before": float(round(found.cost.before, 2)),
            "after": float(round(found.cost.after, 2)),
            "changes": [
                {
                    "name": line.name,
                    "what": line.what,
                    "before": float(round(line.before, 2)),
                    "after": float(round(line.after, 2)),
                }
                for line in found.cost.changes
            ],
            "unpriced": list(found.cost.unpriced),
        },
    }


def _print(console: Console, line: str) -> None:
    console.print(line, highlight=False, soft_wrap=True)
