"""`tierup status`, `logs`, `exec`, `run`, `restart`, `pause`, `resume` and `connect`: the services that run."""

from __future__ import annotations

import json
import shlex
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from tierup.cli.columns import print_columns
from tierup.cli.confirmation import cancelled, check_terminal
from tierup.cli.errors import handle_errors, usage_error
from tierup.cli.options import AsJson, Cwd, Sandbox, Stack, Yes
from tierup.cli.release_workspace import OpenedStack, open_stack
from tierup.counting import counted

if TYPE_CHECKING:
    from tierup.deployment.checkpoint import Checkpoint
    from tierup.release.ecs_compute import EcsCompute, LogEvent
    from tierup.release.service_status import ServiceStatus
    from tierup.release.stack_services import StackService

_POLL_SECONDS = 3.0

OneService = Annotated[str, typer.Option("--service", help="backend, worker, or a name of tierup:services.")]
Services = Annotated[str | None, typer.Option("--service", help="Only this service.", show_default="all services")]
Command = Annotated[list[str], typer.Argument(help="The command and its arguments, after --.", metavar="COMMAND...")]
Follow = Annotated[bool, typer.Option("--follow", "-f", help="Wait for new lines until Ctrl-C.")]
Since = Annotated[str, typer.Option("--since", help="The oldest line: 10m, 2h, 3d, or an ISO 8601 time.")]
Filter = Annotated[str, typer.Option("--filter", help="A filter pattern of CloudWatch Logs, such as ERROR.")]


TaskId = Annotated[
    str, typer.Option("--task", help="Only this task: the beginning of its id.", show_default="all tasks")
]


class ConnectTarget(StrEnum):
    """What `tierup connect` reaches."""

    DATABASE = "database"
    CACHE = "cache"


class ConnectUser(StrEnum):
    """The access of a short-lived database user."""

    READ_ONLY = "read-only"
    APPLICATION = "application"
    MIGRATION = "migration"
    ADMIN = "admin"


def status(
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    service: Services = None,
    as_json: AsJson = False,
    cwd: Cwd = None,
) -> None:
    """Show the status of a stack's services and alarms.

    It shows tasks, deployment, image, and targets of the load balancer. The exit code is 1 if tasks are missing,
    targets are unhealthy, or an alarm of the stack has fired.
    """
    with handle_errors(as_json=as_json):
        from dataclasses import replace

        from tierup.deployment.stack_tags import read_tags
        from tierup.release import pauses
        from tierup.release.stack_services import stack_alarms

        opened, state, services = _services(stack, sandbox=sandbox, as_json=as_json, cwd=cwd, service=service)
        compute = opened.compute()
        paused = pauses.decode(read_tags(opened.workspace))
        found = [replace(each, paused=each.name in paused) for each in compute.status(services)]
        regions = {each.region or opened.clients().region or "" for each in services}
        alarms = [
            name
            for region in sorted(regions)
            for name in compute.tasks_in(region).fired_alarms(stack_alarms(state, region))
        ]
        healthy = all(each.healthy for each in found) and not alarms
        if as_json:
            document = {
                "stack": opened.workspace.stack,
                "healthy": healthy,
                "services": [each.as_document() for each in found],
                "alarms": alarms,
            }
            print(json.dumps(document, indent=2))
        else:
            _print_status(opened, found, alarms)
        if not healthy:
            raise typer.Exit(1)


