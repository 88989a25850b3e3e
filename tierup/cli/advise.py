"""`tierup advise`: whether a stack should stay, grow or shrink, by a week of its metrics."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tierup.cli.errors import handle_errors, usage_error
from tierup.cli.options import AsJson, Cwd, Stack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from tierup.advise.advice import Advice
    from tierup.advise.costs import CostChange
    from tierup.advise.metrics import Day, Sample
    from tierup.preflight.stack_plan import StackPlan

CsvFile = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Read a CSV file instead of CloudWatch.")]
Days = Annotated[int, typer.Option("--days", min=1, max=60, help="The last days that are read.")]
Users = Annotated[int | None, typer.Option("--users", min=1, help="The number of users, if you know it.")]
PerUserHour = Annotated[
    float,
    typer.Option(
        "--requests-per-user-hour", min=0.001, help="The requests of a user in an hour, to estimate the users."
    ),
]
WithCost = Annotated[bool, typer.Option("--cost/--no-cost", help="Compute the cost before and after the change.")]


def advise(
    stack: Stack = "dev",
    csv: CsvFile = None,
    days: Days = 7,
    users: Users = None,
    requests_per_user_hour: PerUserHour = 2.0,
    cost: WithCost = True,
    as_json: AsJson = False,
    cwd: Cwd = None,
) -> None:
    """Advise whether a stack should stay, grow or shrink.

    It reads a week of CloudWatch metrics and changes nothing. The rules are the scaling guide's. A stack grows when a
    threshold is exceeded on most days, and shrinks when all days are far below. Exit codes: 0 advice was given; 1
    CloudWatch reported an error or has no data; 2 wrong options, settings or file; 5 no credentials.
    """
    with handle_errors(as_json=as_json):
        from rich.console import Console

        from tierup.advise import report
        from tierup.advise.advice import Verdict
        from tierup.advise.advice import advise as advise_stack
        from tierup.advise.metrics import days_of
        from tierup.capacity.stack_sizes import of_settings
        from tierup.deployment import project as projects
        from tierup.deployment.errors import CommandError
        from tierup.preflight.stack_plan import read_plan

        projects.check_stack_name(stack)
        plan = read_plan(projects.find(cwd or Path.cwd()), stack)
        if plan.settings is None:
            raise usage_error(f"--stack: the stack has no tierup: settings (got {stack}). Give a stack of tierup.")
        stderr = Console(file=sys.stderr)
        samples = _read_csv(csv) if csv is not None else _read_cloudwatch(plan, days, stderr)
        found = days_of(samples, users=users, requests_per_user_hour=requests_per_user_hour)
        found = found[-days:]
        if not found:
            source = str(csv) if csv is not None else f"CloudWatch in {plan.region}"
            raise CommandError(
                f"{source}: no data of a whole day for stack {stack} in the last {days} days (got {len(samples)} hours "
                "with data). Wait until the stack has served for a day, or give a file with --csv."
            )
        advice = advise_stack(of_settings(plan.settings), found)
        changed = _changed(plan, advice)
        change = None
        if advice.verdict is not Verdict.STAY and cost:
            change = _cost(plan, changed, stderr)
        command = f"tierup switch --stack {stack} {' '.join(f'--{key} {value}' for key, value in changed.items())}"
        if as_json:
            document: dict[str, Any] = {"stack": stack, **report.as_document(advice, found)}
            if changed:
                document["command"] = command
            if change is not None:
                document["usd_a_month"] = (
                    {"unknown": change.unknown}
                    if change.before is None or change.after is None
                    else {"before": float(round(change.before, 2)), "after": float(round(change.after, 2))}
                )
            print(json.dumps(document, indent=2))
            return
        console = Console(file=sys.stdout, soft_wrap=True)
        _print(console, plan, advice, found, estimated=users is None)
        if change is not None:
            _print_cost(console, change)
        if changed:
            console.print(f"\n  {command}", highlight=False, markup=False)


def _print(console: Console, plan: StackPlan, advice: Advice, days: Sequence[Day], *, estimated: bool) -> None:
    from tierup.advise import report

    settings = plan.settings
    assert settings is not None
    console.print(
        f"Stack {plan.stack}: phase {settings.phase}, tier {settings.tier}. The busiest hour of each day (UTC):\n",
        highlight=False,
        markup=False,
    )
    report.print_days(console, days)
    if estimated:
        console.print("Without --users, users are estimated from the requests of the day.", highlight=False)
    console.print()
    report.print_advice(console, advice)


def _print_cost(console: Console, change: CostChange) -> None:
    if change.before is None or change.after is None:
        console.print(f"- Cost: not known. {change.unknown}", highlight=False, markup=False)
        return
    console.print(
        f"- Cost: ${change.after:,.0f} instead of ${change.before:,.0f} a month, without usage "
        f"({change.after - change.before:+,.0f}).",
        highlight=False,
        markup=False,
    )


def _read_csv(path: Path) -> Sequence[Sample]:
    from tierup.advise.csv_file import read_csv

    try:
        return read_csv(path)
    except FileNotFoundError as error:
        raise usage_error(f"--csv: no such file (got {path}). Give a CSV file.") from error
    except ValueError as error:
        raise usage_error(str(error)) from error


def _read_cloudwatch(plan: StackPlan, days: int, console: Console) -> Sequence[Sample]:
    """Return the metrics of a stack. Raises CommandError."""
    import botocore.exceptions

    from tierup.advise.cloudwatch import read_metrics
    from tierup.deployment.accounts import check_credentials
    from tierup.deployment.errors import CommandError
    from tierup.preflight.aws_clients import AwsClients, aws_error
    from tierup.preflight.check import CheckNotPossibleError

    check_credentials(plan.config)
    console.print(f"Reading {days} days of metrics from CloudWatch in {plan.region}", highlight=False)
    try:
        client = AwsClients(plan.config, plan.region, hidden=plan.secret_keys).client("cloudwatch")
        return read_metrics(client, plan.tags, days=days)
    except CheckNotPossibleError as error:
        raise CommandError(f"CloudWatch: {error}") from error
    except (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError) as error:
        raise aws_error("CloudWatch", error, "Try again, or give a file with --csv.") from error


def _changed(plan: StackPlan, advice: Advice) -> dict[str, str]:
    """Return the settings that the advice changes, by name."""
    assert plan.settings is not None
    wanted = {"phase": advice.phase, "tier": advice.tier}
    current = {"phase": plan.settings.phase, "tier": plan.settings.tier}
    return {key: value.value for key, value in wanted.items() if value is not current[key]}


def _cost(plan: StackPlan, changed: dict[str, str], console: Console) -> CostChange:
    from tierup.advise.costs import cost_change

    console.print("Computing the cost before and after the change", highlight=False)
    return cost_change(plan, changed)
