"""Sidecar containers from vendors: log routers, agents, collectors, proxies. Their images decide how they must run.

A log router creates its socket as root, an agent writes its settings at start, a proxy runs as its own user. The rules
on how to run a program do not apply to them.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_firelens.html (read 2026-11-24)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .image_reference import repository

# Matched by the repository's name alone, so that a mirror or a pull-through cache matches, too.
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
# Matched with their owner, since the name alone is ambiguous.
_OWNED = frozenset({"datadog/agent", "datadoghq/agent", "grafana/agent", "timberio/vector"})


def is_sidecar(container: Mapping[str, Any]) -> bool:
    """Return whether the container is a known sidecar."""
    if container.get("firelensconfiguration"):
        return True
    parts = repository(str(container.get("image") or "")).split("/")
    return parts[-1] in _REPOSITORIES or "/".join(parts[-2:]) in _OWNED


def programs(found: Iterator[tuple[str, Mapping[str, Any]]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Return the containers that are not sidecars, each with its path."""
    return ((path, container) for path, container in found if not is_sidecar(container))