def logs(
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    service: Services = None,
    since: Since = "10m",
    pattern: Filter = "",
    task: TaskId = "",
    follow: Follow = False,
    as_json: AsJson = False,
    cwd: Cwd = None,
) -> None:
    """Show the log lines of the services. With --json each line is one JSON document."""
    with handle_errors(as_json=as_json):
        from tierup.deployment.errors import ExitCode
        from tierup.release.time_options import time_since

        start = time_since("--since", since)
        opened, _, services = _services(stack, sandbox=sandbox, as_json=as_json, cwd=cwd, service=service)
        computes = {each.region: _on_ecs(opened, "logs", "has no logs", each.region) for each in services}
        seen: set[str] = set()
        while True:
            events: list[tuple[StackService, LogEvent]] = []
            for each in services:
                if each.log_group:
                    compute = computes[each.region]
                    found = (
                        compute.pod_log_events(each, since=start, pattern=pattern)
                        if each.runs_pods
                        else compute.log_events(each.log_group, since=start, pattern=pattern)
                    )
                    events += [(each, event) for event in found if event.id not in seen and event.task.startswith(task)]
            for each, event in sorted(events, key=lambda pair: pair[1].time):
                seen.add(event.id)
                # Events may arrive out of order, so that the next query begins at the newest one, not after it.
                start = max(start, event.time)
                _print_event(each, event, as_json=as_json)
            if not follow:
                return
            try:
                time.sleep(_POLL_SECONDS)
            except KeyboardInterrupt:
                # The usual end of --follow is no error, and with --json no further document.
                raise typer.Exit(ExitCode.INTERRUPTED) from None


def exec_(
    command: Command,
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    service: OneService = "backend",
    cwd: Cwd = None,
) -> None:
    """Run a command in a running task in this terminal (ECS Exec).

    It needs tierup:ecsExec and AWS's Session Manager plugin. The sandbox runs no containers.
    """
    with handle_errors(as_json=False):
        from tierup.release.sessions import check_plugin, execute

        opened, _, (chosen, *_) = _services(stack, sandbox=sandbox, as_json=False, cwd=cwd, service=service)
        compute = _on_ecs(opened, "exec", "runs no containers", chosen.region)
        _check_on_ecs(chosen, "exec")
        code = execute(compute, check_plugin(), chosen, shlex.join(command))
        if code:
            raise typer.Exit(code)


def run(
    command: Command,
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    service: OneService = "backend",
    as_json: AsJson = False,
    cwd: Cwd = None,
) -> None:
    """Run a command in a new task with the image of a service.

    It waits until the command ends, and exits with its exit code. The task has the roles, secrets and network of the
    service. In the sandbox the traffic model says whether it would start and connect.
    """
    with handle_errors(as_json=as_json):
        opened, _, (chosen, *_) = _services(stack, sandbox=sandbox, as_json=as_json, cwd=cwd, service=service)
        compute = opened.compute()

        def notify(line: str) -> None:
            print(line, file=sys.stderr)

        result = compute.run_task(compute.task_request(chosen, command), chosen.name, notify)
        code = 1 if result.exit_code is None else result.exit_code
        if as_json:
            document = {
                "service": chosen.name,
                "command": command,
                "exit_code": result.exit_code,
                "reason": result.reason or None,
                "log_lines": list(result.log_lines),
            }
            print(json.dumps(document, indent=2))
        else:
            for line in result.log_lines:
                print(line)
            if result.reason:
                notify(f"The task failed: {result.reason.rstrip('.')}.")
        if code:
            raise typer.Exit(code)


def restart(
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    service: Services = None,
    as_json: AsJson = False,
    cwd: Cwd = None,
) -> None:
    """Replace all tasks of the services without an interruption.

    New tasks read the current values of their secrets.
    """
    with handle_errors(as_json=as_json):
        opened, _, services = _services(stack, sandbox=sandbox, as_json=as_json, cwd=cwd, service=service)
        compute = opened.compute()
        for each in services:
            compute.restart(each)
        names = [each.name for each in services]
        _report(opened, "restarted", dict.fromkeys(names), as_json=as_json)
        if not as_json:
            opened.console.print(f"`tierup status {opened.workspace.flags}` shows the progress.", highlight=False)


