"""The summary after an operation: outputs, errors, policy violations, duration, and next steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from tierup.counting import counted
from tierup.deployment.display import operation_words, violation_line
from tierup.deployment.errors import ExitCode
from tierup.deployment.outcome import OperationOutcome
from tierup.deployment.progress import MANDATORY, ROOT, Diagnostic, Violation, name_of, type_of
from tierup.deployment.traffic import traffic_lines
from tierup.deployment.workspace import Workspace

_MAX_IN_FULL = 5  # advisory violations that are shown with their message
_MAX_NAMES = 3  # resources that are named for a policy
_NOT_EVALUATED = " could not be evaluated on "  # part of the pack's message for a value that only `up` knows
_UNHANDLED = "Program failed with an unhandled exception:"


def print_summary(console: Console, workspace: Workspace, outcome: OperationOutcome) -> None:
    """Print the summary of an operation."""
    _print_diagnostics(console, outcome)
    if outcome.operation in ("up", "preview") and outcome.outputs and outcome.code == ExitCode.OK:
        print_outputs(
            console, outcome.outputs, "Stack outputs:" if outcome.operation == "up" else "Planned stack outputs:"
        )
    style = "green" if outcome.code == ExitCode.OK else "red"
    console.print(f"[{style}]{escape(_headline(workspace, outcome))}[/{style}]", highlight=False, soft_wrap=True)
    if outcome.traffic is not None:
        for line in traffic_lines(outcome.traffic):
            console.print(escape(line), highlight=False, soft_wrap=True)
    for line in next_steps(workspace, outcome):
        console.print(f"  {line}", highlight=False, soft_wrap=True)


def as_document(workspace: Workspace, outcome: OperationOutcome) -> dict[str, Any]:
    """Return the summary as one JSON document. Secrets are "[secret]"."""
    return {
        "operation": outcome.operation,
        "project": workspace.project.name,
        "stack": workspace.stack,
        "sandbox": workspace.in_sandbox,
        "result": "succeeded" if outcome.code == ExitCode.OK else outcome.code.name.lower(),
        "exit_code": int(outcome.code),
        "error": outcome.error or None,
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
        "traffic": outcome.traffic.as_document() if outcome.traffic is not None else None,
    }


def change_counts(outcome: OperationOutcome) -> str:
    """Return the number of changes by operation: "3 created, 1 updated, 40 unchanged"."""
    position = 3 if outcome.operation == "preview" else 2
    parts = [
        f"{number} {'to ' if position == 3 else ''}{operation_words(op)[position]}"
        for op, number in outcome.progress.counts().items()
    ]
    same = outcome.progress.changes.get("same", 0)
    if same:
        parts.append(f"{same} unchanged")
    failed = sum(1 for step in outcome.progress.steps if step.failed and step.type != ROOT)
    if failed:
        parts.append(f"{failed} failed")
    return ", ".join(parts) or "no changes"


def _headline(workspace: Workspace, outcome: OperationOutcome) -> str:
    where = "in the sandbox" if workspace.in_sandbox else "on the real accounts"
    took = f"{outcome.seconds:.1f} s"
    done = {"up": "is up", "preview": "was previewed", "refresh": "was refreshed", "destroy": "was destroyed"}
    if outcome.code == ExitCode.OK:
        return f"Stack '{workspace.stack}' {done[outcome.operation]} {where}: {change_counts(outcome)}, in {took}."
    return f"{outcome.error} ({change_counts(outcome)}, {took})"


def next_steps(workspace: Workspace, outcome: OperationOutcome) -> Sequence[str]:
    """Return the next commands, one for each line, in rich markup."""
    flags = workspace.flags
    if outcome.code != ExitCode.OK:
        if outcome.operation in ("up", "destroy", "refresh") and outcome.code in (
            ExitCode.FAILED,
            ExitCode.INTERRUPTED,
        ):
            return [f"The state is consistent. Run `tierup {outcome.operation} {flags}` to continue."]
        return []
    if outcome.operation == "preview":
        return [f"Run `tierup up {flags}` to apply these changes."] if outcome.progress.changed else []
    if outcome.operation == "up" and workspace.in_sandbox:
        return [
            f"`tierup preview {flags}` shows the effect of a change in Pulumi.{workspace.stack}.yaml.",
            "`tierup sandbox ls` lists the resources; `tierup sandbox faults` injects faults.",
            f"`tierup up --stack {workspace.stack}` deploys to your own accounts (docs/how-to/real-account.md).",
        ]
    return []


def print_outputs(console: Console, outputs: Mapping[str, Any], title: str) -> None:
    """Print one line for each output, with "none" for an empty list."""
    rows = sorted(_flat(outputs))
    width = max(len(name) for name, _ in rows)
    console.print(f"[bold]{title}[/bold]")
    for name, value in rows:
        # Not wrapped: users copy addresses.
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
    print_advisory_violations(console, [each for each in outcome.progress.violations if each.level != MANDATORY])
    by_resource: dict[str, list[Diagnostic]] = {}
    for diagnostic in outcome.progress.diagnostics:
        if diagnostic.severity in ("error", "warning"):
            by_resource.setdefault(diagnostic.urn, []).append(diagnostic)
    for urn, found in by_resource.items():
        title = f"{name_of(urn)} ({type_of(urn)})" if urn and type_of(urn) != ROOT else "The program"
        console.print(f"[bold]{escape(title)}[/bold]", highlight=False, soft_wrap=True)
        for diagnostic in found:
            style = "red" if diagnostic.severity == "error" else "yellow"
            for number, line in enumerate(clean_message(diagnostic.message, traceback=outcome.traceback).splitlines()):
                lead = f"[{style}]{diagnostic.severity}:[/{style}] " if number == 0 else "  "
                console.print(f"  {lead}{escape(line)}", highlight=False, soft_wrap=True)


def print_advisory_violations(console: Console, violations: Sequence[Violation]) -> None:
    """Print advisory violations: up to five in full, more than that as one line for each policy."""
    if len(violations) <= _MAX_IN_FULL:
        for violation in violations:
            console.print(violation_line(violation), highlight=False, soft_wrap=True)
        return
    by_policy: dict[str, list[Violation]] = {}
    for violation in violations:
        by_policy.setdefault(violation.policy, []).append(violation)
    policies = counted(len(by_policy), "advisory policy", "advisory policies")
    console.print(f"[yellow]{policies} reported findings:[/yellow]", highlight=False)
    for policy, found in sorted(by_policy.items()):
        names = list(dict.fromkeys(name_of(each.urn) for each in found if each.urn and type_of(each.urn) != ROOT))
        more = f" and {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else ""
        unknown = all(_NOT_EVALUATED in each.message for each in found)
        where = ", ".join(names[:_MAX_NAMES]) + more or ("not evaluated yet" if unknown else "the stack")
        console.print(f"  {escape(policy)} [dim]{escape(where)}[/dim]", highlight=False, soft_wrap=True)
    console.print("  [dim]Run `tierup check` to see each finding with its remediation.[/dim]", highlight=False)


def clean_message(message: str, *, traceback: bool) -> str:
    """Return a diagnostic's message. Of an exception it keeps the text and last line, or all of it with `traceback`."""
    if traceback or not message.startswith(_UNHANDLED):
        return message
    lines = message.removeprefix(_UNHANDLED).strip().splitlines()
    files = [line.strip() for line in lines if line.lstrip().startswith('File "')]
    start = max((i for i, line in enumerate(lines) if line.startswith("  ")), default=-1) + 1
    text = "\n".join(lines[start:]) or message
    return f"{text}\nraised at {files[-1]} (--traceback shows the whole traceback)" if files else text
