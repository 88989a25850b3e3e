"""How Cloudflare reaches the site's bucket and the API's load balancer, and shows them that it is ours.

Makes: the Cloud Connector rule that leads the site's name to its S3 bucket, the rewrite that routes a single-page app,
and the request headers that the origins ask for. Not here: names (cloudflare_dns.py), the bucket's policy
(SiteBucket.allow_reads_through), what the load balancer lets in.

The bucket stays private: its policy lets Cloudflare's addresses read files, and only with a secret Referer, because all
customers of Cloudflare share the addresses. Cloudflare cannot sign requests to S3 as CloudFront does, S3's website
endpoints speak no TLS, and a distribution in between would be paid for twice; to name S3's host in the Host header is
what Cloud Connector does on every plan
(https://developers.cloudflare.com/rules/cloud-connector/providers/, read 2026-11-24; the header: from memory).

The load balancer keeps its ACM certificate, which Cloudflare checks and AWS renews. A certificate of Cloudflare's
origin CA would add nothing but a private key to look after.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.cdn.provider import ORIGIN_HEADER, CdnKind, CdnOutputs, OriginCallers
from components.cloudflare.rulesets import Rule, for_host
from components.dns.host_name import check_host_name


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudflareOriginArgs:
    """What the way to the origins needs."""

    zone_id: Input[str]
    """The zone that the names are in."""
    site_host: str
    """Host name of the site, lower case."""
    bucket_domain_name: Input[str]
    """The site bucket's regional domain name. The bucket's name has no dots, or its certificate would not fit."""
    bucket_key: Input[str]
    """Secret; the Referer that the bucket's policy asks for."""
    api_host: str | None = None
    """None where the API is not behind Cloudflare."""
    origin_key: Input[str] | None = None
    """Secret value of the header cdn.ORIGIN_HEADER; with `api_host`."""

    def __post_init__(self) -> None:
        for argument, host in (("site_host", self.site_host), ("api_host", self.api_host)):
            if host is not None:
                check_host_name(argument, host, "rules compare it with what browsers ask for")
        if (self.api_host is None) != (self.origin_key is None):
            raise ValueError("api_host, origin_key: got one of them, allowed both or none: the key is the API's")


class CloudflareOrigin(ComponentResource):
    """One ruleset for each phase that leads a request to its origin."""

    def __init__(self, name: str, args: CloudflareOriginArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:cloudflare:Origin", name, None, opts)
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)
        self._ruleset("pages", "http_request_transform", "Pages of tierup", [_page_rule(args.site_host)])
        self._ruleset("keys", "http_request_late_transform", "Origin keys of tierup", self._key_rules())
        self._connect()
        self.register_outputs({})

    def cdn(self) -> CdnOutputs:
        """What a stack needs to know of its CDN, in the form that both CDNs have."""
        ranges = cloudflare.get_ip_ranges()
        return CdnOutputs(
            kind=CdnKind.CLOUDFLARE,
            cache_id=Output.from_input(self._args.zone_id),
            domain_name=Output.from_input(self._args.bucket_domain_name),
            alias_zone_id=None,
            origin_callers=OriginCallers(
                cidrs_ipv4=sorted(ranges.ipv4_cidrs or ()), cidrs_ipv6=sorted(ranges.ipv6_cidrs or ())
            ),
        )

    def _key_rules(self) -> list[Rule]:
        args = self._args
        rules = [_header_rule("bucket-key", args.site_host, "Referer", args.bucket_key)]
        if args.api_host is not None and args.origin_key is not None:
            rules.append(_header_rule("origin-key", args.api_host, ORIGIN_HEADER, args.origin_key))
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
                    "description": "The site is in an S3 bucket",
                    "expression": for_host(self._args.site_host),
                    "cloud_connector_rules_provider": "aws_s3",
                    "parameters": {"host": self._args.bucket_domain_name},
                    "enabled": True,
                }
            ],
            opts=self._child,
        )


def _page_rule(host: str) -> Rule:
    return {
        "ref": "pages",
        "description": "A page of the app has no file of its own: whatever names no file is index.html",
        "expression": for_host(
            host, 'http.request.uri.path.extension eq ""', 'not starts_with(http.request.uri.path, "/.well-known/")'
        ),
        "action": "rewrite",
        "action_parameters": {"uri": {"path": {"value": "/index.html"}}},
        "enabled": True,
    }


def _header_rule(ref: str, host: str, header: str, value: Input[str]) -> Rule:
    return {
        "ref": ref,
        "description": f"{header} shows the origin of {host} who asks",
        "expression": for_host(host),
        "action": "rewrite",
        # Set, not added: what a client sends under this name is thrown away.
        "action_parameters": {"headers": {header: {"operation": "set", "value": value}}},
        "enabled": True,
    }
