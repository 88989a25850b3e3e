"""`tierup site`: deploys a built frontend to the site's bucket, lists its releases, and rolls back."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from tierup.cli.errors import handle_errors
from tierup.cli.options import AsJson, Cwd, Sandbox, Stack
from tierup.counting import counted

if TYPE_CHECKING:
    from rich.console import Console

    from tierup.site.publication import OnProgress, PublicationPlan
    from tierup.site.target import SiteTarget

_LISTED: Final = 10  # files of a dry run on the terminal

DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")]
WaitForCdn = Annotated[
    bool, typer.Option("--wait", help="Wait until all edge locations of CloudFront have dropped the changed pages.")
]

app = typer.Typer(
    help="Deploy a built frontend, list its releases, and roll back.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@app.command()
def deploy(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the built site, with index.html.")],
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    keep: Annotated[int, typer.Option("--keep", min=1, help="The number of releases to keep for a rollback.")] = 10,
    message: Annotated[str, typer.Option("--message", "-m", help="A text of the release, such as a commit.")] = "",
    dry_run: DryRun = False,
    wait: WaitForCdn = False,
    as_json: AsJson = False,
    cwd: Cwd = None,
) -> None:
    """Upload a built site as a release, and publish its pages.

    Assets are uploaded before the pages that name them, and files of kept releases are not deleted. A second run of the
    same folder uploads nothing; after an interruption it continues. Exit codes: 0 success; 1 a cloud reported an error;
    2 wrong options or settings; 5 no credentials; 6 another run deploys the site.
    """
    with handle_errors(as_json=as_json):
        from tierup.site import publication
        from tierup.site.caching import caching_table
        from tierup.site.files import read_folder

        console, target = _open(stack, cwd, sandbox=sandbox, as_json=as_json)
        files = read_folder(folder, caching_table(target.settings), compress_large=target.compress_large)
        if dry_run:
            state = publication.read_deployment_state(target.store, files)
            plan = publication.plan_deployment(state, files, keep=keep, message=message)
            _report(console, target, plan, "", dry_run=True, as_json=as_json)
            return
        with _progress(console) as on_progress:
            result = publication.deploy(
                target.store,
                target.cache,
                files,
                keep=keep,
                message=message,
                wait=wait,
                on_progress=on_progress,
            )
        _report(console, target, result.plan, result.cache, dry_run=False, as_json=as_json)


@app.command()
def rollback(
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    to: Annotated[
        int | None,
        typer.Option("--to", min=1, help="The release to publish.", show_default="the one published before"),
    ] = None,
    dry_run: DryRun = False,
    wait: WaitForCdn = False,
    as_json: AsJson = False,
    cwd: Cwd = None,
) -> None:
    """Publish the pages of an earlier release again.

    Exit codes: 0 success; 1 a cloud reported an error, or the bucket lacks files of the release; 2 wrong options or
    settings, or no such release; 5 no credentials; 6 another run deploys the site.
    """
    with handle_errors(as_json=as_json):
        from tierup.site import publication
        from tierup.site.releases import read_state

        console, target = _open(stack, cwd, sandbox=sandbox, as_json=as_json)
        if dry_run:
            plan = publication.plan_rollback(read_state(target.store), to)
            _report(console, target, plan, "", dry_run=True, as_json=as_json)
            return
        with _progress(console) as on_progress:
            result = publication.roll_back(target.store, target.cache, to, wait=wait, on_progress=on_progress)
        _report(console, target, result.plan, result.cache, dry_run=False, as_json=as_json)


@app.command()
def purge(
    tag: Annotated[list[str], typer.Option("--tag", help="A cache tag of tierup:siteCacheTags; repeat for several.")],
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    wait: WaitForCdn = False,
    as_json: AsJson = False,
    cwd: Cwd = None,
) -> None:
    """Drop all files with a cache tag from the cache of the CDN.

    Exit codes: 0 success; 1 a cloud reported an error; 2 wrong options or settings, or no such tag; 5 no credentials.
    """
    with handle_errors(as_json=as_json):
        from tierup.deployment.errors import CommandError, ExitCode
        from tierup.site.edge_cache import publication_reference

        console, target = _open(stack, cwd, sandbox=sandbox, as_json=as_json)
        tags = list(dict.fromkeys(each.lower() for each in tag))
        known = sorted({name for names in target.settings.site_cache_tags.values() for name in names})
        unknown = sorted(set(tags) - set(known))
        if unknown:
            raise CommandError(
                f"--tag: no file has the tag (got {', '.join(unknown)}). Tags of tierup:siteCacheTags: "
                f"{', '.join(known) or 'none'}.",
                ExitCode.SETTINGS,
            )
        sentence = target.cache.drop_tags(tags, reference=publication_reference("purge"), wait=wait)
        if as_json:
            print(json.dumps({"site_url": target.url, "tags": tags, "cdn": sentence}, indent=2))
            return
        console.print(sentence, highlight=False)


@app.command()
def releases(stack: Stack = "dev", sandbox: Sandbox = False, as_json: AsJson = False, cwd: Cwd = None) -> None:
    """List the releases that are kept, the newest first."""
    with handle_errors(as_json=as_json):
        from tierup.site.releases import read_state

        console, target = _open(stack, cwd, sandbox=sandbox, as_json=as_json)
        state = read_state(target.store)
        rows = [
            {
                "release": release.number,
                "created": release.created,
                "published": next(
                    (each.at for each in reversed(state.published.history) if each.release == release.number), None
                ),
                "current": release.number == state.published.release,
                "files": len(release.files),
                "bytes": release.size,
                "message": release.message,
            }
            for release in sorted(state.releases.values(), key=lambda release: -release.number)
        ]
        if as_json:
            print(json.dumps(rows, indent=2))
            return
        if not rows:
            console.print("The site has no releases yet. `tierup site deploy DIR` creates one.")
            return
        _print_releases(console, rows)


def _print_releases(console: Console, rows: list[dict[str, Any]]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for title in ("release", "published", "files", "size", "message"):
        table.add_column(title, justify="right" if title in ("release", "files", "size") else "left")
    for row in rows:
        published = (row["published"] or "never")[:19].replace("T", " ")
        table.add_row(
            f"{row['release']}{' *' if row['current'] else '  '}",
            published,
            str(row["files"]),
            _size(row["bytes"]),
            row["message"],
        )
    console.print(table, highlight=False)
    console.print("* is published.", highlight=False)


def _open(stack: str, cwd: Path | None, *, sandbox: bool, as_json: bool) -> tuple[Console, SiteTarget]:
    from rich.console import Console

    from tierup.cli.workspace import open_workspace
    from tierup.deployment import project as projects
    from tierup.site.target import open_target

    console = Console(file=sys.stderr if as_json else sys.stdout)
    projects.check_stack_name(stack)
    project = projects.find(cwd or Path.cwd())
    workspace = open_workspace(project, stack, console, sandbox=sandbox, create=False)
    return console, open_target(project, stack, workspace)


def _report(
    console: Console, target: SiteTarget, plan: PublicationPlan, cache: str, *, dry_run: bool, as_json: bool
) -> None:
    if as_json:
        print(json.dumps(_document(target, plan, cache, dry_run=dry_run), indent=2))
        return

    def line(text: str) -> None:
        console.print(text, highlight=False, markup=False, soft_wrap=True)

    if plan.changes_nothing:
        line(f"Release {plan.release.number} is published; nothing changed.")
        return
    would = "would be " if dry_run else ""
    for title, keys in (
        (f"{would}uploaded", sorted({*plan.assets, *plan.copies})),
        (f"{would}published", plan.pages),
        (f"{would}deleted", plan.deleted),
    ):
        if not keys:
            continue
        line(f"{counted(len(keys), 'file')} {title}")
        if dry_run:
            for key in keys[:_LISTED]:
                line(f"  {key}")
            if len(keys) > _LISTED:
                line(f"  … and {len(keys) - _LISTED} more; --json lists all")
    for key in plan.overwritten:
        line(
            f"Warning: {key} has a new content under the same name. Browsers that have it keep the old one for a year."
        )
    if dry_run:
        line(f"Dry run of release {plan.release.number}; nothing was changed.")
        return
    if cache:
        line(cache)
    line(f"Release {plan.release.number} is published at {target.url}.")


def _document(target: SiteTarget, plan: PublicationPlan, cache: str, *, dry_run: bool) -> dict[str, Any]:
    return {
        "release": plan.release.number,
        "site_url": target.url,
        "bucket": target.bucket,
        "dry_run": dry_run,
        "changed": not plan.changes_nothing and not dry_run,
        "uploaded": sorted({*plan.assets, *plan.copies}),
        "published": list(plan.pages),
        "invalidated": list(target.cache.paths(plan.stale)),
        "overwritten": list(plan.overwritten),
        "deleted": list(plan.deleted),
        "pruned_releases": list(plan.pruned),
        "cdn": cache,
    }


@contextmanager
def _progress(console: Console) -> Generator[OnProgress]:
    """Show the progress: a bar on a terminal, else a line every ten seconds."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

    if not console.is_terminal:
        yield _progress_lines(console)
        return
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console, transient=True
    ) as bar:
        tasks: dict[str, TaskID] = {}

        def on_progress(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=total)
            bar.update(tasks[step], completed=done)

        yield on_progress


def _progress_lines(console: Console) -> OnProgress:
    shown = time.monotonic()

    def on_progress(step: str, done: int, total: int) -> None:
        nonlocal shown
        if time.monotonic() - shown >= 10:
            shown = time.monotonic()
            console.print(f"{step} {done}/{total} files", highlight=False)

    return on_progress


def _size(size: int) -> str:
    value = float(size)
    for unit in ("B", "KB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"
