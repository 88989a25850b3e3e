"""A capacity plan and its simulations as tables and as a JSON document."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from tierup.capacity.assumptions import Assumptions, measured_on, measured_task
from tierup.capacity.growth import GrowthStep
from tierup.capacity.plan import CapacityPlan, Recommendation, number
from tierup.capacity.simulation import SimulationResult


def assumption_values(assumptions: Assumptions, plan: CapacityPlan) -> Mapping[str, tuple[float, str]]:
    """Return value and description of each assumption; measured ones have the load run's value."""
    measured = measured_task(plan.sizes.task_cpu)
    otherwise = {
        "requestsPerSecondPerTask": measured.rate,
        "cpuMsPerRequest": measured.cpu_ms_per_request,
        "baseLatencyMs": measured.p50_ms,
    }
    values = assumptions.model_dump(by_alias=True)
    found: dict[str, tuple[float, str]] = {}
    for key, description in Assumptions.described().items():
        value = values[key]
        if value is None:
            found[key] = otherwise[key], f"{description} ({measured_on()})"
        else:
            found[key] = value, description
    return found


def print_assumptions(console: Console, assumptions: Assumptions, plan: CapacityPlan) -> None:
    """Print every assumption."""
    table = Table("assumption", "value", "meaning", box=None)
    for key, (value, description) in assumption_values(assumptions, plan).items():
        table.add_row(key, _number(value), description)
    console.print(table)


def print_plan(console: Console, plan: CapacityPlan) -> None:
    """Print what the users need of a stack."""
    sizes = plan.sizes
    console.print(
        f"\nPhase {sizes.phase}, tier {sizes.tier}: {plan.average_rate:,.1f} requests/s on average, "
        f"{plan.peak_rate:,.1f} at the peak.",
        highlight=False,
    )
    table = Table("", "needed", "available", "", "calculation", box=None)
    for column in (1, 2):
        table.columns[column].justify = "right"
    for need in plan.needs:
        unit = f" {need.unit}" if need.unit else ""
        state = "[green]fits[/green]" if need.fits else "[red]not enough[/red]"
        table.add_row(need.what, f"{_number(need.needed)}{unit}", f"{_number(need.available)}{unit}", state, need.why)
    console.print(table)


def print_recommendation(console: Console, found: Recommendation) -> None:
    """Print the phase and tier that fit, with the reasons and the settings to write."""
    for reason in found.reasons:
        console.print(f"- {reason}", highlight=False, markup=False)
    console.print("\nSettings for Pulumi.<stack>.yaml:", highlight=False, markup=False)
    for key, value in found.settings.items():
        console.print(f"  {key}: {value}", highlight=False, markup=False)


def print_result(console: Console, title: str, result: SimulationResult) -> None:
    """Print the totals of a simulation."""
    console.print(
        f"\n{title}: {result.requests:,.0f} requests, p95 {_milliseconds(result.p95_ms)}, {result.queued:,.0f} queued, "
        f"{result.dropped:,.0f} dropped ({result.dropped_percent:.3g} %), {result.fewest_tasks} to {result.most_tasks} "
        f"tasks, {result.task_hours:,.1f} task hours.",
        highlight=False,
        markup=False,
    )


def print_growth(console: Console, steps: Sequence[GrowthStep]) -> None:
    """Print a row for each number of users."""
    table = Table("users", "requests/s", "tasks", "p95", "dropped", "", "phase and tier that fit", box=None)
    for column in range(5):
        table.columns[column].justify = "right"
    for step in steps:
        result = step.result
        settings = step.recommendation.settings
        more = ", ".join(
            f"{key.rpartition('.')[2]} {value}" for key, value in settings.items() if key.startswith("tierup:size")
        )
        fitting = f"{settings['tierup:phase']} / {settings['tierup:tier']}{f' with {more}' if more else ''}"
        table.add_row(
            f"{step.users:,}",
            f"{max(each.rate for each in result.minutes):,.0f}",
            str(result.most_tasks),
            _milliseconds(result.p95_ms),
            f"{result.dropped_percent:.2f} %",
            "[green]met[/green]" if step.meets_targets else "[red]missed[/red]",
            fitting if step.recommendation.plan.fits else f"{fitting}; not enough",
        )
    console.print(table)
    ends = next((step for step in steps if not step.meets_targets), None)
    console.print(
        f"These settings miss the guide's targets (p95 500 ms, 0.1 % errors) from {ends.users:,} users on."
        if ends
        else "These settings meet the guide's targets (p95 500 ms, 0.1 % errors) for every number of users.",
        highlight=False,
    )


def plan_document(plan: CapacityPlan) -> Mapping[str, Any]:
    """Return a plan as JSON."""
    return {
        "phase": plan.sizes.phase.value,
        "tier": plan.sizes.tier.value,
        "average_requests_per_second": plan.average_rate,
        "peak_requests_per_second": plan.peak_rate,
        "tasks": plan.tasks,
        "p95_ms": _finite(plan.p95_ms),
        "fits": plan.fits,
        "needs": [
            {
                "what": need.what,
                "needed": _finite(need.needed),
                "available": _finite(need.available),
                "unit": need.unit,
                "fits": need.fits,
                "calculation": need.why,
            }
            for need in plan.needs
        ],
    }


def recommendation_document(found: Recommendation) -> Mapping[str, Any]:
    """Return a recommendation as JSON."""
    return {**plan_document(found.plan), "reasons": list(found.reasons), "settings": dict(found.settings)}


def result_document(result: SimulationResult) -> Mapping[str, Any]:
    """Return a simulation as JSON, with a row for each minute."""
    return {
        "requests": result.requests,
        "dropped": result.dropped,
        "dropped_percent": result.dropped_percent,
        "queued": result.queued,
        "p95_ms": _finite(result.p95_ms),
        "fewest_tasks": result.fewest_tasks,
        "most_tasks": result.most_tasks,
        "task_hours": result.task_hours,
        "minutes": [
            {
                "minute": each.minute,
                "requests_per_second": each.rate,
                "tasks": each.tasks,
                "desired": each.desired,
                "p95_ms": _finite(each.p95_ms),
                "queued": each.queued,
                "dropped": each.dropped,
                "cpu_percent": each.cpu_percent,
            }
            for each in result.minutes
        ],
    }


def growth_document(steps: Sequence[GrowthStep]) -> Sequence[Mapping[str, Any]]:
    """Return growth as JSON, with a row for each number of users."""
    return [
        {
            "users": step.users,
            "most_tasks": step.result.most_tasks,
            "p95_ms": _finite(step.result.p95_ms),
            "dropped_percent": step.result.dropped_percent,
            "meets_targets": step.meets_targets,
            "settings": dict(step.recommendation.settings),
            "fits": step.recommendation.plan.fits,
        }
        for step in steps
    ]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _milliseconds(value: float) -> str:
    return f"{value:,.0f} ms" if math.isfinite(value) else "no answer"


def _number(value: float) -> str:
    if not math.isfinite(value):
        return "overload" if value > 0 else "unknown"
    return number(value)
