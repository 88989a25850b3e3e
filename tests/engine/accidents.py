"""What may befall a run of our program: its engine or its cloud is killed, an answer is lost."""

from __future__ import annotations

import os
import signal
import subprocess

import psutil

from tests.engine.program import Program
from tests.waiting import wait_until
from tierup.sandbox import running
from tierup.sandbox.cloud import InjectedFault


def kill_the_engine(program: Program, after: int) -> None:
    """In the midst of an `up`, with all that it started, while the creation after so many others goes on."""
    process = start_and_hold(program, after=after, seconds=8)
    family = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
    for member in family:
        member.kill()
    process.wait()


def kill_the_sandbox(program: Program, after: int) -> None:
    """In the midst of an `up`, which then fails, while the creation after so many others goes on."""
    process = start_and_hold(program, after=after, seconds=8)
    serving = running(program.home)
    assert serving is not None
    os.kill(serving.pid, signal.SIGKILL)
    process.communicate()
    assert process.returncode in (1, 4), "the engine may fail of a resource, or of the sandbox itself"


def start_and_hold(program: Program, *, after: int = 0, seconds: float) -> subprocess.Popen[str]:
    """An `up` in whose midst, after so many creations, one takes that long."""
    program.arm(InjectedFault("create", "slow", after=after, seconds=seconds))
    process = program.start("up")
    wait_until(lambda: not program.faults(), seconds=240)
    return process


def lose(program: Program, fault: InjectedFault) -> None:
    """An `up` that fails of a rehearsed fault."""
    program.arm(fault)
    failed = program.run("up")
    assert failed.code == 1, failed.said
    assert f"an injected {fault.kind} fault" in str(failed.document)
