"""`python -m tools.switching`: write the matrix of all switches, run pairs on the engine, or soak."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from components.cdn.provider import CdnKind

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@app.command()
def matrix() -> None:
    """Write the matrix of all pairs into docs/reference/switching.md, from the planner alone."""
    from tools.switching.matrix import write_page

    write_page(lambda line: print(line, file=sys.stderr))


@app.command()
def pairs(
    pair: Annotated[
        list[str] | None,
        typer.Argument(metavar="[BEFORE AFTER]...", help="Only these pairs, such as mvp/small mvp/large."),
    ] = None,
    cdn: Annotated[CdnKind, typer.Option("--cdn", help="The CDN of the stacks.")] = CdnKind.CLOUDFRONT,
    again: Annotated[bool, typer.Option("--again", help="Run pairs that have a result, too.")] = False,
    workers: Annotated[int, typer.Option("--workers", min=1, help="The number of pairs at a time.")] = 1,
) -> None:
    """Run pairs on the real engine in the sandbox, and write the results. A run continues where it stopped."""
    from tools.switching.engine_pairs import run_pairs
    from tools.switching.states import parse

    given = [parse(each) for each in pair or ()]
    if len(given) % 2:
        raise typer.BadParameter("BEFORE AFTER: a pair has two states. Give one more.")
    chosen = list(zip(given[::2], given[1::2], strict=True)) or None
    failed = run_pairs(chosen, cdn, again=again, workers=workers, progress=lambda line: print(line, file=sys.stderr))
    raise typer.Exit(1 if failed else 0)


@app.command()
def soak(
    walks: Annotated[int, typer.Option("--walks", min=1, help="The number of random walks.")] = 100,
    switches: Annotated[int, typer.Option("--switches", min=1, help="The switches of each walk.")] = 10,
    seed: Annotated[
        int, typer.Option("--seed", help="The seed of the first walk; the next one has the next seed.")
    ] = 1,
    folder: Annotated[Path | None, typer.Option("--folder", help="Where the stacks are kept.")] = None,
) -> None:
    """Walk through random states with random faults on the real engine in the sandbox."""
    from tools.switching.soak import run_walks

    failed = run_walks(walks, switches, seed, folder, progress=lambda line: print(line, file=sys.stderr))
    raise typer.Exit(1 if failed else 0)


if __name__ == "__main__":
    app()
