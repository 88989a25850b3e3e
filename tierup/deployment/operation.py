"""One operation from start to end: locks, recovery, the engine, and the verdict."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from tierup.deployment import locks
from tierup.deployment.display import Display, shown
from tierup.deployment.engine_process import Ended, drop_program_modules, stream
from tierup.deployment.failure import ExitCode, Failure
from tierup.deployment.outcome import Operation, OperationOutcome
from tierup.deployment.progress import ROOT, Progress, type_of
from tierup.deployment.sentences import sentence_of
from tierup.deployment.workspace import Workspace

Say = Callable[[str], None]

_TRACEBACK = "Program failed with an unhandled exception"


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """What the user chose."""

    policies: bool = True
    policy_pack: Path | None = None  # another than the project's own
    policy_config: Path | None = None  # another than the pack's own for the stack
    show_violations: bool = True
    targets: Sequence[str] = ()
    parallel: int | None = None
    diff: bool = False
    expect_no_changes: bool = False
    refresh_first: bool = False
    traceback: bool = False
    wait_seconds: float = 0.0
    adopt: Mapping[str, str] = field(default_factory=dict[str, str])  # id by URN, real accounts only
    forget: Sequence[str] = ()


_DISK_FULL = "no space left on device"


def run(workspace: Workspace, operation: Operation, options: Options, console: Console) -> OperationOutcome:
    """Carry out an operation and show it on the console while it runs.

    Raises:
        Failure: it could not be started; nothing was changed.
    """
    began = time.monotonic()
    notices: list[str] = []

    def say(sentence: str) -> None:
        notices.append(sentence)
        console.print(sentence, highlight=False, markup=False, soft_wrap=True)

    with contextlib.ExitStack() as held:
        if workspace.home is not None:
            held.enter_context(_held(workspace, operation, options, say))
        elif operation != "preview":
            _settle_accounts(workspace, options, say)
        progress = Progress(previews=operation == "preview")
        with shown(console, progress, previews=operation == "preview", diff=options.diff) as display:
            if not options.show_violations:
                progress.on_violation = lambda _: None
            ended = _run_engine(workspace, operation, options, progress, display, notices)
    code, sentence = verdict(workspace, operation, options, progress, ended)
    return OperationOutcome(
        operation=operation,
        code=code,
        sentence=sentence,
        seconds=time.monotonic() - began,
        progress=progress,
        notices=notices,
        traceback=options.traceback,
    )


def _run_engine(
    workspace: Workspace,
    operation: Operation,
    options: Options,
    progress: Progress,
    display: Display,
    notices: list[str],
) -> Ended:
    def say(sentence: str) -> None:
        notices.append(sentence)
        display.say(sentence)

    try:
        return stream(
            workspace,
            arguments(workspace, operation, options),
            on_event=progress.take,
            on_tick=display.tick,
            say=say,
            runs_program=operation in ("up", "preview"),
        )
    finally:
        drop_program_modules(workspace.project.folder)


def arguments(workspace: Workspace, operation: Operation, options: Options) -> list[str]:
    """The engine's command line for an operation."""
    chosen = [operation, "--stack", workspace.stack, "--suppress-progress"]
    if operation != "preview":
        chosen.append("--yes")
    if operation in ("up", "refresh"):
        # A preview of an `up` on real accounts was shown and agreed to before; a rehearsal is one by itself. A
        # `destroy` is previewed by the engine: a protected resource stops it before anything is deleted, not half-way.
        chosen.append("--skip-preview")
    if operation in ("up", "preview"):
        pack = options.policy_pack or workspace.project.policy_pack
        if options.policies and pack is not None:
            chosen += ["--policy-pack", str(pack)]
            levels = options.policy_config
            if levels is None and pack == workspace.project.policy_pack:
                levels = workspace.project.policy_levels(workspace.stack)
            if levels is not None:
                chosen += ["--policy-pack-config", str(levels)]
        if options.refresh_first:
            chosen.append("--refresh")
    if operation != "destroy" and options.expect_no_changes:
        chosen.append("--expect-no-changes")
    if options.diff:
        chosen.append("--diff")
    if options.parallel is not None:
        chosen += ["--parallel", str(options.parallel)]
    for target in options.targets:
        chosen += ["--target", target]
    return chosen


@contextlib.contextmanager
def _held(workspace: Workspace, operation: Operation, options: Options, say: Say) -> Generator[None]:
    """A rehearsal's stack for ourselves alone, with what earlier runs left behind settled."""
    from tierup.deployment.checkpoint import drop_torn_side_files
    from tierup.deployment.rehearsal import state_folder

    assert workspace.home is not None
    project, stack = workspace.project.name, workspace.stack
    drop_torn_side_files(state_folder(workspace.home), project, stack)
    if operation == "preview":  # changes nothing, and may run beside anything
        yield
        return
    with locks.alone(workspace.home, project, stack, wait_seconds=options.wait_seconds, say=say):
        locks.clear_stale_locks(state_folder(workspace.home), project, stack, say)
        _settle_sandbox(workspace, say)
        yield


def _settle_sandbox(workspace: Workspace, say: Say) -> None:
    from tierup.deployment.recovery import leftovers_in_sandbox, settle

    left = leftovers_in_sandbox(workspace)
    if left:
        settle(workspace, left, say)


def _settle_accounts(workspace: Workspace, options: Options, say: Say) -> None:
    from tierup.deployment.recovery import check_pending_creates

    check_pending_creates(workspace, options.adopt, options.forget, say)


def verdict(
    workspace: Workspace, operation: Operation, options: Options, progress: Progress, ended: Ended
) -> tuple[ExitCode, str]:
    """The exit code of an operation and, where it did not end well, why in a sentence."""
    if ended.interrupted:
        return ExitCode.INTERRUPTED, "Stopped as you asked."
    if ended.code == 0:
        return ExitCode.OK, ""
    if progress.mandatory:
        rules = sorted({violation.policy for violation in progress.mandatory})
        return (
            ExitCode.POLICY,
            f"{_number(len(rules), 'mandatory policy', 'mandatory policies')} broken: {', '.join(rules)}.",
        )
    if options.expect_no_changes and not progress.errors and progress.changed:
        return ExitCode.CHANGES, f"{_number(progress.changed, 'change', 'changes')} found where none was expected."
    said = "\n".join(f"error: {error.message}" for error in progress.errors)
    known = sentence_of(said, workspace)
    if known.code == ExitCode.ENGINE or _DISK_FULL in said:  # whatever failed, failed of this
        return known.code, known.sentence
    failed = [step for step in progress.steps if step.failed and step.type != ROOT]
    if failed:
        names = ", ".join(step.name for step in failed[:5])
        return ExitCode.FAILED, f"{_number(len(failed), 'resource', 'resources')} failed: {names}."
    if not progress.errors:
        failure = sentence_of(ended.text, workspace)
        return failure.code, failure.sentence
    resources = [error for error in progress.errors if error.urn and type_of(error.urn) != ROOT]
    if resources:
        return ExitCode.FAILED, f"The {operation} was refused."
    if any(error.message.startswith(_TRACEBACK) for error in progress.errors):
        return ExitCode.FAILED, "The program failed."
    if known.code != ExitCode.FAILED:
        return known.code, known.sentence
    return ExitCode.SETTINGS, "The program refused its settings."


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


__all__ = ["Failure", "Options", "arguments", "run", "verdict"]
