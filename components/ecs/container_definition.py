"""The container definition of the application in a task, in the JSON form of ECS (camelCase keys).

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html (read 2026-11-24)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pulumi import Input

TMP_MIB = 64
"""Size of /tmp in MiB. It is a tmpfs, so it uses memory that the heap leaves free (fargate_sizes.py).

A volume that the image does not declare belongs to root with mode 0755:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html (read 2026-11-24).
"""

PORT_NAME = "http"
"""Name of the port mapping, to which Service Connect refers."""


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
    health_check: Sequence[str] | None,
    readonly_root: bool,
    restart: bool = True,
    named_port: bool = False,
    depends_on: Sequence[str] = (),
    repository_credentials_arn: Input[str] | None = None,
    open_files: int | None = None,
    labels: Mapping[str, Input[str]] | None = None,
    mount_points: Sequence[Mapping[str, object]] = (),
    environment_file_arns: Sequence[Input[str]] = (),
) -> dict[str, object]:
    """Return the container definition. Values may be Inputs, for `Output.json_dumps`.

    Variables and secrets are sorted, so that their order causes no update. Without a `port` the container has no port
    mapping. `health_check` is the command of the container health check; None disables it. `restart` is False for a
    container that is expected to exit. `depends_on` names the containers that must start first. `labels` are Docker
    labels, which the application does not see.
    `repository_credentials_arn` is the secret of a private registry, and `open_files` the limit of open files.
    `mount_points` are those of the task's volumes, and `environment_file_arns` those of files in S3.
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
            # An init process reaps zombie processes, which Node as process 1 does not, and forwards SIGTERM.
            "initProcessEnabled": True,
            # Every user may write to a tmpfs, whatever the image declares, which is not so for a volume of the task.
            # https://aws.amazon.com/about-aws/whats-new/2026/01/amazon-ecs-tmpfs-mounts-aws-fargate-managed-instances/
            "tmpfs": [{"containerPath": "/tmp", "size": TMP_MIB, "mountOptions": ["nosuid", "nodev", "noexec"]}],  # noqa: S108  a path in the container
        },
    }
    if restart:
        # Restarts a container that exits after a minute or more, faster than ECS starts a new task.
        definition["restartPolicy"] = {"enabled": True, "restartAttemptPeriod": 60}
    definition["stopTimeout"] = stop_timeout_seconds
    if health_check is not None:
        definition["healthCheck"] = {
            "command": list(health_check),
            "interval": 30,
            "timeout": 10,
            "retries": 3,
            "startPeriod": 60,
        }
    definition["logConfiguration"] = logs
    if command is not None:
        definition["command"] = list(command)
    if repository_credentials_arn is not None:
        definition["repositoryCredentials"] = {"credentialsParameter": repository_credentials_arn}
    if open_files is not None:
        definition["ulimits"] = [{"name": "nofile", "softLimit": open_files, "hardLimit": open_files}]
    if environment_file_arns:
        definition["environmentFiles"] = [{"type": "s3", "value": arn} for arn in environment_file_arns]
    if mount_points:
        definition["mountPoints"] = list(mount_points)
    if labels:
        definition["dockerLabels"] = dict(labels)
    if depends_on:
        definition["dependsOn"] = [{"containerName": container, "condition": "START"} for container in depends_on]
    return definition


def cloudwatch_logs(*, group_name: Input[str], region: Input[str], stream_prefix: str) -> dict[str, object]:
    """Return a container's logConfiguration with the awslogs driver."""
    options = cloudwatch_log_options(group_name=group_name, region=region, stream_prefix=stream_prefix)
    return {"logDriver": "awslogs", "options": options}


def cloudwatch_log_options(*, group_name: Input[str], region: Input[str], stream_prefix: str) -> dict[str, Input[str]]:
    """Return the options of the awslogs driver."""
    return {
        "awslogs-group": group_name,
        "awslogs-region": region,
        "awslogs-stream-prefix": stream_prefix,
        # The application must not block when CloudWatch Logs does not accept its logs.
        "mode": "non-blocking",
        "max-buffer-size": "25m",
    }


def node_health_check(port: int, path: str) -> list[str]:
    """Return the health check command, which succeeds on any HTTP response, whatever its status.

    /health returns 503 when the database is unavailable. The load balancer, which requires 200, then stops routing to
    the task; stopping the container would not restore the database. The command needs `node` on the image's PATH; curl
    is not required.
    """
    script = f"fetch('http://127.0.0.1:{port}{path}').then(() => process.exit(0), () => process.exit(1))"
    return ["CMD", "node", "-e", script]
