"""Target tracking: alarms of 3 and 15 minutes, proportional changes, cooldowns and bounds."""

from __future__ import annotations

import pytest

from tests.stacks.test_architecture import MINIMAL_CONFIG, built
from tierup.capacity.autoscaling import ScalingPolicies, TargetTracking
from tierup.capacity.simulation import scaling_policies
from tierup.capacity.stack_sizes import of_settings, of_tier
from tierup.program_settings import Phase, Tier, parse_settings

POLICIES = ScalingPolicies(
    min_tasks=2,
    max_tasks=10,
    targets={"cpu": 50.0},
    scale_out_cooldown_seconds=60,
    scale_in_cooldown_seconds=300,
)


def observed(tracking: TargetTracking, *values: float, begin: int = 0) -> list[int]:
    return [tracking.observe(60.0 * (begin + minute), {"cpu": value}) for minute, value in enumerate(values)]


def test_three_minutes_above_the_target_scale_out_in_proportion() -> None:
    assert observed(TargetTracking(POLICIES, 2), 75, 75, 75) == [2, 2, 3]


def test_a_minute_at_the_target_restarts_the_alarm() -> None:
    assert observed(TargetTracking(POLICIES, 2), 75, 75, 50, 75, 75) == [2] * 5


def test_a_scale_out_stops_at_the_maximum() -> None:
    assert observed(TargetTracking(POLICIES, 8), 100, 100, 100)[-1] == 10


def test_a_scale_out_in_the_cooldown_includes_the_tasks_that_the_last_one_added() -> None:
    slow = ScalingPolicies(
        min_tasks=2, max_tasks=10, targets={"cpu": 50.0}, scale_out_cooldown_seconds=600, scale_in_cooldown_seconds=600
    )
    assert observed(TargetTracking(slow, 4), 60, 60, 60, 60, 70) == [4, 4, 5, 5, 6]


def test_fifteen_minutes_below_nine_tenths_scale_in_once_in_a_cooldown() -> None:
    tracking = TargetTracking(POLICIES, 10)
    counts = observed(tracking, *[40.0] * 15, *[30.0] * 5)
    assert counts[13:15] == [10, 8]
    assert counts[15:19] == [8] * 4
    assert counts[19] == 5


def test_a_metric_just_below_the_target_keeps_the_tasks() -> None:
    assert observed(TargetTracking(POLICIES, 4), *[46.0] * 30)[-1] == 4


def test_scale_in_keeps_the_minimum() -> None:
    assert observed(TargetTracking(POLICIES, 4), *[1.0] * 15)[-1] == 2


def test_the_largest_count_of_all_policies_wins_and_all_must_allow_a_scale_in() -> None:
    both = ScalingPolicies(
        min_tasks=1,
        max_tasks=10,
        targets={"cpu": 50.0, "requests": 100.0},
        scale_out_cooldown_seconds=60,
        scale_in_cooldown_seconds=300,
    )
    tracking = TargetTracking(both, 2)
    for minute in range(3):
        tracking.observe(60.0 * minute, {"cpu": 10, "requests": 200})
    assert tracking.desired == 4
    for minute in range(3, 40):
        tracking.observe(60.0 * minute, {"cpu": 10, "requests": 95})
    assert tracking.desired == 4


def test_the_policies_are_those_of_the_program() -> None:
    changed = {"autoscaling": '{"cpuPercent": 60, "requestsPerMinute": 900}', "sizeOverrides": '{"maxTasks": 12}'}
    config = {**MINIMAL_CONFIG, "tierup:phase": "scale", "tierup:tier": "medium"}
    settings = parse_settings({**config, **{f"tierup:{key}": value for key, value in changed.items()}}, "prod")
    found = scaling_policies(of_settings(settings))
    recording = built(Phase.SCALE, Tier.MEDIUM, **changed)
    target = recording.named("backend-scaling-target").inputs
    tracked = {
        name: recording.named(f"backend-scaling-{name}").inputs["targetTrackingScalingPolicyConfiguration"]
        for name in ("cpu", "requests")
    }
    assert (found.min_tasks, found.max_tasks) == (target["minCapacity"], target["maxCapacity"])
    assert found.targets == {name: each["targetValue"] for name, each in tracked.items()}
    assert {each["scaleOutCooldown"] for each in tracked.values()} == {found.scale_out_cooldown_seconds}
    assert {each["scaleInCooldown"] for each in tracked.values()} == {found.scale_in_cooldown_seconds}


@pytest.mark.parametrize("tier", list(Tier))
def test_default_sizes_are_those_of_a_stack_with_default_settings(tier: Tier) -> None:
    settings = parse_settings({**MINIMAL_CONFIG, "tierup:phase": "scale", "tierup:tier": tier}, "prod")
    assert of_tier(Phase.SCALE, tier) == of_settings(settings)


@pytest.mark.parametrize("phase", [Phase.MVP, Phase.OPTIMIZATION])
def test_phases_without_autoscaling_have_a_fixed_number_of_tasks(phase: Phase) -> None:
    found = scaling_policies(of_tier(phase, Tier.MEDIUM))
    assert found.targets == {}
    assert found.min_tasks == found.max_tasks == 4
