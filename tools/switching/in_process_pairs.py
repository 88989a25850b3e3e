"""Runs switches between pairs of states on the sandbox's providers without the engine, and says what each one does.

A pair begins with a new stack in its first state. Each step of the planner is deployed, and the traffic is evaluated
after each operation. The rules are those of `tools/switching/engine_pairs.py`: nothing that holds data or that users
reach is replaced, only data that the plan names is deleted, no flow is interrupted, and a preview at the end is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

from components.cdn.provider import CdnKind
from tierup.sandbox.aws.ecs_vcpu_quotas import SERVICE, VCPU_QUOTAS
from tierup.sandbox.cloud import Cloud, CloudResource
from tierup.sandbox.traffic import Timeline
from tierup.switch.effects import KEPT_TYPES, StepEffects
from tierup.switch.planner import PlannedStep, RefusedSwitchError, plan_switch, settings_of
from tierup.switch.rules import DATA
from tierup.switch.runner import LOCKED_FLOW
from tools.switching.in_process import InProcessStack, RunResult
from tools.switching.sandbox_project import lost, replaced
from tools.switching.states import STACK, State

_FARGATE_VCPUS: Final = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class PairResult:
    """What a switch between two states does."""

    steps: Sequence[Mapping[str, int]] = ()
    """For each step the number of changes by operation, and under `seconds` the seconds of interruption."""
    data: Sequence[str] = ()
    """The logical names of the data that the switch deletes, if the user accepts it."""
    unknown: Sequence[str] = ()
    """The logical names of the changes whose interruption is not known."""
    refused: Sequence[str] = ()
    """The ids of the changes that are not possible."""
    violations: Sequence[str] = ()

    @property
    def seconds(self) -> int:
        """The seconds of interruption of all steps."""
        return sum(each["seconds"] for each in self.steps)

    def __str__(self) -> str:
        if self.violations:
            return "broken"
        if self.refused:
            return "refused"
        notes = (" / data" if self.data else "") + (" / unknown" if self.unknown else "")
        return f"{self.seconds} s / {len(self.steps)}{notes}"


@dataclass(slots=True)
class Starts:
    """The stacks from which switches begin, each deployed once."""

    _known: dict[tuple[State, CdnKind], InProcessStack] = field(
        default_factory=dict[tuple[State, CdnKind], InProcessStack]
    )

    def copy_of(self, state: State, cdn: CdnKind) -> InProcessStack:
        """Return a stack in a state, which the caller closes with its cloud."""
        if (state, cdn) not in self._known:
            self._known[state, cdn] = deployed(state.config(cdn), STACK)
        return self._known[state, cdn].copy()

    def forget(self) -> None:
        """Close all stacks."""
        for each in self._known.values():
            each.cloud.close()
        self._known.clear()


def deployed(config: Mapping[str, Any], stack: str) -> InProcessStack:
    """Return a new stack with a configuration. Raises LookupError if it cannot be deployed."""
    cloud = Cloud()
    for quota in VCPU_QUOTAS:
        cloud.set_quota(SERVICE, quota.what, _FARGATE_VCPUS)
    made = InProcessStack(cloud, stack=stack)
    result = made.up(config, evaluate=False)
    if result.errors:
        raise LookupError(f"the first up: {'; '.join(result.errors)}")
    return made


def run_pair(before: State, after: State, cdn: CdnKind, starts: Starts) -> PairResult:
    """Run one pair."""
    try:
        plan = plan_switch(before.config(cdn), after.wanted, STACK)
    except RefusedSwitchError as error:
        return PairResult(refused=[each.id for each in error.changes])
    stack = starts.copy_of(before, cdn)
    with closing(stack.cloud):
        return run_steps(stack, plan.steps)


def run_steps(
    stack: InProcessStack, steps: Sequence[PlannedStep], on_run: Callable[[RunResult], object] = lambda _: None
) -> PairResult:
    """Deploy steps one after the other, up to the first that fails. `on_run` gets the result of each."""
    before = kept(stack.cloud)
    counts: list[Mapping[str, int]] = []
    data: set[str] = set()
    unknown: set[str] = set()
    violations: list[str] = []
    for number, step in enumerate(steps, start=1):
        result = stack.up(step.config)
        on_run(result)
        effects = StepEffects(changes=result.changes, previewed=True)
        counts.append({**effects.counts, "seconds": effects.seconds})
        data |= {each.name for each in effects.lost_data}
        unknown |= {each.name for each in effects.unknown}
        found = [*_violations(stack, result, effects, step)]
        if number == len(steps):  # on the engine, each step is verified
            found += _second_preview(stack, step, result)
        violations += [f"step {number}: {each}" for each in found]
        if result.errors:
            break
    return PairResult(
        steps=counts,
        data=sorted(data),
        unknown=sorted(unknown),
        violations=[*violations, *kept_violations(before, stack.cloud, data)],
    )


def kept(cloud: Cloud) -> dict[str, CloudResource]:
    """Return the resources that a switch must not replace, by URN."""
    return {each.urn: each for each in cloud.all() if each.urn and (each.type in KEPT_TYPES or each.type in DATA)}


def kept_violations(before: Mapping[str, CloudResource], cloud: Cloud, given_up: Collection[str]) -> Iterator[str]:
    """Yield what is wrong after a switch: what was replaced or lost, and what exists twice."""
    after = kept(cloud)
    yield from (f"{name} was replaced" for name in replaced(before, after))
    yield from (f"{name} was deleted" for name in lost(before, after) if name not in given_up)
    urns = [each.urn for each in cloud.all() if each.urn]
    yield from (
        f"{urn.rpartition('::')[2]} exists twice" for urn in sorted({each for each in urns if urns.count(each) > 1})
    )


def _violations(stack: InProcessStack, result: RunResult, effects: StepEffects, step: PlannedStep) -> Iterator[str]:
    yield from result.errors
    yield from (f"{each.name} is replaced" for each in effects.replaced)
    if result.timeline is not None:
        unlocked = settings_of(step.config, stack.stack).origin_lock != "on"
        yield from traffic_violations(result.timeline, unlocked=unlocked)


def traffic_violations(timeline: Timeline, *, unlocked: bool) -> Iterator[str]:
    """Yield the flows that were interrupted or do not go as they must, and the forbidden ones that opened.

    `unlocked` is whether the step lets clients past the CDN, which is then no violation.
    """

    def allowed(flow: str) -> bool:
        return unlocked and LOCKED_FLOW in flow

    for each in timeline.interruptions:
        if not (each.forbidden and allowed(each.flow)):
            until = "the end" if each.end is None else f"{each.end} s"
            action = "opened" if each.forbidden else "was interrupted"
            yield f"{each.flow} {action} ({each.clients}) from {each.begin} s to {until}: {each.cause}"
    report = timeline.report
    yield from (f"{each.flow.id} does not arrive" for each in (*report.failed, *report.unknown))
    yield from (f"{each.flow.id} is open" for each in report.opened if not allowed(each.flow.id))


def _second_preview(stack: InProcessStack, step: PlannedStep, result: RunResult) -> Iterable[str]:
    if result.errors:
        return ()
    second = stack.preview(step.config)
    names = [f"{each.operation} of {each.name}" for each in second.changes]
    return [*second.errors, *([f"a second preview finds {', '.join(names[:5])}"] if names else [])]
