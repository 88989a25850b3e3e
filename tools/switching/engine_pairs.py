"""Runs switches between pairs of states on the real engine, and records the results in results.json.

A pair begins with a new stack in its first state. The switch must succeed, keep every resource that holds data or that
users reach, and end with an empty preview. A pair that deletes data is first refused, and then runs with --delete-data.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from pathlib import Path

from components.cdn.provider import CdnKind
from tierup import atomic_file
from tierup.switch.planner import RefusedSwitchError
from tools.switching.matrix import RESULTS, key, planned, results
from tools.switching.sandbox_project import SandboxProject, accepting, deletions
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
        planned(before, after, cdn)
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
    return [*violations, *project.switch_violations(kept, data)]
