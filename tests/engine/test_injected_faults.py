"""Nothing is lost, nothing stands twice: killed engines, killed clouds, and faults at creations of the dev stack.

After each accident one more `up` goes on from there, and ends in the same complete stack. `make exhaustive` has each by
itself, and an answer lost at every single creation; test_program.py lets one come after the other.
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
    """What a run without accidents comes to."""

    urns: Sequence[str]
    created: Sequence[tuple[str, str]]  # (type, logical name)


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Generator[tuple[Program, Reference]]:
    """A stack that was deployed and destroyed, and the resources that it had."""
    program = Program(tmp_path_factory.mktemp("reference") / "checkout")
    assert program.run("up").code == 0
    reference = Reference(program.complete(), [(each.type, each.name) for each in program.resources()])
    assert program.run("destroy").code == 0
    program.close()
    yield program, reference
    program.close()


@pytest.fixture
def reference(warm: tuple[Program, Reference]) -> Reference:
    return warm[1]


@pytest.fixture
def program(warm: tuple[Program, Reference], tmp_path: Path) -> Generator[Program]:
    """An empty sandbox with the settings and the stack of the reference, without resources."""
    made = Program(tmp_path / "checkout")
    shutil.copytree(warm[0].home, made.home)
    (made.home / "sandbox" / "server.json").unlink(missing_ok=True)
    yield made
    made.close()


def whole_after_one_more(program: Program, reference: Reference) -> None:
    mended = program.run("up")
    assert mended.code == 0, (mended.stderr, mended.document)
    assert program.complete() == reference.urns


@pytest.mark.parametrize(("kind", "position"), [("fail", 0), ("lost", 60), ("timeout", 60), ("lost", -1)])
def test_a_fault_at_a_creation(program: Program, reference: Reference, kind: str, position: int) -> None:
    after = position if position >= 0 else len(reference.created) - 1
    lose(program, InjectedFault("create", kind, after=after))
    whole_after_one_more(program, reference)


def test_a_killed_engine(program: Program, reference: Reference) -> None:
    kill_the_engine(program, after=60)
    whole_after_one_more(program, reference)


def test_a_killed_sandbox(program: Program, reference: Reference) -> None:
    kill_the_sandbox(program, after=60)
    whole_after_one_more(program, reference)


def test_an_answer_lost_at_every_single_creation(program: Program, reference: Reference) -> None:
    """By name, as the order of creations is not the same twice. Each `up` takes over what the one before lost, and
    loses the next answers itself, until none is left."""
    program.arm(*(InjectedFault("create", "lost", type=type, name=name) for type, name in reference.created))
    left = len(reference.created)
    while (ran := program.run("up")).code == 1:
        faults = program.faults()
        assert len(faults) < left, f"no further than before: {ran.document.get('diagnostics')}\n{ran.stderr}"
        left = len(faults)
    assert ran.code == 0, ran.stderr
    assert program.faults() == []
    assert program.complete() == reference.urns
    assert program.run("refresh", "--expect-no-changes").code == 0
