"""The site's own error pages, by Cloudflare's custom error rules.

Creates the zone's ruleset of the phase http_custom_errors. Pages of the plan Pro and higher, with 5 rules on Pro:
https://developers.cloudflare.com/rules/custom-errors/ (read 2026-11-28 as content/rules/custom-error-responses in
https://github.com/cloudflare/cloudflare-docs). A rule applies to requests that the WAF blocks only by the field
cf.response.error_type:
https://developers.cloudflare.com/ruleset-engine/rules-language/fields/reference/cf.response.error_type
(read 2026-11-28)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Input, ResourceOptions

from components.cdn.error_pages import ErrorPages
from components.cloudflare.plan import CloudflarePlan
from components.cloudflare.rulesets import Rule, for_host, not_below
from components.cloudflare.waf import MaintenancePage

_BLOCKED = 'cf.response.error_type eq "waf"'


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudflareErrorPagesArgs:
    """Arguments of CloudflareErrorPages."""

    zone_id: Input[str]
    """Id of the site's zone."""
    plan: CloudflarePlan
    """Plan of the zone: Pro or higher."""
    hosts: Sequence[str]
    """Host names of the site in lower case."""
    pages: ErrorPages
    """The pages; one or more without `maintenance`."""
    maintenance: MaintenancePage | None = None
    """Page with which requests are answered that CloudflareWaf blocks for maintenance, with status 503."""
    api_path: str | None = None
    """Path pattern whose errors are the API's own: /api/*."""

    def __post_init__(self) -> None:
        if self.plan is CloudflarePlan.FREE:
            raise ValueError(f"plan: has no custom error rules (got {self.plan}). Use Pro or a higher plan.")
        if not self.pages.documents and self.maintenance is None:
            raise ValueError("pages: must not be empty (got none). Give at least one page, or omit the component.")


class CloudflareErrorPages(ComponentResource):
    """The zone's custom error rules."""

    def __init__(self, name: str, args: CloudflareErrorPagesArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:cloudflare:CloudflareErrorPages", name, None, opts)
        rules: list[Rule] = []  # the first one that matches applies
        if args.maintenance is not None:
            rules.append(_rule(args, "maintenance", _BLOCKED, args.maintenance.html, 503))
        if args.pages.forbidden is not None:
            rules.append(_rule(args, "forbidden", _BLOCKED, args.pages.forbidden, None))
        if args.pages.not_found is not None:
            # Without the permission to list the bucket, S3 returns 403 for a missing file.
            rules.append(_rule(args, "not-found", "http.response.code in {403 404}", args.pages.not_found, 404))
        if args.pages.server_error is not None:
            rules.append(_rule(args, "server-error", "http.response.code ge 500", args.pages.server_error, None))
        cloudflare.Ruleset(
            f"{name}-rules",
            zone_id=args.zone_id,
            kind="zone",
            phase="http_custom_errors",
            name="Error pages of tierup",
            rules=rules,
            opts=ResourceOptions(parent=self),
        )
        self.register_outputs({})


def _rule(args: CloudflareErrorPagesArgs, ref: str, condition: str, html: str, status: int | None) -> Rule:
    return {
        "ref": ref,
        "description": f"Error page {ref} of the site",
        "expression": for_host(args.hosts, condition, *not_below(args.api_path)),
        "action": "serve_error",
        "action_parameters": {
            "content": html,
            "content_type": "text/html",
            **({} if status is None else {"status_code": status}),
        },
        "enabled": True,
    }
