"""A Railway project with one service and its static outbound addresses. The service does not run yet.

`deployment.py` runs it once the database allows the addresses. Static outbound addresses need Railway's plan Pro; other
customers of the region share them (https://docs.railway.com/networking/static-outbound-ips, from memory).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import ComponentResource, Output, ResourceOptions
from pulumi.dynamic import Resource

from components.railway.providers import RailwayEgressProvider, RailwayProjectProvider, RailwayServiceProvider

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
"""Names that are safe in Railway's host names; Railway shortens longer names of services to 32 characters (from
memory)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RailwayServiceArgs:
    """Arguments of RailwayService. The token comes from the environment variable RAILWAY_API_TOKEN of the run."""

    workspace_id: str
    """Id of the workspace."""
    project_name: str
    """Name of the project, unique in the workspace."""
    service_name: str = "backend"
    """Name of the service: up to 32 lower-case letters, digits and hyphens."""

    def __post_init__(self) -> None:
        if not self.project_name.strip():
            raise ValueError("project_name: must not be empty (got ''). Give a name.")
        if not NAME.fullmatch(self.service_name):
            raise ValueError(
                f"service_name: not accepted (got {self.service_name!r}). Use up to 32 lower-case letters, digits and "
                "hyphens."
            )


class _Project(Resource, module="railway", name="Project"):
    """The project of the dynamic provider."""

    pulumi_type = "pulumi-python:dynamic/railway:Project"

    environment_id: Output[str]


class _Service(Resource, module="railway", name="Service"):
    """The service of the dynamic provider."""

    pulumi_type = "pulumi-python:dynamic/railway:Service"


class _EgressGateway(Resource, module="railway", name="EgressGateway"):
    """The static outbound addresses of the dynamic provider."""

    pulumi_type = "pulumi-python:dynamic/railway:EgressGateway"

    addresses: Output[Sequence[str]]


class RailwayService(ComponentResource):
    """A project and its service."""

    project_id: Output[str]
    """Id of the project."""
    environment_id: Output[str]
    """Id of the environment `production`."""
    service_id: Output[str]
    """Id of the service."""
    outbound_addresses: Output[Sequence[str]]
    """IPv4 addresses of outgoing connections."""

    def __init__(self, name: str, args: RailwayServiceArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:railway:RailwayService", name, None, opts)
        child = ResourceOptions(parent=self)
        project = _Project(
            RailwayProjectProvider(),
            f"{name}-project",
            {"workspace_id": args.workspace_id, "name": args.project_name, "environment_id": None},
            child,
        )
        service = _Service(
            RailwayServiceProvider(),
            f"{name}-service",
            {"project_id": project.id, "environment_id": project.environment_id, "name": args.service_name},
            child,
        )
        egress = _EgressGateway(
            RailwayEgressProvider(),
            f"{name}-egress",
            {"service_id": service.id, "environment_id": project.environment_id, "addresses": None},
            child,
        )
        self.project_id = project.id
        self.environment_id = project.environment_id
        self.service_id = service.id
        self.outbound_addresses = egress.addresses
        self.register_outputs(
            {
                "project_id": self.project_id,
                "environment_id": self.environment_id,
                "service_id": self.service_id,
                "outbound_addresses": self.outbound_addresses,
            }
        )
