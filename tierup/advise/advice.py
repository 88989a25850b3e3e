"""Decides whether a stack stays, grows or shrinks, by the rules and the values of each day."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tierup.advise import rules
from tierup.advise.metrics import Day
from tierup.advise.rules import GROW_RULES, GrowRule, RuleResult, evaluate, moved
from tierup.capacity.plan import USERS_OF_TIER
from tierup.capacity.stack_sizes import CACHE_GIB, StackSizes, of_tier
from tierup.program_settings import Phase, Tier


class Verdict(enum.StrEnum):
    """What a stack should do."""

    STAY = "stay"
    GROW = "grow"
    SHRINK = "shrink"


@dataclass(frozen=True, kw_only=True, slots=True)
class ShrinkCheck:
    """One condition of shrinking, which must hold on all days."""

    what: str
    value: float | None
    """The largest value of all days, on the lower tier's sizes; None without data."""
    below: float
    unit: str

    @property
    def holds(self) -> bool:
        """Whether the value is known and small enough."""
        return self.value is not None and self.value < self.below


@dataclass(frozen=True, kw_only=True, slots=True)
class Advice:
    """The advice for one stack."""

    verdict: Verdict
    phase: Phase
    """The phase that fits."""
    tier: Tier
    results: Sequence[RuleResult]
    reasons: Sequence[str]
    effects: Sequence[str]
    shrink: Sequence[ShrinkCheck]
    """The conditions of shrinking; none for tier small."""


def advise(sizes: StackSizes, days: Sequence[Day]) -> Advice:
    """Return the advice for a stack with these sizes."""
    days = [replace(day, values=_with_share_of_tasks(day.values, sizes)) for day in days]
    results = [evaluate(rule, days) for rule in GROW_RULES if _applies(rule, sizes)]
    phase, tier = sizes.phase, sizes.tier
    reasons: list[str] = []
    effects: list[str] = []
    for result in (each for each in results if each.holds):
        target = moved(result.rule.move, sizes.phase, sizes.tier)
        if target is None:
            if result.rule.move in (rules.Move.NEXT, rules.Move.NEXT_TIER):
                reasons.append(f"{_sentence(result)} There is no larger tier; `tierup capacity` computes larger sizes.")
            continue
        reasons.append(_sentence(result))
        effects.append(result.rule.effect)
        phase = max(phase, target[0], key=list(Phase).index)
        tier = max(tier, target[1], key=list(Tier).index)
    checks = _shrink_checks(sizes, days)
    if (phase, tier) != (sizes.phase, sizes.tier):
        verdict = Verdict.GROW
    elif not reasons and len(days) >= rules.SHRINK_DAYS and checks and all(check.holds for check in checks):
        verdict, tier = Verdict.SHRINK, _lower(sizes.tier)
        reasons.append(f"On all {len(days)} days the load was far below what tier {tier} serves.")
        effects.append("Smaller sizes cost less. If the load grows later, switch back.")
    else:
        verdict = Verdict.STAY
        if not reasons:
            reasons.append(_stay_reason(days, results))
    return Advice(
        verdict=verdict, phase=phase, tier=tier, results=results, reasons=reasons, effects=effects, shrink=checks
    )


def _applies(rule: GrowRule, sizes: StackSizes) -> bool:
    """Return whether a rule concerns the stack: a rule of the guide's roadmap only while the stack lacks its target."""
    if rule.metric == "tasks_percent":
        return sizes.autoscaled
    if rule.move in (rules.Move.NEXT, rules.Move.NEXT_TIER):
        return True
    return moved(rule.move, sizes.phase, sizes.tier) is not None


def _with_share_of_tasks(values: Mapping[str, float], sizes: StackSizes) -> Mapping[str, float]:
    if "tasks" not in values:
        return values
    return {**values, "tasks_percent": 100 * values["tasks"] / sizes.max_tasks}


def _sentence(result: RuleResult) -> str:
    rule = result.rule
    return (
        f"{rule.metric} was above {rule.above:,g} {rule.unit} on {result.days_above} of {result.days} days "
        f"({rule.source})."
    )


def _stay_reason(days: Sequence[Day], results: Sequence[RuleResult]) -> str:
    if len(days) < rules.FEWEST_DAYS:
        return (
            f"The metrics cover {len(days)} days. Growing needs {rules.FEWEST_DAYS} days, and shrinking "
            f"{rules.SHRINK_DAYS}."
        )
    above = [each for each in results if each.days_above]
    if above:
        listed = ", ".join(f"{each.rule.metric} on {each.days_above} of {each.days} days" for each in above)
        return f"Thresholds were exceeded on too few days: {listed}."
    return "No threshold was exceeded, and the load is not low enough for a smaller tier."


def _lower(tier: Tier) -> Tier:
    tiers = list(Tier)
    return tiers[tiers.index(tier) - 1]


def _shrink_checks(sizes: StackSizes, days: Sequence[Day]) -> Sequence[ShrinkCheck]:
    """Return what must hold on all days before a stack shrinks by a tier."""
    if sizes.tier is Tier.SMALL or (sizes.phase is Phase.ENTERPRISE and sizes.tier is Tier.MEDIUM):
        return ()  # enterprise with tier small is not allowed
    lower = of_tier(sizes.phase, _lower(sizes.tier))
    # What all tasks use together, on the most tasks that the lower tier may run.
    cpu_factor = sizes.vcpu / (lower.vcpu * lower.max_tasks)
    memory_factor = sizes.task_memory / lower.task_memory

    def largest(metric: str) -> float | None:
        values = [day.values[metric] for day in days if metric in day.values]
        return max(values) if len(values) == len(days) and values else None

    def scaled(metric: str, factor: float) -> float | None:
        value = largest(metric)
        return None if value is None else value * factor

    cpu = [
        day.values["cpu_percent"] * day.values["tasks"] * cpu_factor
        for day in days
        if {"cpu_percent", "tasks"} <= day.values.keys()
    ]
    checks = [
        ShrinkCheck(
            what="users",
            value=largest("users"),
            below=rules.SHRINK_USERS_SHARE * USERS_OF_TIER[lower.tier],
            unit="users",
        ),
        ShrinkCheck(what="p95", value=largest("p95_ms"), below=rules.SHRINK_P95_MS, unit="ms"),
        ShrinkCheck(
            what=f"CPU of {lower.max_tasks} tasks of tier {lower.tier}",
            value=max(cpu) if len(cpu) == len(days) and cpu else None,
            below=rules.SHRINK_CPU_PERCENT,
            unit="%",
        ),
        ShrinkCheck(
            what=f"memory of a task of tier {lower.tier}",
            value=scaled("memory_percent", memory_factor),
            below=rules.SHRINK_MEMORY_PERCENT,
            unit="%",
        ),
    ]
    if sizes.cached and sizes.cache_node_type in CACHE_GIB:
        ratio = CACHE_GIB[sizes.cache_node_type] / CACHE_GIB[lower.cache_node_type]
        checks.append(
            ShrinkCheck(
                what=f"cache memory of a {lower.cache_node_type}",
                value=scaled("cache_memory_percent", ratio * sizes.cache_shards / lower.cache_shards),
                below=rules.SHRINK_MEMORY_PERCENT,
                unit="%",
            )
        )
    checks += [
        ShrinkCheck(what=what, value=value, below=rules.SHRINK_DATABASE_PERCENT, unit="%")
        for what, metric in (("CPU of the database", "database_cpu_percent"), ("its disk", "database_disk_percent"))
        if (value := largest(metric)) is not None
    ]
    return checks
