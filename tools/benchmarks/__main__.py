"""`python -m tools.benchmarks` measures and prints; exit code 1 if a limit is exceeded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tierup.cli.errors import handle_errors
from tierup.cli.options import AsJson
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.project import find
from tools.benchmarks import cdk_synth, policy_pack, sandbox_up, traffic_model


def benchmark(
    as_json: AsJson = False,
    runs: Annotated[int, typer.Option("--runs", min=1, help="Runs of each; the medians are compared.")] = 5,
    policies: Annotated[bool, typer.Option("--policies", help="Measure what the policies add to a preview.")] = False,
    traffic: Annotated[bool, typer.Option("--traffic", help="Measure what the traffic model adds to an `up`.")] = False,
    cdk: Annotated[bool, typer.Option("--cdk", help="Compare a preview with `cdk synth`; needs Node.js.")] = False,
) -> None:
    """Compare a warm `tierup up --sandbox` with a plain `pulumi up`, and measure the sandbox alone."""
    with handle_errors(as_json=as_json):
        console = Console(stderr=True)
        chosen = {"--policies": policies, "--traffic": traffic, "--cdk": cdk}
        given = [option for option, is_given in chosen.items() if is_given]
        if len(given) > 1:
            raise CommandError(
                f"{', '.join(chosen)}: several are given (got {', '.join(given)}). Give one for one measurement.",
                ExitCode.SETTINGS,
            )
        measures = {"--policies": policy_pack.run, "--traffic": traffic_model.run, "--cdk": cdk_synth.run}
        measure = measures[given[0]] if given else sandbox_up.run
        result = measure(find(Path.cwd()), runs=runs, notify=lambda line: console.print(line, highlight=False))
        print(json.dumps(result.as_document(), indent=2) if as_json else result.as_text())
        if not result.passes:
            raise typer.Exit(1)


typer.run(benchmark)
