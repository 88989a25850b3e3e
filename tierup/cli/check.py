"""`tierup check` and `tierup explain`: evaluate stacks with the policies, and explain a policy."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tierup.cli.errors import handle_errors, usage_error
from tierup.cli.options import AsJson, Cwd, Sandbox, Stack, Traceback
from tierup.cli.workspace import open_workspace

if TYPE_CHECKING:
    from tierup.check.report import CheckRequest
    from tierup.deployment.project import Project

Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="PATHS",
        help="Saved states or previews (`pulumi stack export`, `pulumi preview --json`), or folders of them. "
        "If left out, the stack is previewed.",
        show_default=False,
    ),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help="Format of the report: table, json, sarif, junit or markdown.",
        show_default="table",
    ),
]
Outputs = Annotated[
    list[Path] | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write the report to a file, in --format or by its suffix (.txt .json .sarif .xml .md); repeat for "
        "several.",
    ),
]
Rules = Annotated[
    list[str] | None,
    typer.Option("--rule", "-r", metavar="RULE", help="Only this rule, by id or name; repeat for several."),
]
Baseline = Annotated[
    Path | None, typer.Option("--baseline", metavar="FILE", help="Fail only on findings that are not in this baseline.")
]
WriteBaseline = Annotated[
    Path | None,
    typer.Option("--write-baseline", metavar="FILE", help="Write all findings to this file as the new baseline."),
]
PolicyConfig = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", help="The policy config file.", show_default="policies/environments/<stack>.json"
    ),
]
FailOn = Annotated[
    str,
    typer.Option(
        "--fail-on", metavar="LEVEL", help="Findings that fail the check: mandatory, advisory (both levels) or never."
    ),
]


def check(
    paths: Paths = None,
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    format_: Format = None,
    as_json: AsJson = False,
    output: Outputs = None,
    rule: Rules = None,
    baseline: Baseline = None,
    write_baseline: WriteBaseline = None,
    config: PolicyConfig = None,
    fail_on: FailOn = "mandatory",
    list_: Annotated[bool, typer.Option("--list", help="List the rules without evaluating them.")] = False,
    cwd: Cwd = None,
    traceback: Traceback = False,
) -> None:
    """Evaluate the policies on a preview or on saved states. The exit code is 3 if a mandatory policy is violated."""
    if list_:
        _explain(rule or [], as_json=as_json or format_ == "json", whole=False)
        return
    with handle_errors(as_json=as_json or format_ == "json"):
        from rich.console import Console

        from tierup.check import report
        from tierup.check.result import FailOn as Levels
        from tierup.deployment import project as projects

        if as_json and format_ not in (None, "json"):
            raise usage_error(f"--json: not allowed with another format (got --format {format_}). Omit one of them.")
        request = report.CheckRequest(
            paths=paths or (),
            rules=rule or (),
            format=report.ReportFormat(_one_of(report.ReportFormat, "json" if as_json else format_, "--format"))
            if as_json or format_
            else None,
            outputs=output or (),
            baseline=baseline,
            write_baseline=write_baseline,
            config=config,
            fail_on=Levels(_one_of(Levels, fail_on, "--fail-on")),
            traceback=traceback,
        )
        projects.check_stack_name(stack)
        project = _project_of(request, cwd)
        code = report.run(
            request,
            project,
            lambda console: open_workspace(
                projects.find(cwd or Path.cwd()), stack, console, sandbox=sandbox, create=True
            ),
            stdout=Console(file=sys.stdout),
            stderr=Console(file=sys.stderr),
        )
        if code:
            raise typer.Exit(int(code))


def explain(
    rules: Annotated[
        list[str] | None, typer.Argument(metavar="RULES", help="Ids or names of rules. If left out, all are listed.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Explain a policy: requirement, reason, remediation, parameters."""
    _explain(rules or [], as_json=as_json, whole=bool(rules))


def _explain(keys: list[str], *, as_json: bool, whole: bool) -> None:
    with handle_errors(as_json=as_json):
        from rich.console import Console

        from tierup.check import explain as explanation
        from tierup.check import pack

        chosen = pack.rules_named(keys)
        console = Console(file=sys.stdout)
        if as_json:
            print(json.dumps([explanation.as_document(each) for each in chosen], indent=2, ensure_ascii=False))
        elif whole:
            for number, each in enumerate(chosen):
                if number:
                    console.rule()
                explanation.show(console, each)
        else:
            explanation.listing(console, chosen)


def _project_of(request: CheckRequest, cwd: Path | None) -> Project | None:
    """Return the project, or None if there is none and only saved states are evaluated."""
    from tierup.deployment import project as projects
    from tierup.deployment.errors import CommandError

    try:
        return projects.find(cwd or Path.cwd())
    except CommandError:
        if request.paths and cwd is None:
            return None
        raise


def _one_of(allowed: type[StrEnum], value: str | None, option: str) -> str:
    """Return the option's value. Raises CommandError if it is not one of the allowed values."""
    if value not in list(allowed):
        raise usage_error(f"{option}: not supported (got {value}). Allowed: {', '.join(allowed)}.")
    return str(value)
