"""The `tierup` command: the engine's own operations, rehearsed in the sandbox or for real.

Imports of more than typer happen inside the commands: `--help` and completion must be instant.
"""

from __future__ import annotations

import json
import os
import sys
import traceback as traceback_module
from collections.abc import Generator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from tierup.cost_cli import cost
from tierup.operations.indexes_cli import indexes

if TYPE_CHECKING:
    from rich.console import Console

    from tierup.check.command import Request
    from tierup.deployment.failure import Failure
    from tierup.deployment.operation import Options
    from tierup.deployment.outcome import Operation
    from tierup.deployment.project import Project
    from tierup.deployment.workspace import Workspace
    from tierup.engine.doctor import Finding

_EXIT_CODES = """Exit codes: 0 done; 1 the engine or a cloud refused something; 2 wrong options, settings, project or
stack; 3 a mandatory policy is broken; 4 no engine or no sandbox; 5 no credentials; 6 the stack is locked by another
run; 7 changes where --expect-no-changes allows none; 130 interrupted."""

app = typer.Typer(
    name="tierup",
    help="One Pulumi program for the whole architecture: rehearse it on this machine, then run it for real.",
    epilog=_EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Stack = Annotated[str, typer.Option("--stack", "-s", help="The stack: Pulumi.<stack>.yaml holds its settings.")]
Sandbox = Annotated[bool, typer.Option("--sandbox", help="Rehearse on this machine, with no account and no cost.")]
Policies = Annotated[bool, typer.Option("--policies/--no-policies", help="Apply the project's policy pack.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask, on real accounts. A rehearsal never asks.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, progress on stderr.")]
Target = Annotated[list[str] | None, typer.Option("--target", "-t", help="Only this URN; repeat for several.")]
Parallel = Annotated[int | None, typer.Option("--parallel", "-p", min=1, help="Resources at a time.")]
Diff = Annotated[bool, typer.Option("--diff", help="Show each property that changes.")]
NoChanges = Annotated[bool, typer.Option("--expect-no-changes", help="Fail (exit code 7) when anything changes.")]
Cwd = Annotated[Path | None, typer.Option("--cwd", "-C", help="The project's folder.", show_default="here")]
Traceback = Annotated[bool, typer.Option("--traceback", help="Show the program's whole traceback when it fails.")]
Wait = Annotated[float, typer.Option("--wait", metavar="SECONDS", min=0, help="Wait for another run on the stack.")]
Adopt = Annotated[
    list[str] | None,
    typer.Option("--adopt", metavar="URN=ID", help="What a killed run had created, on real accounts."),
]
Forget = Annotated[
    list[str] | None, typer.Option("--forget", metavar="URN", help="What a killed run had not yet created.")
]


@app.command()
def up(
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    policies: Policies = True,
    yes: Yes = False,
    as_json: AsJson = False,
    target: Target = None,
    parallel: Parallel = None,
    diff: Diff = False,
    expect_no_changes: NoChanges = False,
    cwd: Cwd = None,
    traceback: Traceback = False,
    wait: Wait = 0.0,
    adopt: Adopt = None,
    forget: Forget = None,
) -> None:
    """Create or change what the program asks for. Takes over first what an interrupted run left."""
    options = _options(
        policies=policies,
        targets=target or (),
        parallel=parallel,
        diff=diff,
        expect_no_changes=expect_no_changes,
        traceback=traceback,
        wait_seconds=wait,
        adopt=_pairs(adopt or []),
        forget=forget or (),
    )
    _operate("up", stack, sandbox=sandbox, yes=yes, as_json=as_json, cwd=cwd, options=options)


@app.command()
def preview(
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    policies: Policies = True,
    as_json: AsJson = False,
    target: Target = None,
    parallel: Parallel = None,
    diff: Diff = False,
    expect_no_changes: NoChanges = False,
    cwd: Cwd = None,
    traceback: Traceback = False,
) -> None:
    """Show what `up` would do, and change nothing."""
    options = _options(
        policies=policies,
        targets=target or (),
        parallel=parallel,
        diff=diff,
        expect_no_changes=expect_no_changes,
        traceback=traceback,
    )
    _operate("preview", stack, sandbox=sandbox, yes=True, as_json=as_json, cwd=cwd, options=options)


@app.command()
def refresh(
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    yes: Yes = False,
    as_json: AsJson = False,
    target: Target = None,
    parallel: Parallel = None,
    diff: Diff = False,
    expect_no_changes: NoChanges = False,
    cwd: Cwd = None,
    wait: Wait = 0.0,
) -> None:
    """Read everything from the clouds again, and write what has drifted into the state."""
    options = _options(
        targets=target or (), parallel=parallel, diff=diff, expect_no_changes=expect_no_changes, wait_seconds=wait
    )
    _operate("refresh", stack, sandbox=sandbox, yes=yes, as_json=as_json, cwd=cwd, options=options)


@app.command()
def destroy(
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    yes: Yes = False,
    as_json: AsJson = False,
    target: Target = None,
    parallel: Parallel = None,
    cwd: Cwd = None,
    wait: Wait = 0.0,
) -> None:
    """Delete all that the stack has made. On real accounts the stack's name has to be typed."""
    options = _options(targets=target or (), parallel=parallel, wait_seconds=wait)
    _operate("destroy", stack, sandbox=sandbox, yes=yes, as_json=as_json, cwd=cwd, options=options)


Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="PATHS",
        help="Saved states or previews (`pulumi stack export`, `pulumi preview --json`), or folders of them. "
        "None: preview --stack.",
        show_default=False,
    ),
]
Format = Annotated[
    str | None,
    typer.Option("--format", metavar="FORMAT", help="table, json, sarif, junit or markdown.", show_default="table"),
]
Outputs = Annotated[
    list[Path] | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write it to a file, as --format says, else as its ending does (.txt .json .sarif .xml .md); repeat.",
    ),
]
Rules = Annotated[
    list[str] | None, typer.Option("--rule", "-r", metavar="RULE", help="Only this rule, by id or name; repeat.")
]
Baseline = Annotated[
    Path | None, typer.Option("--baseline", metavar="FILE", help="Fail only on what this baseline does not hold.")
]
WriteBaseline = Annotated[
    Path | None, typer.Option("--write-baseline", metavar="FILE", help="Accept what is found today: write it here.")
]
PolicyConfig = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", help="Policy config file.", show_default="policies/environments/<stack>.json"
    ),
]
FailOn = Annotated[
    str, typer.Option("--fail-on", metavar="LEVEL", help="mandatory, advisory (which is both) or never.")
]


