"""One operation from start to end: locks, recovery, the engine, and the exit code."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from tierup.counting import counted
from tierup.deployment import locks
from tierup.deployment.disk_reserve import DiskReserve
from tierup.deployment.display import Display, show_operation
from tierup.deployment.engine_process import EngineResult, drop_program_modules, stream_operation
from tierup.deployment.error_messages import NO_SPACE, explain_engine_error
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.outcome import Operation, OperationOutcome
from tierup.deployment.progress import ROOT, Diagnostic, Progress, type_of
from tierup.deployment.workspace import Workspace
from tierup.program_loader import POLICY_PACK
from tierup.sandbox import cloud_path
from tierup.sandbox.aws.access import silent
from tierup.sandbox.cloud import Cloud

if TYPE_CHECKING:
    from tierup.sandbox.traffic import Timeline

Notify = Callable[[str], None]

_TRACEBACK = "Program failed with an unhandled exception"


@dataclass(frozen=True, kw_only=True, slots=True)
class OperationOptions:
    """The options of an operation."""

    policies: bool = True
    policy_pack: Path | None = None  # replaces the project's pack
    policy_config: Path | None = None  # replaces the pack's config for the stack
    show_violations: bool = True
    targets: Sequence[str] = ()
    parallel: int | None = None
    diff: bool = False
    expect_no_changes: bool = False
    refresh_first: bool = False
    preview_only: bool = False  # of a refresh: report drift without writing it into the state
    traceback: bool = False
    config_file: Path | None = None  # replaces the stack's settings file
    wait_seconds: float = 0.0
    adopt: Mapping[str, str] = field(default_factory=dict[str, str])  # id by URN, real accounts only
    forget: Sequence[str] = ()


_DISK_FULL = "no space left on device"


def run(workspace: Workspace, operation: Operation, options: OperationOptions, console: Console) -> OperationOutcome:
    """Run an operation and show its progress on the console.

    Raises:
        CommandError: the operation could not be started; nothing was changed.
    """
    began = time.monotonic()
    notices: list[str] = []
    previews = operation == "preview" or options.preview_only
    reserve: DiskReserve | None = None

    def notify(message: str) -> None:
        notices.append(message)
        console.print(message, highlight=False, markup=False, soft_wrap=True)

    with contextlib.ExitStack() as locked:
        if workspace.home is not None:
            locked.enter_context(_locked_stack(workspace, operation, options, notify))
        elif not previews:
            _resolve_pending_creates(workspace, options, notify)
        run_id = None if previews else _begin_run(workspace, operation)
        progress = Progress(previews=previews)
        if workspace.home is not None and not previews:
            reserve = locked.enter_context(DiskReserve(workspace.home))
        with show_operation(console, progress, previews=previews, diff=options.diff) as display:
            if not options.show_violations:
                progress.on_violation = lambda _: None
            result = _run_engine(workspace, operation, options, progress, display, notices, reserve)
        traffic = _end_run(workspace, operation, run_id, notify)
    code, error = exit_code(workspace, operation, options, progress, result)
    if reserve is not None and reserve.released:
        code, error = ExitCode.FAILED, NO_SPACE
    if workspace.home is not None and operation in ("up", "refresh") and not previews:
        progress.diagnostics += _silent_failures(workspace.home, workspace.urn_prefix, notify)
    return OperationOutcome(
        operation=operation,
        code=code,
        error=error,
        seconds=time.monotonic() - began,
        progress=progress,
        notices=notices,
        traffic=traffic,
        traceback=options.traceback,
    )


def _silent_failures(home: Path, urn_prefix: str, notify: Notify) -> list[Diagnostic]:
    """Return the silent failures. An error of their evaluation is a warning, as that of the traffic is."""
    from tierup.sandbox.traffic.flow import place

    try:
        return silent_failures(home, urn_prefix)
    except Exception as error:
        notify(
            f"warning: The sandbox could not evaluate the rights of AWS services, because of an internal error (got "
            f"{place(error)}). The result of the operation is not affected."
        )
        return []


def silent_failures(home: Path, urn_prefix: str) -> list[Diagnostic]:
    """Return a warning for each resource of a stack in the sandbox that lacks a right which AWS does not report."""
    file = cloud_path(home)
    if not file.exists():
        return []
    cloud = Cloud(file)
    try:
        return [
            Diagnostic(severity="warning", urn=problem.resource.urn, message=f"{problem.effect} {problem.reason}")
            for problem in silent.problems(cloud)
            if problem.resource.urn.startswith(urn_prefix)
        ]
    finally:
        cloud.close()


def _begin_run(workspace: Workspace, operation: Operation) -> int | None:
    """Begin a run in the sandbox's record of operations; None where nothing is recorded."""
    if not workspace.in_sandbox or operation == "preview":
        return None
    from tierup.deployment.traffic import begin_run

    return begin_run(workspace, operation)


def _end_run(workspace: Workspace, operation: Operation, run_id: int | None, notify: Notify) -> Timeline | None:
    """Return how the stack's traffic went while it was updated; None for other operations.

    An error of the traffic model is reported as a warning, because it does not affect the operation.
    """
    if run_id is None or operation != "up":
        return None
    from tierup.deployment.traffic import end_run, evaluation_warning

    try:
        return end_run(workspace, run_id)
    except Exception as error:
        notify(evaluation_warning(error))
        return None


