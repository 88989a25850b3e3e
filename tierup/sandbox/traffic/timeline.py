"""The last run on the virtual clock: how each flow goes while the operations happen.

A created or changed row takes effect at the end of its operation, a deleted one at the beginning.

Clients that resolved a name before its record changed use the old address for the record's TTL, and connections that
they opened use it for the keep-alive of the load balancer after that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from tierup.sandbox.cloud import Cloud, CloudResource, Operation
from tierup.sandbox.registrar import RECORDS, DnsProvider, first_provider

from .evaluation import Evaluator, Report
from .flow import Flow, FlowResult, follow
from .hop import Hop, Verdict, World
from .hops import dns, ecs, pods
from .manifests import DEPLOYMENT
from .memory import RUNNERS, SERVICE
from .rows import Rows, label
from .store import load_conditions, memory_of, rows_before
from .virtual_clock import Step, schedule

ALL_CLIENTS = "all clients"
CACHED_CLIENTS = "clients with a cached address"


@dataclass(frozen=True, slots=True)
class Interruption:
    """A time in which a flow did not arrive, or in which a forbidden one did."""

    flow: str
    forbidden: bool
    clients: str  # ALL_CLIENTS or CACHED_CLIENTS
    begin: int
    end: int | None  # None if it lasts after the run
    cause: str  # the operation
    hop: Hop | None  # None for a forbidden flow that opened
    remedy: str

    @property
    def seconds(self) -> int | None:
        """Its duration; None if it lasts after the run."""
        return None if self.end is None else self.end - self.begin

    def as_document(self) -> dict[str, Any]:
        """Return the interruption as plain values for JSON."""
        return {
            "flow": self.flow,
            "forbidden": self.forbidden,
            "clients": self.clients,
            "begin": self.begin,
            "end": self.end,
            "seconds": self.seconds,
            "cause": self.cause,
            "hop": self.hop.as_document() if self.hop is not None else None,
            "remedy": self.remedy,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A run on the virtual clock."""

    label: str
    steps: Sequence[Step]
    report: Report  # at the end
    interruptions: Sequence[Interruption]  # oldest first
    existed: frozenset[str]  # the flows that were served when the run began
    removed: frozenset[str] = frozenset()  # the flows that the run removed with what they led to
    recovered: Mapping[str, int] = field(default_factory=dict[str, int])
    """When a flow that was not served at the beginning was first served, in seconds, by its id."""
    settle_seconds: int = 0  # how long clients use old addresses after the end of the run

    @property
    def seconds(self) -> int:
        """The estimated duration of the run on the real clouds."""
        return max((step.end for step in self.steps), default=0)

    def as_document(self) -> dict[str, Any]:
        """Return the timeline as plain values for JSON."""
        return {
            "run": self.label,
            "seconds": self.seconds,
            "settle_seconds": self.settle_seconds,
            "steps": [step.as_document() for step in self.steps],
            "interruptions": [each.as_document() for each in self.interruptions],
            "removed": sorted(self.removed),
            "recovered": dict(sorted(self.recovered.items())),
            "traffic": self.report.as_document(),
        }


def replay(cloud: Cloud, *, stack: str = "", run_id: int | None = None) -> Timeline | None:
    """Return a run of a cloud on the virtual clock, by default the last with operations; None if none is recorded."""
    run = cloud.run(run_id)
    if run is None:
        return None
    recorded = cloud.operations(run.id)
    world = World(rows_before(cloud, recorded), memory_of(cloud, run.memory), load_conditions(cloud))
    operations = [operation for run_id, operation in recorded if run_id == run.id]
    return simulate(world, operations, dependencies=run.dependencies, label=run.label, stack=stack)


@dataclass(slots=True)
class _Cached:
    """An answer that clients still use after its record has changed."""

    answer: dns.Answer
    until: int  # when the record's TTL and the keep-alive of the connections have passed


@dataclass(frozen=True, slots=True)
class _Open:
    """An interruption that has begun."""

    begin: int
    cause: str
    hop: Hop | None
    forbidden: bool


@dataclass(slots=True)
class _Simulation:
    world: World
    evaluator: Evaluator
    settled: set[str]  # the flows that once went as they must: served, or closed if they are forbidden
    open: dict[tuple[str, str], _Open] = field(default_factory=dict[tuple[str, str], _Open])
    """The interruptions that have begun, by the id of their flow and its clients."""
    failing: set[str] = field(default_factory=set[str])  # the flows that were not served at the beginning
    recovered: dict[str, int] = field(default_factory=dict[str, int])
    found: list[Interruption] = field(default_factory=list[Interruption])
    cached: dict[str, list[_Cached]] = field(default_factory=dict[str, list[_Cached]])