@app.command()
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
    list_: Annotated[bool, typer.Option("--list", help="List the rules, and judge nothing.")] = False,
    cwd: Cwd = None,
    traceback: Traceback = False,
) -> None:
    """Judge a stack by the policies: a preview of it, or what is saved of it. Exit code 3 says that one is broken."""
    if list_:
        _explain(rule or [], as_json=as_json or format_ == "json", whole=False)
        return
    with _failing_well(as_json=as_json or format_ == "json"):
        from rich.console import Console

        from tierup.check import command
        from tierup.check.checked import FailOn as Levels
        from tierup.deployment import project as projects

        if as_json and format_ not in (None, "json"):
            raise _wrong(f"--json and --format {format_} ask for two formats: leave one out.")
        request = command.Request(
            paths=paths or (),
            rules=rule or (),
            format=command.Format(_one_of(command.Format, "json" if as_json else format_, "--format"))
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
        code = command.run(
            request,
            project,
            lambda console: _workspace(projects.find(cwd or Path.cwd()), stack, console, sandbox=sandbox, create=True),
            stdout=Console(file=sys.stdout),
            stderr=Console(file=sys.stderr),
        )
        if code:
            raise typer.Exit(int(code))


@app.command()
def explain(
    rules: Annotated[
        list[str] | None, typer.Argument(metavar="RULES", help="By id or name. None: list them all.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what a policy asks for, why, how to keep it, and what it can be set to."""
    _explain(rules or [], as_json=as_json, whole=bool(rules))


def _explain(keys: list[str], *, as_json: bool, whole: bool) -> None:
    with _failing_well(as_json=as_json):
        from rich.console import Console

        from tierup.check import explain as rule_explained
        from tierup.check import pack

        chosen = pack.named(keys)
        console = Console(file=sys.stdout)
        if as_json:
            print(json.dumps([rule_explained.as_document(each) for each in chosen], indent=2, ensure_ascii=False))
        elif whole:
            for number, each in enumerate(chosen):
                if number:
                    console.rule()
                rule_explained.show(console, each)
        else:
            rule_explained.listing(console, chosen)


def _project_of(request: Request, cwd: Path | None) -> Project | None:
    """The project; with saved states there need be none."""
    from tierup.deployment import project as projects
    from tierup.deployment.failure import Failure

    try:
        return projects.find(cwd or Path.cwd())
    except Failure:
        if request.paths and cwd is None:
            return None
        raise


def _one_of(words: type[StrEnum], word: str | None, option: str) -> str:
    if word not in list(words):
        raise _wrong(f"{option} is {word!r}, wanted one of {', '.join(words)}.")
    return str(word)


def _wrong(sentence: str) -> Failure:
    from tierup.deployment.failure import ExitCode, Failure

    return Failure(sentence, ExitCode.SETTINGS)


@app.command()
def doctor(as_json: AsJson = False, cwd: Cwd = None) -> None:
    """Say what this machine has and lacks: engine, language host, credentials, backend."""
    with _failing_well(as_json=as_json):
        from dataclasses import asdict

        from tierup.engine.doctor import Needed, Status, diagnose

        findings = diagnose((cwd or Path.cwd()).absolute())
        if as_json:
            print(json.dumps([asdict(each) for each in findings], indent=2))
        else:
            _print_findings(findings)
        if any(each.status == Status.MISSING and each.needed == Needed.ALWAYS for each in findings):
            raise typer.Exit(4)


@app.command(
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
)
def sandbox(context: typer.Context) -> None:
    """The rehearsal cloud: start, stop, status, env, ls, show, rm, edit, reset, faults, coverage."""
    with _failing_well(as_json=False):
        from tierup.sandbox.cli import app as sandbox_app

        _name_the_home()
        # The rest of them work on the sandbox alone; this one needs the engine and the project too.
        sandbox_app.command("env")(_sandbox_env)
        sandbox_app(context.args or ["--help"], prog_name="tierup sandbox")


@app.command("benchmark")
def _benchmark(
    as_json: AsJson = False,
    runs: Annotated[int, typer.Option("--runs", min=1, help="Runs of each; the medians are compared.")] = 5,
    policies: Annotated[
        bool, typer.Option("--policies", help="Instead: what the policies add to a preview (at most a fifth).")
    ] = False,
    cwd: Cwd = None,
) -> None:
    """Compare a warm rehearsal with what the engine takes for as many bare resources (at most 1.5 times), and print how
    fast the sandbox is: milliseconds of its start, operations a second."""
    with _failing_well(as_json=as_json):
        from rich.console import Console

        from tierup import benchmark, policy_benchmark
        from tierup.deployment.project import find

        console = Console(stderr=True)
        measure = policy_benchmark.run if policies else benchmark.run
        result = measure(find(cwd or Path.cwd()), runs=runs, say=lambda line: console.print(line, highlight=False))
        print(json.dumps(result.as_document(), indent=2) if as_json else result.as_text())
        if not result.passes:
            raise typer.Exit(1)


app.command()(cost)
app.command()(indexes)


@app.callback(invoke_without_command=True)
def _top(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        from importlib.metadata import version as installed

        print(f"tierup {installed('tierup')}")
        raise typer.Exit


def _name_the_home() -> None:
    """From any folder of a checkout, mean the sandbox that `up --sandbox` means there."""
    from tierup.deployment import project as projects
    from tierup.deployment.failure import Failure
    from tierup.sandbox import default_home

    with suppress(Failure):
        os.environ["TIERUP_HOME"] = str(default_home(projects.find(Path.cwd()).folder))


def _sandbox_env(
    stack: Stack = "dev",
    cwd: Cwd = None,
) -> None:
    """Print what a shell needs for a plain `pulumi up` in the sandbox: eval "$(tierup sandbox env)"."""
    with _failing_well(as_json=False):
        import shlex

        from rich.console import Console

        from tierup.deployment import project as projects

        projects.check_stack_name(stack)
        workspace = _workspace(
            projects.find(cwd or Path.cwd()), stack, Console(file=sys.stderr), sandbox=True, create=True
        )
        for name in sorted(os.environ.keys() - workspace.environment.keys()):
            print(f"unset {name}")
        for name, value in sorted(workspace.environment.items()):
            if os.environ.get(name) != value:
                print(f"export {name}={shlex.quote(value)}")


# --- one operation ---


def _options(**chosen: object) -> Options:
    from tierup.deployment.operation import Options

    return Options(**chosen)  # pyright: ignore[reportArgumentType] (the commands' own, typed there)


def _operate(
    operation: Operation,
    stack: str,
    *,
    sandbox: bool,
    yes: bool,
    as_json: bool,
    cwd: Path | None,
    options: Options,
) -> None:
    with _failing_well(as_json=as_json):
        from rich.console import Console

        from tierup.deployment import project as projects
        from tierup.deployment.operation import run
        from tierup.deployment.summary import as_document, print_summary

        # The files are fixed now: the program's own printing must not come between.
        console = Console(file=sys.stderr if as_json else sys.stdout)
        projects.check_stack_name(stack)
        project = projects.find(cwd or Path.cwd())
        workspace = _workspace(project, stack, console, sandbox=sandbox, create=operation in ("up", "preview"))
        if not workspace.rehearses and operation != "preview" and not yes:
            _agree(workspace, operation, options, console)
        outcome = run(workspace, operation, options, console)
        if as_json:
            print(json.dumps(as_document(workspace, outcome), indent=2))
        else:
            print_summary(console, workspace, outcome)
        if outcome.code:
            raise typer.Exit(int(outcome.code))


def _workspace(project: Project, stack: str, console: Console, *, sandbox: bool, create: bool) -> Workspace:
    from tierup.deployment import accounts, rehearsal
    from tierup.deployment.failure import ExitCode, Failure
    from tierup.engine import EngineError, find_or_install

    # What needs no engine is refused before one is looked for, or built for minutes.
    project.settings(stack)
    try:
        engine = find_or_install(lambda line: console.print(line, highlight=False, markup=False))
    except EngineError as error:
        raise Failure(f"{error.problem} {error.remedy}", ExitCode.ENGINE) from error
    if not sandbox:
        return accounts.open_workspace(project, stack, engine)
    from tierup.sandbox import SandboxError, default_home, ensure_running

    home = default_home(project.folder)
    try:
        running = ensure_running(home)
    except SandboxError as error:
        raise Failure(f"The sandbox is not to be had: {error}", ExitCode.ENGINE) from error
    return rehearsal.open_workspace(project, stack, home, engine, running.debug_providers, create=create)


def _agree(workspace: Workspace, operation: Operation, options: Options, console: Console) -> None:
    """Show what would happen on the real accounts, and go on only when the user says so."""
    from dataclasses import replace

    from tierup.deployment.failure import ExitCode, Failure
    from tierup.deployment.operation import run
    from tierup.deployment.summary import print_summary

    if not sys.stdin.isatty():
        raise Failure(
            f"`tierup {operation}` on real accounts asks before it changes them, and there is no terminal to ask on: "
            "add --yes, or --sandbox to rehearse.",
            ExitCode.SETTINGS,
        )
    if operation == "up":
        plan = run(workspace, "preview", replace(options, adopt={}, forget=()), console)
        print_summary(console, workspace, plan)
        if plan.code:
            raise typer.Exit(int(plan.code))
        agreed = typer.confirm(f"Do this on the real accounts of stack '{workspace.stack}'?", err=True)
    elif operation == "destroy":
        typed = typer.prompt(f"All of stack '{workspace.stack}' will be deleted. Type its name to go on", err=True)
        agreed = typed.strip() == workspace.stack
    else:
        agreed = typer.confirm(f"Write what has drifted into the state of stack '{workspace.stack}'?", err=True)
    if not agreed:
        raise Failure("Not agreed to; nothing was changed.", ExitCode.INTERRUPTED)


def _pairs(adopt: list[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for each in adopt:
        urn, equals, identity = each.partition("=")
        if not (equals and identity and urn.startswith("urn:pulumi:")):
            raise typer.BadParameter(f"--adopt takes URN=ID, got {each!r}")
        pairs[urn] = identity
    return pairs


def _print_findings(findings: list[Finding]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    styles = {"ok": "green", "missing": "red", "warning": "yellow"}
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for column in ("no_wrap", "no_wrap", "fold"):
        table.add_column(no_wrap=column == "no_wrap", overflow="fold")
    for each in findings:
        style = styles[each.status]
        needed = "" if each.needed == "always" else f" [dim](for a {each.needed})[/dim]"
        todo = f"\n[bold]→[/bold] {escape(each.what_to_do)}" if each.what_to_do else ""
        table.add_row(f"[{style}]{each.status}[/{style}]", escape(each.name), f"{escape(each.found)}{needed}{todo}")
    Console().print(table)


# --- failing well ---


@contextmanager
def _failing_well(*, as_json: bool) -> Generator[None]:
    """Every failure is one sentence on stderr (with --json a document on stdout) and an exit code, no traceback."""
    from tierup.deployment.failure import ExitCode, Failure, failure_of

    try:
        yield
    except Failure as failure:
        _fail(failure, as_json=as_json)
    except OSError as error:
        _fail(failure_of(error), as_json=as_json)
    except KeyboardInterrupt:
        _fail(Failure("Stopped as you asked.", ExitCode.INTERRUPTED), as_json=as_json)


def _fail(failure: Failure, *, as_json: bool) -> NoReturn:
    if as_json:
        document = {
            "result": failure.code.name.lower(),
            "exit_code": int(failure.code),
            "error": failure.sentence,
        }
        print(json.dumps(document, indent=2))
    typer.echo(failure.sentence, err=True)
    raise typer.Exit(int(failure.code))


def main() -> None:
    """The console script. Ends at once: threads of a program that failed may wait for an engine that is gone."""
    code = 0
    try:
        app()
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else int(bool(leaving.code))
        if isinstance(leaving.code, str):
            print(leaving.code, file=sys.stderr)
    except BaseException:
        traceback_module.print_exc()
        code = 1
    finally:
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
