"""Cloudflare's rules for the origins: the site's bucket and the API's load balancer.

Creates the Cloud Connector rule that connects the site's name to its S3 bucket, the rewrite that routes a single-page
application, and the secret request headers that authenticate this zone to the origins. dns_record.py creates the names,
SiteBucket.allow_reads_through the bucket's policy.

The bucket stays private: its policy allows reads from Cloudflare's addresses only with a secret User-Agent, because all
customers of Cloudflare share the addresses. Cloudflare generally does not allow rules that set forbidden header names
(https://developers.cloudflare.com/rules/transform/request-header-modification/, read 2026-11-28), of which Referer is
one and User-Agent is none (MDN, forbidden request header). Cloudflare cannot sign requests to S3 as CloudFront does,
S3's website endpoints do not support TLS, and a distribution in front of the bucket would be charged in addition. Cloud
Connector sends S3's host name in the Host header on every plan
(https://developers.cloudflare.com/rules/cloud-connector/providers/, read 2026-11-24; the header: from memory).

The load balancer keeps its ACM certificate, which Cloudflare verifies and AWS renews. A certificate of Cloudflare's
Origin CA would only add a private key to manage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Input, ResourceOptions

from components.cdn.provider import ORIGIN_HEADER
from components.cloudflare.rulesets import Rule, below, for_host, not_below
from components.dns.host_name import check_host_name


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudflareOriginArgs:
    """Arguments of CloudflareOrigin."""

    zone_id: Input[str]
    """Id of the names' zone."""
    site_host: str
    """Host name of the site in lower case."""
    bucket_domain_name: Input[str]
    """Regional domain name of the site's bucket. A bucket name with dots would not match S3's certificate."""
    bucket_key: Input[str]
    """User-Agent that the bucket's policy requires; secret."""
    site_aliases: Sequence[str] = ()
    """Further host names of the site, in lower case."""
    api_host: str | None = None
    """Host name of the API in lower case; None if the API is not proxied."""
    origin_key: Input[str] | None = None
    """Value of the header cdn.provider.ORIGIN_HEADER; secret. Given together with `api_host`."""
    api_path: str | None = None
    """Path pattern of the site's host whose requests go to the load balancer instead of the bucket: /api/*. The site's
    DNS record then points at the load balancer, because a rule that overrides the origin of other paths (Origin Rules)
    needs the plan Enterprise, while Cloud Connector sends all other paths to the bucket on every plan:
    https://developers.cloudflare.com/rules/origin-rules/ (read 2026-11-29)."""

    def __post_init__(self) -> None:
        aliases = [("site_aliases", host) for host in self.site_aliases]
        for argument, host in (("site_host", self.site_host), ("api_host", self.api_host), *aliases):
            if host is not None:
                check_host_name(argument, host)
        if (self.api_host is None) != (self.origin_key is None):
            got = "origin_key" if self.api_host is None else "api_host"
            raise ValueError(f"api_host and origin_key: only one is given (got {got}). Give both, or neither.")
        if self.api_path is not None and self.api_host is None:
            raise ValueError(f"api_path: the API is not proxied (got {self.api_path!r}). Give api_host, too.")

    @property
    def site_hosts(self) -> Sequence[str]:
        """All host names of the site."""
        return (self.site_host, *self.site_aliases)


class CloudflareOrigin(ComponentResource):
    """The zone's Cloud Connector rule and the rulesets of the two request transform phases."""

    def __init__(self, name: str, args: CloudflareOriginArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:cloudflare:CloudflareOrigin", name, None, opts)
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)
        self._ruleset("pages", "http_request_transform", "Pages of tierup", [_page_rule(args)])
        self._ruleset("keys", "http_request_late_transform", "Origin keys of tierup", self._key_rules())
        self._connect()
        self.register_outputs({})

    def _key_rules(self) -> list[Rule]:
        args = self._args
        site = for_host(args.site_hosts, *not_below(args.api_path))
        rules = [_header_rule("bucket-key", args.site_host, site, "User-Agent", args.bucket_key)]
        if args.api_host is not None and args.origin_key is not None:
            api = for_host(args.api_host)
            if args.api_path is not None:
                api = f"({api}) or ({for_host(args.site_hosts, below(args.api_path))})"
            rules.append(_header_rule("origin-key", args.api_host, api, ORIGIN_HEADER, args.origin_key))
        return rules

    def _ruleset(self, part: str, phase: str, title: str, rules: list[Rule]) -> None:
        cloudflare.Ruleset(
            f"{self._logical_name}-{part}",
            zone_id=self._args.zone_id,
            kind="zone",
            phase=phase,
            name=title,
            rules=rules,
            opts=self._child,
        )

    def _connect(self) -> None:
        cloudflare.CloudConnectorRules(
            f"{self._logical_name}-connector",
            zone_id=self._args.zone_id,
            rules=[
                {
                    "description": "Connect the site to its S3 bucket",
                    "expression": for_host(self._args.site_hosts, *not_below(self._args.api_path)),
                    "cloud_connector_rules_provider": "aws_s3",
                    "parameters": {"host": self._args.bucket_domain_name},
                    "enabled": True,
                }
            ],
            opts=self._child,
        )


def _page_rule(args: CloudflareOriginArgs) -> Rule:
    return {
        "ref": "pages",
        "description": "Serve index.html for every path without a file extension",
        "expression": for_host(
            args.site_hosts,
            'http.request.uri.path.extension eq ""',
            'not starts_with(http.request.uri.path, "/.well-known/")',
            *not_below(args.api_path),
        ),
        "action": "rewrite",
        "action_parameters": {"uri": {"path": {"value": "/index.html"}}},
        "enabled": True,
    }


def _header_rule(ref: str, host: str, expression: str, header: str, value: Input[str]) -> Rule:
    return {
        "ref": ref,
        "description": f"{header} authenticates this zone to the origin of {host}",
        "expression": expression,
        "action": "rewrite",
        # "set" replaces a value that the client sends under this name.
        "action_parameters": {"headers": {header: {"operation": "set", "value": value}}},
        "enabled": True,
    }
