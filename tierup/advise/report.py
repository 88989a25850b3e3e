"""Advice as tables and as a JSON document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from tierup.advise.advice import Advice, Verdict
from tierup.advise.metrics import Day
from tierup.advise.rules import FEWEST_DAYS

_COLUMNS = {
    "requests": "requests/h",
    "p95_ms": "p95 ms",
    "errors": "5xx/h",
    "tasks": "tasks",
    "cpu_percent": "CPU %",
    "memory_percent": "memory %",
    "cache_memory_percent": "cache memory %",
    "database_cpu_percent": "database CPU %",
    "database_disk_percent": "database disk %",
    "users": "users",
}


def print_days(console: Console, days: Sequence[Day]) -> None:
    """Print the values of each day."""
    names = [name for name in _COLUMNS if any(name in day.values for day in days)]
    table = Table("day", *(_COLUMNS[name] for name in names), box=None, title_justify="left")
    for column in table.columns[1:]:
        column.justify = "right"
    for day in days:
        table.add_row(day.date.isoformat(), *(_number(day.values.get(name)) for name in names))
    console.print(table)


def print_advice(console: Console, advice: Advice) -> None:
    """Print the rules, the conditions of shrinking, and the verdict with its reasons."""
    table = Table("rule", "threshold", "days above", "largest", "", box=None)
    for result in advice.results:
        state = "[red]holds[/red]" if result.holds else "no data" if result.days < FEWEST_DAYS else "[green]ok[/green]"
        rule = result.rule
        table.add_row(
            rule.id,
            f"{rule.metric} > {rule.above:,g} {rule.unit}",
            f"{result.days_above} of {result.days}",
            _number(max(result.values, default=None)),
            state,
        )
    console.print(table)
    if advice.shrink and advice.verdict is not Verdict.GROW:
        console.print("\nTo shrink, on all days:", highlight=False)
        shrink = Table("condition", "largest", "below", "", box=None)
        for check in advice.shrink:
            unknown = check.value is None
            state = (
                "no data" if unknown else "[green]holds[/green]" if check.holds else "[yellow]does not hold[/yellow]"
            )
            shrink.add_row(check.what, _number(check.value), f"{check.below:,g} {check.unit}", state)
        console.print(shrink)
    console.print(f"\nAdvice: {advice.verdict}", style="bold", highlight=False)
    for reason in advice.reasons:
        console.print(f"- {reason}", highlight=False, markup=False)
    for effect in dict.fromkeys(advice.effects):
        console.print(f"- Effect: {effect}", highlight=False, markup=False)


def as_document(advice: Advice, days: Sequence[Day]) -> Mapping[str, Any]:
    """Return advice as JSON."""
    return {
        "advice": advice.verdict.value,
        "phase": advice.phase.value,
        "tier": advice.tier.value,
        "reasons": list(advice.reasons),
        "effects": list(dict.fromkeys(advice.effects)),
        "rules": [
            {
                "rule": result.rule.id,
                "metric": result.rule.metric,
                "above": result.rule.above,
                "days_above": result.days_above,
                "days": result.days,
                "holds": result.holds,
                "source": result.rule.source,
            }
            for result in advice.results
        ],
        "shrink": [
            {"condition": check.what, "value": check.value, "below": check.below, "holds": check.holds}
            for check in advice.shrink
        ],
        "days": [{"day": day.date.isoformat(), **day.values} for day in days],
    }


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 or value == round(value) else f"{value:,.1f}"
