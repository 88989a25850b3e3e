"""Sidecar containers of the application's task: a log router, a monitoring agent, a telemetry collector.

Pure functions: each returns a Sidecar for TaskArgs. Images are arguments with a fixed version, because a default would
become outdated; secrets are passed by ARN.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pulumi import Input

LOG_ROUTER = "log-router"
DATADOG_AGENT = "datadog-agent"
COLLECTOR = "otel-collector"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sidecar:
    """One sidecar container, and the settings that the application's container needs for it."""

    name: str
    """Name of the container, unique in the task."""
    image: Input[str]
    """Image of the container, which the execution role may pull."""
    definition: Mapping[str, object]
    """Container definition in the form of ECS. Without a logConfiguration it logs to the task's log group."""
    memory_mib: int
    """Memory of the container in MiB, which is subtracted from the application's."""
    secret_arns: Sequence[Input[str]] = ()
    """ARNs of the secrets that the execution role must be allowed to read."""
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    """Variables of the application's container."""
    app_log_configuration: Mapping[str, object] | None = None
    """logConfiguration of the application's container, for a log router."""


def log_router(
    *,
    image: Input[str],
    options: Mapping[str, Input[str]],
    secret_options: Mapping[str, Input[str]] | None = None,
    memory_mib: int = 64,
) -> Sidecar:
    """Return a FireLens log router with Fluent Bit, which sends the application's logs to a Fluent Bit output.

    `options` configure the output ({"Name": "datadog", "Host": ...}); `secret_options` map an option to the ARN of a
    secret, for keys and tokens. An output that writes to AWS (cloudwatch_logs, firehose) uses the task role. AWS's
    image is public.ecr.aws/aws-observability/aws-for-fluent-bit. `memory_mib` is 32 or more.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_firelens.html (read 2026-11-28).
    """
    _check("log_router", image, memory_mib)
    secrets = dict(secret_options or {})
    logs: dict[str, object] = {"logDriver": "awsfirelens", "options": dict(sorted(options.items()))}
    if secrets:
        logs["secretOptions"] = [{"name": key, "valueFrom": secrets[key]} for key in sorted(secrets)]
    return Sidecar(
        name=LOG_ROUTER,
        image=image,
        definition={
            "name": LOG_ROUTER,
            "image": image,
            # Without the router the application's logs are lost without an error.
            "essential": True,
            # FireLens creates the socket that both containers share as root.
            "user": "0",
            "memory": memory_mib,
            "firelensConfiguration": {"type": "fluentbit", "options": {"enable-ecs-log-metadata": "true"}},
        },
        memory_mib=memory_mib,
        secret_arns=list(secrets.values()),
        app_log_configuration=logs,
    )


def datadog_agent(
    *, image: Input[str], api_key_arn: Input[str], site: str, environment: str, service: str, memory_mib: int = 256
) -> Sidecar:
    """Return a Datadog agent, which collects metrics of the task and traces of the application.

    `site` is the Datadog site, such as "datadoghq.eu". `memory_mib` is 32 or more.

    https://docs.datadoghq.com/integrations/ecs_fargate/ (read 2026-11-28; DD_APM_ENABLED and DD_SITE as public
    task definitions have them).
    """
    _check("datadog_agent", image, memory_mib)
    variables = {"DD_APM_ENABLED": "true", "DD_SITE": site, "ECS_FARGATE": "true"}
    return Sidecar(
        name=DATADOG_AGENT,
        image=image,
        definition={
            "name": DATADOG_AGENT,
            "image": image,
            # Its exit must not stop the task. Its root file system is writable: it writes its configuration at start.
            "essential": False,
            "memory": memory_mib,
            "environment": [{"name": key, "value": value} for key, value in sorted(variables.items())],
            "secrets": [{"name": "DD_API_KEY", "valueFrom": api_key_arn}],
            "healthCheck": {
                "command": ["CMD-SHELL", "agent health"],
                "interval": 30,
                "timeout": 5,
                "retries": 3,
                "startPeriod": 15,
            },
        },
        memory_mib=memory_mib,
        secret_arns=[api_key_arn],
        environment={"DD_ENV": environment, "DD_SERVICE": service},
    )


def opentelemetry_collector(
    *,
    image: Input[str],
    config: str,
    secrets: Mapping[str, Input[str]] | None = None,
    memory_mib: int = 128,
) -> Sidecar:
    """Return AWS's distribution of the OpenTelemetry collector, which receives OTLP over HTTP from the application.

    `config` is the collector's YAML, which may refer to `secrets` (variable -> ARN) as ${env:NAME}. An exporter that
    writes to AWS uses the task role. `memory_mib` is 32 or more.
    https://aws-otel.github.io/docs/setup/ecs/config-through-ssm (from memory, to be checked).
    """
    _check("opentelemetry_collector", image, memory_mib)
    variables = dict(secrets or {})
    check_collector_config(config)
    return Sidecar(
        name=COLLECTOR,
        image=image,
        definition={
            "name": COLLECTOR,
            "image": image,
            "essential": False,
            "memory": memory_mib,
            "readonlyRootFilesystem": True,
            "environment": [{"name": "AOT_CONFIG_CONTENT", "value": config}],
            "secrets": [{"name": key, "valueFrom": variables[key]} for key in sorted(variables)],
            "healthCheck": {"command": ["CMD", "/healthcheck"], "interval": 30, "timeout": 5, "retries": 3},
        },
        memory_mib=memory_mib,
        secret_arns=list(variables.values()),
        environment={"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"},
    )


def custom_sidecar(
    *,
    name: str,
    image: Input[str],
    memory_mib: int,
    command: Sequence[str] | None = None,
    environment: Mapping[str, str] | None = None,
    secrets: Mapping[str, Input[str]] | None = None,
    essential: bool = False,
) -> Sidecar:
    """Return a sidecar with any image, such as a proxy or an agent.

    The application reaches it on localhost. `secrets` map a variable to the ARN of a secret or an SSM parameter. The
    exit of an `essential` container stops the task. `memory_mib` is 32 or more.
    """
    _check(name, image, memory_mib)
    variables, references = dict(environment or {}), dict(secrets or {})
    definition: dict[str, object] = {
        "name": name,
        "image": image,
        "essential": essential,
        "memory": memory_mib,
        "environment": [{"name": key, "value": variables[key]} for key in sorted(variables)],
        "secrets": [{"name": key, "valueFrom": references[key]} for key in sorted(references)],
    }
    if command is not None:
        definition["command"] = list(command)
    return Sidecar(
        name=name, image=image, definition=definition, memory_mib=memory_mib, secret_arns=list(references.values())
    )


def check_collector_config(config: str) -> None:
    """Raise ValueError for a text that is not a collector's configuration."""
    if "receivers" not in config or "exporters" not in config:
        raise ValueError(
            "config: not a collector's configuration (got a text without receivers or exporters). "
            "Set YAML with both: the collector could not receive or export data otherwise."
        )


def _check(sidecar: str, image: Input[str], memory_mib: int) -> None:
    """Raise ValueError for an image without a fixed version, and for too little memory."""
    if isinstance(image, str) and not re.search(r":(?!latest$|stable$)[\w.-]*\d[\w.-]*$|@sha256:[0-9a-f]{64}$", image):
        raise ValueError(
            f"{sidecar}: the image has no fixed version (got {image!r}). "
            "Set an image with a version or a digest: a mutable tag may start another version with any new task."
        )
    if memory_mib < 32:
        raise ValueError(f"{sidecar}: memory_mib is too small (got {memory_mib}). Set 32 or more.")
