"""`tierup restore`: restores the database of a stack from a snapshot, or to a time."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tierup.cli.columns import print_columns
from tierup.cli.confirmation import cancelled, check_terminal
from tierup.cli.errors import handle_errors, usage_error
from tierup.cli.options import AsJson, Cwd, Sandbox, Stack, Yes
from tierup.cli.release_workspace import OpenedStack, open_stack

if TYPE_CHECKING:
    from rich.console import Console

    from tierup.operations.atlas_admin import AtlasAdmin, AtlasClusterId, Snapshot

app = typer.Typer(
    help="Restore the data of a stack from a backup.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@app.callback()
def _restore() -> None:
    """Keep `database` a subcommand, because further data may follow."""


@app.command()
def database(
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    snapshot: Annotated[
        str | None, typer.Option("--snapshot", help="The id of a snapshot, or latest.", show_default="list them")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--at", help="A time within tierup:databaseBackups.pointInTimeDays: ISO 8601, or 30m, 2h, 3d ago."
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", help="Another cluster of the project.", show_default="the stack's own cluster"),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be restored, and change nothing.")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait until Atlas has restored the data.")] = True,
    yes: Yes = False,
    as_json: AsJson = False,
    cwd: Cwd = None,
) -> None:
    """Restore the database from a snapshot or to a time.

    Without either, the command lists the snapshots. Atlas replaces all data of the cluster, and the application cannot
    use the cluster meanwhile. A protected cluster is restored only with --yes. The cluster, its users and its name
    stay.
    """
    with handle_errors(as_json=as_json):
        from tierup.deployment.stack_state import read_state
        from tierup.operations.atlas_admin import cluster_of
        from tierup.release.time_options import time_since

        if snapshot is not None and at is not None:
            raise usage_error("--snapshot and --at: only one may be set (got both). Leave one of them out.")
        if sandbox:
            raise usage_error(
                "--sandbox: `tierup restore` works on real accounts only (got --sandbox). The sandbox keeps no data."
            )
        opened = open_stack(stack, sandbox=sandbox, as_json=as_json, cwd=cwd)
        cluster = cluster_of(read_state(opened.workspace))
        api = atlas(opened)
        snapshots = api.snapshots(cluster)
        if snapshot is None and at is None:
            _list(opened.console, snapshots, as_json=as_json)
            return
        target = to or cluster.name
        chosen = None if snapshot is None else _chosen(snapshots, snapshot)
        time = None if at is None else time_since("--at", at)
        what = f"snapshot {chosen.id} of {chosen.created}" if chosen else f"the state at {_text(time)}"
        document = {
            "stack": stack,
            "from": cluster.name,
            "to": target,
            "snapshot": asdict(chosen) if chosen else None,
            "at": _text(time) if time else None,
        }
        if dry_run:
            _end(opened, document, "planned", f"Atlas would restore {what} into the cluster {target}.", as_json)
            return
        _confirm(cluster, target, what, yes=yes)
        job = api.start_restore(cluster, target=target, snapshot=chosen.id if chosen else None, at=time)
        document["job"] = job
        if not wait:
            _end(opened, document, "started", f"Atlas restores {what} into {target} (job {job}).", as_json)
            return
        for line in api.wait_for_restore(cluster, job):
            opened.console.print(line, highlight=False, markup=False)
        _end(opened, document, "restored", f"Atlas restored {what} into the cluster {target}.", as_json)


def atlas(opened: OpenedStack) -> AtlasAdmin:
    """Return the API of Atlas with the stack's credentials. Raises CommandError."""
    from tierup.operations.atlas_admin import AtlasAdmin
    from tierup.preflight.stack_plan import read_config

    config, secret_keys = read_config(opened.project.name, opened.project.settings(opened.stack))
    return AtlasAdmin(config, secret_keys, os.environ)


def _list(console: Console, snapshots: list[Snapshot], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"snapshots": [asdict(each) for each in snapshots]}, indent=2))
        return
    if not snapshots:
        console.print("There is no snapshot.", highlight=False)
        return
    rows = [("SNAPSHOT", "CREATED", "KIND", "EXPIRES")]
    print_columns(console, [*rows, *((each.id, each.created, each.kind, each.expires) for each in snapshots)])


def _chosen(snapshots: list[Snapshot], identity: str) -> Snapshot:
    found = snapshots[:1] if identity == "latest" else [each for each in snapshots if each.id == identity]
    if not found:
        raise usage_error(
            f"--snapshot: no such snapshot (got {identity}). Run the command without it for the list of "
            f"{len(snapshots)} snapshots."
        )
    return found[0]


def _confirm(cluster: AtlasClusterId, target: str, what: str, *, yes: bool) -> None:
    if yes:
        return
    if cluster.protected and target == cluster.name:
        raise usage_error(
            f"--yes: must be set to restore a protected cluster (got {cluster.name} without it). Add --yes, or restore "
            "into another cluster with --to."
        )
    check_terminal("restore database", alternative="--dry-run to see what would be restored")
    sys.stdout.flush()
    if not typer.confirm(f"Replace all data of the cluster {target} with {what}?", err=True):
        raise cancelled()


def _text(time: datetime | None) -> str:
    return "" if time is None else time.isoformat(timespec="seconds")


def _end(opened: OpenedStack, document: Mapping[str, object], result: str, sentence: str, as_json: bool) -> None:
    if as_json:
        print(json.dumps({**document, "result": result}, indent=2))
    else:
        opened.console.print(sentence, highlight=False, markup=False)
