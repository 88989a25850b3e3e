"""Constraints of the managed hosts: phase, what each host needs, and settings that only the backend on AWS has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from stacks.catalog.hosts import REGIONS, BackendHost, FrontendHost
from stacks.catalog.phases import Phase
from stacks.config.errors import ConfigError, setting_error

if TYPE_CHECKING:
    from stacks.config.model import Settings

_ECR: Final = re.compile(r"\d{12}\.dkr\.ecr\.")
_ACCOUNTS: Final = (
    # host, field of tierup:hosts, its key, what it is
    (FrontendHost.NETLIFY, "netlify_team", "netlifyTeam", "the slug of the Netlify team"),
    (BackendHost.RENDER, "render_owner", "renderOwner", "the id of the Render workspace, tea-..."),
    (BackendHost.RAILWAY, "railway_workspace", "railwayWorkspace", "the id of the Railway workspace"),
)
_ONLY_ON_AWS: Final = (
    ("existingNetwork", "the backend is not in a VPC"),
    ("existingLoadBalancer", "the host has its own load balancer"),
    ("orchestrator", "the host runs the API"),
    ("apiPath", "the CDN forwards requests to a load balancer of the stack only"),
    ("maintenance", "the load balancer answers during maintenance"),
    ("existingCluster", "the host has no ECS cluster"),
    ("certificateArn", "the host issues the certificate"),
    ("clientCertificates", "the host's load balancer accepts all clients"),
    ("cloudflareClientCertificate", "the host's load balancer accepts all clients"),
    ("databaseLogExport", "the stack has no log bucket"),
    ("databaseKmsKey", "the stack has no customer managed KMS key"),
    ("kmsKey", "the backend's secrets and logs are on the host"),
    ("ecsExec", "the host has its own shell"),
    ("stickySeconds", "the host's load balancer is not configurable"),
    ("idleTimeoutSeconds", "the host's load balancer is not configurable"),
    ("scheduledTasks", "tasks run on ECS"),
    ("releaseTask", "tasks run on ECS"),
    ("openTelemetryConfig", "the host runs no sidecars"),
    ("rateLimit", "no web ACL is in front of the host; limit requests in the application"),
    ("allowedAddresses", "no web ACL is in front of the host, which serves every client"),
    ("loginLimit", "no web ACL is in front of the host; limit requests in the application"),
    ("maxBodyBytes", "no web ACL is in front of the host"),
    ("bodyExemptPaths", "no web ACL is in front of the host"),
    ("botControl", "no web ACL is in front of the host"),
    ("alertRoutes", "the host reports failures itself"),
)
"""Settings without effect when the backend is outside AWS: key, reason."""
_SITE_ONLY_ON_AWS: Final = (
    ("siteRedirects", "site_redirects", "Add the names in the project on the host"),
    ("siteAliases", "site_aliases", "Add the names in the project on the host"),
    ("allowedAddresses", "allowed_addresses", "Limit the visitors in the project on the host"),
)
"""Settings without effect when the frontend is outside AWS: key, field, what to do instead."""
_BACKEND_KEYS: Final = frozenset({"environment", "port", "health_check_path"})
"""The parts of tierup:backend that a host can have."""


def host_errors(settings: Settings) -> Iterator[ConfigError]:
    """Yield an error for each combination of hosts and other settings that cannot be deployed."""
    for key, host, standby in (
        ("frontendStandby", settings.frontend_host, settings.frontend_standby),
        ("backendStandby", settings.backend_host, settings.backend_standby),
    ):
        if standby is host:
            yield setting_error(
                key,
                "the standby host is the host that DNS points at",
                "Allowed: another host, or remove the setting",
                f"pulumi config rm tierup:{key}",
                got=standby,
            )
    if not settings.uses_hosts:
        return
    for key, hosts in (("frontendStandby", settings.frontend_hosts), ("backendStandby", settings.backend_hosts)):
        if len(hosts) > 1 and "aws" not in hosts:
            yield setting_error(
                key,
                "both hosts are outside AWS",
                "Allowed: aws, or a host while DNS points at AWS",
                f"pulumi config set tierup:{key} aws",
                got=", ".join(sorted(hosts)),
            )
    yield from _phase(settings)
    yield from _needs(settings)
    if settings.frontend_host is not FrontendHost.AWS:
        for key, field, instead in _SITE_ONLY_ON_AWS:
            if names := getattr(settings, field):
                yield setting_error(
                    key,
                    f"the setting has no effect when tierup:frontendHost is {settings.frontend_host}",
                    instead,
                    f"pulumi config rm tierup:{key}",
                    got=", ".join(names),
                )
    if settings.api_path is not None and settings.frontend_hosts - {FrontendHost.AWS}:
        yield setting_error(
            "apiPath",
            "the frontend's host does not forward requests to the API",
            "Serve the API at its own name",
            "pulumi config rm tierup:apiPath",
            got=settings.api_path,
        )
    if settings.backend_hosts - {BackendHost.AWS}:
        yield from _excluded(settings)
    if BackendHost.AWS not in settings.backend_hosts:
        yield from _only_on_aws(settings)


def _phase(settings: Settings) -> Iterator[ConfigError]:
    for key, value, default in (
        ("frontendHost", settings.frontend_host, FrontendHost.AWS),
        ("backendHost", settings.backend_host, BackendHost.AWS),
        ("frontendStandby", settings.frontend_standby or FrontendHost.AWS, FrontendHost.AWS),
        ("backendStandby", settings.backend_standby or BackendHost.AWS, BackendHost.AWS),
    ):
        if value is not default and settings.phase is not Phase.MVP:
            yield setting_error(
                key,
                f"the host has none of what phase {settings.phase} adds, such as the cache and alarms",
                "Allowed in phase mvp. Move the stack to AWS before you change its phase",
                "pulumi config set tierup:phase mvp, or see docs/how-to/start-on-managed-hosts.md",
                got=value,
            )
    if settings.region not in REGIONS:
        yield ConfigError(
            key="aws:region",
            problem="the hosts have no region near this one",
            got=settings.region,
            expected=f"Allowed with managed hosts: {', '.join(REGIONS)}",
            command="pulumi config set aws:region eu-west-1",
        )


def _needs(settings: Settings) -> Iterator[ConfigError]:
    used = {*settings.frontend_hosts, *settings.backend_hosts}
    for host, field, key, what in _ACCOUNTS:
        if host in used and getattr(settings.hosts, field) is None:
            yield setting_error(
                f"hosts.{key}",
                f"the setting is missing, and the host {host} needs it",
                f"Set {what}",
                f"pulumi config set --path tierup:hosts.{key} <value>",
            )
    hosted_site = settings.frontend_hosts - {FrontendHost.AWS}
    hosted_api = settings.backend_hosts - {BackendHost.AWS}
    if settings.hosts.repository is None and (hosted_site or (hosted_api and settings.image is None)):
        yield setting_error(
            "hosts.repository",
            "the setting is missing, and the hosts build what is in the repository",
            "Set the GitHub repository, owner/name"
            + ("" if hosted_site else "; or tierup:image with a public container image"),
            "pulumi config set --path tierup:hosts.repository you/app",
        )
    if hosted_api and settings.image is not None and _ECR.match(settings.image):
        yield setting_error(
            "image",
            "a host cannot pull from ECR, whose passwords expire after 12 hours",
            "Use an image of a public registry, or tierup:hosts.repository",
            "pulumi config rm tierup:image",
            got=settings.image,
        )


def _excluded(settings: Settings) -> Iterator[ConfigError]:
    if settings.ipv6:
        yield setting_error(
            "ipv6",
            "DNS allows no CNAME record of a host next to the AAAA record of the load balancer",
            "Use a stack without IPv6, or keep the backend on AWS",
            "pulumi config rm tierup:ipv6",
            got=settings.ipv6,
        )
    if settings.database_auth.value != "password":  # the model imports this module
        yield setting_error(
            "databaseAuth",
            "a backend outside AWS has no IAM role",
            "Allowed with a host: password",
            "pulumi config rm tierup:databaseAuth",
            got=settings.database_auth,
        )


def _only_on_aws(settings: Settings) -> Iterator[ConfigError]:
    changed = settings.model_dump(by_alias=True, exclude_unset=True, exclude_defaults=True)
    for key, reason in _ONLY_ON_AWS:
        if key in changed:
            yield setting_error(
                key,
                f"the setting has no effect when tierup:backendHost is {settings.backend_host}: {reason}",
                "Remove it, or keep the backend on AWS",
                f"pulumi config rm tierup:{key}",
            )
    others = sorted(settings.backend.model_fields_set - _BACKEND_KEYS)
    if others:
        yield setting_error(
            "backend",
            f"the host {settings.backend_host} has only environment, port and healthCheckPath of the setting",
            "Remove the other keys",
            "pulumi config rm --path tierup:backend.<key>",
            got=", ".join(others),
        )
