"""Carries out a switch step by step: settings file, `up`, verification, journal; and continues or reverses one.

A step writes its settings into Pulumi.<stack>.yaml before its `up`, so that the file says what is being deployed. The
journal in the stack's tags is written before and after each step. After a crash, an error or Ctrl-C the next command
continues from the journal, on this machine or another one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from rich.console import Console

from tierup.deployment import locks
from tierup.deployment.delegation import DNS_PROVIDERS, check_delegation
from tierup.deployment.engine_process import run_engine_command
from tierup.deployment.errors import CommandError, ExitCode, command_error_of
from tierup.deployment.operation import OperationOptions, run
from tierup.deployment.outcome import OperationOutcome
from tierup.deployment.progress import name_of
from tierup.deployment.project import Project
from tierup.deployment.sandbox_backend import kept_state
from tierup.deployment.summary import change_counts
from tierup.deployment.traffic import evaluation_warning, stack_urn, traffic_lines
from tierup.deployment.workspace import Workspace
from tierup.program_loader import forget
from tierup.program_settings import Settings
from tierup.sandbox import cloud_path
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.traffic import evaluate
from tierup.switch import journal as journals
from tierup.switch.config_values import Config, differences, value_at
from tierup.switch.effects import StepEffects
from tierup.switch.journal import DELEGATION_UNCHANGED, Journal
from tierup.switch.planned_effects import Description, preview_config
from tierup.switch.planner import PlannedStep, RefusedSwitchError, SwitchPlan, plan_switch, settings_of
from tierup.switch.recording import record_in_background
from tierup.switch.resource_changes import from_program
from tierup.switch.rules import DATA, needed_delegation
from tierup.switch.settings_file import change_config, read_config

LOCKED_FLOW: Final = " to the load balancer of "
"""Part of the ids of the forbidden flows that tierup:originLock stops."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """What a switch works with."""

    project: Project
    stack: str
    console: Console
    open_workspace: Callable[[], Workspace]
    """Opens the workspace with the settings file as it is now."""
    options: OperationOptions = field(default_factory=OperationOptions)

    def read_config(self) -> Config:
        """Return the configuration in the settings file."""
        return read_config(self.project, self.stack)


@dataclass(frozen=True, kw_only=True, slots=True)
class StepOutcome:
    """What a step changed."""

    number: int
    outcome: OperationOutcome


@dataclass(frozen=True, kw_only=True, slots=True)
class SwitchOutcome:
    """How far a switch came."""

    journal: Journal
    steps: Sequence[StepOutcome]
    """The steps of this command."""

    @property
    def finished(self) -> bool:
        """Whether all steps have ended."""
        return self.journal.done == len(self.journal.steps)


def hold_switch(session: Session, workspace: Workspace) -> AbstractContextManager[None]:
    """Let only one switch of a sandbox stack run at a time. On real accounts the backend locks each step.

    Raises:
        CommandError: another switch of the stack is running.
    """
    if workspace.home is None:
        return nullcontext()
    return locks.hold_switch(
        workspace.home,
        workspace.project.name,
        workspace.stack,
        wait_seconds=session.options.wait_seconds,
        notify=lambda line: _say(session.console, line),
    )


def preview_first_step(session: Session, workspace: Workspace, plan: SwitchPlan) -> StepEffects:
    """Return the engine's preview of the first step. Raises CommandError."""
    return preview_config(workspace, session.read_config(), plan.steps[0].config, session.options)


def check_data(effects: StepEffects, accepted: Collection[str], number: int) -> None:
    """Refuse a step that deletes or replaces what holds data or what users reach.

    Raises:
        CommandError: the step does. Nothing was changed.
    """
    refused = effects.refused(accepted)
    if not refused:
        return
    if effects.replaced:
        names = ", ".join(each.name for each in effects.replaced)
        raise CommandError(
            f"Step {number} would replace what users reach (got {names}). A switch does not do that. Keep the settings "
            "that it depends on.",
            ExitCode.SETTINGS,
        )
    lines = [f"  {each.name}: {DATA[each.type]}" for each in refused]
    accept = " ".join(f"--delete-data {each.name}" for each in refused)
    raise CommandError(
        "\n".join(
            [
                f"Step {number} would delete what holds data:",
                *lines,
                f"Stay in the phase, or save what you need and add {accept}.",
            ]
        ),
        ExitCode.SETTINGS,
    )


