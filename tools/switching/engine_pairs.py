"""Runs switches between pairs of states on the real engine, and records the results in results.json.

A pair begins with a new stack in its first state. The switch must succeed, keep every resource that holds data or that
users reach, and end with an empty preview. A pair that deletes data is first refused, and then runs with --delete-data.
Each step must change the resources that the run without the engine (`tools/switching/in_process_pairs.py`) changes.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from components.cdn.provider import CdnKind
from tierup import atomic_file
from tierup.switch.planner import RefusedSwitchError, SwitchPlan, plan_switch
from tierup.switch.resource_changes import operation_of
from tools.switching.in_process import RunResult
from tools.switching.in_process_pairs import deployed, run_steps
from tools.switching.matrix import RESULTS, key, results
from tools.switching.sandbox_project import CommandResult, SandboxProject, accepting, deletions
from tools.switching.states import State, pairs

Progress = Callable[[str], None]


def run_pairs(
    chosen: Sequence[tuple[State, State]] | None,
    cdn: CdnKind,
    *,
    again: bool,
    workers: int,
    progress: Progress,
) -> list[str]:
    """Run pairs that have no result yet, or all with `again`. Return the keys of those with a violation."""
    known = results()
    left = [pair for pair in chosen or pairs() if again or key(*pair, cdn) not in known]
    failed: list[str] = []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        running = {pool.submit(run_pair, before, after, cdn): key(before, after, cdn) for before, after in left}
        for each in as_completed(running):
            name, violations = running[each], each.result()
            if violations:
                failed.append(name)
            progress(f"{name}: {'; '.join(violations) or 'no violation'}")
            known = {
                **results(),
                name: {"ok": not violations, "violations": violations, "day": f"{datetime.now(UTC):%F}"},
            }
            atomic_file.write_text(RESULTS, json.dumps(dict(sorted(known.items())), indent=2) + "\n")
            RESULTS.chmod(0o644)
    return failed


def run_pair(before: State, after: State, cdn: CdnKind) -> list[str]:
    """Run one pair, and return what is wrong."""
    folder = Path(tempfile.mkdtemp(prefix="tierup-switch-"))
    project = SandboxProject(folder / "project", settings=before.config(cdn))
    try:
        return _run(project, before, after, cdn)
    finally:
        project.close()
        shutil.rmtree(folder, ignore_errors=True)


def _run(project: SandboxProject, before: State, after: State, cdn: CdnKind) -> list[str]:
    made = project.run("up")
    if made.code:
        return [f"up {made}"]
    try:
        planned = plan_switch(before.config(cdn), after.wanted, project.stack)
    except RefusedSwitchError:
        refused = project.run("switch", *after.options)
        return [] if refused.code == 2 else [f"the switch is not refused, but ended with {refused.code}"]
    kept = project.kept()
    plan = project.run("switch", *after.options, "--dry-run")
    if plan.code:
        return [f"the dry run {plan}"]
    data = deletions(plan)
    violations: list[str] = []
    if data and project.run("switch", *after.options).code != 2:
        violations.append("the deletion of data is not refused")
    done = project.run("switch", *after.options, *accepting(data))
    if done.code:
        return [*violations, f"the switch {done}"]
    return [*violations, *project.switch_violations(kept, data), *_differences(done, planned)]


def _differences(done: CommandResult, plan: SwitchPlan) -> Iterator[str]:
    """Yield how a switch on the engine differs from the same one without it: in its steps, changes and interruption."""
    without: list[RunResult] = []
    stack = deployed(plan.start, plan.stack)
    with closing(stack.cloud):
        result = run_steps(stack, plan.steps, without.append)
    yield from (f"without the engine: {each}" for each in result.violations)
    seconds = done.document["interruption_seconds"]
    if seconds != result.seconds:
        yield f"the interruption is {seconds} s, without the engine {result.seconds} s"
    ran: Sequence[Mapping[str, Any]] = done.document["ran"]
    if len(ran) != len(without):
        yield f"{len(ran)} steps, without the engine {len(without)}"
    for number, (engine, in_process) in enumerate(zip(ran, without, strict=False), start=1):
        with_engine = {
            (operation, each["type"], each["name"])
            for each in engine["steps"]
            if (operation := operation_of(each["operation"], each["type"])) is not None
        }
        alone = {(each.operation, each.type, each.name) for each in in_process.changes}
        replaced = {each[1:] for each in with_engine if each[0] == "replace"}
        with_engine -= {each for each in with_engine if each[0] == "delete" and each[1:] in replaced}
        yield from (f"step {number}: only the engine does {each}" for each in sorted(with_engine - alone))
        yield from (f"step {number}: the engine does not do {each}" for each in sorted(alone - with_engine))
