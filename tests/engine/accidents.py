"""What may befall a run of our program: its engine or its cloud is killed, an answer is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable

import psutil

from tests.engine.program import Program
from tierup.sandbox import running
from tierup.sandbox.cloud import Fault


def wait_for(what: Callable[[], bool], seconds: float = 240) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.05)


def kill_the_engine(program: Program, after: int) -> None:
    """In the midst of an `up`, with all that it started, while the creation after so many others goes on."""
    process = _in_a_slow_creation(program, after)
    family = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
    for member in family:
        member.kill()
    process.wait()


def kill_the_sandbox(program: Program, after: int) -> None:
    """In the midst of an `up`, which then fails, while the creation after so many others goes on."""
    process = _in_a_slow_creation(program, after)
    serving = running(program.home)
    assert serving is not None
    os.kill(serving.pid, signal.SIGKILL)
    process.communicate()
    assert process.returncode in (1, 4), "the engine may fail of a resource, or of the sandbox itself"


def _in_a_slow_creation(program: Program, after: int) -> subprocess.Popen[str]:
    program.arm(Fault("create", "slow", after=after, seconds=8))
    process = program.start("up")
    wait_for(lambda: not program.faults())
    return process


def lose(program: Program, fault: Fault) -> None:
    """An `up` that fails of a rehearsed fault."""
    program.arm(fault)
    failed = program.run("up")
    assert failed.code == 1, failed.said
    assert f"a rehearsed {fault.kind} fault" in str(failed.document)
