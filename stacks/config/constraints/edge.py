"""Constraints: the CDN, the names of the site, its pages and functions, maintenance, and client certificates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from components.alb.listener_rule import MAX_MATCH_VALUES
from components.cdn.provider import CdnKind
from components.cloudflare.plan import LIMITS as CLOUDFLARE_LIMITS
from components.cloudflare.plan import max_origins
from stacks.catalog.phases import Feature, features, introduced_in
from stacks.config.errors import ConfigError, setting_error

if TYPE_CHECKING:
    from stacks.config.model import Settings


_MAX_FURTHER_NAMES: Final = 9
"""Names of a certificate besides the first one: ACM's default quota is 10.
https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html (read 2026-11-28)"""


def edge_errors(settings: Settings) -> Iterator[ConfigError]:
    """Yield an error for each setting of the CDN, the site or maintenance that cannot be deployed."""
    yield from _cdn(settings)
    yield from _cdn_standby(settings)
    yield from _client_certificates(settings)
    yield from _site_names(settings)
    yield from _edge_function(settings)
    yield from _error_pages(settings)
    yield from _maintenance(settings)


def _cdn(settings: Settings) -> Iterator[ConfigError]:
    if CdnKind.CLOUDFLARE in settings.cdns:
        if settings.cloudflare_zone_id is None:
            yield setting_error(
                "cloudflareZoneId",
                "the setting is missing, and tierup:cdn cloudflare requires it",
                "Set the id of the zone (Cloudflare dashboard, Overview of the domain)",
                "pulumi config set tierup:cloudflareZoneId 0123456789abcdef0123456789abcdef",
            )
        if settings.waf_mode == "count" and not CLOUDFLARE_LIMITS[settings.cloudflare_plan].log_action:
            yield setting_error(
                "wafMode",
                f"Cloudflare's plan {settings.cloudflare_plan} has no action that only logs",
                "Allowed: block; only plan enterprise can log without blocking",
                "pulumi config set tierup:wafMode block",
                got=settings.waf_mode,
            )
    unused: dict[str, object] = {}
    if CdnKind.CLOUDFLARE not in settings.cdns:
        unused = {"cloudflareZoneId": settings.cloudflare_zone_id}
    if CdnKind.CLOUDFRONT not in settings.cdns:
        unused = {
            "hostedZoneId": settings.hosted_zone_id,
            "edgeCertificateArn": settings.edge_certificate_arn,
            "priceClass": settings.price_class,
        }
    for key, value in unused.items():
        if value is not None:
            yield setting_error(
                key,
                f"the setting has no effect when tierup:cdn is {settings.cdn}",
                "Remove it, or choose the other CDN",
                f"pulumi config rm tierup:{key}",
            )


def _cdn_standby(settings: Settings) -> Iterator[ConfigError]:
    standby = settings.cdn_standby
    if standby is None:
        return
    remove = "pulumi config rm tierup:cdnStandby"
    if standby is settings.cdn:
        yield setting_error(
            "cdnStandby", "the standby is the CDN that serves", "Set the other CDN, or remove it", remove, got=standby
        )
        return
    if settings.api_domain is None and settings.default_api_host(standby) != settings.api_host:
        yield setting_error(
            "apiDomain",
            f"the default would change with the CDN, from {settings.api_host} to {settings.default_api_host(standby)}",
            "Set one name, which both CDNs serve",
            f"pulumi config set tierup:apiDomain {settings.api_host}",
        )
    excluded = {
        "regions": bool(settings.regions),
        "apiPath": settings.api_path is not None,
        "frontendHost": settings.uses_hosts,
    }
    for key in (key for key, given in excluded.items() if given):
        yield setting_error(
            "cdnStandby",
            f"a stack with tierup:{key} has one CDN only",
            f"Remove tierup:{key} while the CDN changes, or keep the CDN",
            remove,
            got=standby,
        )


def _site_names(settings: Settings) -> Iterator[ConfigError]:
    given = settings.further_site_names
    names = [settings.domain, settings.api_host, *given]
    for key, further in (("siteRedirects", settings.site_redirects), ("siteAliases", settings.site_aliases)):
        used = sorted({each for each in further if names.count(each) > 1})
        if used:
            yield setting_error(
                key,
                "the name is listed twice, or is the name of the site or of the API",
                "Give each further name once",
                f"pulumi config rm --path 'tierup:{key}[0]'",
                got=", ".join(used),
            )
    if len(given) > _MAX_FURTHER_NAMES:
        yield setting_error(
            "siteAliases",
            "the certificate of the site has too many names with those of tierup:siteRedirects",
            f"Allowed: {_MAX_FURTHER_NAMES} names in both settings",
            "pulumi config rm --path 'tierup:siteAliases[0]'",
            got=len(given),
        )
    if not settings.site_aliases:
        return
    if settings.existing_load_balancer is not None and len(settings.api_hosts) > MAX_MATCH_VALUES:
        yield setting_error(
            "siteAliases",
            "the rule on the existing load balancer has a value for each name with tierup:apiPath",
            f"Allowed: {MAX_MATCH_VALUES - 2} names",
            "pulumi config rm --path 'tierup:siteAliases[0]'",
            got=len(settings.site_aliases),
        )
    if CdnKind.CLOUDFLARE in settings.cdns and len(settings.site_hosts) > max_origins(settings.cloudflare_plan):
        yield setting_error(
            "siteAliases",
            f"the CORS rules of the names exceed the transform rules of the plan {settings.cloudflare_plan}",
            f"Allowed: {max_origins(settings.cloudflare_plan) - 1} names",
            "pulumi config rm --path 'tierup:siteAliases[0]'",
            got=len(settings.site_aliases),
        )


def _client_certificates(settings: Settings) -> Iterator[ConfigError]:
    """The service in front of the load balancer must present a client certificate when mutual TLS is on."""
    behind_cdn = Feature.API_BEHIND_CDN in features(settings.phase)
    certificate = settings.cloudflare_client_certificate
    if certificate is not None and not (behind_cdn and CdnKind.CLOUDFLARE in settings.cdns):
        yield setting_error(
            "cloudflareClientCertificate",
            f"the setting has no effect with tierup:cdn {settings.cdn} in phase {settings.phase}",
            f"Allowed with cloudflare from phase {introduced_in(Feature.API_BEHIND_CDN)} on, when the API is behind it",
            "pulumi config rm tierup:cloudflareClientCertificate, and rm tierup:cloudflareClientKey",
        )
    if settings.client_certificates is None:
        return
    if settings.existing_load_balancer is not None:
        yield setting_error(
            "clientCertificates",
            "the stack does not own the listener of tierup:existingLoadBalancer",
            "Configure mutual TLS where the load balancer is defined",
            "pulumi config rm tierup:clientCertificates",
        )
    if behind_cdn and CdnKind.CLOUDFRONT in settings.cdns:
        yield setting_error(
            "clientCertificates",
            f"in phase {settings.phase} CloudFront connects to the load balancer and presents no client certificate",
            "Allowed in earlier phases, or with tierup:cdn cloudflare, which presents one",
            "pulumi config rm tierup:clientCertificates",
        )
    if behind_cdn and CdnKind.CLOUDFLARE in settings.cdns and certificate is None:
        yield setting_error(
            "cloudflareClientCertificate",
            "the setting is missing: tierup:clientCertificates makes the load balancer refuse Cloudflare without it",
            "Set the certificate that Cloudflare presents, and its key",
            'pulumi config set tierup:cloudflareClientCertificate -- "$(cat client.pem)", and --secret '
            "tierup:cloudflareClientKey",
        )


def _error_pages(settings: Settings) -> Iterator[ConfigError]:
    pages = settings.site_error_pages.pages().documents
    if not pages:
        return
    cloudflare = CdnKind.CLOUDFLARE in settings.cdns
    if not cloudflare and settings.api_path is not None:
        yield setting_error(
            "siteErrorPages",
            "the pages would replace errors of the API below tierup:apiPath, too",
            "Serve the API at its own name, or remove the pages",
            "pulumi config rm tierup:siteErrorPages",
            got=", ".join(pages),
        )
    if cloudflare and settings.cloudflare_plan.value == "free":
        yield setting_error(
            "siteErrorPages",
            "Cloudflare's plan free does not support custom error pages",
            "Use the plan pro, or remove the pages",
            "pulumi config rm tierup:siteErrorPages",
            got=", ".join(pages),
        )


def _edge_function(settings: Settings) -> Iterator[ConfigError]:
    if settings.site_edge_function is not None and CdnKind.CLOUDFLARE in settings.cdns:
        yield setting_error(
            "siteEdgeFunction",
            "Cloudflare runs no CloudFront functions",
            "Allowed with tierup:cdn cloudfront; create a Snippet or a Worker in Cloudflare's dashboard",
            "pulumi config rm tierup:siteEdgeFunction",
        )


def _maintenance(settings: Settings) -> Iterator[ConfigError]:
    if not settings.maintenance.enabled:
        return
    cloudflare = CdnKind.CLOUDFLARE in settings.cdns
    if settings.maintenance.site and cloudflare and settings.cloudflare_plan.value == "free":
        yield setting_error(
            "maintenance.site",
            "Cloudflare's plan free cannot answer with a custom page",
            "Set it to false, so that only the API is down, or use the plan pro",
            "pulumi config set --path tierup:maintenance.site false",
        )
    if settings.existing_load_balancer is not None:
        yield setting_error(
            "maintenance.enabled",
            "the first rules of the existing load balancer belong to its owner",
            "Create the maintenance rule in the owner's program",
            "pulumi config rm --path tierup:maintenance.enabled",
        )
    first = sorted(
        name for name, service in settings.services.items() if 1 in (service.priority, service.select_priority)
    )
    if first:
        yield setting_error(
            f"services.{first[0]}.priority",
            "the rule of tierup:maintenance has this priority",
            "Allowed: 2 to 50,000",
            f"pulumi config set --path tierup:services.{first[0]}.priority 2",
            got=1,
        )
