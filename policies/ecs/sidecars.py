"""The containers of others in a task: log routers, agents, collectors, proxies. Their images decide how they must run.

A log router makes its socket as root, an agent writes its settings at start, a proxy runs as a user of its own. A rule
on how a program should be packed has nothing to say about them.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_firelens.html (read 2026-11-24)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .images import repository

# By the repository's name alone, so that a mirror or a pull-through cache of it is known too.
_REPOSITORIES = frozenset(
    {
        "alloy",
        "aws-appmesh-envoy",
        "aws-for-fluent-bit",
        "aws-guardduty-agent-fargate",
        "aws-otel-collector",
        "aws-xray-daemon",
        "cloudwatch-agent",
        "datadog-agent",
        "fluent-bit",
        "fluentd",
        "infrastructure-bundle",
        "nri-ecs",
        "opentelemetry-collector",
        "opentelemetry-collector-contrib",
    }
)
# Where the name alone says too little.
_OWNED = frozenset({"datadog/agent", "datadoghq/agent", "grafana/agent", "timberio/vector"})


def is_sidecar(container: Mapping[str, Any]) -> bool:
    """Whether this container is a known helper beside the program, and not the program."""
    if container.get("firelensconfiguration"):
        return True
    parts = repository(str(container.get("image") or "")).split("/")
    return parts[-1] in _REPOSITORIES or "/".join(parts[-2:]) in _OWNED


def programs(found: Iterator[tuple[str, Mapping[str, Any]]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The containers that are no sidecars, each with its path."""
    return ((path, container) for path, container in found if not is_sidecar(container))