def pause(
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    service: Services = None,
    yes: Yes = False,
    as_json: AsJson = False,
    cwd: Cwd = None,
) -> None:
    """Stop all tasks of the services until `tierup resume`.

    Their autoscaling is suspended, and the API answers with status 503. The database, the cache and the load balancer
    still cost money.
    """
    with handle_errors(as_json=as_json):
        from tierup.deployment.stack_tags import read_tags
        from tierup.release import pauses

        if not (sandbox or yes):
            check_terminal("pause")
        opened, _, services = _services(stack, sandbox=sandbox, as_json=as_json, cwd=cwd, service=service)
        compute = opened.compute()
        paused = pauses.decode(read_tags(opened.workspace))
        counts = {each.name: compute.desired_count(each) for each in services if each.name not in paused}
        stopped = {name: count for name, count in counts.items() if count}
        if not (sandbox or yes) and stopped:
            question = f"Stop {', '.join(stopped)} of stack '{opened.workspace.stack}'? Users get status 503."
            if not typer.confirm(question, err=True):
                raise cancelled()
        if stopped:
            # The numbers are written first, so that a command that is killed leaves what `resume` needs.
            pauses.write(opened.workspace, {**paused, **stopped})
        for each in services:
            if each.name in stopped:
                compute.scale(each, 0, suspended=True)
        _report(opened, "paused", stopped, as_json=as_json)


def resume(
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    service: Services = None,
    as_json: AsJson = False,
    cwd: Cwd = None,
) -> None:
    """Start the tasks of paused services again. Starts as many as before, and resumes autoscaling."""
    with handle_errors(as_json=as_json):
        from tierup.deployment.stack_tags import read_tags
        from tierup.release import pauses

        opened, _, services = _services(stack, sandbox=sandbox, as_json=as_json, cwd=cwd, service=service)
        compute = opened.compute()
        paused = pauses.decode(read_tags(opened.workspace))
        started = {each.name: paused[each.name] for each in services if each.name in paused}
        for each in services:
            if each.name in started:
                compute.scale(each, started[each.name], suspended=False)
        if started:
            pauses.write(opened.workspace, {name: count for name, count in paused.items() if name not in started})
        _report(opened, "resumed", started, as_json=as_json)


def connect(
    target: Annotated[ConnectTarget, typer.Argument(help="database or cache.")],
    stack: Stack = "dev",
    sandbox: Sandbox = False,
    service: OneService = "backend",
    local_port: Annotated[
        int | None,
        typer.Option("--local-port", min=1, max=65_535, help="The port on this machine.", show_default="the same"),
    ] = None,
    user: Annotated[
        ConnectUser | None,
        typer.Option("--user", help="Create a database user with this access, and delete it afterwards."),
    ] = None,
    lifetime: Annotated[
        str, typer.Option("--expires", help="When Atlas deletes the user at the latest: 30m, 4h, up to 7d.")
    ] = "4h",
    cwd: Cwd = None,
) -> None:
    """Forward a local port to the database or the cache.

    The connection goes through a running task. It needs tierup:ecsExec and AWS's Session Manager plugin. With --user
    the command creates a short-lived user of the database, and writes its connection string into a file that only you
    can read.
    """
    with handle_errors(as_json=False):
        from tierup.release.data_endpoints import endpoint_of
        from tierup.release.sessions import check_plugin, forward
        from tierup.release.stack_services import stack_outputs

        opened, state, (chosen, *_) = _services(stack, sandbox=sandbox, as_json=False, cwd=cwd, service=service)
        compute = _on_ecs(opened, "connect", "runs no containers", chosen.region)
        _check_on_ecs(chosen, "connect")
        plugin = check_plugin()
        if user is not None and target is not ConnectTarget.DATABASE:
            raise usage_error("--user: only the database has short-lived users (got cache). Leave it out.")
        endpoint = endpoint_of(target.value, stack_outputs(state))
        port = local_port or endpoint.port
        with _database_user(opened, state, user, lifetime, port):
            print(f"Forwarding localhost:{port} to {endpoint.host}:{endpoint.port}. {endpoint.hint} Ctrl-C ends it.")
            code = forward(compute, plugin, chosen, host=endpoint.host, port=endpoint.port, local_port=port)
        if code:
            raise typer.Exit(code)


