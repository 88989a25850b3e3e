"""Deploys one image by targeted runs of the engine, and returns to the previous image if that fails.

A release has up to two runs. With tierup:releaseTask the first one deploys only that task's definition, and the task
must exit with 0 before the second one deploys the services. Each run changes the settings file first, as a switch does,
so the file, the state and the cloud agree afterwards (docs/adr/0014-releases-by-targeted-runs.md).
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from rich.console import Console

from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.operation import OperationOptions, run
from tierup.deployment.outcome import OperationOutcome
from tierup.deployment.project import Project
from tierup.deployment.stack_state import read_state
from tierup.deployment.stack_tags import read_tags
from tierup.deployment.workspace import Workspace
from tierup.program_loader import forget
from tierup.release import pauses, release_log
from tierup.release.compute import Compute
from tierup.release.image_settings import (
    applied_config,
    changes_for,
    pending_settings,
    select,
    service_images,
    with_images,
)
from tierup.release.release_log import Release, ReleaseResult
from tierup.release.release_plan import RELEASE_TASK, ReleasePlan, ReleaseWave, preview_release
from tierup.release.stack_services import StackService, stack_outputs, stack_services
from tierup.switch.config_values import Config, value_at
from tierup.switch.journal import HEAD as SWITCH
from tierup.switch.rules import APPLIED_SETTINGS
from tierup.switch.settings_file import change_config, read_config

_NEWS_SECONDS: Final = 10.0
_Result = TypeVar("_Result")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseSession:
    """What a release works with."""

    project: Project
    stack: str
    console: Console
    open_workspace: Callable[[], Workspace]
    """Opens the workspace with the settings file as it is now."""
    compute: Compute
    options: OperationOptions = field(default_factory=OperationOptions)

    def say(self, line: str) -> None:
        """Print a line of progress."""
        self.console.print(line, highlight=False, markup=False, soft_wrap=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class PreparedRelease:
    """A release that was previewed and changes nothing yet."""

    release: Release
    previous: str | None
    """The image that runs; None for the placeholder of a new stack."""
    plan: ReleasePlan
    changes: Mapping[str, Any]
    """Path → value of the changes to the settings file."""
    undo: Mapping[str, Any]
    """Path → value of the changes that restore the settings file."""
    record_previous: bool
    """Whether `previous` is not among the releases yet, because `tierup up` deployed it."""
    services: Sequence[StackService]
    """The services that the release deploys."""
    runs_task: bool = True
    """Whether the release task runs; it does not for a rollback."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseOutcome:
    """How a release ended."""

    release: Release
    outcome: OperationOutcome | None
    """The last run of the engine; None if there was none."""
    reasons: Sequence[str] = ()
    """Why it failed, as a text for the user."""
    code: ExitCode = ExitCode.OK


@dataclass(frozen=True, kw_only=True, slots=True)
class StackReleases:
    """The releases of a stack, and the settings and images that are deployed."""

    releases: Sequence[Release]
    applied: Mapping[str, str]
    """The settings of the last successful `up`, as text by key."""

    @property
    def images(self) -> dict[str, str | None]:
        """The image of each service in the settings of the last successful `up`."""
        return {name: each.image for name, each in service_images(applied_config(self.applied)).items()}

    def running(self, service: str) -> str | None:
        """Return the image of a service that runs: after a killed release, that of the release before it."""
        image = self.images.get(service)
        newest = max(
            (each for each in self.releases if each.service == service), key=lambda each: each.number, default=None
        )
        if newest is not None and newest.image == image and newest.result not in release_log.RUNS:
            before = release_log.running_release(self.releases, service)
            return before.image if before is not None else image
        return image


def read_releases(workspace: Workspace) -> StackReleases:
    """Return the releases of a stack.

    Raises:
        CommandError: the stack is not deployed, or a switch of it is in progress.
    """
    tags = read_tags(workspace)
    if SWITCH in tags:
        raise CommandError(
            f"--stack: a switch of the stack is in progress (got {workspace.stack}). Run `tierup switch "
            f"{workspace.flags} --resume` or `--back` first.",
            ExitCode.SETTINGS,
        )
    paused = pauses.decode(tags)
    if paused:
        raise CommandError(
            f"--stack: services are paused (got {', '.join(paused)}). Run `tierup resume {workspace.flags}` first.",
            ExitCode.SETTINGS,
        )
    recorded = stack_outputs(read_state(workspace)).get(APPLIED_SETTINGS)
    if not isinstance(recorded, str):
        raise CommandError(
            f"--stack: no successful `up` of this stack is recorded (got {workspace.stack}). Run `tierup up "
            f"{workspace.flags}` first.",
            ExitCode.SETTINGS,
        )
    return StackReleases(releases=release_log.decode(tags), applied=json.loads(recorded))


