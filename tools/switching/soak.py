"""Random walks through states with random faults on the real engine: nothing is lost, and nothing exists twice."""

from __future__ import annotations

import os
import random
import signal
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from components.cdn.provider import CdnKind
from tierup.sandbox.cloud import InjectedFault
from tierup.switch.planner import RefusedSwitchError, plan_switch
from tools.switching.sandbox_project import CommandResult, SandboxProject, accepting, deletions, kill_engine
from tools.switching.states import State, states

Progress = Callable[[str], None]

FAULTS: Final = ("none", "create fails", "update fails", "response lost", "engine killed", "all killed", "interrupted")
_ATTEMPTS: Final = 3


def run_walks(walks: int, switches: int, seed: int, folder: Path | None, progress: Progress) -> list[int]:
    """Run walks, each with its own stack. Return the seeds of those with a violation."""
    failed: list[int] = []
    for number in range(seed, seed + walks):
        at = (folder or Path(tempfile.mkdtemp(prefix="tierup-soak-"))) / f"walk-{number}"
        violations = run_walk(at, number, switches, progress)
        progress(f"walk {number}: {'; '.join(violations) or 'no violation'}")
        if violations:
            failed.append(number)
    return failed


def run_walk(folder: Path, seed: int, switches: int, progress: Progress) -> list[str]:
    """Run one walk, and return what is wrong. A seed always leads to the same states and faults."""
    chance = random.Random(seed)  # noqa: S311 (the walk must be repeatable)
    state = chance.choice([each for each in states() if each.phase != "enterprise"])
    project = SandboxProject(folder, settings=state.config(CdnKind.CLOUDFRONT))
    try:
        made = project.run("up")
        if made.code:
            return [f"up of {state} {made}"]
        for number in range(1, switches + 1):
            target, fault = next_state(project, state, chance), chance.choice(FAULTS)
            if target is None:
                break
            progress(f"walk {seed}, switch {number}: {state} → {target}, {fault}")
            violations = _switch(project, target, fault, chance)
            if violations:
                return [f"switch {number}, {state} → {target}, {fault}: {each}" for each in violations]
            state = target
    finally:
        project.close()
    return []


def next_state(project: SandboxProject, state: State, chance: random.Random) -> State | None:
    """Return a random state that the stack can switch to, or None if there is none."""
    others = [each for each in states() if each != state]
    chance.shuffle(others)
    for each in others:
        try:
            if plan_switch(project.config, each.wanted, project.stack).steps:
                return each
        except (RefusedSwitchError, ValueError):
            continue
    return None


def _switch(project: SandboxProject, target: State, fault: str, chance: random.Random) -> list[str]:
    before = project.kept()
    plan = project.run("switch", *target.options, "--dry-run")
    if plan.code:
        return [f"the dry run {plan}"]
    data = deletions(plan)
    command = ("switch", *target.options, *accepting(data))
    done = _with_fault(project, fault, chance, *command)
    project.disarm()
    for _ in range(_ATTEMPTS):
        if done.code == 0:
            break
        done = project.run("switch", "--resume", "--wait", "60")
        if "no switch of the stack is in progress" in done.stderr:
            done = project.run(*command)
    if done.code:
        return [f"the switch {done}"]
    return project.switch_violations(before, data)


def _with_fault(project: SandboxProject, fault: str, chance: random.Random, *arguments: str) -> CommandResult:
    if fault in ("create fails", "update fails", "response lost"):
        operation = "update" if fault == "update fails" else "create"
        kind = "lost" if fault == "response lost" else "fail"
        project.arm(InjectedFault(operation=operation, kind=kind, after=chance.randrange(30)))
    if fault not in ("engine killed", "all killed", "interrupted"):
        return project.run(*arguments)
    process = project.start(*arguments)
    until = time.monotonic() + chance.uniform(5, 60)
    while process.poll() is None and time.monotonic() < until:
        time.sleep(0.2)
    if process.poll() is None:
        _stop(process.pid, fault)
    return project.wait(process)


def _stop(pid: int, fault: str) -> None:
    if fault == "interrupted":
        os.kill(pid, signal.SIGINT)
        return
    kill_engine(pid)
    if fault == "all killed":
        os.kill(pid, signal.SIGKILL)
