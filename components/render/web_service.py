"""A web service on Render: its source, instance type, region, health check, environment variables and custom domain.

The DNS record of the domain is created elsewhere; Render verifies the domain and issues the certificate once the record
points at it.

The provider replaces a service whose `envVars` change, because Render's update call does not accept them: the service
therefore ignores such changes, and EnvVarsForService, whose updates deploy the service again, makes them. Source:
provider/pkg/provider/provider.go of github.com/cloudy-sky-software/pulumi-render at ae7c79f (OnDiff, OnPostUpdate; read
2026-11-28).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi_render.services as render
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.dns.host_name import check_host_name
from components.render.outbound_addresses import OUTBOUND_RANGES

PLANS = ("starter", "standard", "pro", "pro_plus", "pro_max", "pro_ultra")
"""Instance types without the free one, which spins down when idle. Source: WebServiceDetailsCreatePlan of pulumi-render
0.6.0 (read 2026-11-28)."""
OWNER = re.compile(r"(tea|usr)-[a-z0-9]+")
"""Ids of workspaces."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RenderWebServiceArgs:
    """Arguments of RenderWebService. The key comes from RENDER_APIKEY or `render:apiKey`."""

    owner_id: str
    """Id of the workspace, tea-…."""
    service_name: str
    """Name of the service, unique in the workspace and part of its host name below onrender.com."""
    plan: str
    """Instance type."""
    region: str
    """Region of Render. It cannot change: another region replaces the service."""
    domain: str
    """Host name of the API."""
    health_check_path: str
    """Path that answers with 2xx or 3xx when the service is ready."""
    image: str | None = None
    """Public container image with a tag or digest. Exactly one of image and repository is given."""
    repository: str | None = None
    """URL of a GitHub repository with a Dockerfile."""
    branch: str = "main"
    """Branch whose pushes are deployed."""
    root_directory: str = ""
    """Folder of the repository with the Dockerfile; empty is its root."""
    instances: int = 1
    """Number of instances."""
    environment: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Environment variables. All of them are kept as secrets."""

    def __post_init__(self) -> None:
        check_host_name("domain", self.domain)
        if not OWNER.fullmatch(self.owner_id):
            raise ValueError(f"owner_id: not the id of a workspace (got {self.owner_id!r}). It begins with tea-.")
        if self.plan not in PLANS:
            raise ValueError(f"plan: not an instance type (got {self.plan!r}). Use one of {', '.join(PLANS)}.")
        if self.region not in OUTBOUND_RANGES:
            raise ValueError(
                f"region: not a region of Render (got {self.region!r}). Use one of {', '.join(OUTBOUND_RANGES)}."
            )
        if (self.image is None) == (self.repository is None):
            raise ValueError(
                f"image, repository: exactly one is needed (got {self.image}, {self.repository}). Give an image or a "
                "repository."
            )
        if not self.health_check_path.startswith("/"):
            raise ValueError(f"health_check_path: not a path (got {self.health_check_path!r}). Begin it with /.")
        if self.instances < 1:
            raise ValueError(f"instances: must be positive (got {self.instances}). Give 1 or more.")


class RenderWebService(ComponentResource):
    """A web service that Render runs."""

    service_id: Output[str]
    """Id of the service."""
    default_domain: Output[str]
    """Host name below onrender.com, the target of a CNAME record."""

    def __init__(self, name: str, args: RenderWebServiceArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:render:RenderWebService", name, None, opts)
        variables = [
            render.EnvVarInputArgs(key=key, value=Output.secret(value))
            for key, value in sorted(args.environment.items())
        ]
        runtime = render.WebServiceDetailsCreateRuntime
        service = render.WebService(
            f"{name}-service",
            name=args.service_name,
            owner_id=args.owner_id,
            type="web_service",
            auto_deploy=render.ServiceCreateAutoDeploy.YES if args.repository else render.ServiceCreateAutoDeploy.NO,
            repo=args.repository,
            branch=args.branch if args.repository else None,
            root_dir=args.root_directory or None,
            image={"image_path": args.image, "owner_id": args.owner_id} if args.image else None,
            env_vars=variables,
            service_details={
                "runtime": runtime.IMAGE if args.image else runtime.DOCKER,
                "plan": render.WebServiceDetailsCreatePlan(args.plan),
                "region": render.WebServiceDetailsCreateRegion(args.region),
                "num_instances": args.instances,
                "health_check_path": args.health_check_path,
            },
            opts=ResourceOptions(
                parent=self,
                ignore_changes=["envVars"],
                # The update call of Render accepts no region, so the provider would report a change that has no effect.
                replace_on_changes=["serviceDetails.region"],
            ),
        )
        child = ResourceOptions(parent=self)
        render.EnvVarsForService(f"{name}-variables", service_id=service.id, env_vars=variables, opts=child)
        render.CustomDomain(f"{name}-domain", service_id=service.id, name=args.domain, opts=child)
        self.service_id = service.id
        self.default_domain = service.slug.apply(lambda slug: f"{slug or args.service_name}.onrender.com")
        self.register_outputs({"service_id": self.service_id, "default_domain": self.default_domain})