def start(
    session: Session,
    workspace: Workspace,
    found: Description,
    accepted: Sequence[str],
    *,
    until: int | None = None,
    back_from: Journal | None = None,
) -> SwitchOutcome:
    """Carry out a planned switch up to the step `until`, or all of it. `back_from` is the switch that it reverses.

    Raises:
        CommandError: a step failed. The journal says how far the switch came.
    """
    plan = found.plan
    paths = dict.fromkeys(path for step in plan.steps for path in step.changes)
    created = [
        each.name for effects in found.effects for each in effects.changes
        if each.operation == "create" and each.type in DATA
    ]  # fmt: skip
    journal = journals.begin(
        workspace,
        Journal(
            title=_title(plan),
            direction="forward" if back_from is None else "back",
            origin={path: value_at(plan.start, path) for path in paths},
            steps=[step.changes for step in plan.steps],
            settle_seconds=[max((rule.settle_seconds for rule in step.rules), default=0) for step in plan.steps],
            accepted=accepted,
            created=created,
            # Before the end of the first step, the other DNS provider had no records that the domain could depend on.
            delegated_at=DELEGATION_UNCHANGED if back_from is not None and not back_from.done else "",
        ),
        instead_of=back_from,
    )
    return resume(session, workspace, journal, until=until, previewed=found.effects[0].previewed)


def resume(
    session: Session, workspace: Workspace, journal: Journal, *, until: int | None = None, previewed: bool = False
) -> SwitchOutcome:
    """Carry out the remaining steps of a journal, up to the step `until`.

    `previewed` says that the next step has been previewed and checked. Raises CommandError.
    """
    steps: list[StepOutcome] = []
    failing = _failing_flows(session, workspace)
    last = min(until or len(journal.steps), len(journal.steps))
    try:
        while journal.done < last:
            number = journal.done + 1
            _settle(session, workspace, journal)
            journal, outcome = _step(session, workspace, journal, number, failing, previewed=previewed)
            previewed = False
            steps.append(StepOutcome(number=number, outcome=outcome))
        if journal.done == len(journal.steps):
            journals.end(workspace, journal)
    except KeyboardInterrupt:
        raise CommandError(f"Interrupted. {continue_text(workspace)}", ExitCode.INTERRUPTED) from None
    except OSError as error:
        raise _with_continuation(command_error_of(error), workspace) from error
    except CommandError as error:
        raise _with_continuation(error, workspace) from error
    return SwitchOutcome(journal=journal, steps=steps)


def plan_back(session: Session, journal: Journal) -> SwitchPlan:
    """Return the plan from the current step of a journal to the settings before the switch.

    Raises:
        RefusedSwitchError: a step cannot be reversed.
        RejectedSettingsError: the program rejects the settings.
    """
    file = session.read_config()
    origin = journal.config(file, 0)
    ended = journal.config(file, journal.done)
    current = journal.config(file, journal.done + 1) if journal.running else ended
    wanted = {path: value for path, value in journal.origin.items() if value_at(current, path) != value}
    try:
        return plan_switch(current, wanted, session.stack)
    except RefusedSwitchError:
        if not journal.running:
            raise
        # The step that failed may not have changed what cannot be reversed. If it has, the cloud refuses this step.
        plan = plan_switch(ended, {path: value_at(origin, path) for path in differences(ended, origin)}, session.stack)
        if plan.steps:
            return plan
        step = PlannedStep(changes=differences(current, origin), rules=(), config=origin)
        return replace(plan, start=current, steps=[step])


