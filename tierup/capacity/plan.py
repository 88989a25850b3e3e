"""A capacity plan: users → requests per second → tasks, connections, memory, disk operations, and the tier that fits.

The scaling guide gives the limits of users: small below 10,000, medium up to 100,000, large above, Redis when the
response time is above 200 ms, load balancing above 10,000 users. What a plan needs beyond them decides as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from tierup.capacity.assumptions import Assumptions, measured_task
from tierup.capacity.load import average_rate
from tierup.capacity.queueing import response_quantile
from tierup.capacity.simulation import ServiceModel, service_model
from tierup.capacity.stack_sizes import CACHE_GIB, DATABASE_GB, DATABASE_IOPS, LIMITS, StackSizes, of_tier
from tierup.program_settings import Phase, Tier

USERS_OF_TIER: Final[Mapping[Tier, float]] = {Tier.SMALL: 10_000, Tier.MEDIUM: 100_000, Tier.LARGE: math.inf}
"""The largest number of users of each tier: the guide's Cost Estimates (version 1.0)."""
REDIS_ABOVE_MS: Final = 200.0  # the guide's "Add Redis when response time > 200ms"
BALANCE_ABOVE_USERS: Final = 10_000  # the guide's "Add load balancer when > 10K users"
TARGET_P95_MS: Final = 500.0  # the guide's "Response time (p95 < 500ms)"
MAX_TASKS: Final = 500  # the bound of maxTasks (stacks/catalog/tiers.py)

_CACHE_SHARE: Final = 0.75  # ElastiCache reserves a quarter of the memory (reserved-memory-percent, from memory)
_CONNECTIONS_SPARE: Final = 1.5  # pools are not used evenly
_MAX_SHARDS: Final = 30  # the bound of databaseShards and cacheShards
_BYTES_A_GB: Final = 1e9
_KIB_A_GIB: Final = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """One quantity of a plan, with what the stack has of it."""

    what: str
    needed: float
    available: float
    unit: str
    why: str
    """The calculation."""

    @property
    def fits(self) -> bool:
        """Whether the stack has enough."""
        return self.needed <= self.available


@dataclass(frozen=True, kw_only=True, slots=True)
class CapacityPlan:
    """What the users need of one stack."""

    sizes: StackSizes
    average_rate: float
    """Requests per second, on average over a day."""
    peak_rate: float
    tasks: int
    """Tasks at the peak."""
    p95_ms: float
    """The response time at the peak with these tasks."""
    needs: Sequence[Need]

    @property
    def fits(self) -> bool:
        """Whether the stack has enough of everything."""
        return all(need.fits for need in self.needs)


@dataclass(frozen=True, kw_only=True, slots=True)
class Recommendation:
    """The phase and tier that fit, with the settings that differ from the tier's sizes."""

    plan: CapacityPlan
    reasons: Sequence[str]
    settings: Mapping[str, Any]
    """Settings by key such as `tierup:tier` or `tierup:sizeOverrides.maxTasks`."""


def plan_capacity(sizes: StackSizes, assumptions: Assumptions) -> CapacityPlan:
    """Return what the users of the assumptions need of a stack with these sizes."""
    model = service_model(sizes, assumptions)
    average = average_rate(assumptions)
    peak = average * assumptions.peak_factor
    tasks = _tasks(sizes, assumptions, model, peak)
    running = min(tasks, sizes.max_tasks)
    p95 = model.base_ms + 1000 * response_quantile(peak, model.rate, running)
    return CapacityPlan(
        sizes=sizes,
        average_rate=average,
        peak_rate=peak,
        tasks=tasks,
        p95_ms=p95,
        needs=list(_needs(sizes, assumptions, model, peak, tasks, p95)),
    )


