"""The program's own container in a task, as ECS takes it (JSON, camelCase).

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html (read 2026-11-24)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pulumi import Input

TMP_MIB = 64
"""The most that /tmp holds. It is memory, out of what the heap leaves (fargate_sizes.py).

A volume that the image does not declare is root's own, 0755:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html (read 2026-11-24).
"""

PORT_NAME = "http"
"""The port's name, by which Service Connect offers it."""


def container_definition(
    *,
    name: str,
    image: Input[str],
    command: Sequence[str] | None,
    user: str,
    port: int | None,
    environment: Mapping[str, Input[str]],
    secrets: Mapping[str, Input[str]],
    logs: Mapping[str, object],
    stop_timeout_seconds: int,
    health_check_path: str,
    readonly_root: bool,
    restarts: bool = True,
    named_port: bool = False,
    starts_after: Sequence[str] = (),
) -> dict[str, object]:
    """Inputs may stand anywhere inside: for `Output.json_dumps`. Variables are sorted, so their order is no change.

    `port` None: a program that nobody calls; then ECS knows only whether it runs. `restarts` False: one that is meant
    to end. `starts_after`: names of containers.
    """
    definition: dict[str, object] = {"name": name, "image": image, "essential": True, "user": user}
    if port is not None:
        named = {"name": PORT_NAME, "appProtocol": "http"} if named_port else {}
        definition["portMappings"] = [{"containerPort": port, "hostPort": port, "protocol": "tcp", **named}]
    definition |= {
        "environment": [{"name": key, "value": environment[key]} for key in sorted(environment)],
        "secrets": [{"name": key, "valueFrom": secrets[key]} for key in sorted(secrets)],
        "readonlyRootFilesystem": readonly_root,
        "linuxParameters": {
            # An init reaps what Node, as process 1, would leave behind, and passes SIGTERM on.
            "initProcessEnabled": True,
            # Everybody may write there, whatever the image says; of a volume of the task that is not true.
            # https://aws.amazon.com/about-aws/whats-new/2026/01/amazon-ecs-tmpfs-mounts-aws-fargate-managed-instances/
            "tmpfs": [{"containerPath": "/tmp", "size": TMP_MIB, "mountOptions": ["nosuid", "nodev", "noexec"]}],  # noqa: S108  a path in the container
        },
    }
    if restarts:
        # Restarts a program that crashed after running well, without the minute a new task takes.
        definition["restartPolicy"] = {"enabled": True, "restartAttemptPeriod": 60}
    definition["stopTimeout"] = stop_timeout_seconds
    if port is not None:
        definition["healthCheck"] = {
            "command": _liveness_command(port, health_check_path),
            "interval": 30,
            "timeout": 10,
            "retries": 3,
            "startPeriod": 60,
        }
    definition["logConfiguration"] = logs
    if command is not None:
        definition["command"] = list(command)
    if starts_after:
        definition["dependsOn"] = [{"containerName": each, "condition": "START"} for each in starts_after]
    return definition


def cloudwatch_logs(*, group_name: Input[str], region: Input[str], stream_prefix: str) -> dict[str, object]:
    """A container's logConfiguration that writes to CloudWatch without a log router."""
    options = cloudwatch_log_options(group_name=group_name, region=region, stream_prefix=stream_prefix)
    return {"logDriver": "awslogs", "options": options}


def cloudwatch_log_options(*, group_name: Input[str], region: Input[str], stream_prefix: str) -> dict[str, Input[str]]:
    """Options of the awslogs driver."""
    return {
        "awslogs-group": group_name,
        "awslogs-region": region,
        "awslogs-stream-prefix": stream_prefix,
        # A log that cannot be written must not stop the program that writes it.
        "mode": "non-blocking",
        "max-buffer-size": "25m",
    }


def _liveness_command(port: int, path: str) -> list[str]:
    """Healthy while the process answers, whatever it answers.

    /health says 503 when the database is away: that takes the task out of the load balancer, which asks for 200, but
    killing the container would not bring a database back. Node itself asks, since an image need not have curl.
    """
    script = f"fetch('http://127.0.0.1:{port}{path}').then(() => process.exit(0), () => process.exit(1))"
    return ["CMD", "node", "-e", script]
