"""A custom domain of a Railway service. The DNS records are created elsewhere, from the outputs."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import ComponentResource, Input, Output, ResourceOptions
from pulumi.dynamic import Resource

from components.dns.host_name import check_host_name
from components.railway.providers import RailwayDomainProvider


@dataclass(frozen=True, kw_only=True, slots=True)
class RailwayDomainArgs:
    """Arguments of RailwayDomain."""

    project_id: Input[str]
    """Id of the project."""
    environment_id: Input[str]
    """Id of the environment."""
    service_id: Input[str]
    """Id of the service."""
    domain: str
    """Host name, which no other service of Railway has."""
    port: int
    """Port on which the service listens."""

    def __post_init__(self) -> None:
        check_host_name("domain", self.domain)
        if not 1 <= self.port <= 65_535:
            raise ValueError(f"port: not a port (got {self.port}). Give 1 to 65535.")


class _Domain(Resource, module="railway", name="CustomDomain"):
    """The domain of the dynamic provider."""

    pulumi_type = "pulumi-python:dynamic/railway:CustomDomain"

    target: Output[str]
    verification_name: Output[str]
    verification_value: Output[str]


class RailwayDomain(ComponentResource):
    """A custom domain. Railway issues its certificate once both DNS records exist."""

    target: Output[str]
    """The target of the CNAME record of the domain."""
    verification_name: Output[str]
    """The name of the TXT record that proves the ownership."""
    verification_value: Output[str]
    """The value of the TXT record."""

    def __init__(self, name: str, args: RailwayDomainArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:railway:RailwayDomain", name, None, opts)
        domain = _Domain(
            RailwayDomainProvider(),
            f"{name}-domain",
            {
                "project_id": args.project_id,
                "environment_id": args.environment_id,
                "service_id": args.service_id,
                "domain": args.domain,
                "port": args.port,
                "target": None,
                "verification_name": None,
                "verification_value": None,
            },
            ResourceOptions(parent=self),
        )
        self.target = domain.target
        self.verification_name = domain.verification_name
        self.verification_value = domain.verification_value
        self.register_outputs(
            {
                "target": self.target,
                "verification_name": self.verification_name,
                "verification_value": self.verification_value,
            }
        )