def _tasks(sizes: StackSizes, assumptions: Assumptions, model: ServiceModel, peak: float) -> int:
    """Return the tasks at the peak: what the rate of a task needs, and what the targets of autoscaling keep."""
    needed = [peak / (model.rate * assumptions.utilization_percent / 100)]
    if sizes.requests_per_minute is not None:
        needed.append(peak * 60 / sizes.requests_per_minute)
    if sizes.cpu_percent is not None:
        needed.append(peak * model.cpu_ms / 10 / model.vcpu / sizes.cpu_percent)
    return max(sizes.min_tasks, *(math.ceil(round(each, 6)) for each in needed))


def _needs(
    sizes: StackSizes, assumptions: Assumptions, model: ServiceModel, peak: float, tasks: int, p95: float
) -> Iterator[Need]:
    yield Need(
        what="tasks at the peak",
        needed=tasks,
        available=sizes.max_tasks,
        unit="",
        why=f"{peak:,.1f} requests/s; {_task_reason(sizes, assumptions, model)}",
    )
    yield Need(
        what="p95 at the peak",
        needed=p95,
        available=TARGET_P95_MS,
        unit="ms",
        why=f"{model.base_ms:,.0f} ms without a queue, and the queue of {min(tasks, sizes.max_tasks)} tasks (M/M/c)",
    )
    yield Need(
        what="memory of a task",
        needed=measured_task(sizes.task_cpu).memory_mib,
        available=float(sizes.task_memory),
        unit="MiB",
        why="the load run's largest resident memory",
    )
    queries = _queries(sizes, assumptions, peak)
    writes = peak * assumptions.write_percent / 100
    yield Need(
        what="database connections in use",
        needed=math.ceil(queries * assumptions.query_ms / 1000 * _CONNECTIONS_SPARE),
        available=min(sizes.pool * min(tasks, sizes.max_tasks), sizes.allowed_connections),
        unit="",
        why=f"{queries:,.1f} queries/s × {assumptions.query_ms:g} ms × {_CONNECTIONS_SPARE:g}; pools of {sizes.pool} "
        f"in each task",
    )
    yield Need(
        what="database connections at most",
        needed=sizes.connections,
        available=sizes.allowed_connections,
        unit="",
        why=f"all pools of {sizes.max_tasks + sizes.other_tasks} tasks, workers included, during a deployment; "
        f"{sizes.database} allows "
        f"{sizes.allowed_connections:,}",
    )
    data = _data_gb(assumptions)
    yield Need(
        what="database memory",
        needed=data * assumptions.hot_percent / 100 / sizes.database_shards,
        available=DATABASE_GB[sizes.max_database] / 2,
        unit="GB",
        why=f"{assumptions.hot_percent:g} % of {data:,.2f} GB; WiredTiger uses half of the {sizes.max_database}'s "
        f"memory{_shards(sizes)}",
    )
    yield Need(
        what="database disk",
        needed=data / sizes.database_shards / 0.75,
        available=float(sizes.database_disk_gb),
        unit="GB",
        why=f"{data:,.2f} GB filling 75 %{_shards(sizes)}; from phase scale on the disk grows automatically",
    )
    yield Need(
        what="database disk operations",
        needed=(
            writes * assumptions.io_per_write + max(queries - writes, 0) * assumptions.reads_from_disk_percent / 100
        )
        / sizes.database_shards,
        available=DATABASE_IOPS[sizes.max_database],
        unit="per s",
        why=f"{writes:,.1f} writes/s × {assumptions.io_per_write:g} and {assumptions.reads_from_disk_percent:g} % of "
        f"the reads{_shards(sizes)}",
    )
    if sizes.cached:
        active = assumptions.users * assumptions.active_percent / 100
        yield Need(
            what="cache memory",
            needed=active * assumptions.cached_kb_per_active_user / _KIB_A_GIB,
            available=CACHE_GIB.get(sizes.cache_node_type, math.inf) * _CACHE_SHARE * sizes.cache_shards,
            unit="GiB",
            why=f"{active:,.0f} active users × {assumptions.cached_kb_per_active_user:g} KB; "
            f"{sizes.cache_shards} × {sizes.cache_node_type} without the reserved quarter",
        )


