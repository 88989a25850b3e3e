"""`tierup preflight`: checks the accounts of a stack before the first `up`, and the same checks for `up` itself."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tierup.cli.errors import handle_errors, usage_error
from tierup.cli.options import AllowFileBackend, AsJson, Cwd, Stack
from tierup.counting import counted

if TYPE_CHECKING:
    from rich.console import Console

    from tierup.deployment.project import Project
    from tierup.preflight.check import PreflightCheck, PreflightResult
    from tierup.preflight.stack_plan import StackPlan

_SECONDS_BETWEEN_LINES: Final = 5.0
_MAX_NAMES: Final = 4

Only = Annotated[list[str] | None, typer.Option("--check", metavar="NAME", help="Only this check; repeat for several.")]
Strict = Annotated[bool, typer.Option("--strict", help="Fail on warnings and unknown results, too.")]


def preflight(
    stack: Stack = "dev",
    check: Only = None,
    strict: Strict = False,
    allow_file_backend: AllowFileBackend = False,
    list_: Annotated[bool, typer.Option("--list", help="List the checks without making them.")] = False,
    as_json: AsJson = False,
    cwd: Cwd = None,
) -> None:
    """Check the accounts of a stack for what its first `up` needs. It changes nothing.

    It compares quotas with the stack at its largest, and checks credentials, regions, zones, DNS, Cloudflare, Atlas,
    names, the state backend and the secrets provider. Exit codes: 0 no check failed; 2 wrong options or settings; 5 no
    credentials; 8 a check failed.
    """
    with handle_errors(as_json=as_json):
        from rich.console import Console

        from tierup.deployment import project as projects
        from tierup.deployment.accounts import check_credentials
        from tierup.deployment.errors import ExitCode
        from tierup.preflight import report
        from tierup.preflight.check import PreflightStatus
        from tierup.preflight.registry import CHECKS
        from tierup.preflight.stack_plan import read_plan

        if list_:
            _list(CHECKS, as_json=as_json)
            return
        chosen = _chosen(CHECKS, check or [])
        projects.check_stack_name(stack)
        project = projects.find(cwd or Path.cwd())
        stderr = Console(file=sys.stderr)
        plan = read_plan(project, stack)
        check_credentials(plan.config)
        results = _run(plan, chosen, stderr, allow_file_backend=allow_file_backend)
        if as_json:
            print(json.dumps(report.as_document(stack, results), indent=2, ensure_ascii=False))
        else:
            stdout = Console(file=sys.stdout)
            report.print_table(stdout, results)
            stdout.print(f"\n{report.verdict(results)}", highlight=False)
        counted = report.count_by_status(results)
        failing = [PreflightStatus.FAIL]
        if strict:
            failing += [PreflightStatus.WARN, PreflightStatus.UNKNOWN]
        if any(counted[status] for status in failing):
            raise typer.Exit(int(ExitCode.PREFLIGHT))


def check_before_up(project: Project, stack: str, console: Console, *, allow_file_backend: bool) -> None:
    """Make all checks, print what needs attention, and reject the `up` if one fails.

    The workspace of the stack is open, so there are credentials.

    Raises:
        CommandError: a check failed, or the settings are wrong.
    """
    from tierup.deployment.errors import CommandError, ExitCode
    from tierup.preflight import report
    from tierup.preflight.registry import CHECKS
    from tierup.preflight.stack_plan import read_plan

    results = _run(read_plan(project, stack), CHECKS, console, allow_file_backend=allow_file_backend)
    failures = report.print_problems(console, results)
    console.print(f"Preflight: {report.verdict(results)}", highlight=False)
    if failures:
        raise CommandError(
            f"Preflight: {counted(failures, 'check')} failed; nothing was changed. Correct the "
            "account, or add --skip-preflight.",
            ExitCode.PREFLIGHT,
        )


def _run(
    plan: StackPlan, checks: Sequence[PreflightCheck], console: Console, *, allow_file_backend: bool
) -> Sequence[PreflightResult]:
    from tierup.preflight.context import PreflightContext
    from tierup.preflight.runner import run_checks

    context = PreflightContext(plan, allow_file_backend=allow_file_backend)
    with _progress(console, len(checks)) as progress:
        return run_checks(context, checks, progress)


@contextmanager
def _progress(console: Console, total: int) -> Generator[Callable[[Sequence[str], int], None]]:
    """Show which checks run: a live line on a terminal, a line every few seconds elsewhere."""

    def line(names: Sequence[str], done: int) -> str:
        more = f" and {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else ""
        return f"Preflight: {done} of {total} checks done; running {', '.join(names[:_MAX_NAMES])}{more}"

    if console.is_terminal:
        with console.status("Preflight") as status:
            yield lambda names, done: status.update(line(names, done)) if names else None
        return
    last = time.monotonic()

    def print_sometimes(names: Sequence[str], done: int) -> None:
        nonlocal last
        if names and time.monotonic() - last >= _SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            console.print(line(names, done), highlight=False, markup=False, soft_wrap=True)

    yield print_sometimes


def _chosen(checks: Sequence[PreflightCheck], names: Sequence[str]) -> Sequence[PreflightCheck]:
    """Return the checks with these names, or all. Raises CommandError if there is no such check."""
    known = [check.name for check in checks]
    for name in names:
        if name not in known:
            raise usage_error(f"--check: no such check (got {name}). Checks: {', '.join(known)}.")
    return [check for check in checks if not names or check.name in names]


def _list(checks: Sequence[PreflightCheck], *, as_json: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    if as_json:
        rows = [{"check": each.name, "area": each.area, "description": each.description} for each in checks]
        print(json.dumps(rows, indent=2))
        return
    table = Table("check", "area", "what must hold", box=None)
    for each in checks:
        table.add_row(each.name, each.area, each.description.replace("`", ""))
    Console().print(table)
