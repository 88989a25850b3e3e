"""Redirects of further host names to the site, by Cloudflare's single redirects.

Creates the zone's ruleset of the phase http_request_dynamic_redirect. The names' DNS records, which must be proxied,
are CloudflareRecord components. Every plan has at least 10 rules of this phase; this component needs one.
https://developers.cloudflare.com/rules/url-forwarding/single-redirects/ (read 2026-11-29)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Input, ResourceOptions

from components.dns.host_name import check_host_name


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudflareRedirectsArgs:
    """Arguments of CloudflareRedirects."""

    zone_id: Input[str]
    """Id of the names' zone."""
    hosts: Sequence[str]
    """Host names that are redirected, in lower case."""
    target: str
    """Host name of the site in lower case."""

    def __post_init__(self) -> None:
        if not self.hosts:
            raise ValueError("hosts: must not be empty (got none). Give at least one host name.")
        for host in (*self.hosts, self.target):
            check_host_name("hosts", host)
        if self.target in self.hosts:
            raise ValueError(
                f"hosts: contains the target (got {self.target}), which would redirect to itself. Remove it."
            )


class CloudflareRedirects(ComponentResource):
    """The zone's rule that redirects names to the site, with path and query string."""

    def __init__(self, name: str, args: CloudflareRedirectsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:cloudflare:CloudflareRedirects", name, None, opts)
        listed = " ".join(f'"{host}"' for host in args.hosts)
        cloudflare.Ruleset(
            f"{name}-rules",
            zone_id=args.zone_id,
            kind="zone",
            phase="http_request_dynamic_redirect",
            name="Redirects of tierup",
            rules=[
                {
                    "ref": "names",
                    "description": f"Redirect further names to {args.target}",
                    "expression": f"http.host in {{{listed}}}",
                    "action": "redirect",
                    "action_parameters": {
                        "from_value": {
                            "status_code": 301,
                            "preserve_query_string": True,
                            "target_url": {"expression": f'concat("https://{args.target}", http.request.uri.path)'},
                        }
                    },
                    "enabled": True,
                }
            ],
            opts=ResourceOptions(parent=self),
        )
        self.register_outputs({})
