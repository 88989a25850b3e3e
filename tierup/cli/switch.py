"""`tierup switch`: changes phase, tier and other settings of a stack in steps that are safe one by one."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tierup.cli.changed_settings import changed_settings
from tierup.cli.confirmation import cancelled, check_terminal
from tierup.cli.errors import handle_errors, usage_error
from tierup.cli.options import AsJson, Cwd, Policies, Sandbox, Stack, Wait, Yes
from tierup.cli.workspace import open_workspace

if TYPE_CHECKING:
    from rich.console import Console

    from tierup.deployment.workspace import Workspace
    from tierup.switch.journal import Journal
    from tierup.switch.planned_effects import Description
    from tierup.switch.planner import SwitchPlan
    from tierup.switch.runner import Session, SwitchOutcome

Phase = Annotated[str | None, typer.Option("--phase", help="The phase after the switch.")]
Tier = Annotated[str | None, typer.Option("--tier", help="The tier after the switch.")]
Cdn = Annotated[str | None, typer.Option("--cdn", help="The CDN after the switch, which needs another delegation.")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Another setting after the switch, such as cacheAuth=users or sizeOverrides.taskCpu=1024; an empty value "
        "removes it. Repeat for several.",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the steps and their effects, and change nothing.")]
Until = Annotated[
    int | None, typer.Option("--until", metavar="STEP", min=1, help="Stop after this step; --resume continues.")
]
Resume = Annotated[bool, typer.Option("--resume", help="Continue the switch that was stopped or interrupted.")]
Back = Annotated[bool, typer.Option("--back", help="Return to the settings before the switch that was stopped.")]
DeleteData = Annotated[
    list[str] | None,
    typer.Option(
        "--delete-data",
        metavar="NAME",
        help="Accept that the switch deletes this resource with its data. Repeat for several.",
    ),
]


def switch(
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    phase: Phase = None,
    tier: Tier = None,
    cdn: Cdn = None,
    settings: Set = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    until: Until = None,
    resume: Resume = False,
    back: Back = False,
    delete_data: DeleteData = None,
    policies: Policies = True,
    as_json: AsJson = False,
    cwd: Cwd = None,
    wait: Wait = 0.0,
) -> None:
    """Change phase, tier or other settings of a stack in safe steps.

    The target is the settings file with the given options. The command shows the steps with their interruptions, data
    at risk and cost, then carries them out: each step writes its settings into Pulumi.<stack>.yaml, runs `up` and
    verifies the result. A switch that was stopped continues with --resume, also on another machine, or returns with
    --back.
    """
    with handle_errors(as_json=as_json):
        from rich.console import Console

        from tierup.deployment import project as projects
        from tierup.deployment.operation import OperationOptions
        from tierup.switch import runner

        console = Console(file=sys.stderr if as_json else sys.stdout)
        wanted = _wanted(phase, tier, cdn, settings or [])
        _check_options(wanted, resume=resume, back=back, dry_run=dry_run, until=until)
        projects.check_stack_name(stack)
        project = projects.find(cwd or Path.cwd())

        def open_again() -> Workspace:
            return open_workspace(project, stack, console, sandbox=sandbox, create=False)

        workspace = open_again()
        session = runner.Session(
            project=project,
            stack=stack,
            console=console,
            open_workspace=open_again,
            options=OperationOptions(policies=policies, show_violations=False, wait_seconds=wait),
        )
        with runner.hold_switch(session, workspace):
            command = _Command(
                session=session, workspace=workspace, accepted=tuple(delete_data or ()), yes=yes, as_json=as_json
            )
            if resume:
                command.resume(until)
            elif back:
                command.back(dry_run=dry_run)
            else:
                command.start(wanted, dry_run=dry_run, until=until)


class _Command:
    """One run of `tierup switch`."""

    def __init__(
        self, *, session: Session, workspace: Workspace, accepted: Sequence[str], yes: bool, as_json: bool
    ) -> None:
        self._session = session
        self._workspace = workspace
        self._accepted = accepted
        self._yes = yes
        self._as_json = as_json

    @property
    def _console(self) -> Console:
        return self._session.console

    def start(self, wanted: Mapping[str, Any], *, dry_run: bool, until: int | None) -> None:
        """Plan a switch, and carry it out after the confirmation."""
        from tierup.switch import journal as journals
        from tierup.switch.runner import continue_text

        journal = journals.read(self._workspace)
        if journal is not None:
            raise usage_error(
                f"--stack: a switch of the stack is in progress (got {self._session.stack}: {journal.title}; "
                f"{progress_text(journal)}, by {journal.by} at {journal.at}). {continue_text(self._workspace)}"
            )
        plan = self._plan(wanted)
        if not plan.steps:
            self._print_nothing_to_change()
            return
        self._carry_out(plan, dry_run=dry_run, until=until, accepted=self._accepted)

    def resume(self, until: int | None) -> None:
        """Continue the switch in progress."""
        from tierup.switch import runner

        journal = self._journal()
        journal = replace(journal, accepted=(*journal.accepted, *self._accepted))
        self._console.print(
            f"Continuing: {journal.title} ({progress_text(journal)}).", highlight=False, markup=False, soft_wrap=True
        )
        self._confirm()
        self._report(runner.resume(self._session, self._workspace, journal, until=until), None)

    def back(self, *, dry_run: bool) -> None:
        """Return to the settings before the switch in progress."""
        from tierup.switch import journal as journals
        from tierup.switch import runner

        journal = self._journal()
        if journal.direction == "back":
            raise usage_error(
                f"--back: the stack is already returning (got {journal.title}). Use --resume to continue."
            )
        plan = self._refusable(lambda: runner.plan_back(self._session, journal))
        if not plan.steps:
            journals.end(self._workspace, journal)
            self._print_nothing_to_change()
            return
        self._carry_out(
            plan, dry_run=dry_run, until=None, accepted=[*self._accepted, *journal.created], replaces=journal
        )

    def _carry_out(
        self,
        plan: SwitchPlan,
        *,
        dry_run: bool,
        until: int | None,
        accepted: Sequence[str],
        replaces: Journal | None = None,
    ) -> None:
        from tierup.switch import runner
        from tierup.switch.plan_output import as_document, print_description
        from tierup.switch.planned_effects import configs_of, describe
        from tierup.switch.planner import settings_of
        from tierup.switch.recording import record_in_background

        self._console.print("Previewing the first step.", highlight=False)
        project = self._session.project.name
        with record_in_background(configs_of(plan), project=project, stack=plan.stack) as recorded:
            # The engine refuses to preview the deletion of a protected resource.
            protected = settings_of(plan.start, plan.stack).protect
            if protected and describe(plan, recorded.result()).effects[0].protected_deletions:
                first = None
            else:
                first = runner.preview_first_step(self._session, self._workspace, plan)
            found = describe(plan, recorded.result(), first)
        print_description(self._console, found, accepted)
        if not dry_run or self._accepted:
            for number, effects in enumerate(found.effects, start=1):
                runner.check_data(effects, accepted, number)
        if dry_run:
            if self._as_json:
                print(json.dumps({**as_document(found, accepted), "result": "planned"}, indent=2))
            return
        self._confirm()
        outcome = runner.start(self._session, self._workspace, found, accepted, until=until, back_from=replaces)
        self._report(outcome, found)

    def _plan(self, wanted: Mapping[str, Any]) -> SwitchPlan:
        from tierup.switch import controllers
        from tierup.switch.config_values import differences
        from tierup.switch.planner import plan_switch, settings_of
        from tierup.switch.settings_file import deployed_config

        file = self._session.read_config()
        deployed = deployed_config(self._workspace, file)
        # Changes in the settings file that are not deployed yet belong to the switch.
        wanted = {**differences(deployed, file), **wanted}
        stack = self._session.stack
        sizes = controllers.read(self._workspace)

        def plan() -> SwitchPlan:
            before = settings_of(deployed, stack)
            found = plan_switch(deployed, wanted, stack)
            kept = sizes.keep(wanted, settings_of(found.target, stack))
            if kept != wanted:
                found = plan_switch(deployed, kept, stack)
            for note in sizes.notes(before, settings_of(found.target, stack)):
                self._console.print(note, style="yellow", highlight=False, soft_wrap=True)
            return found

        return self._refusable(plan)

    def _refusable(self, plan: Callable[[], SwitchPlan]) -> SwitchPlan:
        from tierup.program_settings import RejectedSettingsError
        from tierup.switch.planner import RefusedSwitchError

        try:
            return plan()
        except RefusedSwitchError as error:
            by_hand = "docs/how-to/change-what-a-switch-refuses.md describes how to make such a change by hand."
            raise usage_error(f"{error}\n{by_hand}") from error
        except RejectedSettingsError as error:
            raise usage_error(str(error)) from error

    def _journal(self) -> Journal:
        from tierup.switch import journal as journals

        journal = journals.read(self._workspace)
        if journal is None:
            raise usage_error(
                f"--stack: no switch of the stack is in progress (got {self._session.stack}). Start one with "
                f"`tierup switch {self._workspace.flags} --tier TIER` or --phase PHASE."
            )
        return journal

    def _print_nothing_to_change(self) -> None:
        self._console.print("The stack has these settings already; nothing to change.", highlight=False)
        if self._as_json:
            print(json.dumps({"stack": self._session.stack, "result": "unchanged", "steps": []}, indent=2))

    def _confirm(self) -> None:
        if self._workspace.in_sandbox or self._yes:
            return
        check_terminal("switch")
        if not typer.confirm(f"Carry out these steps on the real accounts of stack '{self._session.stack}'?", err=True):
            raise cancelled()

    def _report(self, outcome: SwitchOutcome, found: Description | None) -> None:
        from tierup.deployment.summary import as_document as outcome_document
        from tierup.switch.plan_output import as_document
        from tierup.switch.runner import continue_text

        journal = outcome.journal
        if outcome.finished:
            self._console.print(
                f"The switch is complete: {journal.title}.", style="green", highlight=False, markup=False
            )
        else:
            self._console.print(
                f"Stopped after step {journal.done} of {len(journal.steps)}. {continue_text(self._workspace)}",
                highlight=False,
                markup=False,
                soft_wrap=True,
            )
        if self._as_json:
            document = {
                **(as_document(found) if found else {"stack": self._session.stack}),
                "result": "succeeded" if outcome.finished else "stopped",
                "done": journal.done,
                "of": len(journal.steps),
                "ran": [
                    {"number": each.number, **outcome_document(self._workspace, each.outcome)} for each in outcome.steps
                ],
            }
            print(json.dumps(document, indent=2))


def progress_text(journal: Journal) -> str:
    """Return how far a switch has come: "step 2 of 4 has begun"."""
    count = len(journal.steps)
    if journal.running:
        return f"step {journal.done + 1} of {count} has begun"
    return f"{journal.done} of {count} steps are done"


def _wanted(phase: str | None, tier: str | None, cdn: str | None, settings: list[str]) -> dict[str, Any]:
    """Return path → value of the options. Raises CommandError."""
    options = (("phase", phase), ("tier", tier), ("cdn", cdn))
    return {
        **{f"tierup:{key}": value for key, value in options if value is not None},
        **changed_settings(settings),
    }


def _check_options(wanted: Mapping[str, Any], *, resume: bool, back: bool, dry_run: bool, until: int | None) -> None:
    if resume and back:
        raise usage_error("--back: not allowed together with --resume. Give one of them.")
    if resume and dry_run:
        raise usage_error(
            "--dry-run: not allowed together with --resume. The dry run of the switch has shown its steps."
        )
    if back and until is not None:
        raise usage_error(f"--until: not allowed together with --back (got {until}). The way back has other steps.")
    if (resume or back) and wanted:
        raise usage_error(
            f"{'--resume' if resume else '--back'}: not allowed together with other settings (got "
            f"{', '.join(wanted)}). The journal of the switch has them."
        )