def _task_reason(sizes: StackSizes, assumptions: Assumptions, model: ServiceModel) -> str:
    parts = [f"one task serves {model.rate:g}/s and is planned for {assumptions.utilization_percent:g} % of it"]
    if sizes.requests_per_minute is not None:
        parts.append(f"autoscaling keeps {sizes.requests_per_minute / 60:g}/s and task")
    return "; ".join(parts)


def _queries(sizes: StackSizes, assumptions: Assumptions, peak: float) -> float:
    writes = peak * assumptions.write_percent / 100
    hits = assumptions.cache_hit_percent / 100 if sizes.cached else 0.0
    return (writes + (peak - writes) * (1 - hits)) * assumptions.queries_per_request


def _data_gb(assumptions: Assumptions) -> float:
    documents = assumptions.users * assumptions.documents_per_user * assumptions.document_bytes / _BYTES_A_GB
    return documents * (1 + assumptions.index_percent / 100)


def _shards(sizes: StackSizes) -> str:
    return f"; {sizes.database_shards} shards" if sizes.database_shards > 1 else ""


def recommend(assumptions: Assumptions) -> Recommendation:
    """Return the smallest phase and tier that fit the users, with larger sizes where no tier's own are enough."""
    tier, reasons = _tier_of_users(assumptions)
    phase, why = _phase_of_users(assumptions, tier)
    reasons += why
    if phase is Phase.ENTERPRISE or tier is not Tier.SMALL:
        phase = max(phase, Phase.SCALE, key=list(Phase).index)
    while True:
        plan = plan_capacity(of_tier(phase, tier), assumptions)
        lacking = [need for need in plan.needs if not need.fits]
        if not lacking:
            break
        larger = _next(phase, tier, lacking)
        if larger is None:
            break
        decisive = [need for need in lacking if need.what in _SHARDED or larger[0] is not Phase.ENTERPRISE]
        reasons.append(f"{_lacks(decisive[0])} with {phase} / {tier}.")
        phase, tier = larger
    overrides, plan = _overrides(plan, assumptions)
    reasons += [f"{key} {value}: {_EXPLAINED[key]}." for key, value in overrides.items()]
    reasons += [f"{_lacks(need)}, and no larger size is available." for need in plan.needs if not need.fits]
    settings = {"tierup:phase": phase.value, "tierup:tier": tier.value}
    return Recommendation(
        plan=plan,
        reasons=reasons,
        settings=settings | {f"tierup:sizeOverrides.{key}": value for key, value in overrides.items()},
    )


def _tier_of_users(assumptions: Assumptions) -> tuple[Tier, list[str]]:
    tier = next(tier for tier, maximum in USERS_OF_TIER.items() if assumptions.users <= maximum)
    limits = {Tier.SMALL: "up to 10,000", Tier.MEDIUM: "up to 100,000", Tier.LARGE: "above 100,000"}
    return tier, [f"{assumptions.users:,} users: the guide's tier {tier} is for {limits[tier]}."]


def _phase_of_users(assumptions: Assumptions, tier: Tier) -> tuple[Phase, list[str]]:
    if assumptions.users > BALANCE_ABOVE_USERS:
        return Phase.SCALE, ["Above 10,000 users the guide balances the load over several tasks: phase scale."]
    plan = plan_capacity(of_tier(Phase.MVP, tier), assumptions)
    if plan.tasks > 1:
        return Phase.OPTIMIZATION, [f"The peak needs {plan.tasks} tasks; phase mvp has one."]
    if plan.p95_ms > REDIS_ABOVE_MS:
        return Phase.OPTIMIZATION, [f"The p95 is {plan.p95_ms:,.0f} ms; above 200 ms the guide adds Redis."]
    return Phase.MVP, ["One task serves the peak within 200 ms: phase mvp."]


_SHARDED: Final = ("database memory", "database disk operations", "cache memory")
"""What phase enterprise distributes over shards."""


