"""`tierup capacity`: what a number of users needs, and a simulation of a stack's autoscaling."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from tierup.cli.errors import handle_errors, usage_error
from tierup.cli.options import AsJson, Cwd

if TYPE_CHECKING:
    from rich.console import Console

    from tierup.capacity.assumptions import Assumptions
    from tierup.capacity.growth import GrowthStep
    from tierup.capacity.plots import Plot
    from tierup.capacity.simulation import SimulationResult
    from tierup.capacity.stack_sizes import StackSizes

_SCENARIOS: Final = ("daily", "spike", "growth")
_PLOT_WIDTH: Final = 100

Users = Annotated[int | None, typer.Option("--users", help="The number of users.")]
PerUserHour = Annotated[
    float | None, typer.Option("--requests-per-user-hour", help="API requests of a user in an hour, on average.")
]
PeakFactor = Annotated[float | None, typer.Option("--peak-factor", help="The busiest minute ÷ the average of a day.")]
PerTask = Annotated[
    float | None, typer.Option("--requests-per-task", help="Requests per second that one task serves; measure yours.")
]
AssumptionsFile = Annotated[
    Path | None, typer.Option("--assumptions", metavar="FILE", help="A YAML file with assumptions.")
]
WriteAssumptions = Annotated[
    Path | None, typer.Option("--write-assumptions", metavar="FILE", help="Write all assumptions to a new file.")
]
OfStack = Annotated[str | None, typer.Option("--stack", "-s", help="Use the settings of this stack.")]
OfPhase = Annotated[str | None, typer.Option("--phase", help="Use the default sizes of this phase; with --tier.")]
OfTier = Annotated[str | None, typer.Option("--tier", help="Use the default sizes of this tier; with --phase.")]
Simulate = Annotated[
    list[str] | None,
    typer.Option("--simulate", metavar="LOAD", help="Simulate daily, spike, growth or all; repeat for several."),
]
Svg = Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Write the plots of the simulation as SVG.")]
Seed = Annotated[int, typer.Option("--seed", help="The seed of the random arrivals.")]


def capacity(
    users: Users = None,
    requests_per_user_hour: PerUserHour = None,
    peak_factor: PeakFactor = None,
    requests_per_task: PerTask = None,
    assumptions: AssumptionsFile = None,
    write_assumptions: WriteAssumptions = None,
    stack: OfStack = None,
    phase: OfPhase = None,
    tier: OfTier = None,
    simulate: Simulate = None,
    svg: Svg = None,
    seed: Seed = 1,
    as_json: AsJson = False,
    cwd: Cwd = None,
) -> None:
    """Show the capacity, phase and tier that a number of users needs.

    It shows requests, tasks, connections and memory. With --stack, or --phase and --tier, it shows whether that stack
    fits, and --simulate runs its autoscaling through a day, a spike, or growth from 10,000 to 10 million users. It
    needs no account. Exit codes: 0 success; 2 wrong options, settings or assumptions.
    """
    with handle_errors(as_json=as_json):
        from rich.console import Console

        from tierup.capacity import plan as plans
        from tierup.capacity import report

        chosen = _scenarios(simulate or [])
        if svg is not None and not chosen:
            raise usage_error("--svg: there is no plot without a simulation. Add --simulate all.")
        assumed = _assumptions(
            assumptions,
            users=users,
            requests_per_user_hour=requests_per_user_hour,
            peak_factor=peak_factor,
            requests_per_second_per_task=requests_per_task,
        )
        if write_assumptions is not None:
            _write_new(write_assumptions, assumed.as_yaml())
            typer.echo(f"Wrote {write_assumptions}.", err=True)
        sizes = _sizes(stack, phase, tier, cwd or Path.cwd())
        found = plans.recommend(assumed)
        given = plans.plan_capacity(sizes, assumed) if sizes is not None else None
        console = Console(file=sys.stderr if as_json else sys.stdout, soft_wrap=True)
        document: dict[str, Any] = {
            "assumptions": {
                key: value for key, (value, _) in report.assumption_values(assumed, given or found.plan).items()
            },
            "recommendation": report.recommendation_document(found),
        }
        if given is not None:
            document["stack"] = report.plan_document(given)
        if not as_json:
            report.print_assumptions(console, assumed, given or found.plan)
            report.print_plan(console, given or found.plan)
            if given is not None:
                verdict = "The stack fits." if given.fits else "The stack does not fit."
                console.print(f"{verdict} These settings fit:\n", highlight=False)
            else:
                console.print()
            report.print_recommendation(console, found)
        if chosen:
            simulated = _simulate(sizes or found.plan.sizes, assumed, chosen, seed, console, as_json=as_json)
            document["simulations"] = simulated.documents
            if svg is not None:
                from tierup.capacity import plots

                svg.write_text(plots.svg(simulated.plots), encoding="utf-8")
                console.print(f"Wrote {svg}.", highlight=False, markup=False)
        if as_json:
            print(json.dumps(document, indent=2))


class _Simulated:
    """The results of the simulations."""

    def __init__(self) -> None:
        self.documents: dict[str, Any] = {}
        self.plots: list[Plot] = []


def _simulate(
    sizes: StackSizes, assumed: Assumptions, chosen: Sequence[str], seed: int, console: Console, *, as_json: bool
) -> _Simulated:
    from tierup.capacity import load, plots, report
    from tierup.capacity.growth import simulate_growth
    from tierup.capacity.simulation import scaling_policies, service_model, simulate

    found = _Simulated()
    name = f"{sizes.phase} / {sizes.tier}"

    def add(plot: Plot, shown: Sequence[str] | None = None) -> None:
        found.plots.append(plot)
        if not as_json:
            typer.echo(plots.terminal(plot, min(console.width, _PLOT_WIDTH), series=shown))

    loads: dict[str, Callable[[Assumptions], load.Load]] = {"daily": load.daily, "spike": load.spike}
    titles = {"daily": f"A day, {name}", "spike": f"A spike of {assumed.spike_factor:g} times the average, {name}"}
    for scenario in chosen:
        if scenario in loads:
            result: SimulationResult = simulate(
                loads[scenario](assumed), scaling_policies(sizes), service_model(sizes, assumed), seed=seed
            )
            found.documents[scenario] = report.result_document(result)
            if not as_json:
                report.print_result(console, titles[scenario], result)
            add(plots.of_simulation(titles[scenario], result), plots.shown_series(result))
            continue
        steps: Sequence[GrowthStep] = simulate_growth(sizes, assumed, seed=seed, progress=_progress())
        found.documents[scenario] = report.growth_document(steps)
        if not as_json:
            console.print(f"\nThe busiest four hours of a day while the users grow, {name}:", highlight=False)
            report.print_growth(console, steps)
        add(plots.of_growth(f"Growth, {name}", steps), ("most tasks", "p95 in ms"))
    return found


def _progress() -> Callable[[int], None]:
    """Return what prints the number of users that is simulated, at most every two seconds."""
    last = time.monotonic()

    def show(users: int) -> None:
        nonlocal last
        if time.monotonic() - last >= 2:
            last = time.monotonic()
            typer.echo(f"Simulating {users:,} users", err=True)

    return show


def _scenarios(given: Sequence[str]) -> Sequence[str]:
    for each in given:
        if each not in (*_SCENARIOS, "all"):
            raise usage_error(f"--simulate: not a load (got {each}). Allowed: {', '.join(_SCENARIOS)}, all.")
    return [each for each in _SCENARIOS if each in given or "all" in given]


def _assumptions(file: Path | None, **given: float | None) -> Assumptions:
    from tierup.capacity.assumptions import Assumptions

    try:
        return (Assumptions.read(file) if file is not None else Assumptions()).changed(**given)
    except ValueError as error:
        raise usage_error(str(error)) from error


def _write_new(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise usage_error(
            f"--write-assumptions: the file exists (got {path}). Give another name, or delete it."
        ) from error


def _sizes(stack: str | None, phase: str | None, tier: str | None, cwd: Path) -> StackSizes | None:
    """Return the sizes of the stack, or of the phase and tier, or None. Raises CommandError."""
    from tierup.capacity.stack_sizes import of_settings, of_tier
    from tierup.program_settings import Phase, Tier

    if stack is not None:
        if phase is not None or tier is not None:
            raise usage_error(f"--stack: not allowed together with --phase or --tier (got {stack}). Give one of them.")
        from tierup.deployment import project as projects
        from tierup.preflight.stack_plan import read_plan

        projects.check_stack_name(stack)
        settings = read_plan(projects.find(cwd), stack).settings
        if settings is None:
            raise usage_error(f"--stack: the stack has no tierup: settings (got {stack}). Give --phase and --tier.")
        return of_settings(settings)
    for option, value, allowed in (("--phase", phase, list(Phase)), ("--tier", tier, list(Tier))):
        if value is not None and value not in allowed:
            raise usage_error(f"{option}: not supported (got {value}). Allowed: {', '.join(allowed)}.")
    if (phase is None) != (tier is None):
        missing, has = ("--tier", "--phase") if tier is None else ("--phase", "--tier")
        raise usage_error(f"{missing}: missing together with {has}. Give both.")
    return of_tier(Phase(phase), Tier(tier)) if phase is not None else None
