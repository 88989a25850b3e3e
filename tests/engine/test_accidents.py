"""Nothing is lost, nothing stands twice: killed engines, killed clouds, and faults at creations of the dev stack.

After each accident one more `up` goes on from there, and ends in the same complete stack. Here they come one after the
other; `make exhaustive` has each by itself, and an answer lost at every single creation.
"""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.engine.program import Program
from tierup.sandbox import running
from tierup.sandbox.cloud import Fault

pytestmark = pytest.mark.engine


def wait_for(what: Callable[[], bool], seconds: float = 240) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.05)


def kill_the_engine(program: Program, standing: int) -> None:
    """In the midst of an `up`, with all that it started."""
    process = program.start("up")
    wait_for(lambda: len(program.standing()) >= standing)
    family = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
    for member in family:
        member.kill()
    process.wait()


def kill_the_sandbox(program: Program, standing: int) -> None:
    """In the midst of an `up`, which then fails."""
    process = program.start("up")
    wait_for(lambda: running(program.home) is not None and len(program.standing()) >= standing)
    serving = running(program.home)
    assert serving is not None
    os.kill(serving.pid, signal.SIGKILL)
    process.communicate()
    assert process.returncode in (1, 4), "the engine may fail of a resource, or of the sandbox itself"


def lose(program: Program, fault: Fault) -> None:
    """An `up` that fails of a rehearsed fault."""
    program.arm(fault)
    failed = program.run("up")
    assert failed.code == 1, failed.said
    assert f"a rehearsed {fault.kind} fault" in str(failed.document)


def test_one_accident_after_the_other_and_two_runs_at_once(tmp_path: Path) -> None:
    """Each `up` takes over what the accident before it left; the last one stands whole, though a second one came."""
    program = Program(tmp_path / "checkout")
    try:
        lose(program, Fault("create", "lost", after=30))
        kill_the_engine(program, standing=60)
        kill_the_sandbox(program, standing=90)
        program.arm(Fault("create", "slow", seconds=15))
        first = program.start("up")
        wait_for(lambda: not program.faults())
        second = program.run("up")
        assert second.code == 6, second.said
        out, said = first.communicate()
        assert first.returncode == 0, (out, said)
        program.complete()
        assert program.run("refresh", "--expect-no-changes").code == 0
        assert program.run("preview", "--expect-no-changes").code == 0
    finally:
        program.close()


@dataclass(frozen=True, slots=True)
class Reference:
    """What a run without accidents comes to."""

    urns: Sequence[str]
    created: Sequence[tuple[str, str]]  # (type, logical name)


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Generator[tuple[Program, Reference]]:
    """A rehearsal that was up and is down again, and what stood in between."""
    program = Program(tmp_path_factory.mktemp("reference") / "checkout")
    assert program.run("up").code == 0
    reference = Reference(program.complete(), [(each.type, each.name) for each in program.standing()])
    assert program.run("destroy").code == 0
    program.close()
    yield program, reference
    program.close()


@pytest.fixture
def reference(warm: tuple[Program, Reference]) -> Reference:
    return warm[1]


@pytest.fixture
def program(warm: tuple[Program, Reference], tmp_path: Path) -> Generator[Program]:
    """An empty rehearsal: the warm one's settings and stack, nothing standing."""
    made = Program(tmp_path / "checkout")
    shutil.copytree(warm[0].home, made.home)
    (made.home / "sandbox" / "server.json").unlink(missing_ok=True)
    yield made
    made.close()


def whole_after_one_more(program: Program, reference: Reference) -> None:
    mended = program.run("up")
    assert mended.code == 0, (mended.said, mended.document)
    assert program.complete() == reference.urns


@pytest.mark.exhaustive
@pytest.mark.parametrize(("kind", "position"), [("fail", 0), ("lost", 60), ("timeout", 60), ("lost", -1)])
def test_a_fault_at_a_creation(program: Program, reference: Reference, kind: str, position: int) -> None:
    after = position if position >= 0 else len(reference.created) - 1
    lose(program, Fault("create", kind, after=after))
    whole_after_one_more(program, reference)


@pytest.mark.exhaustive
def test_a_killed_engine(program: Program, reference: Reference) -> None:
    kill_the_engine(program, standing=60)
    whole_after_one_more(program, reference)


@pytest.mark.exhaustive
def test_a_killed_sandbox(program: Program, reference: Reference) -> None:
    kill_the_sandbox(program, standing=60)
    whole_after_one_more(program, reference)


@pytest.mark.exhaustive
def test_an_answer_lost_at_every_single_creation(program: Program, reference: Reference) -> None:
    """By name, as the order of creations is not the same twice. Each `up` takes over what the one before lost, and
    loses the next answers itself, until none is left."""
    program.arm(*(Fault("create", "lost", type=type, name=name) for type, name in reference.created))
    left = len(reference.created)
    while (ran := program.run("up")).code == 1:
        faults = program.faults()
        assert len(faults) < left, f"no further than before: {ran.document.get('diagnostics')}\n{ran.said}"
        left = len(faults)
    assert ran.code == 0, ran.said
    assert program.faults() == []
    assert program.complete() == reference.urns
    assert program.run("refresh", "--expect-no-changes").code == 0
