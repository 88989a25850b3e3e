"""The managed hosts: the frontend on Vercel or Netlify, the API on Render or Railway, and their DNS records.

A stack that chooses no host imports no SDK of a host.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pulumi import Input, Output, Resource, ResourceOptions

from components.atlas.access_list import AtlasAccessList, AtlasAccessListArgs
from components.cdn.provider import CdnKind
from components.dns.host_record import HostRecord, HostRecordArgs
from stacks.catalog.hosts import (
    FRONTEND_TARGETS,
    RAILWAY_LIMITS,
    REGIONS,
    RENDER_PLANS,
    BackendHost,
    FrontendHost,
)
from stacks.context import StackContext
from stacks.resources.credentials import Credentials
from stacks.resources.database import HostedDatabase

_LONGEST_NAME: Final = 52  # of a Vercel project; Netlify and Render allow 63


@dataclass(frozen=True, kw_only=True, slots=True)
class HostedPart:
    """A part of the stack on a host."""

    record: Resource | None  # its DNS record; None while it is on standby
    outputs: Mapping[str, Output[str] | Output[list[str]] | str]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Target:
    """Where a DNS record points."""

    name: Input[str]
    address: str | None = None
    verification: tuple[Input[str], Input[str]] | None = None


def create_frontend_host(context: StackContext) -> HostedPart:
    """Create the project of the frontend on its host, and the DNS record unless it is on standby."""
    settings = context.settings
    (host,) = settings.frontend_hosts - {FrontendHost.AWS}
    default_domain, resource = _vercel(context) if host is FrontendHost.VERCEL else _netlify(context)
    outputs = {"frontend_host_domain": default_domain}
    if settings.frontend_host is not host:
        return HostedPart(record=None, outputs=outputs)
    found = FRONTEND_TARGETS[host]
    target = _Target(name=found.name or default_domain, address=found.address)
    return HostedPart(record=_record(context, "site", settings.domain, target, resource), outputs=outputs)


def _vercel(context: StackContext) -> tuple[Output[str], Resource]:
    from components.vercel.project import VercelProject, VercelProjectArgs  # the SDK is an extra

    settings, hosts = context.settings, context.settings.hosts
    name = _name(context, "site")
    project = VercelProject(
        "site-host",
        VercelProjectArgs(
            project_name=name,
            domain=settings.domain,
            repository=hosts.repository or "",
            branch=hosts.branch,
            region=REGIONS[settings.region].vercel,
            team_id=hosts.vercel_team,
            root_directory=hosts.frontend_directory or None,
            build_command=hosts.build_command,
            output_directory=hosts.output_directory,
            environment=_site_environment(context),
        ),
        context.opts,
    )
    return project.project_id.apply(lambda _: f"{name}.vercel.app"), project


def _netlify(context: StackContext) -> tuple[Output[str], Resource]:
    from components.netlify.site import NetlifySite, NetlifySiteArgs

    settings, hosts = context.settings, context.settings.hosts
    folder = hosts.frontend_directory
    site = NetlifySite(
        "site-host",
        NetlifySiteArgs(
            team=hosts.netlify_team or "",
            site_name=_name(context, "site"),
            domain=settings.domain,
            repository=hosts.repository or "",
            branch=hosts.branch,
            build_command=f"cd {folder} && npm ci && {hosts.build_command}" if folder else hosts.build_command,
            publish_directory=f"{folder}/{hosts.output_directory}" if folder else hosts.output_directory,
            installation_id=hosts.netlify_installation_id,
            environment=_site_environment(context),
        ),
        context.opts,
    )
    return site.default_domain, site


def _site_environment(context: StackContext) -> Mapping[str, str]:
    return {"VITE_API_URL": f"https://{context.settings.api_host}/api"}


def create_backend_host(context: StackContext, credentials: Credentials, database: HostedDatabase) -> HostedPart:
    """Create the API on its host, its access to the database, and the DNS record unless it is on standby."""
    settings = context.settings
    (host,) = settings.backend_hosts - {BackendHost.AWS}
    create = _render if host is BackendHost.RENDER else _railway
    target, outputs, resource = create(context, credentials, database)
    if settings.backend_host is not host:
        return HostedPart(record=None, outputs=outputs)
    return HostedPart(record=_record(context, "api", settings.api_host, target, resource), outputs=outputs)


def _render(
    context: StackContext, credentials: Credentials, database: HostedDatabase
) -> tuple[_Target, Mapping[str, Output[str]], Resource]:
    from components.render.outbound_addresses import OUTBOUND_RANGES
    from components.render.web_service import RenderWebService, RenderWebServiceArgs  # the SDK is an extra

    settings, hosts = context.settings, context.settings.hosts
    region = REGIONS[settings.region].render
    access = _access_list(context, database, hosts.database_addresses or OUTBOUND_RANGES[region])
    service = RenderWebService(
        "api-host",
        RenderWebServiceArgs(
            owner_id=hosts.render_owner or "",
            service_name=_name(context, "api"),
            plan=RENDER_PLANS[settings.tier],
            region=region,
            domain=settings.api_host,
            health_check_path=settings.backend.health_check_path,
            image=settings.image,
            repository=None if settings.image else f"https://github.com/{hosts.repository}",
            branch=hosts.branch,
            root_directory=hosts.backend_directory,
            instances=settings.sizes.tasks,
            environment=_variables(context, credentials, _after(access.project_id, database.uri)),
        ),
        ResourceOptions.merge(context.opts, ResourceOptions(depends_on=[access])),
    )
    return _Target(name=service.default_domain), {"backend_host_domain": service.default_domain}, service


def _railway(
    context: StackContext, credentials: Credentials, database: HostedDatabase
) -> tuple[_Target, Mapping[str, Output[str]], Resource]:
    from components.railway.deployment import RailwayDeployment, RailwayDeploymentArgs
    from components.railway.domain import RailwayDomain, RailwayDomainArgs
    from components.railway.service import RailwayService, RailwayServiceArgs

    settings, hosts = context.settings, context.settings.hosts
    service = RailwayService(
        "api-host",
        RailwayServiceArgs(workspace_id=hosts.railway_workspace or "", project_name=_name(context, "api")),
        context.opts,
    )
    if hosts.database_addresses:
        ready = _access_list(context, database, hosts.database_addresses).project_id
    else:
        # Railway chooses the addresses, so their number is known only once the service has them.
        ready = service.outbound_addresses.apply(lambda found: _access_list(context, database, found).project_id)
    limits = RAILWAY_LIMITS[settings.tier]
    deployment = RailwayDeployment(
        "api-host-deployment",
        RailwayDeploymentArgs(
            project_id=service.project_id,
            environment_id=service.environment_id,
            service_id=service.service_id,
            region=REGIONS[settings.region].railway,
            health_check_path=settings.backend.health_check_path,
            variables=_variables(context, credentials, _after(ready, database.uri)),
            vcpus=limits.vcpus,
            memory_gb=limits.memory_gb,
            image=settings.image,
            repository=None if settings.image else hosts.repository,
            branch=hosts.branch,
            root_directory="" if settings.image else hosts.backend_directory,
            replicas=settings.sizes.tasks,
        ),
        context.opts,
    )
    domain = RailwayDomain(
        "api-host-domain",
        RailwayDomainArgs(
            project_id=service.project_id,
            environment_id=service.environment_id,
            service_id=service.service_id,
            domain=settings.api_host,
            port=settings.backend.port,
        ),
        context.opts,
    )
    target = _Target(name=domain.target, verification=(domain.verification_name, domain.verification_value))
    return target, {"backend_host_domain": domain.target}, deployment


def _access_list(context: StackContext, database: HostedDatabase, cidrs: Sequence[str]) -> AtlasAccessList:
    args = AtlasAccessListArgs(
        project_id=database.project_id,
        cidrs=cidrs,
        comment="outgoing connections of the API's host",
        allow_everywhere=context.settings.hosts.acknowledge_open_database,
    )
    return AtlasAccessList("database-access", args, context.opts)


def _after(ready: Output[str], uri: Output[str]) -> Output[str]:
    """Return the connection string once the database allows the host, so that the first deployment can connect."""
    return Output.secret(Output.all(ready, uri).apply(lambda known: str(known[1])))


def _variables(context: StackContext, credentials: Credentials, uri: Output[str]) -> Mapping[str, Input[str]]:
    """Return the environment of the API: what a task on AWS gets, with the values instead of references."""
    settings = context.settings
    return {
        "NODE_ENV": "production",
        "PORT": str(settings.backend.port),
        "ALLOWED_ORIGINS": ",".join(settings.site_origins),
        "TRUSTED_PROXIES": "1",  # the host's load balancer
        "MONGODB_URI": uri,
        "JWT_SECRET": Output.secret(credentials.values["JWT_SECRET"]),
        **({"SENTRY_DSN": Output.secret(credentials.sentry_dsn)} if credentials.sentry_dsn is not None else {}),
        **{name: Output.secret(value) for name, value in settings.app_secrets.items()},
        **settings.backend.environment,
    }


def _record(context: StackContext, part: str, domain: str, target: _Target, resource: Resource) -> Resource:
    """Create the DNS record of a name, with the logical name of the one that points at AWS: it changes in place."""
    opts = ResourceOptions.merge(context.opts, ResourceOptions(depends_on=[resource]))
    if context.settings.cdn is CdnKind.CLOUDFLARE:
        from stacks.resources.cloudflare import host_name  # importing the SDK takes three seconds

        return host_name(context, f"{part}-record", domain, target.name, target.verification, opts)
    args = HostRecordArgs(
        domain_name=domain,
        zone_id=context.lookups.hosted_zone_id or "",
        address=target.address,
        target=None if target.address else target.name,
        verification=target.verification,
    )
    return HostRecord(f"{part}-alias", args, opts)


def _name(context: StackContext, part: str) -> str:
    """Return the name of the project or service on a host. Names of Netlify and Render are unique among all customers,
    so a name ends in a digest of the domain."""
    digest = hashlib.sha256(context.settings.domain.encode()).hexdigest()[:6]
    stem = re.sub(r"[^a-z0-9]+", "-", f"{context.project}-{context.stack}-{part}".lower()).strip("-")
    return f"{stem[: _LONGEST_NAME - 7].rstrip('-')}-{digest}"
