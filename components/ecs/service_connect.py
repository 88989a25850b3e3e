"""ECS Service Connect: services of one namespace call each other by a short host name.

A proxy in each task discovers the healthy tasks of other services, retries failed requests and reports metrics.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectConfiguration.html (read 2026-11-24; retries
from memory)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import Input
from pulumi_aws.ecs import ServiceServiceConnectConfigurationArgsDict

from components.ecs.container_definition import PORT_NAME, cloudwatch_log_options
from components.ecs.task import Task, TaskArgs


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceConnect:
    """A service's Service Connect settings. Raises ValueError for a malformed host name or a negative time-out."""

    namespace_arn: Input[str]
    """ARN of the namespace (ServiceNamespace.arn)."""
    dns_name: str | None = None
    """Host name by which other services call this one (`http://reports:5000`). None for a client-only service."""
    request_timeout_seconds: int | None = None
    """Time-out of a request in seconds. None is the proxy's default of 15 seconds; 0 disables it (streams,
    websockets)."""

    def __post_init__(self) -> None:
        if self.dns_name is not None and not re.fullmatch(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", self.dns_name):
            raise ValueError(
                f"dns_name: not a host name (got {self.dns_name!r}). "
                "Set 1 to 63 lower-case letters, digits and hyphens that start with a letter."
            )
        if self.request_timeout_seconds is not None and self.request_timeout_seconds < 0:
            raise ValueError(
                f"request_timeout_seconds: negative (got {self.request_timeout_seconds}). "
                "Set 0 (no time-out) or more seconds."
            )


def service_connect_configuration(
    connect: ServiceConnect, *, port: int, logs: Mapping[str, Input[str]]
) -> ServiceServiceConnectConfigurationArgsDict:
    """Return the service's Service Connect configuration. `logs` are the awslogs options of the proxy's log."""
    configuration: ServiceServiceConnectConfigurationArgsDict = {
        "enabled": True,
        "namespace": connect.namespace_arn,
        "log_configuration": {"log_driver": "awslogs", "options": logs},
    }
    if connect.dns_name is not None:
        seconds = connect.request_timeout_seconds
        configuration["services"] = [
            {
                "port_name": PORT_NAME,
                "discovery_name": connect.dns_name,
                "client_alias": [{"dns_name": connect.dns_name, "port": port}],
                "timeout": {"per_request_timeout_seconds": seconds} if seconds is not None else None,
            }
        ]
    return configuration


def client_configuration(
    connect: ServiceConnect | None, args: TaskArgs, task: Task
) -> ServiceServiceConnectConfigurationArgsDict | None:
    """Return the configuration of a service that only calls others; None without Service Connect."""
    if connect is None:
        return None
    logs = cloudwatch_log_options(group_name=task.log_group.name, region=args.region, stream_prefix="service-connect")
    return service_connect_configuration(connect, port=0, logs=logs)
