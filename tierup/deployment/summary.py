"""What is printed after an operation: what stands where, what went wrong, how long it took, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from tierup.deployment.display import violation_line, words_of
from tierup.deployment.failure import ExitCode
from tierup.deployment.outcome import OperationOutcome
from tierup.deployment.progress import MANDATORY, ROOT, Diagnostic, Violation, name_of, type_of
from tierup.deployment.workspace import Workspace

_ADVICE_IN_FULL = 5
_ADVICE_NAMES = 3
_NOT_JUDGED = " could not be evaluated on "  # how the pack starts what a preview can't know
_BOUNDARY = "Program failed with an unhandled exception:"


def print_summary(console: Console, workspace: Workspace, outcome: OperationOutcome) -> None:
    """The end of an operation, for people."""
    _print_diagnostics(console, outcome)
    if outcome.operation in ("up", "preview") and outcome.outputs and outcome.code == ExitCode.OK:
        print_outputs(console, outcome.outputs, "What stands where" if outcome.operation == "up" else "Outputs")
    style = "green" if outcome.code == ExitCode.OK else "red"
    console.print(f"[{style}]{escape(_headline(workspace, outcome))}[/{style}]", highlight=False, soft_wrap=True)
    for line in next_steps(workspace, outcome):
        console.print(f"  {line}", highlight=False, soft_wrap=True)


def as_document(workspace: Workspace, outcome: OperationOutcome) -> dict[str, Any]:
    """The same for scripts: one JSON document. Secrets are "[secret]"."""
    return {
        "operation": outcome.operation,
        "project": workspace.project.name,
        "stack": workspace.stack,
        "sandbox": workspace.rehearses,
        "result": "succeeded" if outcome.code == ExitCode.OK else outcome.code.name.lower(),
        "exit_code": int(outcome.code),
        "error": outcome.sentence or None,
        "seconds": round(outcome.seconds, 3),
        "changes": dict(outcome.progress.counts()),
        "summary": outcome.progress.changes,
        "steps": [
            {
                "operation": step.op,
                "name": step.name,
                "type": step.type,
                "urn": step.urn,
                "failed": step.failed,
                "seconds": round(step.seconds or 0.0, 3),
                "properties": list(step.changed),
            }
            for step in outcome.progress.steps
            if step.type != ROOT
        ],
        "outputs": outcome.outputs,
        "diagnostics": [
            {"severity": each.severity, "urn": each.urn or None, "message": each.message}
            for each in outcome.progress.diagnostics
        ],
        "policies": [
            {
                "pack": each.pack,
                "policy": each.policy,
                "level": each.level,
                "urn": each.urn or None,
                "message": each.message,
            }
            for each in outcome.progress.violations
        ],
        "notices": list(outcome.notices),
    }


def counts(outcome: OperationOutcome) -> str:
    """ "3 created, 1 updated, 40 unchanged" """
    position = 3 if outcome.operation == "preview" else 2
    parts = [
        f"{number} {'to ' if position == 3 else ''}{words_of(op)[position]}"
        for op, number in outcome.progress.counts().items()
    ]
    same = outcome.progress.changes.get("same", 0)
    if same:
        parts.append(f"{same} unchanged")
    failed = sum(1 for step in outcome.progress.steps if step.failed and step.type != ROOT)
    if failed:
        parts.append(f"{failed} failed")
    return ", ".join(parts) or "nothing to do"


def _headline(workspace: Workspace, outcome: OperationOutcome) -> str:
    where = "in the sandbox" if workspace.rehearses else "on the real accounts"
    took = f"{outcome.seconds:.1f} s"
    done = {"up": "is up", "preview": "was previewed", "refresh": "was refreshed", "destroy": "is gone"}
    if outcome.code == ExitCode.OK:
        return f"Stack '{workspace.stack}' {done[outcome.operation]} {where}: {counts(outcome)}, in {took}."
    return f"{outcome.sentence} ({counts(outcome)}, {took})"


def next_steps(workspace: Workspace, outcome: OperationOutcome) -> Sequence[str]:
    """What to do next, one command a line, in rich markup."""
    flags = workspace.flags
    if outcome.code != ExitCode.OK:
        if outcome.operation in ("up", "destroy", "refresh") and outcome.code in (
            ExitCode.FAILED,
            ExitCode.INTERRUPTED,
        ):
            return [f"The state is consistent: `tierup {outcome.operation} {flags}` goes on from here."]
        return []
    if outcome.operation == "preview":
        return [f"`tierup up {flags}` does it."] if outcome.progress.changed else []
    if outcome.operation == "up" and workspace.rehearses:
        return [
            f"`tierup preview {flags}` shows what a change of Pulumi.{workspace.stack}.yaml would do.",
            "`tierup sandbox ls` lists what stands; `tierup sandbox faults` makes things go wrong.",
            f"`tierup up --stack {workspace.stack}` does the same on your own accounts (README, five steps).",
        ]
    return []


def print_outputs(console: Console, outputs: Mapping[str, Any], title: str) -> None:
    """A line each, "none" for an empty list."""
    rows = sorted(_flat(outputs))
    width = max(len(name) for name, _ in rows)
    console.print(f"[bold]{title}[/bold]")
    for name, value in rows:
        # Never cut: an address is there to be copied.
        console.print(f"[cyan]{escape(name):<{width}}[/cyan]  {escape(value)}", soft_wrap=True, highlight=False)


def _flat(value: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for key, each in value.items():
        if isinstance(each, dict) and each:
            rows += _flat(each, f"{prefix}{key}.")  # pyright: ignore[reportUnknownArgumentType] (JSON)
        elif isinstance(each, list):
            rows.append((f"{prefix}{key}", ", ".join(str(item) for item in each) or "none"))  # pyright: ignore[reportUnknownVariableType]
        else:
            rows.append((f"{prefix}{key}", str(each)))
    return rows


def _print_diagnostics(console: Console, outcome: OperationOutcome) -> None:
    for violation in outcome.progress.mandatory:
        if not outcome.shown_violations:
            console.print(violation_line(violation), highlight=False, soft_wrap=True)
    print_advice(console, [each for each in outcome.progress.violations if each.level != MANDATORY])
    by_resource: dict[str, list[Diagnostic]] = {}
    for diagnostic in outcome.progress.diagnostics:
        if diagnostic.severity in ("error", "warning"):
            by_resource.setdefault(diagnostic.urn, []).append(diagnostic)
    for urn, found in by_resource.items():
        title = f"{name_of(urn)} ({type_of(urn)})" if urn and type_of(urn) != ROOT else "The program"
        console.print(f"[bold]{escape(title)}[/bold]", highlight=False, soft_wrap=True)
        for diagnostic in found:
            style = "red" if diagnostic.severity == "error" else "yellow"
            for number, line in enumerate(clean(diagnostic.message, traceback=outcome.traceback).splitlines()):
                lead = f"[{style}]{diagnostic.severity}:[/{style}] " if number == 0 else "  "
                console.print(f"  {lead}{escape(line)}", highlight=False, soft_wrap=True)


def print_advice(console: Console, advice: Sequence[Violation]) -> None:
    """Advisory policies: each in full while they are few, a line a policy when they are many."""
    if len(advice) <= _ADVICE_IN_FULL:
        for violation in advice:
            console.print(violation_line(violation), highlight=False, soft_wrap=True)
        return
    by_policy: dict[str, list[Violation]] = {}
    for violation in advice:
        by_policy.setdefault(violation.policy, []).append(violation)
    console.print(f"[yellow]{len(by_policy)} advisory policies have something to say:[/yellow]", highlight=False)
    for policy, found in sorted(by_policy.items()):
        names = list(dict.fromkeys(name_of(each.urn) for each in found if each.urn and type_of(each.urn) != ROOT))
        more = f" and {len(names) - _ADVICE_NAMES} more" if len(names) > _ADVICE_NAMES else ""
        unjudged = all(_NOT_JUDGED in each.message for each in found)
        where = ", ".join(names[:_ADVICE_NAMES]) + more or ("not evaluated yet" if unjudged else "the stack")
        console.print(f"  {escape(policy)} [dim]{escape(where)}[/dim]", highlight=False, soft_wrap=True)
    console.print("  [dim]`tierup check` shows each with its remedy.[/dim]", highlight=False)


def clean(message: str, *, traceback: bool) -> str:
    """A diagnostic as a sentence: of an exception its text and place, not its traceback unless that is asked for."""
    if traceback or not message.startswith(_BOUNDARY):
        return message
    lines = message.removeprefix(_BOUNDARY).strip().splitlines()
    files = [line.strip() for line in lines if line.lstrip().startswith('File "')]
    start = max((i for i, line in enumerate(lines) if line.startswith("  ")), default=-1) + 1
    text = "\n".join(lines[start:]) or message
    return f"{text}\nraised at {files[-1]} (--traceback shows all)" if files else text