def prepare(
    session: ReleaseSession,
    workspace: Workspace,
    found: StackReleases,
    service: str,
    image: str,
    *,
    tag: str = "",
    rollback_to: int | None = None,
) -> PreparedRelease:
    """Preview a release of `image`, and return it. Nothing is changed.

    Raises:
        CommandError: other changes are pending, or the preview failed.
    """
    config = read_config(session.project, session.stack)
    select(config, service)
    kept = _deployed_images(config, found, service)
    previous = found.running(service)
    _check_pending(with_images(config, {**kept, service: found.images.get(service)}), found.applied, workspace.flags)
    changes = changes_for(config, {**kept, service: image})
    undo = changes_for(with_images(config, kept), {service: previous})
    state = read_state(workspace)
    session.say(f"Previewing the release of {image}.")
    plan = preview_release(workspace, state, changes, session.options, first=previous is None)
    changed = {each.urn for each in plan.steps}
    release = release_log.next_release(found.releases, service, image, tag)
    last = release_log.running_release(found.releases, service)
    record_previous = previous is not None and (last is None or last.image != previous)
    return PreparedRelease(
        # The image that `up` deployed takes the number before.
        release=replace(release, rollback_to=rollback_to, number=release.number + record_previous),
        previous=previous,
        plan=plan,
        changes={path: value for path, value in changes.items() if value_at(config, path) != value},
        undo=undo,
        record_previous=record_previous,
        services=[each for each in stack_services(state) if each.urn in changed],
        runs_task=rollback_to is None,
    )


def carry_out(session: ReleaseSession, workspace: Workspace, prepared: PreparedRelease) -> ReleaseOutcome:
    """Deploy a prepared release. If it fails, deploy the previous image again.

    Raises:
        CommandError: the backend or the engine could not be used.
    """
    release = _record(workspace, prepared)
    outcome: OperationOutcome | None = None
    try:
        _write(session, prepared.changes)
        outcome, reasons = _deploy(session, prepared)
        code = outcome.code
    except CommandError as error:
        reasons, code = [error.message], error.code
    if not reasons:
        release = release_log.finish(workspace, release, ReleaseResult.SUCCEEDED)
        return ReleaseOutcome(release=release, outcome=outcome)
    if code is ExitCode.INTERRUPTED:
        raise CommandError(
            f"Interrupted. Release {release.number} is incomplete: run `tierup deploy {workspace.flags}` again, or "
            f"`tierup rollback {workspace.flags}` to return to the previous image.",
            ExitCode.INTERRUPTED,
        )
    return _return(session, workspace, prepared, release, reasons)


def _deploy(session: ReleaseSession, prepared: PreparedRelease) -> tuple[OperationOutcome, list[str]]:
    """Run the release task and deploy the services. Return the last run, and why it failed."""
    plan = prepared.plan
    if plan.task_targets and prepared.runs_task:
        session.say("Deploying the release task.")
        # The preview has evaluated the policies, and the next run does so again.
        outcome = _up(session, plan.task_targets, policies=False)
        if outcome.code:
            return outcome, _errors(outcome)
        reasons = _run_release_task(session, outcome)
        if reasons:
            return outcome, reasons
    return deploy_in_waves(plan.waves, lambda wave: _deploy_wave(session, prepared, wave))


def deploy_in_waves(
    waves: Sequence[ReleaseWave], deploy: Callable[[ReleaseWave], tuple[_Result, list[str]]]
) -> tuple[_Result, list[str]]:
    """Deploy one region after the other, until one fails. Return the last result, and why it failed.

    `deploy` returns the result of a region, and why it failed. Raises ValueError without waves.
    """
    if not waves:
        raise ValueError("waves: empty (got []). Deploy only a plan that changes something.")
    outcome, reasons = deploy(waves[0])
    for number, wave in enumerate(waves[1:], start=1):
        if reasons:
            left = ", ".join(each.region for each in waves[number:])
            return outcome, [*reasons, f"Not deployed after this failure: {left}."]
        outcome, reasons = deploy(wave)
    return outcome, reasons


def _deploy_wave(
    session: ReleaseSession, prepared: PreparedRelease, wave: ReleaseWave
) -> tuple[OperationOutcome, list[str]]:
    """Deploy the services of one region. Return the run, and why it failed."""
    names = ", ".join(wave.services) or "the tasks"
    place = f" in {wave.region or 'the first region'}" if len(prepared.plan.waves) > 1 else ""
    session.say(f"Deploying {names}{place}.")
    targets = set(wave.targets)
    services = [each for each in prepared.services if each.urn in targets]
    with _news(session, services):
        outcome = _up(session, wave.targets, policies=session.options.policies)
    if outcome.code:
        return outcome, [*session.compute.failure(services), *_errors(outcome)]
    return outcome, []


