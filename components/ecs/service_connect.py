"""How services of one namespace call each other by a short name: ECS Service Connect.

A proxy beside each program finds the other's healthy tasks, tries again where one fails, and counts what it does.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectConfiguration.html (read 2026-11-24; that it
tries again: from memory)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import Input
from pulumi_aws.ecs import ServiceServiceConnectConfigurationArgsDict

from components.ecs.container_definition import PORT_NAME


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceConnect:
    """A service's place in a namespace."""

    namespace_arn: Input[str]
    """ServiceNamespace.arn."""
    known_as: str | None = None
    """The host name by which others call it (`http://reports:5000`). None: it only calls others."""
    longest_request_seconds: int | None = None
    """After which the proxy gives a request up; None is the proxy's 15 seconds, 0 is never (streams, websockets)."""

    def __post_init__(self) -> None:
        if self.known_as is not None and not re.fullmatch(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", self.known_as):
            raise ValueError(
                f"known_as: got {self.known_as!r}, allowed a host name of 1 to 63 lower-case letters, digits and "
                "hyphens, a letter first"
            )
        if self.longest_request_seconds is not None and self.longest_request_seconds < 0:
            raise ValueError(f"longest_request_seconds: got {self.longest_request_seconds}, allowed 0 (never) or more")


def service_connect_configuration(
    connect: ServiceConnect, *, port: int, logs: Mapping[str, Input[str]]
) -> ServiceServiceConnectConfigurationArgsDict:
    """As ECS takes it; `logs`: options of the awslogs driver, for the proxy's own log."""
    configuration: ServiceServiceConnectConfigurationArgsDict = {
        "enabled": True,
        "namespace": connect.namespace_arn,
        "log_configuration": {"log_driver": "awslogs", "options": logs},
    }
    if connect.known_as is not None:
        seconds = connect.longest_request_seconds
        configuration["services"] = [
            {
                "port_name": PORT_NAME,
                "discovery_name": connect.known_as,
                "client_alias": [{"dns_name": connect.known_as, "port": port}],
                "timeout": {"per_request_timeout_seconds": seconds} if seconds is not None else None,
            }
        ]
    return configuration
