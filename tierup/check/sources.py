"""The data of a check: a preview, evaluated by the pack in the engine, or saved states, evaluated in this process."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from policies import state
from policies.evaluator import evaluate
from policies.report import Report
from policies.rule import AnyRule, ProjectFiles
from policies.server import REPORT_FILE
from tierup.check import pack, source_locations
from tierup.check.result import Section
from tierup.deployment import operation
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.outcome import OperationOutcome
from tierup.deployment.project import Project
from tierup.deployment.workspace import Workspace
from tierup.engine.language_host import SOURCE_MAP


def from_preview(
    workspace: Workspace, config: Path | None, console: Console, *, traceback: bool = False
) -> Section | OperationOutcome:
    """Preview the stack and return the pack's report, or the outcome of a preview that failed for another reason.

    Raises:
        CommandError: the preview could not be started.
    """
    options = operation.OperationOptions(
        policy_pack=pack.folder(workspace.project), policy_config=config, show_violations=False, traceback=traceback
    )
    with tempfile.TemporaryDirectory(prefix="tierup-check-") as name:
        report, source_map = Path(name, "report.json"), Path(name, "source-map.json")
        variables = {REPORT_FILE: str(report), SOURCE_MAP: str(source_map)}
        # The program runs in this process, on real accounts with this process's environment.
        with _environment(variables), pack.without_policy_modules():
            outcome = operation.run(
                replace(workspace, environment={**workspace.environment, **variables}), "preview", options, console
            )
        # A violated rule fails a preview; for a check it is a result.
        if outcome.code not in (ExitCode.OK, ExitCode.POLICY) or not report.is_file():
            return outcome
        return Section(
            "",
            Report.from_json(json.loads(report.read_text(encoding="utf-8"))),
            source_locations.from_source_map(source_map, workspace.project),
        )


@contextmanager
def _environment(added: Mapping[str, str]) -> Generator[None]:
    before = {name: os.environ.get(name) for name in added}
    os.environ.update(added)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def from_files(
    paths: Iterable[Path], rules: Iterable[AnyRule], project: Project | None, config: Path | None
) -> list[Section]:
    """Evaluate the states and previews in files, and in the *.json files of folders.

    Raises:
        CommandError: a file does not exist or contains no stack, or the settings are wrong.
    """
    rules = tuple(rules)
    return [_evaluated(path, rules, project, config) for each in paths for path in _files(each)]


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.glob("*.json") if file.is_file())
    if not files:
        raise CommandError(
            f"PATHS: no *.json files in the folder (got {path}). Give a folder with saved states.", ExitCode.SETTINGS
        )
    return files


def _evaluated(path: Path, rules: tuple[AnyRule, ...], project: Project | None, config: Path | None) -> Section:
    try:
        saved = state.read(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise CommandError(
            f"PATHS: no such file (got {path}). Give a saved state or preview.", ExitCode.SETTINGS
        ) from error
    except state.StateError as error:
        raise CommandError(f"{path}: {str(error).removeprefix('document: ')}", ExitCode.SETTINGS) from error
    except ValueError as error:
        raise CommandError(
            f"{path}: not JSON (got {error}). Give a saved state or preview.", ExitCode.SETTINGS
        ) from error
    # A state of another project is evaluated without the files of this project.
    own = project if project is not None and project.name == saved.project else None
    report = evaluate(
        saved.resources,
        pack.settings(own, saved.stack, config),
        pack.exceptions(own),
        rules=rules,
        project=ProjectFiles(own.folder, saved.stack) if own else None,
        named=(saved.project, saved.stack),
        basis=saved.basis,
    )
    return Section(str(path), report, source_locations.from_state(saved.positions, own))
