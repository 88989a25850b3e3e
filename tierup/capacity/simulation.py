"""A simulation of a service under load: autoscaling, tasks, requests that wait, and requests that are dropped.

Time advances in steps of ten seconds. Within a step the tasks are the servers of an M/M/c queue (queueing.py) as long
as they keep up. When they do not, the surplus waits in a backlog, which later steps work off; a request that would wait
longer than the time-out is dropped. Arrivals are random with a seed. Every minute autoscaling gets the metrics of the
minute before, as CloudWatch publishes them a minute late.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tierup.capacity.assumptions import Assumptions, measured_task
from tierup.capacity.autoscaling import ScalingPolicies, TargetTracking
from tierup.capacity.load import Load
from tierup.capacity.queueing import response_quantile
from tierup.capacity.stack_sizes import HEALTHY_SECONDS, StackSizes

STEP_SECONDS: Final = 10.0
_STEPS_A_MINUTE: Final = 6
_ALMOST_FULL: Final = 0.995  # a stationary queue needs hours to reach the waits of a higher utilization
_SERVED_WITHIN: Final = 3.0  # -ln(0.05): the p95 of an exponential service time in mean service times
_METRICS: Final = ("cpu", "requests")


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceModel:
    """One task of a service in the simulation."""

    rate: float
    """Requests per second that a task completes."""
    cpu_ms: float
    """CPU time of a request."""
    base_ms: float
    """Response time without a queue in front of the task."""
    vcpu: float
    start_seconds: float
    """From the decision to start a task to its first request."""
    timeout_seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Minute:
    """The state of the service in one minute."""

    minute: int
    rate: float
    """Requests per second that arrived."""
    tasks: float
    """Tasks that served, on average."""
    desired: int
    p95_ms: float
    queued: float
    """The largest number of requests in the backlog."""
    dropped: float
    """Requests that were dropped."""
    cpu_percent: float


@dataclass(frozen=True, kw_only=True, slots=True)
class SimulationResult:
    """The result of a simulation."""

    minutes: Sequence[Minute]
    requests: float
    dropped: float
    queued: float
    """Requests that arrived while the tasks did not keep up, without the dropped ones."""
    p95_ms: float
    """The p95 of the response time over all requests that were answered."""

    @property
    def dropped_percent(self) -> float:
        """Dropped requests in percent of all."""
        return 100 * self.dropped / self.requests if self.requests else 0.0

    @property
    def most_tasks(self) -> int:
        """The largest number of tasks that served."""
        return math.ceil(max((each.tasks for each in self.minutes), default=0))

    @property
    def fewest_tasks(self) -> int:
        """The smallest number of tasks that served."""
        return math.floor(min((each.tasks for each in self.minutes), default=0))

    @property
    def task_hours(self) -> float:
        """The hours that all tasks ran."""
        return sum(each.tasks for each in self.minutes) / 60


def service_model(sizes: StackSizes, assumptions: Assumptions) -> ServiceModel:
    """Return the model of one task: from the assumptions, or else from the load run."""
    measured = measured_task(sizes.task_cpu)

    def either(given: float | None, otherwise: float) -> float:
        return otherwise if given is None else given

    return ServiceModel(
        rate=either(assumptions.requests_per_second_per_task, measured.rate),
        cpu_ms=either(assumptions.cpu_ms_per_request, measured.cpu_ms_per_request),
        base_ms=either(assumptions.base_latency_ms, measured.p50_ms),
        vcpu=sizes.vcpu,
        start_seconds=assumptions.task_start_seconds + HEALTHY_SECONDS,
        timeout_seconds=assumptions.timeout_seconds,
    )


def scaling_policies(sizes: StackSizes) -> ScalingPolicies:
    """Return the autoscaling policies of a stack; without autoscaling there are none."""
    targets = {"cpu": sizes.cpu_percent, "requests": sizes.requests_per_minute}
    return ScalingPolicies(
        min_tasks=sizes.min_tasks,
        max_tasks=sizes.max_tasks,
        targets={name: target for name, target in targets.items() if target is not None},
        scale_out_cooldown_seconds=sizes.scale_out_cooldown_seconds,
        scale_in_cooldown_seconds=sizes.scale_in_cooldown_seconds,
    )


def simulate(load: Load, policies: ScalingPolicies, model: ServiceModel, *, seed: int = 1) -> SimulationResult:
    """Simulate a service from its minimum number of tasks on, or from what the first rate needs."""
    return _Simulation(load, policies, model, seed).run()


class _Simulation:
    def __init__(self, load: Load, policies: ScalingPolicies, model: ServiceModel, seed: int) -> None:
        self._load, self._policies, self._model = load, policies, model
        self._random = random.Random(seed)  # noqa: S311 (a simulation)
        self._running = self._settled()
        self._scaling = TargetTracking(policies, self._running)
        self._starting: list[tuple[float, int]] = []  # when they serve, and how many
        self._backlog = 0.0
        self._requests = self._dropped = self._queued = 0.0
        self._answers: list[tuple[float, float]] = []  # p95 of a step, and its answered requests

    def _settled(self) -> int:
        """Return the tasks that autoscaling keeps at the first rate, so that the simulation does not begin with it."""
        policies, rate = self._policies, self._load.rate(0)
        metrics = self._metrics(rate, 1)
        wanted = [math.ceil(round(metrics[name] / target, 6)) for name, target in policies.targets.items()]
        return min(max(policies.min_tasks, *wanted, 0), policies.max_tasks)

    def _metrics(self, served_rate: float, tasks: float) -> dict[str, float]:
        """Return the metrics of a task by the names of the targets. CPU may be above 100 where tasks are one."""
        each = served_rate / max(tasks, 1e-9)
        return {"cpu": each * self._model.cpu_ms / 10 / self._model.vcpu, "requests": each * 60}

    def run(self) -> SimulationResult:
        minutes: list[Minute] = []
        published: dict[str, float] | None = None
        for number in range(int(self._load.seconds // 60)):
            minute, metrics = self._minute(number)
            minutes.append(minute)
            if published is not None:
                self._scale(60.0 * (number + 1), published)
            published = metrics
        answered = sum(count for _, count in self._answers)
        return SimulationResult(
            minutes=minutes,
            requests=self._requests,
            dropped=self._dropped,
            queued=self._queued,
            p95_ms=_weighted_quantile(self._answers, 0.95) if answered else math.nan,
        )

    def _scale(self, now: float, metrics: dict[str, float]) -> None:
        before = self._scaling.desired
        desired = self._scaling.observe(now, {name: metrics[name] for name in self._policies.targets})
        if desired > before:
            self._starting.append((now + self._model.start_seconds, desired - before))
        elif desired < before:
            self._stop(before - desired)

    def _stop(self, count: int) -> None:
        """Stop tasks: first those that have not begun to serve."""
        while count and self._starting:
            ready, number = self._starting.pop()
            kept = max(number - count, 0)
            count -= number - kept
            if kept:
                self._starting.append((ready, kept))
        self._running -= count

    def _minute(self, number: int) -> tuple[Minute, dict[str, float]]:
        arrived = served = dropped = tasks = queued = 0.0
        slowest: list[tuple[float, float]] = []
        for step in range(_STEPS_A_MINUTE):
            now = 60.0 * number + STEP_SECONDS * step
            ready = [each for each in self._starting if each[0] <= now]
            self._starting = [each for each in self._starting if each[0] > now]
            self._running += sum(count for _, count in ready)
            came = _poisson(self._random, self._load.rate(now) * STEP_SECONDS)
            p95, answered, lost = self._step(came)
            slowest.append((p95, answered))
            arrived, served, dropped = arrived + came, served + answered, dropped + lost
            tasks += self._running
            queued = max(queued, self._backlog)
        self._answers += slowest
        self._requests += arrived
        self._dropped += dropped
        tasks /= _STEPS_A_MINUTE
        metrics = self._metrics(served / 60, tasks)
        minute = Minute(
            minute=number,
            rate=arrived / 60,
            tasks=tasks,
            desired=self._scaling.desired,
            p95_ms=_weighted_quantile(slowest, 0.95),
            queued=queued,
            dropped=dropped,
            cpu_percent=min(metrics["cpu"], 100.0),
        )
        return minute, metrics | {"cpu": min(metrics["cpu"], 100.0)}

    def _step(self, arrived: float) -> tuple[float, float, float]:
        """Serve one step. Return its p95 in ms, and its answered and dropped requests."""
        model, rate = self._model, self._running * self._model.rate
        possible = rate * STEP_SECONDS
        waiting = self._backlog + arrived
        answered = min(waiting, possible)
        left = waiting - answered
        max_backlog = rate * model.timeout_seconds
        dropped = max(left - max_backlog, 0.0)
        behind = self._backlog
        self._backlog = left - dropped
        if behind or self._backlog:
            self._queued += arrived - dropped if arrived > dropped else 0.0
            wait = (behind + self._backlog) / 2 / rate + _SERVED_WITHIN / model.rate if rate else model.timeout_seconds
        else:
            utilization = min(arrived / possible, _ALMOST_FULL) if possible else 1.0
            wait = _p95(self._running, math.ceil(utilization * 500) / 500) / model.rate if rate else 0.0
        return model.base_ms + 1000 * wait, answered, dropped


@lru_cache(maxsize=100_000)
def _p95(tasks: int, utilization: float) -> float:
    """Return the p95 of the response time in mean service times."""
    return response_quantile(min(utilization, _ALMOST_FULL) * tasks, 1.0, tasks)


def _poisson(random_numbers: random.Random, expected: float) -> float:
    """Return a random number of arrivals: by its normal approximation, except for a few."""
    if expected <= 0:
        return 0.0
    if expected > 50:
        return max(0.0, round(random_numbers.gauss(expected, math.sqrt(expected))))
    count, limit, product = 0, math.exp(-expected), random_numbers.random()
    while product > limit:
        count += 1
        product *= random_numbers.random()
    return float(count)


def _weighted_quantile(values: Sequence[tuple[float, float]], quantile: float) -> float:
    """Return the value below which a share of the weights is. A step counts with its own p95, not with all requests,
    so the result is an upper estimate."""
    total = sum(weight for _, weight in values)
    reached = 0.0
    for value, weight in sorted(values):
        reached += weight
        if reached >= quantile * total:
            return value
    return math.nan