def _run_engine(
    workspace: Workspace,
    operation: Operation,
    options: OperationOptions,
    progress: Progress,
    display: Display,
    notices: list[str],
    reserve: DiskReserve | None,
) -> EngineResult:
    def notify(message: str) -> None:
        notices.append(message)
        display.notify(message)

    def must_end() -> bool:
        if reserve is None or not reserve.release_if_full():
            return False
        notify("The disk is nearly full. Ending the operation: waiting for resources in progress.")
        return True

    try:
        return stream_operation(
            workspace,
            engine_arguments(workspace, operation, options),
            on_event=progress.take,
            on_tick=display.tick,
            notify=notify,
            runs_program=operation in ("up", "preview"),
            must_end=must_end,
        )
    finally:
        drop_program_modules(workspace.project.folder)


def engine_arguments(workspace: Workspace, operation: Operation, options: OperationOptions) -> list[str]:
    """Return the engine's arguments for an operation."""
    arguments = [operation, "--stack", workspace.stack, "--suppress-progress"]
    if options.preview_only:
        arguments.append("--preview-only")
    elif operation != "preview":
        arguments.append("--yes")
    if operation in ("up", "refresh") and not options.preview_only:
        # On real accounts the user has confirmed the preview before, and the sandbox needs none. The engine previews a
        # `destroy`, so that a protected resource stops it before anything is deleted.
        arguments.append("--skip-preview")
    if operation in ("up", "preview"):
        project = workspace.project
        pack = options.policy_pack or project.policy_pack or (POLICY_PACK if project.configures_policies else None)
        if options.policies and pack is not None:
            arguments += ["--policy-pack", str(pack)]
            config = options.policy_config
            if config is None and project.policy_pack in (pack, None):
                config = project.policy_levels(workspace.stack)
            if config is not None:
                arguments += ["--policy-pack-config", str(config)]
        if options.refresh_first:
            arguments.append("--refresh")
    if operation != "destroy" and options.expect_no_changes:
        arguments.append("--expect-no-changes")
    if options.config_file is not None:
        arguments += ["--config-file", str(options.config_file)]
    if options.diff:
        arguments.append("--diff")
    if options.parallel is not None:
        arguments += ["--parallel", str(options.parallel)]
    for target in options.targets:
        arguments += ["--target", target]
    return arguments


@contextlib.contextmanager
def _locked_stack(
    workspace: Workspace, operation: Operation, options: OperationOptions, notify: Notify
) -> Generator[None]:
    """Hold the lock of a sandbox stack, after recovering what earlier runs left."""
    from tierup.deployment.checkpoint import delete_incomplete_attributes
    from tierup.deployment.sandbox_backend import state_folder

    assert workspace.home is not None
    project, stack = workspace.project.name, workspace.stack
    delete_incomplete_attributes(state_folder(workspace.home), project, stack)
    if operation == "preview" or options.preview_only:  # changes nothing, so it needs no lock
        yield
        return
    with locks.hold_stack(workspace.home, project, stack, wait_seconds=options.wait_seconds, notify=notify):
        locks.clear_stale_locks(state_folder(workspace.home), project, stack, notify)
        _recover_sandbox(workspace, notify)
        yield


def _recover_sandbox(workspace: Workspace, notify: Notify) -> None:
    from tierup.deployment.recovery import find_leftovers_in_sandbox, recover

    left = find_leftovers_in_sandbox(workspace)
    if left:
        recover(workspace, left, notify)


def _resolve_pending_creates(workspace: Workspace, options: OperationOptions, notify: Notify) -> None:
    from tierup.deployment.recovery import check_pending_creates

    check_pending_creates(workspace, options.adopt, options.forget, notify)


def exit_code(
    workspace: Workspace, operation: Operation, options: OperationOptions, progress: Progress, result: EngineResult
) -> tuple[ExitCode, str]:
    """Return the exit code of an operation and, if it failed, its error message."""
    if result.interrupted:
        return ExitCode.INTERRUPTED, "Interrupted."
    if result.code == 0:
        return ExitCode.OK, ""
    if progress.mandatory:
        rules = sorted({violation.policy for violation in progress.mandatory})
        return (
            ExitCode.POLICY,
            f"{counted(len(rules), 'mandatory policy', 'mandatory policies')} violated: {', '.join(rules)}.",
        )
    if options.expect_no_changes and not progress.errors and progress.changed:
        return (
            ExitCode.CHANGES,
            f"{counted(progress.changed, 'change')} found, but --expect-no-changes was given.",
        )
    reported = "\n".join(f"error: {error.message}" for error in progress.errors)
    known = explain_engine_error(reported, workspace)
    if known.code == ExitCode.ENGINE or _DISK_FULL in reported:  # the cause of all other errors
        return known.code, known.message
    failed = [step for step in progress.steps if step.failed and step.type != ROOT]
    if failed:
        names = ", ".join(step.name for step in failed[:5])
        return ExitCode.FAILED, f"{counted(len(failed), 'resource')} failed: {names}."
    if not progress.errors:
        failure = explain_engine_error(result.text, workspace)
        return failure.code, failure.message
    resources = [error for error in progress.errors if error.urn and type_of(error.urn) != ROOT]
    if resources:
        return ExitCode.FAILED, f"The {operation} failed."
    if any(error.message.startswith(_TRACEBACK) for error in progress.errors):
        return ExitCode.FAILED, "The program failed."
    if known.code != ExitCode.FAILED:
        return known.code, known.message
    return ExitCode.SETTINGS, "The program rejected its settings."


__all__ = ["CommandError", "OperationOptions", "engine_arguments", "exit_code", "run"]
