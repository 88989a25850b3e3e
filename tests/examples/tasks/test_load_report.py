"""The tables of the load run."""

from __future__ import annotations

import dataclasses
import json

import pytest

from stacks.catalog.tiers import Tier
from tools.app.load_report import TASK_SIZES, Report, SizeResult, Step, saved, steps_table, tiers_table

STEP = Step(
    rate=200, p50_ms=5.2, p95_ms=499.9, error_percent=0.0, cpu_percent=80.4, cpu_ms_per_request=2.04, memory_mib=256.2
)
SLOW = dataclasses.replace(STEP, rate=260, p95_ms=1_500.0)
RESULT = SizeResult(cpu_units=512, memory_mib=1024, idle_memory_mib=240.4, passed=STEP, failed=SLOW)
REPORT = Report(machine="2 cores", day="2026-11-28", results=[RESULT])


@pytest.mark.parametrize(
    ("change", "passes"),
    [({}, True), ({"p95_ms": 500.1}, False), ({"error_percent": 0.1}, False), ({"error_percent": 0.09}, True)],
)
def test_step_passes_within_the_targets_of_the_guide(change: dict[str, float], passes: bool) -> None:
    assert dataclasses.replace(STEP, **change).passes is passes


def test_steps_table_shows_the_last_passing_and_the_first_failing_rate() -> None:
    row = steps_table(REPORT).splitlines()[2]
    assert row == (
        "| 0.5 vCPU, 1 GiB | 200 | 5 ms | 500 ms | 80 % | 2.0 ms | 240, 256 MiB | 260/s: p95 1,500 ms, CPU 80 % |"
    )


def test_tiers_table_multiplies_by_the_tasks_of_the_tier() -> None:
    assert tiers_table(REPORT).splitlines()[2:] == [
        "| small | 0.5 vCPU | 2 to 4 | 200 requests/s | 400 to 800 requests/s | 10 requests/s and task, or CPU |"
    ]


def test_report_survives_json() -> None:
    assert json.loads(json.dumps(REPORT.as_document()))["results"][0]["passed"]["rate"] == 200


def test_saved_results_cover_each_tier_and_meet_the_targets() -> None:
    report = saved()
    assert {result.cpu_units: result.memory_mib for result in report.results} == TASK_SIZES
    assert len(tiers_table(report).splitlines()) == 2 + len(Tier)
    assert {result.passed.passes for result in report.results} == {True}
