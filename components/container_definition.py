"""The one container of a service's task, as ECS takes it (JSON, camelCase).

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html (read 2026-11-24)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pulumi import Input

SCRATCH_VOLUME = "scratch"
"""Fargate has no tmpfs: the task's own disk, empty at start and gone with the task, is its writable /tmp."""


def container_definition(
    *,
    name: str,
    image: Input[str],
    command: Sequence[str] | None,
    user: str,
    port: int,
    environment: Mapping[str, Input[str]],
    secrets: Mapping[str, Input[str]],
    log_group_name: Input[str],
    region: Input[str],
    stop_timeout_seconds: int,
    health_check_path: str,
    readonly_root: bool,
) -> dict[str, object]:
    """Inputs may stand anywhere inside: for `Output.json_dumps`. Variables are sorted, so their order is no change."""
    definition: dict[str, object] = {
        "name": name,
        "image": image,
        "essential": True,
        "user": user,
        "portMappings": [{"containerPort": port, "hostPort": port, "protocol": "tcp"}],
        "environment": [{"name": key, "value": environment[key]} for key in sorted(environment)],
        "secrets": [{"name": key, "valueFrom": secrets[key]} for key in sorted(secrets)],
        "readonlyRootFilesystem": readonly_root,
        "mountPoints": [{"sourceVolume": SCRATCH_VOLUME, "containerPath": "/tmp", "readOnly": False}],  # noqa: S108  a path in the container
        # An init reaps what Node, as process 1, would leave behind, and passes SIGTERM on.
        "linuxParameters": {"initProcessEnabled": True},
        # Restarts a program that crashed after running well, without the minute a new task takes.
        "restartPolicy": {"enabled": True, "restartAttemptPeriod": 60},
        "stopTimeout": stop_timeout_seconds,
        "healthCheck": {
            "command": _liveness_command(port, health_check_path),
            "interval": 30,
            "timeout": 10,
            "retries": 3,
            "startPeriod": 60,
        },
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": log_group_name,
                "awslogs-region": region,
                "awslogs-stream-prefix": name,
                # A log that cannot be written must not stop the program that writes it.
                "mode": "non-blocking",
                "max-buffer-size": "25m",
            },
        },
    }
    if command is not None:
        definition["command"] = list(command)
    return definition


def _liveness_command(port: int, path: str) -> list[str]:
    """Healthy while the process answers, whatever it answers.

    /health says 503 when the database is away: that takes the task out of the load balancer, which asks for 200, but
    killing the container would not bring a database back. Node itself asks, since an image need not have curl.
    """
    script = f"fetch('http://127.0.0.1:{port}{path}').then(() => process.exit(0), () => process.exit(1))"
    return ["CMD", "node", "-e", script]
