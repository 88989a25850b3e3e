"""The drift of a stack: resources that were changed or deleted outside Pulumi, so that they differ from the state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from tierup.ci.pull_request_report import code, text
from tierup.counting import counted
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.operation import OperationOptions, run
from tierup.deployment.workspace import Workspace

_MAX_RESOURCES = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class DriftedResource:
    """One resource that differs from the state."""

    urn: str
    type: str
    name: str
    deleted: bool
    properties: Sequence[str]
    """The paths of the properties that differ. Values are not kept, because they may be secrets."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Drift:
    """The drift of a stack."""

    project: str
    stack: str
    sandbox: bool
    resources: Sequence[DriftedResource]

    @property
    def code(self) -> ExitCode:
        """The exit code of the command."""
        return ExitCode.CHANGES if self.resources else ExitCode.OK

    @property
    def summary(self) -> str:
        """The result in one sentence."""
        if not self.resources:
            return f"No drift in stack '{self.stack}'."
        number = len(self.resources)
        deleted = sum(each.deleted for each in self.resources)
        more = f", {deleted} of them deleted" if deleted else ""
        return f"Drift in stack '{self.stack}': {counted(number, 'resource')} changed{more}."

    def as_document(self) -> dict[str, Any]:
        """Return the drift as one JSON document."""
        return {
            "project": self.project,
            "stack": self.stack,
            "sandbox": self.sandbox,
            "result": "drift" if self.resources else "no_drift",
            "exit_code": int(self.code),
            "error": None,
            "resources": [
                {
                    "urn": each.urn,
                    "type": each.type,
                    "name": each.name,
                    "change": "deleted" if each.deleted else "changed",
                    "properties": list(each.properties),
                }
                for each in self.resources
            ],
        }

    def as_markdown(self) -> str:
        """Return the drift as Markdown for an issue."""
        flags = f"--stack {self.stack}" + (" --sandbox" if self.sandbox else "")
        lines = [f"{'⚠️' if self.resources else '✅'} {text(self.summary)}", ""]
        if not self.resources:
            return "\n".join(lines)
        lines += ["| resource | type | change | properties |", "| --- | --- | --- | --- |"]
        for each in self.resources[:_MAX_RESOURCES]:
            properties = ", ".join(code(name) for name in each.properties[:10])
            if len(each.properties) > 10:
                properties += f" and {len(each.properties) - 10} more"
            change = "deleted" if each.deleted else "changed"
            lines.append(f"| {code(each.name)} | {code(each.type)} | {change} | {properties} |")
        if len(self.resources) > _MAX_RESOURCES:
            lines += ["", f"And {len(self.resources) - _MAX_RESOURCES} more."]
        lines += [
            "",
            f"- To undo the changes, run `tierup refresh {flags}` and then `tierup up {flags}`.",
            "- To keep a change, write it into the settings or the program, then run the same commands.",
            f"- `tierup drift {flags}` shows the drift again.",
            "",
        ]
        return "\n".join(lines)


def find_drift(workspace: Workspace, console: Console, *, parallel: int | None = None) -> Drift:
    """Return the drift of a stack. Nothing is written into the state.

    Raises:
        CommandError: the stack could not be read.
    """
    options = OperationOptions(preview_only=True, parallel=parallel)
    outcome = run(workspace, "refresh", options, console)
    if outcome.code is not ExitCode.OK:
        details = "\n".join(each.message for each in outcome.progress.errors[:3])
        raise CommandError(f"{outcome.error}\n{details}".strip(), outcome.code)
    resources = [
        DriftedResource(
            urn=step.urn,
            type=step.type,
            name=step.name,
            deleted=step.op == "delete",
            properties=tuple(sorted(step.changed)),
        )
        for step in outcome.progress.steps
        if not step.type.startswith("pulumi:")
    ]
    return Drift(
        project=workspace.project.name,
        stack=workspace.stack,
        sandbox=workspace.in_sandbox,
        resources=sorted(resources, key=lambda each: (not each.deleted, each.urn)),
    )
