"""`tierup add`: adds parts to a stack's settings file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from tierup.cli.errors import handle_errors
from tierup.cli.options import AsJson, Cwd, Stack

app = typer.Typer(help="Add parts to a stack's settings file.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Add parts to a stack's settings file."""


@app.command()
def service(
    name: Annotated[str, typer.Argument(help="The name: lower-case letters, digits and hyphens.")],
    image: Annotated[str, typer.Option("--image", help="The first image: REPOSITORY:TAG or REPOSITORY@sha256:DIGEST.")],
    path: Annotated[
        list[str],
        typer.Option("--path", help="A path pattern on the API's host, such as /reports/*. Repeat for several."),
    ],
    stack: Stack = "dev",
    port: Annotated[int | None, typer.Option("--port", help="The application's port.", show_default="5000")] = None,
    health_check_path: Annotated[
        str | None,
        typer.Option("--health-check-path", help="The path that returns 200.", show_default="/health"),
    ] = None,
    priority: Annotated[
        int | None, typer.Option("--priority", help="The priority of its listener rule.", show_default="a free one")
    ] = None,
    cpu: Annotated[int | None, typer.Option("--cpu", help="CPU units of a task.", show_default="512")] = None,
    memory: Annotated[int | None, typer.Option("--memory", help="Memory in MiB.", show_default="1024")] = None,
    tasks: Annotated[int | None, typer.Option("--tasks", help="The minimum number of tasks.", show_default="2")] = None,
    max_tasks: Annotated[
        int | None, typer.Option("--max-tasks", help="The maximum number of tasks.", show_default="4")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the settings, and write nothing.")] = False,
    as_json: AsJson = False,
    cwd: Cwd = None,
) -> None:
    """Add a further service beside the API (phase enterprise).

    It has its own image, paths, size and repository. The settings are validated before they are written. `tierup up`
    creates the service.
    """
    with handle_errors(as_json=as_json):
        from tierup.deployment import project as projects
        from tierup.release.new_service import changes_to_add, check_settings
        from tierup.switch.settings_file import change_config, read_config

        projects.check_stack_name(stack)
        project = projects.find(cwd or Path.cwd())
        given: dict[str, Any] = {
            "image": image,
            "paths": path,
            "priority": priority,
            "port": port,
            "healthCheckPath": health_check_path,
            "cpu": cpu,
            "memory": memory,
            "tasks": tasks,
            "maxTasks": max_tasks,
        }
        entry = {key: value for key, value in given.items() if value is not None}
        changes = changes_to_add(read_config(project, stack), name, entry)
        check_settings(project, stack, changes)
        file = project.settings_file(stack)
        if not dry_run:
            change_config(file, changes)
        if as_json:
            print(json.dumps({"stack": stack, "file": str(file), "written": not dry_run, "changes": changes}, indent=2))
            return
        typer.echo(f"{'Would add' if dry_run else 'Added'} service {name} to {file.name}:")
        for key, value in changes.items():
            typer.echo(f"  {key}: {json.dumps(value)}")
        if not dry_run:
            typer.echo(
                f"Run `tierup up --stack {stack}` to create it; `tierup deploy --service {name}` deploys images."
            )