def _next(phase: Phase, tier: Tier, lacking: Sequence[Need]) -> tuple[Phase, Tier] | None:
    """Return what comes after a phase and tier: first autoscaling, then larger sizes, then shards."""
    if phase in (Phase.MVP, Phase.OPTIMIZATION):
        return Phase.SCALE, tier
    tiers = list(Tier)
    if tier is not tiers[-1]:
        return phase, tiers[tiers.index(tier) + 1]
    if phase is Phase.SCALE and any(need.what in _SHARDED for need in lacking):
        return Phase.ENTERPRISE, tier
    return None


_EXPLAINED: Final[Mapping[str, str]] = {
    "maxTasks": "the peak needs more tasks than the tier allows",
    "databaseDiskGb": "the data need a larger disk",
    "databaseMaxPoolSize": "with smaller pools the connections of all tasks fit the database",
    "databaseShards": "the data in use and the disk operations need several shards",
    "cacheNodeType": "the cached data need more memory",
    "cacheShards": "the cached data need more shards",
}


def _overrides(plan: CapacityPlan, assumptions: Assumptions) -> tuple[dict[str, Any], CapacityPlan]:
    """Return sizes that the plan needs beyond its tier, and the plan with them."""
    found: dict[str, Any] = {}
    sizes = plan.sizes
    lacking = {need.what: need for need in plan.needs if not need.fits}
    if sizes.phase is Phase.ENTERPRISE:
        sizes = _with_shards(sizes, lacking, found)
        lacking = {need.what: need for need in plan_capacity(sizes, assumptions).needs if not need.fits}
    if "tasks at the peak" in lacking and plan.tasks <= MAX_TASKS and sizes.autoscaled:
        found["maxTasks"] = plan.tasks
        sizes = replace(sizes, max_tasks=plan.tasks)
        pool = _largest_pool(sizes)
        if 0 < pool < sizes.pool:
            found["databaseMaxPoolSize"] = pool
            sizes = replace(sizes, pool=pool)
    disk = math.ceil(lacking["database disk"].needed / 10) * 10 if "database disk" in lacking else 0
    if 0 < disk <= LIMITS[sizes.database].max_disk_gb:
        found["databaseDiskGb"] = disk
        sizes = replace(sizes, database_disk_gb=disk)
    if "cache memory" in lacking and sizes.phase is not Phase.ENTERPRISE:
        usable = {node: memory * _CACHE_SHARE for node, memory in CACHE_GIB.items()}
        fitting = [node for node, memory in usable.items() if memory >= lacking["cache memory"].needed]
        if fitting:
            found["cacheNodeType"] = fitting[0]
            sizes = replace(sizes, cache_node_type=fitting[0])
    return found, plan_capacity(sizes, assumptions)


def _with_shards(sizes: StackSizes, lacking: Mapping[str, Need], found: dict[str, Any]) -> StackSizes:
    """Return sizes with the shards that the data need, and add them to `found`."""
    times = max(
        (lacking[what].needed / lacking[what].available for what in _SHARDED[:2] if what in lacking), default=1.0
    )
    if times > 1:
        found["databaseShards"] = min(math.ceil(sizes.database_shards * times), _MAX_SHARDS)
        sizes = replace(sizes, database_shards=found["databaseShards"])
    if "cache memory" in lacking:
        need = lacking["cache memory"]
        found["cacheShards"] = min(math.ceil(sizes.cache_shards * need.needed / need.available), _MAX_SHARDS)
        sizes = replace(sizes, cache_shards=found["cacheShards"])
    return sizes


def _largest_pool(sizes: StackSizes) -> int:
    """Return the largest pool of a task with which all tasks fit the database."""
    without = replace(sizes, pool=0).connections
    each = replace(sizes, pool=1).connections - without
    return min(sizes.pool, (sizes.allowed_connections - without) // each)


def _lacks(need: Need) -> str:
    return f"{need.what[0].upper()}{need.what[1:]}: {number(need.needed)} needed, {number(need.available)} available"


def number(value: float) -> str:
    """Return a number as people read it: 1,200, 150 or 2.50."""
    return f"{value:,.0f}" if value >= 100 or value == round(value) else f"{value:,.2f}"
