"""`python -m tools.switching`: write the matrix of all switches, run pairs on the engine, or soak."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from components.cdn.provider import CdnKind

if TYPE_CHECKING:
    from tools.switching.states import State

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


_Pair = Annotated[
    list[str] | None,
    typer.Argument(metavar="[BEFORE AFTER]...", help="Only these pairs, such as mvp/small mvp/large."),
]
_Again = Annotated[bool, typer.Option("--again", help="Run pairs that have a result, too.")]
_Workers = Annotated[int, typer.Option("--workers", min=1, help="The number of pairs at a time.")]


@app.command()
def matrix(
    pair: _Pair = None,
    cdn: Annotated[CdnKind | None, typer.Option("--cdn", help="Only stacks with this CDN.")] = None,
    again: _Again = False,
    workers: _Workers = 2,
) -> None:
    """Run all pairs on the sandbox's providers without the engine, and write docs/reference/switching.md.

    A pair takes some seconds. A run continues where it stopped.
    """
    from tools.switching.matrix import run_pairs, write_page

    cdns = list(CdnKind) if cdn is None else [cdn]
    failed = run_pairs(_chosen(pair), cdns, again=again, workers=workers, progress=_progress)
    write_page()
    raise typer.Exit(1 if failed else 0)


@app.command()
def pairs(
    pair: _Pair = None,
    cdn: Annotated[CdnKind, typer.Option("--cdn", help="The CDN of the stacks.")] = CdnKind.CLOUDFRONT,
    again: _Again = False,
    workers: _Workers = 1,
) -> None:
    """Run pairs on the real engine in the sandbox, and compare them with the run without the engine.

    A pair takes minutes. A run continues where it stopped.
    """
    from tools.switching.engine_pairs import run_pairs

    failed = run_pairs(_chosen(pair), cdn, again=again, workers=workers, progress=_progress)
    raise typer.Exit(1 if failed else 0)


def _chosen(pair: list[str] | None) -> list[tuple[State, State]] | None:
    from tools.switching.states import parse

    given = [parse(each) for each in pair or ()]
    if len(given) % 2:
        raise typer.BadParameter("BEFORE AFTER: a pair has two states. Give one more.")
    return list(zip(given[::2], given[1::2], strict=True)) or None


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


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

    failed = run_walks(walks, switches, seed, folder, progress=_progress)
    raise typer.Exit(1 if failed else 0)


if __name__ == "__main__":
    app()
