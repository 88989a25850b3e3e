"""The results of a load run, and the tables that docs/explanation/capacity.md shows of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from stacks.catalog.phases import Phase
from stacks.catalog.tiers import REQUESTS_PER_TASK, Tier, sizes

P95_MS: Final = 500.0  # the guide's "p95 < 500ms"
ERROR_PERCENT: Final = 0.1  # the guide's "error rate < 0.1%"

SAVED: Final = Path(__file__).parents[2] / "tierup/capacity/measured.json"
"""The results that the documentation and `tierup capacity` use, as `make load` saved them."""

_SIZED: Final = {tier: sizes(tier, Phase.SCALE) for tier in Tier}
TASK_SIZES: Final[Mapping[int, int]] = {row.task_cpu: row.task_memory for row in _SIZED.values()}
"""CPU units and MiB of the tiers' tasks."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One rate of requests and its result."""

    rate: int
    """Requests per second that were sent."""
    p50_ms: float
    p95_ms: float
    error_percent: float
    cpu_percent: float
    """CPU of the API process in percent of the task's quota."""
    cpu_ms_per_request: float
    """CPU time of the API process for one request. Other programs on the machine do not change it much."""
    memory_mib: float
    """Largest resident memory of the API process."""

    @property
    def passes(self) -> bool:
        """Whether the step meets the guide's targets."""
        return self.p95_ms <= P95_MS and self.error_percent < ERROR_PERCENT


@dataclass(frozen=True, kw_only=True)
class SizeResult:
    """The result of one task size: the last step that passes, and the first that does not."""

    cpu_units: int
    memory_mib: int
    idle_memory_mib: float
    passed: Step
    failed: Step | None


@dataclass(frozen=True, kw_only=True)
class Report:
    """The results of all task sizes."""

    machine: str
    day: str
    results: Sequence[SizeResult]

    def as_document(self) -> Mapping[str, object]:
        """Return the report as JSON."""
        return asdict(self)


def saved() -> Report:
    """Return the results that the documentation shows."""
    document: Mapping[str, Any] = json.loads(SAVED.read_text(encoding="utf-8"))
    results = [_size_result(result) for result in document["results"]]
    return Report(machine=document["machine"], day=document["day"], results=results)


def _size_result(result: Mapping[str, Any]) -> SizeResult:
    steps: dict[str, Any] = {
        "passed": Step(**result["passed"]),
        "failed": Step(**result["failed"]) if result["failed"] else None,
    }
    return SizeResult(**{**result, **steps})


def steps_table(report: Report) -> str:
    """Return what was measured, as Markdown."""
    lines = [
        "| task | requests/s | p50 | p95 | CPU of the task | CPU a request | memory: idle, loaded | next rate |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for result in report.results:
        step, failed = result.passed, result.failed
        fails = f"{failed.rate}/s: p95 {failed.p95_ms:,.0f} ms, CPU {failed.cpu_percent:.0f} %" if failed else "–"
        lines.append(
            f"| {_size(result)} | {step.rate} | {step.p50_ms:.0f} ms | {step.p95_ms:.0f} ms | {step.cpu_percent:.0f} % "
            f"| {step.cpu_ms_per_request:.1f} ms | {result.idle_memory_mib:.0f}, {step.memory_mib:.0f} MiB | {fails} |"
        )
    return "\n".join([*lines, "", f"Measured on {report.day} on a machine with {report.machine}."])


def tiers_table(report: Report) -> str:
    """Return what the tasks of each tier serve in phase scale, as Markdown."""
    measured = {result.cpu_units: result.passed.rate for result in report.results}
    lines = [
        "| tier | task | tasks | one task serves | all tasks serve | autoscaling adds a task at |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for tier, row in _SIZED.items():
        if row.task_cpu not in measured:
            continue
        rate = measured[row.task_cpu]
        lines.append(
            f"| {tier.value} | {row.task_cpu / 1024:g} vCPU | {row.tasks} to {row.max_tasks} | {rate:,} requests/s "
            f"| {rate * row.tasks:,} to {rate * row.max_tasks:,} requests/s "
            f"| {REQUESTS_PER_TASK[tier] / 60:g} requests/s and task, or CPU |"
        )
    return "\n".join(lines)


def _size(result: SizeResult) -> str:
    return f"{result.cpu_units / 1024:g} vCPU, {result.memory_mib / 1024:g} GiB"