def _run_release_task(session: ReleaseSession, outcome: OperationOutcome) -> list[str]:
    """Run the release task, and return why it failed."""
    text = outcome.outputs.get("release_task")
    try:
        request: Mapping[str, Any] = json.loads(str(text))
    except ValueError:
        return [f"release_task: the stack output is neither the input of RunTask nor a job template (got {text})."]
    session.say("Running the release task.")
    result = session.compute.run_task(request, RELEASE_TASK, session.say)
    for line in result.log_lines:
        session.say(f"  {line}")
    if result.succeeded:
        return []
    return [f"The release task failed: {result.reason.rstrip('.')}. No traffic has moved."]


def _return(
    session: ReleaseSession,
    workspace: Workspace,
    prepared: PreparedRelease,
    release: Release,
    reasons: Sequence[str],
) -> ReleaseOutcome:
    """Deploy the previous image again after a failure."""
    for reason in reasons:
        session.say(reason)
    session.say(f"Release {release.number} failed. Returning to {prepared.previous or 'the placeholder'}.")
    reason = reasons[0] if reasons else ""
    try:
        _write(session, prepared.undo)
        # No policy stops the return to what was deployed before.
        outcome = _up(session, prepared.plan.targets, policies=False)
    except CommandError as error:
        release_log.finish(workspace, release, ReleaseResult.FAILED, reason)
        raise CommandError(
            f"{error.message} The previous image could not be deployed again either. Run `tierup up "
            f"{workspace.flags}`: the settings file names the previous image.",
            error.code,
        ) from error
    if outcome.code:
        ended = release_log.finish(workspace, release, ReleaseResult.FAILED, reason)
        return ReleaseOutcome(
            release=ended,
            outcome=outcome,
            reasons=[
                *reasons,
                *_errors(outcome),
                f"The previous image could not be deployed again either. Run `tierup up {workspace.flags}`: the "
                "settings file names the previous image.",
            ],
            code=ExitCode.FAILED,
        )
    ended = release_log.finish(workspace, release, ReleaseResult.ROLLED_BACK, reason)
    return ReleaseOutcome(release=ended, outcome=outcome, reasons=reasons, code=ExitCode.FAILED)


def _up(session: ReleaseSession, targets: Sequence[str], *, policies: bool) -> OperationOutcome:
    """Run `up` on the targets, with the settings file as it is now. Raises CommandError."""
    workspace = session.open_workspace()
    forget()
    return run(workspace, "up", replace(session.options, targets=targets, policies=policies), session.console)


def _write(session: ReleaseSession, changes: Mapping[str, Any]) -> None:
    if changes:
        change_config(session.project.settings_file(session.stack), changes)


def _record(workspace: Workspace, prepared: PreparedRelease) -> Release:
    """Write the release into the stack's tags, after the image that `up` deployed before it."""
    release = prepared.release
    if prepared.record_previous and prepared.previous is not None:
        before = replace(release, number=release.number - 1, image=prepared.previous, tag="", rollback_to=None)
        release_log.write(workspace, replace(before, result=ReleaseResult.BY_UP))
    return release_log.write(workspace, release)


def _deployed_images(config: Config, found: StackReleases, service: str) -> dict[str, str | None]:
    """Return the images of other services that a release deployed and an older settings file does not have."""
    deployed = found.images
    kept: dict[str, str | None] = {}
    for name, each in service_images(config).items():
        image = deployed.get(name)
        last = release_log.running_release(found.releases, name)
        if name != service and image is not None and image != each.image and last is not None and last.image == image:
            kept[name] = image
    return kept


def _check_pending(config: Config, applied: Mapping[str, str], flags: str) -> None:
    pending = pending_settings(config, applied)
    if pending:
        raise CommandError(
            f"--stack: other settings have changed since the last `up` (got {', '.join(pending)}). A release deploys "
            f"nothing but its image. Run `tierup up {flags}` first, or undo the changes.",
            ExitCode.CHANGES,
        )


def _errors(outcome: OperationOutcome) -> list[str]:
    return [*(_cleaned(each.message) for each in outcome.progress.errors), outcome.error]


def _cleaned(message: str) -> str:
    """Return a provider's message in one line, without the count of errors that it begins with."""
    return " ".join(re.sub(r"^\d+ errors? occurred:\s*\*\s*", "", message.strip()).split())


@contextmanager
def _news(session: ReleaseSession, services: Sequence[StackService]) -> Generator[None]:
    """Print what happens to the deployments of services while the engine waits for them."""
    stopped = threading.Event()

    def follow() -> None:
        while not stopped.wait(_NEWS_SECONDS):
            try:
                for line in session.compute.news(services):
                    session.say(line)
            except CommandError as error:
                session.say(f"No progress from AWS: {error.message}")
                return

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(timeout=1)
