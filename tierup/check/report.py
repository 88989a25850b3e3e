"""Runs a check: evaluates stacks, compares the findings with a baseline, and writes the report."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from rich.console import Console

from policies.rule import AnyRule
from tierup.check import baseline, document, junit, markdown, pack, sarif, sources, table
from tierup.check.result import CheckResult, FailOn, Section
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.outcome import OperationOutcome
from tierup.deployment.project import Project
from tierup.deployment.summary import print_summary
from tierup.deployment.workspace import Workspace


class ReportFormat(StrEnum):
    """The format of a report."""

    TABLE = "table"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
    MARKDOWN = "markdown"


_BY_SUFFIX = {
    ".txt": ReportFormat.TABLE,
    ".json": ReportFormat.JSON,
    ".sarif": ReportFormat.SARIF,
    ".xml": ReportFormat.JUNIT,
    ".md": ReportFormat.MARKDOWN,
}
_FILE_WIDTH = 120


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckRequest:
    """The options of a check."""

    paths: Sequence[Path] = ()
    rules: Sequence[str] = ()
    format: ReportFormat | None = None
    outputs: Sequence[Path] = ()
    baseline: Path | None = None
    write_baseline: Path | None = None
    config: Path | None = None
    fail_on: FailOn = FailOn.MANDATORY
    traceback: bool = False


def run(
    request: CheckRequest,
    project: Project | None,
    open_workspace: Callable[[Console], Workspace],
    *,
    stdout: Console,
    stderr: Console,
) -> ExitCode:
    """Evaluate, compare with the baseline, and write the report. `open_workspace` is called only for a preview.

    Raises:
        CommandError: an option or setting is wrong, or the preview could not be started.
    """
    rules = pack.rules_named(request.rules)
    files = {path: _format_for(path, request) for path in request.outputs}
    accepted = baseline.read(request.baseline) if request.baseline else None
    if request.config:
        pack.check_config(request.config)
    if request.paths:
        sections = sources.from_files(request.paths, rules, project, request.config)
    else:
        workspace = open_workspace(stderr)
        found = sources.from_preview(workspace, request.config, stderr, traceback=request.traceback)
        if isinstance(found, OperationOutcome):
            return _report_failed_preview(found, workspace, request, stdout, stderr)
        sections = [found]
    checked = CheckResult(
        sections=tuple(_only(section, rules) if request.rules else section for section in sections),
        rules=tuple(rules) if request.rules else pack.EVALUATED_RULES,
        project=project,
        baseline=accepted,
        fail_on=request.fail_on,
    )
    if request.write_baseline:
        checked = replace(checked, baseline=_write_baseline(request.write_baseline, checked))
    for path, format_ in files.items():
        path.write_text(render(checked, format_), encoding="utf-8")
    if request.outputs and request.format is not None:
        stderr.print(checked.verdict, highlight=False, soft_wrap=True, markup=False)
    elif request.format in (None, ReportFormat.TABLE):
        table.show(stdout, checked)
    else:
        stdout.file.write(render(checked, request.format))
    return checked.code


def render(checked: CheckResult, format_: ReportFormat) -> str:
    """Return the report in a format."""
    match format_:
        case ReportFormat.TABLE:
            console = Console(file=io.StringIO(), width=_FILE_WIDTH, color_system=None)
            table.show(console, checked)
            assert isinstance(console.file, io.StringIO)
            return console.file.getvalue()
        case ReportFormat.JSON:
            return _json(document.as_document(checked))
        case ReportFormat.SARIF:
            return _json(sarif.as_log(checked))
        case ReportFormat.JUNIT:
            return junit.as_xml(checked)
        case ReportFormat.MARKDOWN:
            return markdown.as_markdown(checked)


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _format_for(path: Path, request: CheckRequest) -> ReportFormat:
    if request.format is not None:
        return request.format
    if path.suffix not in _BY_SUFFIX:
        raise CommandError(
            f"--output: the suffix names no format (got {path}). Allowed: {', '.join(_BY_SUFFIX)}, or any with "
            f"--format ({', '.join(ReportFormat)}).",
            ExitCode.SETTINGS,
        )
    return _BY_SUFFIX[path.suffix]


def _only(section: Section, rules: Sequence[AnyRule]) -> Section:
    """Return a section with the results of these rules alone, as a preview evaluates all rules."""
    ids = {rule.id for rule in rules}
    results = tuple(each for each in section.report.results if each.rule in ids)
    return replace(section, report=replace(section.report, results=results))


def _write_baseline(path: Path, checked: CheckResult) -> baseline.Baseline:
    found = baseline.of(
        [
            baseline.key_of(problem.result, problem.finding)
            for problem in section.problems(None)
            if not problem.suppressed
        ]
        for section in checked.sections
    )
    baseline.write(path, found)
    return found


def _report_failed_preview(
    outcome: OperationOutcome, workspace: Workspace, request: CheckRequest, stdout: Console, stderr: Console
) -> ExitCode:
    """Report a preview that failed without a policy violation, as `tierup preview` does."""
    print_summary(stderr, workspace, outcome)
    code = outcome.code if outcome.code is not ExitCode.OK else ExitCode.FAILED
    error = outcome.error or "The policy pack wrote no report, because it did not receive the whole stack."
    if outcome.code is ExitCode.OK:
        stderr.print(error, highlight=False, soft_wrap=True, markup=False)
    if request.format is ReportFormat.JSON and not request.outputs:
        stdout.file.write(_json({"result": code.name.lower(), "exit_code": int(code), "error": error}))
    return code