def continue_text(workspace: Workspace) -> str:
    """Return the sentence that says how to continue or reverse a switch."""
    return (
        f"Run `tierup switch {workspace.flags} --resume` to continue, or `tierup switch {workspace.flags} --back` to "
        "return to the settings before the switch."
    )


def _with_continuation(error: CommandError, workspace: Workspace) -> CommandError:
    return CommandError(f"{error.message}\n{continue_text(workspace)}", error.code)


def _title(plan: SwitchPlan) -> str:
    parts = [
        f"{path.removeprefix('tierup:')} {value_at(plan.start, path)} → {value}"
        for path, value in differences(plan.start, plan.target).items()
    ]
    return ", ".join(parts)[:200]


def _step(
    session: Session,
    workspace: Workspace,
    journal: Journal,
    number: int,
    failing: Collection[str] | None,
    *,
    previewed: bool,
) -> tuple[Journal, OperationOutcome]:
    console, count = session.console, len(journal.steps)
    config = journal.config(session.read_config(), number)
    if not journal.running:
        before = settings_of(journal.config(session.read_config(), journal.done), session.stack)
        after = settings_of(config, session.stack)
        journal = _check_delegation(workspace, journal, before, after)
        if (before.cdn, before.cdn_standby) != (after.cdn, after.cdn_standby):
            _check_zones(session, workspace, config)
    if not previewed:
        _say(console, f"Step {number} of {count}: previewing.")
        current = journal.config(session.read_config(), journal.done)
        if settings_of(config, session.stack).protect:
            _unprotect(session, workspace, current, config, journal.accepted, number)
        effects = preview_config(workspace, session.read_config(), config, session.options)
        check_data(effects, journal.accepted, number)
    journal = journals.advance(workspace, journal, running=True)
    _write(session, config)
    _say(console, f"Step {number} of {count}: deploying.")
    opened = session.open_workspace()
    forget()
    outcome = run(opened, "up", session.options, console)
    if outcome.code:
        reported = "\n".join(each.message for each in outcome.progress.diagnostics if each.severity == "error")
        raise CommandError(f"Step {number} of {count} failed. {outcome.error}\n{reported}".rstrip(), outcome.code)
    _say(console, f"Step {number} of {count}: {change_counts(outcome)}. Verifying.")
    _verify(session, opened, number, count)
    _verify_traffic(session, opened, outcome, failing, number)
    journal = journals.advance(workspace, journal, done=number, running=False)
    _say(console, f"Step {number} of {count} is done.")
    return journal, outcome


def _check_delegation(workspace: Workspace, journal: Journal, before: Settings, after: Settings) -> Journal:
    """Check that the registrar delegates the domain as a step of a change of the CDN needs it.

    Return the journal with the time at which that was first seen. Raises CommandError. The step was not begun.
    """
    wanted = needed_delegation(before, after)
    if wanted is None:
        return journal
    check_delegation(workspace, after.host_names, DNS_PROVIDERS[wanted])
    if workspace.in_sandbox:
        return journal
    now = datetime.now(UTC)
    if not journal.delegated_at:
        journal = journals.advance(workspace, journal, delegated_at=now.isoformat(timespec="seconds"))
    remaining = journal.remaining_delegation(now)
    if remaining and after.cdn_standby is None:
        until = (now + timedelta(seconds=remaining)).isoformat(sep=" ", timespec="minutes")
        raise CommandError(
            f"tierup:cdnStandby: resolvers may still have the old name servers of the domain, so both CDNs must serve "
            f"until {until}. Continue then.",
            ExitCode.PREFLIGHT,
        )
    return journal


def _check_zones(session: Session, workspace: Workspace, config: Config) -> None:
    """Make the preflight checks of the DNS zones on real accounts, before a step of a change of the CDN.

    A record that exists already would let the step fail halfway. Raises CommandError. The step was not begun.
    """
    if workspace.in_sandbox:
        return
    from tierup.switch.zone_checks import check_zones  # importing botocore takes half a second

    check_zones(session.project, session.stack, config, session.console)


