"""Where a stack's site is: its bucket and its CDN, from the stack outputs and the settings."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tierup.deployment.engine_process import run_engine_command
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.project import Project
from tierup.deployment.workspace import Workspace
from tierup.preflight.aws_clients import GLOBAL_REGION, AwsClients
from tierup.preflight.check import CheckNotPossibleError
from tierup.preflight.stack_plan import read_plan
from tierup.program_settings import Settings
from tierup.site.edge_cache import (
    CloudflareCache,
    CloudFrontCache,
    EdgeCache,
    EveryCache,
    NoCache,
    cloudflare_credentials,
)
from tierup.site.object_store import ObjectStore, S3Bucket
from tierup.site.sandbox_bucket import SandboxBucket, sandbox_buckets

_BASE_URL = "CLOUDFLARE_BASE_URL"


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteTarget:
    """The site of a stack."""

    url: str
    bucket: str
    settings: Settings
    store: ObjectStore
    cache: EdgeCache
    compress_large: bool
    """Whether the CDN leaves large text files uncompressed."""


def open_target(project: Project, stack: str, workspace: Workspace) -> SiteTarget:
    """Return the site of a stack. Raises CommandError if the stack has none."""
    plan = read_plan(project, stack)
    if plan.settings is None:
        raise CommandError(
            "--stack: the stack has no tierup: settings, so the caching of its site is not known (got "
            f"{stack}). Give a stack of tierup's program.",
            ExitCode.SETTINGS,
        )
    outputs = stack_outputs(workspace)
    bucket = outputs.get("site_bucket")
    if not isinstance(bucket, str):
        raise CommandError(
            f"--stack: the stack has no output site_bucket (got {stack}). Run `tierup up {workspace.flags}` first.",
            ExitCode.SETTINGS,
        )
    distribution = outputs.get("cdn_distribution_id")
    clients = AwsClients(plan.config, plan.region, hidden=plan.secret_keys)
    if workspace.home is not None:
        store: ObjectStore = SandboxBucket(sandbox_buckets(workspace.home) / bucket)
        cache: EdgeCache = NoCache()
    else:
        store = S3Bucket(_client(clients, "s3"), bucket)
        cache = edge_cache(
            plan.settings,
            CloudFrontCache(client=_client(clients, "cloudfront", GLOBAL_REGION), distribution_id=distribution)
            if isinstance(distribution, str)
            else None,
            _cloudflare(plan.settings, plan.config, plan.secret_keys),
        )
    return SiteTarget(
        url=str(outputs.get("site_url", "")),
        bucket=bucket,
        settings=plan.settings,
        store=store,
        cache=cache,
        compress_large=distribution is not None,
    )


def edge_cache(settings: Settings, cloudfront: CloudFrontCache | None, cloudflare: CloudflareCache) -> EdgeCache:
    """Return the cache of the stack's CDN. While the CDN changes, both serve clients, so it is the cache of both.

    `cloudfront` is None if the stack has no distribution.
    """
    if cloudfront is None:
        return cloudflare
    if settings.cdn_standby is None:
        return cloudfront
    return EveryCache(caches=(cloudfront, cloudflare))


def stack_outputs(workspace: Workspace) -> Mapping[str, Any]:
    """Return the outputs of a stack. Raises CommandError."""
    text = run_engine_command(workspace, ["stack", "output", "--json", "--stack", workspace.stack])
    return json.loads(text)


def _client(clients: AwsClients, service: str, region: str | None = None) -> Callable[[], Any]:
    def client() -> Any:
        try:
            return clients.client(service, region)
        except CheckNotPossibleError as error:
            raise CommandError(f"AWS credentials: {error} Sign in again.", ExitCode.CREDENTIALS) from error

    return client


def _cloudflare(settings: Settings, config: Mapping[str, str], secret_keys: frozenset[str]) -> CloudflareCache:
    base_url = config.get("cloudflare:baseUrl") or os.environ.get(_BASE_URL)
    return CloudflareCache(
        zone_id=settings.cloudflare_zone_id or "",
        hosts=settings.site_hosts,
        credentials=cloudflare_credentials(config, secret_keys),
        **({"base_url": base_url} if base_url else {}),
    )
