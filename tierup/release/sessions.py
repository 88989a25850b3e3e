"""Sessions of Systems Manager in a task: a command (ECS Exec), or a port that is forwarded through the task.

The plugin's arguments and the target of a container are those of the AWS CLI
(https://github.com/aws/aws-cli/blob/develop/awscli/customizations/ecs/executecommand.py and
.../customizations/sessionmanager.py, read 2026-11-28).
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Final

from tierup.deployment.errors import CommandError, ExitCode
from tierup.release.aws_errors import aws_errors
from tierup.release.ecs_compute import EcsCompute
from tierup.release.stack_services import StackService

PLUGIN: Final = "session-manager-plugin"
# https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-sessions-start.html#sessions-remote-port-forwarding
# (from memory)
_FORWARDING: Final = "AWS-StartPortForwardingSessionToRemoteHost"


def check_plugin() -> str:
    """Return the path of AWS's plugin for sessions. Raises CommandError if it is not installed."""
    plugin = shutil.which(PLUGIN)
    if plugin is None:
        raise CommandError(
            f"{PLUGIN}: must be installed (got none on the PATH). Install AWS's Session Manager plugin, then run the "
            "command again.",
            ExitCode.SETTINGS,
        )
    return plugin


def execute(compute: EcsCompute, plugin: str, service: StackService, command: str) -> int:
    """Run a command in a running task of a service, with this terminal. Return the exit code of the plugin.

    Raises:
        CommandError: ECS Exec is not enabled, no task runs, or AWS denies the session.
    """
    task = _task(compute, service)
    ecs = compute.client("ecs")
    with aws_errors():
        answer = ecs.execute_command(
            cluster=service.cluster, task=task["taskArn"], container=service.name, interactive=True, command=command
        )
    parameters = {"Target": _target(service, task)}
    return _run_plugin(plugin, answer["session"], parameters, ecs)


def forward(compute: EcsCompute, plugin: str, service: StackService, *, host: str, port: int, local_port: int) -> int:
    """Forward a port of this machine to a host that a task of the service reaches. Return the plugin's exit code.

    Raises:
        CommandError: ECS Exec is not enabled, no task runs, or AWS denies the session.
    """
    task = _task(compute, service)
    ssm = compute.client("ssm")
    parameters = {
        "Target": _target(service, task),
        "DocumentName": _FORWARDING,
        "Parameters": {"host": [host], "portNumber": [str(port)], "localPortNumber": [str(local_port)]},
    }
    with aws_errors():
        answer = ssm.start_session(**parameters)
    session = {key: answer[key] for key in ("SessionId", "TokenValue", "StreamUrl")}
    return _run_plugin(plugin, session, parameters, ssm)


def _task(compute: EcsCompute, service: StackService) -> Mapping[str, Any]:
    task = compute.running_task(service)
    if not task.get("enableExecuteCommand"):
        raise CommandError(
            f"tierup:ecsExec: must be true for sessions in a task (got a task of {service.name} without it). Run "
            "`pulumi config set tierup:ecsExec true`, then `tierup up`.",
            ExitCode.SETTINGS,
        )
    return task


def _target(service: StackService, task: Mapping[str, Any]) -> str:
    runtime = next((each.get("runtimeId") for each in task["containers"] if each["name"] == service.name), None)
    return f"ecs:{service.cluster.rpartition('/')[2]}_{str(task['taskArn']).rpartition('/')[2]}_{runtime}"


def _run_plugin(plugin: str, session: Mapping[str, Any], parameters: Mapping[str, Any], client: Any) -> int:
    arguments = [
        plugin,
        json.dumps(session),
        client.meta.region_name,
        "StartSession",
        "",
        json.dumps(parameters),
        client.meta.endpoint_url,
    ]
    with _InterruptsToPlugin():
        return subprocess.run(arguments, check=False).returncode


class _InterruptsToPlugin(AbstractContextManager[None]):
    """Leaves Ctrl-C to the plugin, which passes it on to the command in the container."""

    def __enter__(self) -> None:
        self._before = signal.signal(signal.SIGINT, signal.SIG_IGN)

    def __exit__(self, *error: object) -> None:
        signal.signal(signal.SIGINT, self._before)
