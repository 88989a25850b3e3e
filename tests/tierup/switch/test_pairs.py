"""Switches between states on the sandbox's providers without the engine: nothing is lost or interrupted.

`python -m tools.switching matrix` does the same for all pairs.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Sequence
from contextlib import closing
from itertools import count

import pytest

from components.cdn.provider import CdnKind
from tierup.sandbox.cloud import InjectedFault
from tierup.switch.effects import StepEffects
from tierup.switch.planner import PlannedStep, plan_switch
from tools.switching.in_process_pairs import Starts, kept, kept_violations, run_steps, traffic_violations
from tools.switching.matrix import key, pair_results
from tools.switching.states import STACK, pairs, parse

CDN = CdnKind.CLOUDFRONT


@pytest.fixture(scope="module")
def starts() -> Generator[Starts]:
    found = Starts()
    yield found
    found.forget()


def steps_of(before: str, after: str) -> Sequence[PlannedStep]:
    return plan_switch(parse(before).config(CDN), parse(after).wanted, STACK).steps


def test_a_switch_to_the_next_phase_interrupts_and_replaces_nothing(starts: Starts) -> None:
    stack = starts.copy_of(parse("mvp/small"), CDN)
    with closing(stack.cloud):
        result = run_steps(stack, steps_of("mvp/small", "optimization/small"))
    assert result.violations == []
    assert (result.seconds, result.data, result.unknown) == (0, [], [])
    assert result.steps[0]["create"] > 40


def recovers(starts: Starts, before: str, after: str, fault: InjectedFault, *, back: bool = False) -> bool:
    """Assert that one more `up` after a fault leads to the target, or with `back` to the start.

    Return whether the fault was reached.
    """
    stack = starts.copy_of(parse(before), CDN)
    with closing(stack.cloud):
        exists = kept(stack.cloud)
        (step,) = steps_of(before, after)
        stack.cloud.add_fault(fault)
        failed = stack.up(step.config, evaluate=False)
        if stack.cloud.faults():
            assert failed.errors == []
            return False
        assert len(failed.errors) == 1
        assert "an injected fail fault" in failed.errors[0]
        config = parse(before).config(CDN) if back else step.config
        result = stack.up(config)
        assert result.errors == []
        assert result.timeline is not None
        assert list(traffic_violations(result.timeline, unlocked=False)) == []
        second = stack.preview(config)
        assert (second.errors, [each.name for each in second.changes]) == ([], [])
        assert list(kept_violations(exists, stack.cloud, given_up(before, after))) == []
        assert {each.id for each in stack.cloud.all() if each.urn} <= {each.id for each in stack.state.values()}
    return True


def given_up(before: str, after: str) -> Collection[str]:
    """Return the names of the data that a switch deletes after the user has accepted it."""
    return pair_results()[key(parse(before), parse(after), CDN)].data


@pytest.mark.parametrize(
    ("operation", "back"), [("create", False), pytest.param("update", True, marks=pytest.mark.exhaustive)]
)
def test_a_switch_continues_and_returns_after_an_error(starts: Starts, operation: str, *, back: bool) -> None:
    fault = InjectedFault(operation=operation, kind="fail", after=1)
    assert recovers(starts, "mvp/small", "optimization/small", fault, back=back)


@pytest.mark.exhaustive
@pytest.mark.parametrize("operation", ["create", "update", "delete"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("mvp/small", "optimization/small"),
        ("optimization/small", "mvp/small"),
        ("optimization/small", "optimization/medium"),
    ],
)
def test_a_switch_continues_or_returns_after_an_error_at_each_operation(
    starts: Starts, before: str, after: str, operation: str
) -> None:
    number = 0
    for number in count():
        fault = InjectedFault(operation=operation, kind="fail", after=number)
        # What a failed deletion has already deleted cannot return with its data, so such a switch continues.
        if not recovers(starts, before, after, fault, back=number % 2 == 1 and operation != "delete"):
            break
    assert number > 0


@pytest.mark.exhaustive
def test_another_key_replaces_the_cache_from_a_snapshot_without_interruption(starts: Starts) -> None:
    stack = starts.copy_of(parse("scale/small"), CDN)
    with closing(stack.cloud):
        before = kept(stack.cloud)
        wanted = {"tierup:kmsKeyUses": ["cache"], "tierup:cacheSnapshotName": "before-the-key"}
        (step,) = plan_switch(parse("scale/small").config(CDN), wanted, STACK).steps
        stack.accepted = {"cache-replication"}
        result = stack.up(step.config)
        assert result.errors == []
        effects = StepEffects(changes=result.changes, previewed=True)
        assert [each.name for each in effects.lost_data] == ["cache-replication"]
        assert (effects.seconds, effects.unknown, effects.replaced) == (0, [], [])
        assert result.timeline is not None
        assert list(traffic_violations(result.timeline, unlocked=False)) == []
        assert list(kept_violations(before, stack.cloud, ())) == ["cache-replication was replaced"]
        (cache,) = stack.cloud.find("aws:elasticache/replicationGroup:ReplicationGroup")
        assert cache.inputs["snapshotName"] == "before-the-key"
        assert [each.name for each in stack.preview(step.config).changes] == []


def test_no_pair_has_a_violation() -> None:
    found = pair_results()
    assert found
    assert set(found) <= {f"{cdn} {before} {after}" for cdn in CdnKind for before, after in pairs()}
    assert {name: result.violations for name, result in found.items() if result.violations} == {}
