"""Containers that run beside the program in its task: a log router, a monitoring agent, a telemetry collector.

Pure data: each function gives a Sidecar, which a task takes as it is. Images come from the caller, pinned, since any
default would age; secrets go in by ARN.
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
    """One container beside the program, and what the program has to know of it."""

    name: str
    """Of the container, once in a task."""
    definition: Mapping[str, object]
    """As ECS takes it. Where it has no logConfiguration, its logs go where the task's go."""
    memory_mib: int
    """Its share of the task's memory, which the program's heap does not get."""
    secret_arns: Sequence[Input[str]] = ()
    """What ECS must be allowed to read for it."""
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    """Variables of the program's container."""
    program_logs: Mapping[str, object] | None = None
    """The program's logConfiguration, where the sidecar takes its logs."""


def log_router(
    *,
    image: Input[str],
    options: Mapping[str, Input[str]],
    secret_options: Mapping[str, Input[str]] | None = None,
    memory_mib: int = 64,
) -> Sidecar:
    """FireLens with Fluent Bit: the program's logs go where `options`, a Fluent Bit output, sends them.

    `options`: {"Name": "datadog", "Host": ...}; `secret_options`: option -> ARN, for keys and tokens. An output that
    writes to AWS (cloudwatch_logs, firehose) does so in the task role. An image with Fluent Bit in it is AWS's
    public.ecr.aws/aws-observability/aws-for-fluent-bit.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_firelens.html (from memory, to be checked).
    """
    _check("log_router", image, memory_mib)
    secrets = dict(secret_options or {})
    logs: dict[str, object] = {"logDriver": "awsfirelens", "options": dict(sorted(options.items()))}
    if secrets:
        logs["secretOptions"] = [{"name": key, "valueFrom": secrets[key]} for key in sorted(secrets)]
    return Sidecar(
        name=LOG_ROUTER,
        definition={
            "name": LOG_ROUTER,
            "image": image,
            # Without it the program's logs are lost in silence.
            "essential": True,
            # FireLens makes the socket that both containers share as root.
            "user": "0",
            "memory": memory_mib,
            "firelensConfiguration": {"type": "fluentbit", "options": {"enable-ecs-log-metadata": "true"}},
        },
        memory_mib=memory_mib,
        secret_arns=list(secrets.values()),
        program_logs=logs,
    )


def datadog_agent(
    *, image: Input[str], api_key_arn: Input[str], site: str, environment: str, service: str, memory_mib: int = 256
) -> Sidecar:
    """The Datadog agent: metrics of the task, traces of the program. `site`: "datadoghq.eu" and its like.

    https://docs.datadoghq.com/integrations/ecs_fargate/ (from memory, to be checked).
    """
    _check("datadog_agent", image, memory_mib)
    variables = {"DD_APM_ENABLED": "true", "DD_SITE": site, "ECS_FARGATE": "true"}
    return Sidecar(
        name=DATADOG_AGENT,
        definition={
            "name": DATADOG_AGENT,
            "image": image,
            # Its end must not take the program down. Its root stays writable: it renders its settings at start.
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
    """AWS's build of the OpenTelemetry collector: takes OTLP over HTTP from the program and sends it on.

    `config`: the collector's YAML, which may name `secrets` (variable -> ARN) as ${env:NAME}. An exporter that writes
    to AWS does so in the task role.
    https://aws-otel.github.io/docs/setup/ecs/config-through-ssm (from memory, to be checked).
    """
    _check("opentelemetry_collector", image, memory_mib)
    variables = dict(secrets or {})
    check_collector_config(config)
    return Sidecar(
        name=COLLECTOR,
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


def check_collector_config(config: str) -> None:
    """Raises ValueError for a text that cannot be a collector's configuration."""
    if "receivers" not in config or "exporters" not in config:
        raise ValueError(
            "config: got a text without receivers and exporters, allowed a collector's configuration: "
            "it would take nothing in or send nothing out"
        )


def _check(of: str, image: Input[str], memory_mib: int) -> None:
    """Raises ValueError for an image that may be another tomorrow and for a container too small to start."""
    if isinstance(image, str) and not re.search(r":(?!latest$|stable$)[\w.-]*\d[\w.-]*$|@sha256:[0-9a-f]{64}$", image):
        raise ValueError(
            f"{of}: got the image {image!r}, allowed one with a version or a digest: "
            "a tag that moves puts another program beside yours at any start of a task"
        )
    if memory_mib < 32:
        raise ValueError(f"{of}: got memory_mib {memory_mib}, allowed 32 or more")
