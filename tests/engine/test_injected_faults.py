"""After an injected fault, a killed engine or a killed sandbox, one more `up` completes the stack.

No resource is lost or exists twice. Each test starts from an empty sandbox and runs in `make exhaustive`.
test_program.py injects three faults in a row.
"""

from __future__ import annotations

import shutil
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.engine.injected_faults import kill_the_engine, kill_the_sandbox, lose
from tests.engine.program import Program
from tierup.sandbox.cloud import InjectedFault

pytestmark = [pytest.mark.engine, pytest.mark.exhaustive]


@dataclass(frozen=True, slots=True)
class Reference:
    """The resources of a run without faults."""

    urns: Sequence[str]
    created: Sequence[tuple[str, str]]  # (type, logical name)


@pytest.fixture(scope="module")
def destroyed(tmp_path_factory: pytest.TempPathFactory) -> Generator[tuple[Program, Reference]]:
    """Return a stack that was deployed and destroyed, and the resources that it had."""
    program = Program(tmp_path_factory.mktemp("reference") / "checkout")
    assert program.run("up").code == 0
    reference = Reference(program.complete(), [(each.type, each.name) for each in program.resources()])
    assert program.run("destroy").code == 0
    program.close()
    yield program, reference
    program.close()


@pytest.fixture
def reference(destroyed: tuple[Program, Reference]) -> Reference:
    return destroyed[1]


@pytest.fixture
def program(destroyed: tuple[Program, Reference], tmp_path: Path) -> Generator[Program]:
    """Return the stack of the reference in an empty sandbox, with the same settings and without resources."""
    copy = Program(tmp_path / "checkout")
    shutil.copytree(destroyed[0].home, copy.home)
    (copy.home / "sandbox" / "server.json").unlink(missing_ok=True)
    yield copy
    copy.close()


def assert_next_up_completes(program: Program, reference: Reference) -> None:
    up = program.run("up")
    assert up.code == 0, str(up)
    assert program.complete() == reference.urns


@pytest.mark.parametrize(("kind", "position"), [("fail", 0), ("lost", 60), ("timeout", 60), ("lost", -1)])
def test_next_up_completes_the_stack_after_a_failed_creation(
    program: Program, reference: Reference, kind: str, position: int
) -> None:
    after = position if position >= 0 else len(reference.created) - 1
    lose(program, InjectedFault("create", kind, after=after))
    assert_next_up_completes(program, reference)


def test_next_up_completes_the_stack_after_the_engine_was_killed(program: Program, reference: Reference) -> None:
    kill_the_engine(program, after=60)
    assert_next_up_completes(program, reference)


def test_next_up_completes_the_stack_after_the_sandbox_was_killed(program: Program, reference: Reference) -> None:
    kill_the_sandbox(program, after=60)
    assert_next_up_completes(program, reference)


def test_repeated_up_completes_the_stack_when_the_response_of_every_creation_is_lost(
    program: Program, reference: Reference
) -> None:
    """Each `up` adopts the resources whose responses the one before lost, and loses further ones, until none is left.

    The faults name their resources, because the order of creations differs between runs.
    """
    program.arm(*(InjectedFault("create", "lost", type=type, name=name) for type, name in reference.created))
    remaining = len(reference.created)
    while (up := program.run("up")).code == 1:
        faults = program.faults()
        assert len(faults) < remaining, f"`up` made no progress: {up.document.get('diagnostics')}\n{up.stderr}"
        remaining = len(faults)
    assert up.code == 0, str(up)
    assert program.faults() == []
    assert program.complete() == reference.urns
    assert program.run("refresh", "--expect-no-changes").code == 0
