"""Measures the traffic model: its share of an `up` of the largest stack in the sandbox, and the time of one trace.

`tierup up --sandbox` of the dev stack in phase enterprise and tier large evaluates the traffic at its end. The same
evaluation is then repeated in this process on the same record of operations, and its median is compared with the rest
of the `up`. The record itself, one row for each operation, is part of that rest.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tierup.deployment.errors import CommandError
from tierup.deployment.project import Project
from tierup.engine import find_or_install
from tierup.sandbox import cloud_path, ensure_running, stop
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.traffic import replay
from tierup.sandbox.traffic.tracing import trace_url
from tools.benchmarks.policy_pack import run_tierup
from tools.benchmarks.sandbox_up import copy_of, raise_fargate_quota

ALLOWED_SHARE = 0.20  # the limit for what the model adds to an `up`
ALLOWED_TRACE_SECONDS = 0.1

Notify = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class TrafficBenchmarkResult:
    """The time of one `up`, and medians of the rest, in seconds."""

    operations: int
    flows: int
    runs: int
    up: float
    evaluation: float
    trace: float

    @property
    def share(self) -> float:
        """The time that the model adds, as a share of the `up` without it."""
        return self.evaluation / (self.up - self.evaluation)

    @property
    def passes(self) -> bool:
        """Whether both limits are kept."""
        return self.share <= ALLOWED_SHARE and self.trace <= ALLOWED_TRACE_SECONDS

    def as_document(self) -> dict[str, Any]:
        """Return the result as a JSON document."""
        return {
            "operations": self.operations,
            "flows": self.flows,
            "runs": self.runs,
            "up": round(self.up, 3),
            "evaluation": round(self.evaluation, 3),
            "share": round(self.share, 4),
            "allowed_share": ALLOWED_SHARE,
            "trace": round(self.trace, 4),
            "allowed_trace": ALLOWED_TRACE_SECONDS,
            "passes": self.passes,
        }

    def as_text(self) -> str:
        """Return the result as text."""
        verdict = "passed" if self.share <= ALLOWED_SHARE else "EXCEEDED"
        traced = "passed" if self.trace <= ALLOWED_TRACE_SECONDS else "EXCEEDED"
        return "\n".join(
            (
                f"{self.flows} flows, {self.operations} operations, medians of {self.runs} runs",
                f"  up {self.up:.2f} s   the model takes {self.evaluation:.2f} s of it and adds {self.share:+.1%} "
                f"(at most {ALLOWED_SHARE:.0%}: {verdict})",
                f"  trace {self.trace * 1000:.0f} ms (at most {ALLOWED_TRACE_SECONDS * 1000:.0f} ms: {traced})",
            )
        )


def run(project: Project, *, runs: int, notify: Notify) -> TrafficBenchmarkResult:
    """Measure one `up`, and evaluation and trace `runs` times.

    Raises:
        CommandError: the largest stack fails, or its run was not recorded.
    """
    find_or_install(notify)
    with tempfile.TemporaryDirectory(prefix="tierup-benchmark-") as temporary:
        home = Path(temporary) / "home"
        ensure_running(home)
        raise_fargate_quota(home)
        try:
            notify("Deploying the largest stack: enterprise, large.")
            up = run_tierup(home, copy_of(project, Path(temporary) / "stack", phase="enterprise", tier="large"), "up")
            with closing(Cloud(cloud_path(home))) as cloud:
                return _measure(cloud, up, runs)
        finally:
            stop(home)


def _measure(cloud: Cloud, up: float, runs: int) -> TrafficBenchmarkResult:
    timeline = replay(cloud)
    if timeline is None:
        raise CommandError("The sandbox recorded no run, so the traffic model has nothing to evaluate.")
    url = next((each.flow.target for each in timeline.report.served if each.flow.kind == "api"), "https://example.com/")
    return TrafficBenchmarkResult(
        operations=len(timeline.steps),
        flows=len(timeline.report.results),
        runs=runs,
        up=up,
        evaluation=statistics.median(_seconds(lambda: replay(cloud)) for _ in range(runs)),
        trace=statistics.median(_seconds(lambda: trace_url(cloud, url)) for _ in range(runs)),
    )


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
