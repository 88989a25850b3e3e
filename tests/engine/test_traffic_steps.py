"""Changes of a deployed stack that interrupt no request, on the real engine, and those that do in one step."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.engine.program import CommandResult, Program

pytestmark = [pytest.mark.engine, pytest.mark.exhaustive]

SERVICES = {
    "reports": {
        "image": "public.ecr.aws/docker/library/nginx:1.29",
        "paths": ["/reports/*"],
        "priority": 100,
        "port": 8080,
        "tasks": 1,
        "maxTasks": 2,
    }
}


@pytest.fixture
def program(tmp_path: Path) -> Generator[Program]:
    """The program in its own sandbox."""
    made = Program(tmp_path / "program")
    yield made
    made.close()


def _timeline(result: CommandResult) -> Mapping[str, Any]:
    """Return the run on the virtual clock; fail if a flow does not arrive at its end."""
    timeline: Mapping[str, Any] = result.document["traffic"]
    traffic = timeline["traffic"]
    assert [each["flow"] for each in (*traffic["failed"], *traffic["unknown"])] == [], result.stderr
    return timeline


def _up(program: Program, **settings: Any) -> Mapping[str, Any]:
    program.set(**settings)
    result = program.run("up", "--no-policies")
    assert result.code == 0, (result.document.get("error"), result.document.get("diagnostics"), result.stderr)
    return _timeline(result)


def test_the_api_moves_behind_cloudfront_in_two_steps_without_an_interruption(program: Program) -> None:
    _up(program, phase="optimization")
    moved = _up(program, phase="scale", originLock="count")
    assert moved["interruptions"] == []
    assert moved["settle_seconds"] <= 120
    locked = _up(program, originLock="on")
    assert locked["interruptions"] == []
    assert locked["traffic"]["forbidden_open"] == []


def test_a_lock_in_the_same_step_is_rejected_with_the_command_that_takes_steps(program: Program) -> None:
    _up(program, phase="optimization")
    program.set(phase="scale")
    rejected = program.run("up", "--no-policies")
    assert rejected.code == 2
    assert "tierup switch" in str(rejected.document["diagnostics"])


def test_the_cache_moves_to_users_in_two_steps_without_an_interruption(program: Program) -> None:
    _up(program, phase="optimization")
    for auth in ("migrating", "users"):
        assert _up(program, cacheAuth=auth)["interruptions"] == []


def test_a_service_added_later_is_called_by_its_callers(program: Program) -> None:
    _up(program, phase="enterprise", tier="medium")
    added = _up(program, services=SERVICES)
    assert added["interruptions"] == []
    served = set(added["traffic"]["served"])
    assert {"backend to http://reports:8080", "worker to http://reports:8080"} <= served


def test_a_cache_moves_to_another_key_from_a_snapshot_without_an_interruption(program: Program) -> None:
    """The steps of docs/how-to/change-what-a-switch-refuses.md."""
    _up(program, phase="optimization", kmsKey=True)
    before = {each.name: each.id for each in program.resources()}
    program.set(kmsKeyUses=["cache"])
    assert program.run("up", "--no-policies").code == 2
    overrides = {"cache-replication": {"snapshotName": "before-the-key"}}
    moved = _up(program, kmsKeyUses=["cache"], allowDirectChanges=True, resourceOverrides=overrides)
    assert moved["interruptions"] == []
    after = {each.name: each for each in program.resources()}
    assert after["cache-replication"].id != before["cache-replication"]
    assert after["cache-replication"].outputs["snapshotName"] == "before-the-key"
    assert after["database-cluster"].id == before["database-cluster"]
    assert program.run("preview", "--expect-no-changes", "--no-policies").code == 0
