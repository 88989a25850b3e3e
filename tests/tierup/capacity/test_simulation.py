"""The simulation of a service, compared with the formulas of the queue and with a simulation of single requests."""

from __future__ import annotations

import heapq
import random
from dataclasses import replace

import pytest

from tierup.capacity import load
from tierup.capacity.assumptions import Assumptions
from tierup.capacity.autoscaling import ScalingPolicies
from tierup.capacity.growth import simulate_growth
from tierup.capacity.load import Load
from tierup.capacity.queueing import response_quantile
from tierup.capacity.simulation import ServiceModel, scaling_policies, service_model, simulate
from tierup.capacity.stack_sizes import of_tier
from tierup.program_settings import Phase, Tier

MODEL = ServiceModel(rate=100, cpu_ms=5, base_ms=0, vcpu=1, start_seconds=90, timeout_seconds=10)
FIXED = ScalingPolicies(
    min_tasks=4, max_tasks=4, targets={}, scale_out_cooldown_seconds=60, scale_in_cooldown_seconds=300
)
SCALED = replace(FIXED, max_tasks=20, targets={"cpu": 35.0})


def constant(rate: float, seconds: float = 3_600) -> Load:
    return Load(seconds=seconds, rate=lambda _second: rate)


def test_a_constant_rate_has_the_response_time_of_the_queue() -> None:
    result = simulate(constant(200), FIXED, MODEL)
    # The steps' rates vary at random, and the p95 over the steps is that of a busier one.
    assert result.p95_ms == pytest.approx(1_000 * response_quantile(200, 100, 4), rel=0.05)
    assert (result.queued, result.dropped) == (0, 0)
    assert result.requests == pytest.approx(200 * 3_600, rel=0.01)


def test_an_overload_drops_what_would_wait_longer_than_the_timeout() -> None:
    result = simulate(constant(500), FIXED, MODEL)
    backlog = 400 * MODEL.timeout_seconds
    assert result.dropped == pytest.approx(100 * 3_600 - backlog, rel=0.05)
    assert result.minutes[-1].queued == pytest.approx(backlog)
    assert result.minutes[-1].cpu_percent == pytest.approx(50)


def test_a_short_overload_agrees_with_a_simulation_of_single_requests() -> None:
    def rate(second: float) -> float:
        return 500.0 if 300 <= second < 330 else 200.0

    steps = simulate(Load(seconds=900, rate=rate), FIXED, MODEL)
    random_numbers = random.Random(7)  # noqa: S311 (a simulation)
    free_at, now, delayed, longest = [0.0] * 4, 0.0, 0, 0.0
    while now < 900:
        now += random_numbers.expovariate(rate(now))
        begins = max(now, free_at[0])
        heapq.heapreplace(free_at, begins + random_numbers.expovariate(100))
        delayed += begins - now > 0.05  # a wait of the backlog, not of the ordinary queue
        longest = max(longest, begins - now)
    slowest = max(each.p95_ms for each in steps.minutes) / 1_000
    assert steps.dropped == 0
    assert slowest == pytest.approx(longest, rel=0.15)
    assert steps.queued == pytest.approx(delayed, rel=0.15)


def test_autoscaling_follows_a_higher_rate_after_the_alarm_and_the_start() -> None:
    result = simulate(Load(seconds=3_600, rate=lambda second: 600.0 if second >= 600 else 200.0), SCALED, MODEL)
    desired = [each.desired for each in result.minutes]
    tasks = [each.tasks for each in result.minutes]
    assert desired[12] == 4, "three minutes above the target, and one until they are published"
    assert desired[14] > 4
    assert tasks[14] == 4, "a new task needs 90 seconds"
    assert tasks[16] > 4
    assert result.most_tasks >= 9
    assert result.minutes[-1].p95_ms < 100


def test_autoscaling_follows_a_lower_rate_slowly() -> None:
    result = simulate(Load(seconds=7_200, rate=lambda second: 800.0 if second < 1_800 else 100.0), SCALED, MODEL)
    assert result.minutes[20].tasks >= 12
    assert result.minutes[40].tasks >= 12, "fifteen minutes below nine tenths of the target"
    assert result.minutes[-1].tasks == 4


def test_the_same_seed_repeats_a_simulation() -> None:
    once, again, other = (simulate(constant(250), SCALED, MODEL, seed=seed) for seed in (1, 1, 2))
    assert once == again
    assert once != other


@pytest.mark.parametrize("factor", [1.0, 1.5, 3.0, 8.0])
def test_a_day_has_the_average_and_the_peak_of_the_assumptions(factor: float) -> None:
    assumed = Assumptions(users=36_000, requests_per_user_hour=10, peak_factor=factor)
    rates = [load.daily(assumed).rate(second) for second in range(0, 86_400, 60)]
    assert sum(rates) / len(rates) == pytest.approx(100)
    assert max(rates) == pytest.approx(100 * factor, rel=0.001)
    assert min(rates) >= 10 - 1e-6


def test_a_spike_rises_within_a_minute_and_ends() -> None:
    assumed = Assumptions(users=36_000, requests_per_user_hour=10)
    rate = load.spike(assumed).rate
    assert [rate(second) for second in (0, 1_799, 1_860, 3_600, 3_720, 7_000)] == [100, 100, 1_000, 1_000, 100, 100]


def test_growth_names_the_first_users_that_a_stack_does_not_serve() -> None:
    steps = simulate_growth(
        of_tier(Phase.SCALE, Tier.SMALL), Assumptions(), seed=1, users=(10_000, 100_000, 10_000_000)
    )
    assert [step.meets_targets for step in steps] == [True, True, False]
    assert [step.recommendation.settings["tierup:tier"] for step in steps] == ["small", "medium", "large"]
    assert steps[-1].result.dropped_percent > 50


def test_tiers_survive_the_day_of_their_users() -> None:
    users = {Tier.SMALL: 10_000, Tier.MEDIUM: 100_000, Tier.LARGE: 900_000}
    results = {}
    for tier, number in users.items():
        sizes, assumed = of_tier(Phase.SCALE, tier), Assumptions(users=number)
        results[tier] = simulate(load.busiest_hours(assumed), scaling_policies(sizes), service_model(sizes, assumed))
    assert {tier: result.dropped for tier, result in results.items()} == dict.fromkeys(Tier, 0)
    assert max(result.p95_ms for result in results.values()) < 500
