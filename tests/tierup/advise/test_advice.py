"""Advice: the guide's thresholds, the days on which they must hold, and the gap between growing and shrinking."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from tierup.advise.advice import Verdict, advise
from tierup.advise.metrics import Day, Sample, days_of
from tierup.advise.rules import GROW_RULES, evaluate
from tierup.capacity.stack_sizes import of_tier
from tierup.program_settings import Phase, Tier

QUIET = {
    "requests": 50_000.0,
    "users": 30_000.0,
    "p95_ms": 90.0,
    "errors": 0.0,
    "tasks": 4.0,
    "cpu_percent": 45.0,
    "memory_percent": 45.0,
    "cache_memory_percent": 40.0,
}
IDLE = {
    **QUIET,
    "users": 3_000.0,
    "p95_ms": 40.0,
    "cpu_percent": 8.0,
    "memory_percent": 20.0,
    "cache_memory_percent": 1.0,
}


def days(*values: dict[str, float]) -> Sequence[Day]:
    return [Day(date=date(2026, 11, 1) + timedelta(days=number), values=each) for number, each in enumerate(values)]


def week(base: dict[str, float], **changed: float) -> Sequence[Day]:
    return days(*[{**base, **changed}] * 7)


@pytest.mark.parametrize(
    ("phase", "tier", "changed", "expected"),
    [
        (Phase.MVP, Tier.SMALL, {"users": 900, "p95_ms": 250}, (Phase.OPTIMIZATION, Tier.SMALL)),
        (Phase.MVP, Tier.SMALL, {"users": 20_000}, (Phase.SCALE, Tier.MEDIUM)),
        (Phase.OPTIMIZATION, Tier.MEDIUM, {"users": 20_000}, (Phase.SCALE, Tier.MEDIUM)),
        (Phase.SCALE, Tier.MEDIUM, {"users": 150_000}, (Phase.SCALE, Tier.LARGE)),
        (Phase.OPTIMIZATION, Tier.SMALL, {"users": 900, "cpu_percent": 75}, (Phase.SCALE, Tier.SMALL)),
        (Phase.SCALE, Tier.MEDIUM, {"p95_ms": 600}, (Phase.SCALE, Tier.LARGE)),
        (Phase.SCALE, Tier.SMALL, {"users": 900, "memory_percent": 85}, (Phase.SCALE, Tier.MEDIUM)),
        (Phase.SCALE, Tier.SMALL, {"users": 900, "cache_memory_percent": 85}, (Phase.SCALE, Tier.MEDIUM)),
        (Phase.SCALE, Tier.MEDIUM, {"tasks": 10}, (Phase.SCALE, Tier.LARGE)),
        (Phase.SCALE, Tier.MEDIUM, {"database_cpu_percent": 80}, (Phase.SCALE, Tier.LARGE)),
        (Phase.SCALE, Tier.MEDIUM, {"database_disk_percent": 80}, (Phase.SCALE, Tier.LARGE)),
    ],
)
def test_a_stack_grows_above_the_guides_thresholds(
    phase: Phase, tier: Tier, changed: dict[str, float], expected: tuple[Phase, Tier]
) -> None:
    found = advise(of_tier(phase, tier), week(QUIET, **changed))
    assert found.verdict is Verdict.GROW
    assert (found.phase, found.tier) == expected
    assert found.reasons
    assert found.effects


def test_a_stack_with_a_cache_does_not_grow_at_200_ms() -> None:
    assert advise(of_tier(Phase.SCALE, Tier.MEDIUM), week(QUIET, p95_ms=250)).verdict is Verdict.STAY


@pytest.mark.parametrize(("above", "grows"), [(4, False), (5, True)])
def test_a_threshold_must_be_exceeded_on_five_of_seven_days(above: int, grows: bool) -> None:
    values = [{**QUIET, "cpu_percent": 80.0 if number < above else 50.0} for number in range(7)]
    found = advise(of_tier(Phase.SCALE, Tier.MEDIUM), days(*values))
    assert (found.verdict is Verdict.GROW) is grows
    if not grows:
        assert found.reasons == ["Thresholds were exceeded on too few days: cpu_percent on 4 of 7 days."]


def test_a_stack_shrinks_when_all_days_fit_the_lower_tier() -> None:
    found = advise(of_tier(Phase.SCALE, Tier.MEDIUM), week(IDLE))
    assert (found.verdict, found.phase, found.tier) == (Verdict.SHRINK, Phase.SCALE, Tier.SMALL)
    assert all(check.holds for check in found.shrink)


@pytest.mark.parametrize(
    "changed",
    [{"users": 7_000.0}, {"p95_ms": 200.0}, {"cpu_percent": 26.0}, {"memory_percent": 31.0}, {"tasks": 40.0}],
)
def test_one_day_that_needs_the_tier_keeps_it(changed: dict[str, float]) -> None:
    values = [dict(IDLE) for _ in range(7)]
    values[3] |= changed
    assert advise(of_tier(Phase.SCALE, Tier.MEDIUM), days(*values)).verdict is Verdict.STAY


def test_a_missing_value_keeps_the_tier() -> None:
    values = [dict(IDLE) for _ in range(7)]
    del values[0]["memory_percent"]
    assert advise(of_tier(Phase.SCALE, Tier.MEDIUM), days(*values)).verdict is Verdict.STAY


def test_six_days_are_too_few_to_shrink_and_two_to_grow() -> None:
    assert advise(of_tier(Phase.SCALE, Tier.MEDIUM), week(IDLE)[:6]).verdict is Verdict.STAY
    found = advise(of_tier(Phase.SCALE, Tier.MEDIUM), week(QUIET, cpu_percent=99)[:2])
    assert found.verdict is Verdict.STAY
    assert found.reasons == ["The metrics cover 2 days. Growing needs 3 days, and shrinking 7."]


def on_tier(tier: Tier, *, users: float, vcpu: float, memory_mib: float) -> Verdict:
    """Return the advice of a week in which autoscaling runs as many tasks as a load needs at 70 % CPU."""
    sizes = of_tier(Phase.SCALE, tier)
    tasks = min(max(math.ceil(vcpu / (0.7 * sizes.vcpu)), sizes.min_tasks), sizes.max_tasks)
    values = {
        "users": users,
        "p95_ms": 40.0,
        "tasks": float(tasks),
        "cpu_percent": 100 * vcpu / (tasks * sizes.vcpu),
        "memory_percent": 100 * memory_mib / sizes.task_memory,
        "cache_memory_percent": 0.5,
    }
    return advise(sizes, week(values)).verdict


@pytest.mark.parametrize("users", [6_000.0, 8_000.0, 9_900.0, 10_100.0, 50_000.0, 69_000.0, 90_000.0, 110_000.0])
@pytest.mark.parametrize("vcpu", [0.1, 0.5, 0.9, 1.3, 1.5, 4.0, 5.5, 9.0])
@pytest.mark.parametrize("memory_mib", [300, 700, 900, 1_500])
def test_advice_never_alternates_between_two_tiers(users: float, vcpu: float, memory_mib: float) -> None:
    """Following the advice must not lead to the opposite advice for the same load."""
    verdicts = [on_tier(tier, users=users, vcpu=vcpu, memory_mib=memory_mib) for tier in Tier]
    alternating = [
        (lower, higher)
        for lower, higher in itertools.pairwise(verdicts)
        if (lower, higher) == (Verdict.GROW, Verdict.SHRINK)
    ]
    assert alternating == []


def test_values_around_a_threshold_give_the_same_advice_every_day() -> None:
    around = [{**QUIET, "cpu_percent": 70.0 + (2 if number % 2 else -2)} for number in range(30)]
    sizes = of_tier(Phase.SCALE, Tier.MEDIUM)
    verdicts = {advise(sizes, days(*around[first : first + 7])).verdict for first in range(23)}
    assert verdicts == {Verdict.STAY}


def test_the_largest_tier_refers_to_larger_sizes() -> None:
    found = advise(of_tier(Phase.SCALE, Tier.LARGE), week(QUIET, cpu_percent=90, users=200_000))
    assert found.verdict is Verdict.STAY
    assert "There is no larger tier; `tierup capacity` computes larger sizes." in found.reasons[0]


def test_phase_enterprise_does_not_shrink_to_tier_small() -> None:
    found = advise(of_tier(Phase.ENTERPRISE, Tier.MEDIUM), week(IDLE))
    assert (found.verdict, found.shrink) == (Verdict.STAY, ())


def test_a_rule_without_data_does_not_hold() -> None:
    (rule,) = (each for each in GROW_RULES if each.id == "database-cpu")
    result = evaluate(rule, week(QUIET))
    assert (result.days, result.holds) == (0, False)


def hours(count: int, begin: datetime = datetime(2026, 11, 1, tzinfo=UTC)) -> list[Sample]:
    return [
        Sample(
            time=begin + timedelta(hours=number),
            values={"requests": 100.0 * (number % 24), "p95_ms": 300.0 - number % 24},
        )
        for number in range(count)
    ]


def test_a_day_has_the_values_of_its_busiest_hour() -> None:
    (day,) = days_of(hours(24), users=None, requests_per_user_hour=2)
    assert day.values == {"requests": 2_300, "p95_ms": 277, "users": 575}


def test_a_day_with_data_of_few_hours_is_left_out() -> None:
    found = days_of(hours(24 + 11), users=None, requests_per_user_hour=2)
    assert [day.date for day in found] == [date(2026, 11, 1)]


def test_known_users_replace_the_estimate() -> None:
    (day,) = days_of(hours(24), users=123, requests_per_user_hour=2)
    assert day.values["users"] == 123