def simulate(
    world: World,
    operations: Sequence[Operation],
    *,
    dependencies: Mapping[str, Iterable[str]] | None = None,
    label: str = "",
    stack: str = "",
) -> Timeline:
    """Apply operations to a world in the order of the virtual clock, and follow every flow."""
    steps = schedule(operations, world.rows, dependencies or {})
    world.memory.delegated.update(_delegations(world.rows))
    evaluator = Evaluator(world, stack)
    began = evaluator.report()
    existed = frozenset(each.flow.id for each in began.served)
    world.memory.running.update(_running(world, [each for type in RUNNERS for each in world.rows.all(type)]))
    simulation = _Simulation(
        world,
        evaluator,
        settled={*existed, *(each.flow.id for each in began.closed)},
        failing={each.flow.id for each in began.failed},
    )
    # Operations that take effect at one time are applied together: their order is not known.
    events = sorted(zip(steps, operations, strict=True), key=_moment)
    for (now, _), together in groupby(events, key=_moment):
        _apply(simulation, now, [operation for _, operation in together])
    end = max((step.end for step in steps), default=0)
    if operations:
        world.memory.running.clear()  # at rest, tasks must be able to start again
        evaluator.changed((), memory=True)
    report = evaluator.report()
    known = {each.flow.id for each in report.results}
    _finish(simulation, known, end)
    until = max((each.until for found in simulation.cached.values() for each in found), default=0)
    return Timeline(
        label=label,
        steps=steps,
        report=report,
        interruptions=sorted(simulation.found, key=lambda each: (each.begin, each.flow, each.clients)),
        existed=existed,
        removed=frozenset(existed - known),
        recovered=simulation.recovered,
        settle_seconds=max(0, until - end),
    )


def _delegations(rows: Rows) -> dict[str, DnsProvider]:
    """Return the provider that answers for each name: the first one that had a record of it."""
    records: dict[str, list[CloudResource]] = {}
    for type in RECORDS:
        for record in rows.all(type):
            records.setdefault(dns.record_name(record), []).append(record)
    found = {name: first_provider(each) for name, each in records.items()}
    return {name: provider for name, provider in found.items() if provider is not None}


def _moment(event: tuple[Step, Operation]) -> tuple[int, bool]:
    """Return when an operation takes effect, and whether it is a delete: the engine deletes after everything else."""
    step, operation = event
    is_delete = operation.kind == "delete"
    return (step.begin if is_delete else step.end, is_delete)


def _apply(simulation: _Simulation, now: int, operations: Sequence[Operation]) -> None:
    world = simulation.world
    answers_before = _answers(simulation, operations)
    for operation in operations:
        if operation.after is None:
            world.rows.drop(operation.resource)
        else:
            world.rows.put(operation.after)
    restarted = [each for each in operations if world.memory.observe(each.before, each.after, world.rows)]
    world.memory.running.difference_update(each.resource.id for each in restarted)
    _remember(simulation, now, answers_before)
    cause = _cause(operations)
    types = {each.resource.type for each in operations}
    for before, after in simulation.evaluator.changed(types, memory=any(restarted)):
        _note(simulation, now, cause, before, after)
    _follow_cached(simulation, now, cause)
    world.memory.running.update(_running(world, [each.after for each in restarted if each.after is not None]))


def _running(world: World, runners: Iterable[CloudResource]) -> Iterable[str]:
    """Return the ids of the services and deployments whose tasks or pods have started."""
    check = {SERVICE: ecs.running, DEPLOYMENT: pods.running}
    return [each.id for each in runners if each.type in check and check[each.type](world, each).passed]


def _cause(operations: Sequence[Operation]) -> str:
    names = [f"{each.kind} of {label(each.resource)}" for each in operations]
    more = f" and {len(names) - 2} more" if len(names) > 2 else ""
    return ", ".join(names[:2]) + more


def _note(simulation: _Simulation, now: int, cause: str, before: FlowResult | None, after: FlowResult | None) -> None:
    result = after or before
    assert result is not None
    flow, key = result.flow, (result.flow.id, ALL_CLIENTS)
    if after is None:
        if not flow.forbidden and flow.id in simulation.settled:
            simulation.open.setdefault(key, _Open(now, cause, result.decisive, flow.forbidden))
        return
    wanted = Verdict.FAIL if flow.forbidden else Verdict.PASS
    if after.verdict is wanted:
        simulation.settled.add(flow.id)
        if flow.id in simulation.failing:
            simulation.recovered.setdefault(flow.id, now)
        _close(simulation, key, now)
    elif flow.id in simulation.settled and not flow.at_rest:
        simulation.open.setdefault(key, _Open(now, cause, after.decisive, flow.forbidden))


def _close(simulation: _Simulation, key: tuple[str, str], now: int | None) -> None:
    begun = simulation.open.pop(key, None)
    if begun is None or (begun.begin == now and not begun.forbidden):
        return
    flow, clients = key
    simulation.found.append(
        Interruption(
            flow=flow, forbidden=begun.forbidden, clients=clients, begin=begun.begin, end=now, cause=begun.cause,
            hop=begun.hop, remedy=remedy(begun.hop, clients, forbidden=begun.forbidden),
        )
    )  # fmt: skip


