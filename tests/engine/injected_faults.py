"""Faults of a run: a killed engine, a killed sandbox, a failed or lost response."""

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
    """Kill the engine and its child processes during the creation that follows `after` others."""
    process = start_and_hold(program, after=after, seconds=8)
    family = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
    for member in family:
        member.kill()
    process.wait()


def kill_the_sandbox(program: Program, after: int) -> None:
    """Kill the sandbox during the creation that follows `after` others, and wait until the `up` fails."""
    process = start_and_hold(program, after=after, seconds=8)
    serving = running(program.home)
    assert serving is not None
    os.kill(serving.pid, signal.SIGKILL)
    process.communicate()
    assert process.returncode in (1, 4), "the engine fails on a resource, or on the sandbox itself"


def start_and_hold(program: Program, *, after: int = 0, seconds: float) -> subprocess.Popen[str]:
    """Start an `up` whose creation number `after` + 1 takes `seconds`, and wait until that creation begins."""
    program.arm(InjectedFault("create", "slow", after=after, seconds=seconds))
    process = program.start("up")
    wait_until(lambda: process.poll() is not None or not program.faults(), seconds=600)
    assert process.poll() is None, f"the up ended before that creation: {process.communicate()}"
    return process


def lose(program: Program, fault: InjectedFault) -> None:
    """Run an `up` that fails because of an injected fault."""
    program.arm(fault)
    failed = program.run("up")
    assert failed.code == 1, failed.stderr
    assert f"an injected {fault.kind} fault" in str(failed.document)