@contextmanager
def _database_user(
    opened: OpenedStack, state: Checkpoint, access: ConnectUser | None, lifetime: str, port: int
) -> Generator[None]:
    """Create a short-lived database user, print the file with its connection string, and delete both at the end."""
    if access is None:
        yield
        return
    from tierup.cli.restore import atlas
    from tierup.operations.atlas_admin import cluster_of
    from tierup.operations.temporary_user import connection_file, duration_of
    from tierup.preflight.stack_plan import read_config

    longest = duration_of("--expires", lifetime)
    config, _ = read_config(opened.project.name, opened.project.settings(opened.stack))
    name = config.get("tierup:databaseName", "app")
    cluster, api = cluster_of(state), atlas(opened)
    user = api.create_user(cluster, access=access.value, database=name, lifetime=longest)
    try:
        print(f"Atlas creates the database user {user.name}, and deletes it at {user.deleted:%Y-%m-%d %H:%M} UTC.")
        api.wait_for_changes(cluster)
        with connection_file(user, database=name, port=port) as file:
            print(f'Its connection string is in a file: mongosh "$(cat {file})"')
            yield
    finally:
        api.delete_user(cluster, user)


def _services(
    stack: str, *, sandbox: bool, as_json: bool, cwd: Cwd, service: str | None
) -> tuple[OpenedStack, Checkpoint, list[StackService]]:
    from tierup.deployment.stack_state import read_state
    from tierup.release.stack_services import select_services, stack_services

    opened = open_stack(stack, sandbox=sandbox, as_json=as_json, cwd=cwd)
    state = read_state(opened.workspace)
    return opened, state, select_services(stack_services(state), service)


def _on_ecs(opened: OpenedStack, command: str, lacks: str, region: str) -> EcsCompute:
    from tierup.release.ecs_compute import EcsCompute

    compute = opened.compute().tasks_in(region)
    if not isinstance(compute, EcsCompute):
        raise usage_error(f"--sandbox: `tierup {command}` works on real accounts only (got --sandbox). It {lacks}.")
    return compute


def _check_on_ecs(service: StackService, command: str) -> None:
    """Raise CommandError for a service whose pods run on EKS."""
    if service.runs_pods:
        instead = "exec -it" if command == "exec" else "port-forward"
        raise usage_error(
            f"--service: `tierup {command}` uses ECS Exec (got {service.name}, whose pods run on EKS). Use `kubectl -n "
            f"{service.namespace} {instead} deployment/{service.service_name}`."
        )


def _report(opened: OpenedStack, what: str, services: Mapping[str, int | None], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"stack": opened.workspace.stack, "result": what, "services": dict(services)}, indent=2))
        return
    for name, count in services.items():
        tasks = "" if count is None else f" ({counted(count, 'task')})"
        opened.console.print(f"{name}: {what}{tasks}.", highlight=False, markup=False)
    if not services:
        opened.console.print("No service had to change.", highlight=False)


def _print_status(opened: OpenedStack, found: Sequence[ServiceStatus], alarms: Sequence[str]) -> None:
    rows: list[tuple[str, ...]] = [("SERVICE", "TASKS", "DEPLOYMENT", "TARGETS", "IMAGE")]
    for each in found:
        pending = f" (+{each.pending} pending)" if each.pending else ""
        targets = ", ".join(f"{count} {state}" for state, count in sorted(each.targets.items())) or "none"
        state = "paused" if each.paused else each.deployment
        rows.append((each.name, f"{each.running}/{each.desired}{pending}", state, targets, each.image))
    print_columns(opened.console, rows)
    for each in found:
        fired = [alarm for alarm in each.alarms if alarm not in alarms]
        for line in (*(f"alarm {name} is in state ALARM" for name in fired), *each.events):
            opened.console.print(f"{each.name}: {line}", highlight=False, markup=False, soft_wrap=True)
    for name in alarms:
        opened.console.print(f"Alarm {name} is in state ALARM.", highlight=False, markup=False, soft_wrap=True)


def _print_event(service: StackService, event: LogEvent, *, as_json: bool) -> None:
    task = event.task
    if as_json:
        document = {
            "time": event.time.isoformat(timespec="milliseconds"),
            "service": service.name,
            "task": task,
            "message": event.message,
        }
        print(json.dumps(document), flush=True)
    else:
        print(f"{event.time:%Y-%m-%d %H:%M:%S} {service.name}/{task[:8]} {event.message}", flush=True)