def _finish(simulation: _Simulation, known: set[str], end: int) -> None:
    for key in list(simulation.open):
        if key[0] not in known:
            del simulation.open[key]  # the run removed the flow with what it led to
        elif key[1] == CACHED_CLIENTS:
            host = next((flow.host for flow in _flows(simulation) if flow.id == key[0]), "")
            _close(simulation, key, max((each.until for each in simulation.cached.get(host, ())), default=end))
        else:
            _close(simulation, key, None)
    simulation.found[:] = [each for each in simulation.found if each.flow in known]


def _flows(simulation: _Simulation) -> Iterable[Flow]:
    return (each.flow for each in simulation.evaluator.results.values())


# --- clients with a cached address ---


def _answers(simulation: _Simulation, operations: Sequence[Operation]) -> dict[str, list[dns.Answer]]:
    """Return the answers, before a change, of the names whose records it changes."""
    hosts = {
        dns.record_name(operation.before)
        for operation in operations
        if operation.resource.type in RECORDS and operation.before is not None
    }
    return {host: dns.answers_of_clients(simulation.world, host) for host in hosts}


def _remember(simulation: _Simulation, now: int, before: Mapping[str, list[dns.Answer]]) -> None:
    for host, answers in before.items():
        current = {(each.kind, each.content) for each in dns.answers_of_clients(simulation.world, host)}
        for answer in answers:
            lost = answer.target is None and answer.kind is not dns.TargetKind.HOST
            if (answer.kind, answer.content) in current or lost:
                continue
            until = now + answer.ttl_seconds
            kept = _Cached(answer, until + keep_alive_seconds(simulation.world.rows, answer))
            simulation.cached.setdefault(host, []).append(kept)


def keep_alive_seconds(rows: Rows, answer: dns.Answer) -> int:
    """Return how long clients use connections to the target of an answer after they stop resolving it.

    A load balancer closes a connection after `client_keep_alive`, 3,600 seconds by default; CDNs close idle connections
    within minutes, and requests that arrive at a CDN's edge are served by its current configuration.
    """
    if answer.kind is not dns.TargetKind.LOAD_BALANCER or answer.target is None:
        return 0
    current = rows.one(dns.LOAD_BALANCER, id=answer.target.id) or answer.target
    return int(current.value("clientKeepAlive") or 3600)


def _follow_cached(simulation: _Simulation, now: int, cause: str) -> None:
    for host, kept in simulation.cached.items():
        for each in [one for one in kept if one.until <= now]:
            kept.remove(each)
            for flow in _flows(simulation):
                if flow.host == host:
                    _close(simulation, (flow.id, CACHED_CLIENTS), each.until)
        for each in kept:
            for flow in _flows(simulation):
                if flow.host != host or flow.cached is None or flow.id not in simulation.settled:
                    continue
                result = follow(flow, simulation.world, flow.cached(simulation.world, each.answer))
                key = (flow.id, CACHED_CLIENTS)
                if result.verdict is Verdict.PASS:
                    _close(simulation, key, now)
                else:
                    simulation.open.setdefault(key, _Open(now, cause, result.decisive, forbidden=False))


# --- advice ---

_REMEDIES = {
    "service-connect": "Create the callee first, and redeploy the caller when a name is added.",
    "database-user": "Let the change of the secret redeploy the tasks, and keep the old credentials until they run.",
    "cache-auth": "Keep the old token or user until every task has started with the new one.",
    "secret-version": "Let the change of the secret redeploy the tasks.",
    "web-acl": "Apply the rule in a later run, after all clients use the new address.",
    "tls": "Create the certificate, and wait until it is issued, before the name uses it.",
    "dns": "Keep the old target until the TTL of the record has passed.",
    "security-group": "Add the new rule before the old one is removed.",
    "target-health": "Keep the old tasks until the new ones are healthy.",
    "task": "Keep the old tasks until the new ones run.",
    "pods": "Keep the old pods, or the tasks, until the new pods are ready.",
    "cache-role": "Move the role of the cache just before the traffic; writes wait until both have moved.",
    "network-policy": "Add the new rule before the old one is removed.",
    "route": "Add the new route before the old one is removed.",
    "nat": "Create the new NAT gateway before the old one is removed.",
    "access-list": "Add the new entry before the old one is removed.",
}


def remedy(hop: Hop | None, clients: str, *, forbidden: bool) -> str:
    """Return what to do against an interruption."""
    if forbidden:
        return "Close the flow in the same operation that opens the other, or order the operations."
    if clients == CACHED_CLIENTS:
        return (
            "Make this change in a later run, when the record's TTL and the load balancer's client keep-alive have"
            " passed since the record changed. A short client keep-alive shortens the wait."
        )
    return _REMEDIES.get(
        hop.name if hop is not None else "", "Order the operations so that the old path stays until the new one works."
    )