def _settle(session: Session, workspace: Workspace, journal: Journal) -> None:
    """Wait on real accounts until clients have resolved names again and closed connections. The sandbox has none."""
    seconds = 0.0 if workspace.in_sandbox else journal.remaining_wait(datetime.now(UTC))
    if seconds:
        _say(session.console, f"Waiting {seconds:.0f} s for cached DNS answers and open connections.")
        time.sleep(seconds)


def _say(console: Console, line: str) -> None:
    console.print(line, highlight=False, markup=False, soft_wrap=True)


def _write(session: Session, config: Config) -> None:
    changes = differences(session.read_config(), config)
    if changes:
        change_config(session.project.settings_file(session.stack), changes)


def _unprotect(
    session: Session, workspace: Workspace, current: Config, config: Config, accepted: Collection[str], number: int
) -> None:
    """Remove Pulumi's protection from what a step deletes: data that the user gives up, and unused subnets.

    The engine does not preview the deletion of a protected resource, so the program says what the step deletes.
    """
    with record_in_background([current, config], project=session.project.name, stack=session.stack) as recorded:
        before, after = recorded.result()
    effects = StepEffects(changes=from_program(before, after), previewed=False)
    check_data(effects, accepted, number)
    deleted = {(each.type, each.name) for each in effects.protected_deletions}
    if not deleted:
        return
    state = json.loads(run_engine_command(workspace, ["stack", "export", "--stack", workspace.stack]))
    for resource in state["deployment"].get("resources") or ():
        if resource.get("protect") and (resource["type"], name_of(resource["urn"])) in deleted:
            with kept_state(workspace):
                run_engine_command(
                    workspace, ["state", "unprotect", resource["urn"], "--yes", "--stack", workspace.stack]
                )


def _verify(session: Session, workspace: Workspace, number: int, count: int) -> None:
    """Check that a second preview is empty."""
    current = session.read_config()
    effects = preview_config(workspace, current, current, session.options)
    if effects.changes:
        names = ", ".join(each.name for each in effects.changes[:5])
        raise CommandError(
            f"Step {number} of {count} has ended, but a second preview still finds changes (got {names}).",
            ExitCode.CHANGES,
        )


def _verify_traffic(
    session: Session, workspace: Workspace, outcome: OperationOutcome, failing: Collection[str] | None, number: int
) -> None:
    """Check in the sandbox that every flow that arrived before the switch still does, and no forbidden one arrives.

    `failing` are the flows that did not go as they should before the switch; None if they are not known.
    """
    if outcome.traffic is not None:
        for line in traffic_lines(outcome.traffic):
            _say(session.console, line)
    now = _failing_flows(session, workspace)
    if failing is None or now is None:
        return
    unlocked = settings_of(session.read_config(), session.stack).origin_lock != "on"
    new = sorted(
        flow
        for flow in set(now) - set(failing)
        # In a step before the lock, clients that have cached the load balancer's address still reach it.
        if not (unlocked and LOCKED_FLOW in flow)
    )
    if new:
        raise CommandError(
            f"Step {number} has ended, but requests do not go as they should (got {', '.join(new[:5])}). `tierup "
            "sandbox traffic` shows why.",
            ExitCode.FAILED,
        )


def _failing_flows(session: Session, workspace: Workspace) -> Collection[str] | None:
    """Return the flows of a sandbox stack that do not arrive, and the forbidden ones that do.

    Return None, after a warning, if the traffic model itself fails.
    """
    if workspace.home is None:
        return ()
    try:
        with closing(Cloud(cloud_path(workspace.home))) as cloud:
            report = evaluate(cloud, stack=stack_urn(workspace))
    except Exception as error:
        _say(session.console, evaluation_warning(error))
        return None
    return {each.flow.id for each in (*report.failed, *report.opened)}
