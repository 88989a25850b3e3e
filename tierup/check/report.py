"""`tierup check` from its options to its exit code."""

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


class Format(StrEnum):
    """How the report is written."""

    TABLE = "table"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
    MARKDOWN = "markdown"


_BY_ENDING = {
    ".txt": Format.TABLE,
    ".json": Format.JSON,
    ".sarif": Format.SARIF,
    ".xml": Format.JUNIT,
    ".md": Format.MARKDOWN,
}
_FILE_WIDTH = 120


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What the user asked for."""

    paths: Sequence[Path] = ()
    rules: Sequence[str] = ()
    format: Format | None = None
    outputs: Sequence[Path] = ()
    baseline: Path | None = None
    write_baseline: Path | None = None
    config: Path | None = None
    fail_on: FailOn = FailOn.MANDATORY
    traceback: bool = False


def run(
    request: Request,
    project: Project | None,
    open_workspace: Callable[[Console], Workspace],
    *,
    stdout: Console,
    stderr: Console,
) -> ExitCode:
    """Evaluator, compare, write; `open_workspace` is asked only where a preview is to be judged.

    Raises:
        CommandError: wrong options or settings, or the preview could not be started.
    """
    rules = pack.rules_named(request.rules)
    files = {path: _format_of(path, request) for path in request.outputs}
    accepted = baseline.read(request.baseline) if request.baseline else None
    if request.config:
        pack.check_config(request.config)
    if request.paths:
        sections = sources.from_files(request.paths, rules, project, request.config)
    else:
        workspace = open_workspace(stderr)
        found = sources.from_preview(workspace, request.config, stderr, traceback=request.traceback)
        if isinstance(found, OperationOutcome):
            return _not_previewed(found, workspace, request, stdout, stderr)
        sections = [found]
    checked = CheckResult(
        sections=tuple(_of_these(section, rules) if request.rules else section for section in sections),
        rules=tuple(rules) if request.rules else pack.EVALUATED_RULES,
        project=project,
        baseline=accepted,
        fail_on=request.fail_on,
    )
    if request.write_baseline:
        checked = replace(checked, baseline=_written(request.write_baseline, checked))
    for path, format_ in files.items():
        path.write_text(written(checked, format_), encoding="utf-8")
    if request.outputs and request.format is not None:
        stderr.print(checked.verdict, highlight=False, soft_wrap=True, markup=False)
    elif request.format in (None, Format.TABLE):
        table.show(stdout, checked)
    else:
        stdout.file.write(written(checked, request.format))
    return checked.code


def written(checked: CheckResult, format_: Format) -> str:
    """The report as a text in this format."""
    match format_:
        case Format.TABLE:
            console = Console(file=io.StringIO(), width=_FILE_WIDTH, color_system=None)
            table.show(console, checked)
            assert isinstance(console.file, io.StringIO)
            return console.file.getvalue()
        case Format.JSON:
            return _json(document.as_document(checked))
        case Format.SARIF:
            return _json(sarif.as_log(checked))
        case Format.JUNIT:
            return junit.as_xml(checked)
        case Format.MARKDOWN:
            return markdown.as_markdown(checked)


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _format_of(path: Path, request: Request) -> Format:
    if request.format is not None:
        return request.format
    if path.suffix not in _BY_ENDING:
        raise CommandError(
            f"--output {path} does not say in which format: let it end in one of {', '.join(_BY_ENDING)}, or add "
            f"--format {'|'.join(Format)}.",
            ExitCode.SETTINGS,
        )
    return _BY_ENDING[path.suffix]


def _of_these(section: Section, rules: Sequence[AnyRule]) -> Section:
    """What these rules alone judged. A preview runs all of them; how the exceptions fared is then nobody's question."""
    ids = {rule.id for rule in rules}
    results = tuple(each for each in section.report.results if each.rule in ids)
    return replace(section, report=replace(section.report, results=results))


def _written(path: Path, checked: CheckResult) -> baseline.Baseline:
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


def _not_previewed(
    outcome: OperationOutcome, workspace: Workspace, request: Request, stdout: Console, stderr: Console
) -> ExitCode:
    """The preview failed, and not of a policy: say so as `tierup preview` does."""
    print_summary(stderr, workspace, outcome)
    code = outcome.code if outcome.code is not ExitCode.OK else ExitCode.FAILED
    sentence = outcome.error or "The policy pack has left no report: it did not see the whole stack."
    if outcome.code is ExitCode.OK:
        stderr.print(sentence, highlight=False, soft_wrap=True, markup=False)
    if request.format is Format.JSON and not request.outputs:
        stdout.file.write(_json({"result": code.name.lower(), "exit_code": int(code), "error": sentence}))
    return code
