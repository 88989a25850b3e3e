"""The failover to another region and back, its order, and its interruption."""

from __future__ import annotations

from itertools import count

import pytest

from tests.tierup.failover.conftest import HOME, OTHER, Vendors
from tierup.deployment.errors import CommandError, ExitCode
from tierup.failover.failover import plan_steps, run_steps, verify
from tierup.failover.roles import Roles
from tierup.failover.stack_regions import StackRegions


def test_failover_moves_every_role_and_back(regions: StackRegions, roles: Roles, vendors: Vendors) -> None:
    steps = plan_steps(regions, roles, OTHER)
    seconds = count(0.0, 30.0)
    result = run_steps(steps, lambda _: None, lambda: next(seconds))

    names = [f"workers-{HOME}", "cache", "database", "traffic", f"workers-{OTHER}"]
    assert result.done == names
    assert result.read_only_seconds == 30.0
    assert verify(steps) == []
    assert vendors.primary == OTHER
    assert vendors.preferred == ["EU_CENTRAL_1", "EU_WEST_1", "EU_WEST_3"]
    assert roles.traffic.weights() == {HOME: 0, OTHER: 100}
    assert {name: worker.minimum() for name, worker in roles.workers.items()} == {HOME: 0, OTHER: 1}

    back = run_steps(plan_steps(regions, roles, HOME), lambda _: None)
    assert back.done == [f"workers-{OTHER}", "cache", "database", "traffic", f"workers-{HOME}"]
    assert roles.traffic.weights() == {HOME: 100, OTHER: 0}
    assert vendors.preferred[0] == "EU_WEST_1"


def test_second_run_changes_nothing(regions: StackRegions, roles: Roles, vendors: Vendors) -> None:
    run_steps(plan_steps(regions, roles, OTHER), lambda _: None)
    vendors.calls.clear()
    result = run_steps(plan_steps(regions, roles, OTHER), lambda _: None)

    assert result.done == []
    assert len(result.skipped) == 5
    assert not [call for call in vendors.calls if call.startswith(("Failover", "PATCH"))]


def test_interrupted_failover_continues(regions: StackRegions, roles: Roles, vendors: Vendors) -> None:
    vendors.broken = True
    with pytest.raises(CommandError, match="InvalidParameterValue: broken"):
        run_steps(plan_steps(regions, roles, OTHER), lambda _: None)
    assert roles.traffic.weights() == {HOME: 100, OTHER: 0}  # traffic never moves before the data

    vendors.broken = False
    result = run_steps(plan_steps(regions, roles, OTHER), lambda _: None)
    assert result.skipped == [f"workers-{HOME}"]
    assert result.done == ["cache", "database", "traffic", f"workers-{OTHER}"]


def test_lost_region_does_not_stop_the_failover(regions: StackRegions, roles: Roles) -> None:
    def unreachable(_: int = 0) -> int:
        raise CommandError("AWS: AWS could not be reached.")

    lost = roles.workers[HOME]
    lost.minimum = unreachable  # pyright: ignore[reportAttributeAccessIssue]
    result = run_steps(plan_steps(regions, roles, OTHER), lambda _: None)

    assert result.failed == {f"workers-{HOME}": "AWS: AWS could not be reached."}
    assert result.done == ["cache", "database", "traffic", f"workers-{OTHER}"]


def test_unknown_region_is_refused(regions: StackRegions, roles: Roles) -> None:
    with pytest.raises(CommandError, match=r"--to: the stack does not run in this region \(got us-east-1\)") as error:
        plan_steps(regions, roles, "us-east-1")
    assert error.value.code is ExitCode.SETTINGS
