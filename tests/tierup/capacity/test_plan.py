"""Capacity plans: quantities with their calculation, and the phase, tier and sizes that fit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tierup.capacity.assumptions import Assumptions, measured_task, measured_tasks
from tierup.capacity.plan import plan_capacity, recommend
from tierup.capacity.stack_sizes import of_settings, of_tier
from tierup.program_settings import Phase, Tier, parse_settings


def needed(phase: Phase, tier: Tier, **changed: Any) -> dict[str, float]:
    return {need.what: need.needed for need in plan_capacity(of_tier(phase, tier), Assumptions(**changed)).needs}


def test_users_become_requests_and_tasks() -> None:
    plan = plan_capacity(of_tier(Phase.SCALE, Tier.MEDIUM), Assumptions(users=90_000))
    assert (plan.average_rate, plan.peak_rate) == (50, 150)
    assert plan.tasks == 8, "autoscaling keeps 20 requests/s and task"
    assert plan.fits


def test_tasks_follow_the_rate_of_a_task_without_autoscaling() -> None:
    plan = plan_capacity(
        of_tier(Phase.OPTIMIZATION, Tier.MEDIUM), Assumptions(users=90_000, requests_per_second_per_task=30)
    )
    assert plan.tasks == 8, "150 requests/s ÷ 70 % of 30"
    assert not plan.fits
    assert [need.what for need in plan.needs if not need.fits] == ["tasks at the peak", "p95 at the peak"]


def test_tasks_follow_the_cpu_of_a_request() -> None:
    assert needed(Phase.SCALE, Tier.MEDIUM, users=90_000, cpu_ms_per_request=100)["tasks at the peak"] == 22


def test_a_cache_answers_most_reads() -> None:
    without = needed(Phase.MVP, Tier.MEDIUM, users=9_000_000)["database connections in use"]
    cached = needed(Phase.OPTIMIZATION, Tier.MEDIUM, users=9_000_000)["database connections in use"]
    assert (without, cached) == (225, 63)


def test_data_need_memory_and_disk() -> None:
    found = needed(Phase.MVP, Tier.SMALL, users=100_000)
    assert found["database memory"] == pytest.approx(2.6)
    assert found["database disk"] == pytest.approx(13 / 0.75)


@pytest.mark.parametrize(
    ("users", "phase", "tier"),
    [
        (500, "mvp", "small"),
        (10_000, "mvp", "small"),
        (10_001, "scale", "medium"),
        (100_000, "scale", "medium"),
        (300_000, "scale", "large"),
        (3_000_000, "enterprise", "large"),
    ],
)
def test_recommended_phase_and_tier(users: int, phase: str, tier: str) -> None:
    found = recommend(Assumptions(users=users))
    assert (found.settings["tierup:phase"], found.settings["tierup:tier"]) == (phase, tier)
    assert found.plan.fits
    assert found.reasons


def test_an_application_that_needs_several_tasks_leaves_phase_mvp() -> None:
    found = recommend(Assumptions(users=9_000, requests_per_second_per_task=15))
    assert found.settings["tierup:phase"] == "optimization"
    assert "The peak needs 2 tasks; phase mvp has one." in found.reasons


def test_slow_responses_add_the_cache() -> None:
    found = recommend(Assumptions(users=9_000, base_latency_ms=250))
    assert found.settings["tierup:phase"] == "optimization"
    assert any("above 200 ms the guide adds Redis" in reason for reason in found.reasons)


@pytest.mark.parametrize("users", [1_000_000, 2_000_000, 10_000_000])
def test_the_program_accepts_recommended_sizes(users: int) -> None:
    found = recommend(Assumptions(users=users))
    overrides = {
        key.rpartition(".")[2]: value for key, value in found.settings.items() if key.startswith("tierup:sizeOverrides")
    }
    config = {
        "aws:region": "eu-west-1",
        "tierup:phase": found.settings["tierup:phase"],
        "tierup:tier": found.settings["tierup:tier"],
        "tierup:domain": "app.example.com",
        "tierup:alertEmail": "ops@example.com",
        "tierup:atlasOrgId": "0" * 24,
        "tierup:sizeOverrides": json.dumps(overrides),
    }
    assert of_settings(parse_settings(config, "prod")) == found.plan.sizes


def test_a_plan_that_no_size_serves_says_so() -> None:
    found = recommend(Assumptions(users=100_000_000))
    assert not found.plan.fits
    assert any("no larger size is available" in reason for reason in found.reasons)


def test_unmeasured_task_sizes_use_the_next_smaller_measured_one() -> None:
    assert set(measured_tasks()) == {512, 1024, 2048}
    assert measured_task(4096).cpu_units == 2048
    assert measured_task(256).cpu_units == 512


def test_a_written_file_is_read_again(tmp_path: Path) -> None:
    assumed = Assumptions(users=7, peak_factor=4.5, requests_per_second_per_task=12)
    file = tmp_path / "assumptions.yaml"
    file.write_text(assumed.as_yaml())
    assert Assumptions.read(file) == assumed
    assert file.read_text().count("# ") == len(Assumptions.model_fields) + 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("users: 0", "users: input should be greater than or equal to 1 (got 0)."),
        ("user: 1", "user: not an assumption. Allowed: users, "),
        ("[1]", "must contain a mapping (got list)."),
        ("{", "not valid YAML"),
    ],
)
def test_a_wrong_file_is_rejected_with_its_path(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "assumptions.yaml"
    file.write_text(text)
    with pytest.raises(ValueError, match=r"assumptions\.yaml: ") as raised:
        Assumptions.read(file)
    assert message in str(raised.value)
