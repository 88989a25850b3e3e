"""The domain: its hosted zone in Route 53, the delegation to it, and CAA records that allow ACM."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from tierup.dns_queries import UnansweredQueryError, query, query_closest
from tierup.preflight.aws_clients import GLOBAL_REGION, pages
from tierup.preflight.check import CheckNotPossibleError, PreflightCheck, PreflightFinding, failed, passed, warned
from tierup.preflight.context import PreflightContext, call_or_none
from tierup.program_loader import import_path

with import_path():
    from components.cdn.provider import CdnKind
    from components.dns.host_name import names_outside, parent_hosted_zone

# A certificate authority may issue where no CAA record forbids it. ACM uses these names:
# https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html (read 2026-11-28)
_ACM_ISSUERS: Final = frozenset({"amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"})


def host_names(context: PreflightContext) -> Sequence[str]:
    """Return the host names of the site, of the API, and the site's aliases and redirects."""
    return context.settings.host_names


def in_cloudflare(context: PreflightContext) -> bool:
    """Return whether the stack uses a DNS zone in Cloudflare."""
    return CdnKind.CLOUDFLARE in context.settings.cdns


def in_route53(context: PreflightContext) -> bool:
    """Return whether the stack uses a hosted zone in Route 53."""
    return CdnKind.CLOUDFRONT in context.settings.cdns


def find_hosted_zone(context: PreflightContext) -> Any:
    """Return the hosted zone that the program will use, or None."""
    client, settings = context.aws.client("route53", GLOBAL_REGION), context.settings
    if settings.hosted_zone_id:
        found = call_or_none(lambda: client.get_hosted_zone(Id=settings.hosted_zone_id), "NoSuchHostedZone")
        return found and found["HostedZone"]
    zones = _public_zones(context, parent_hosted_zone(settings.domain))
    return zones[0] if len(zones) == 1 else None


def _public_zones(context: PreflightContext, name: str) -> list[Any]:
    zones = pages(context.aws.client("route53", GLOBAL_REGION), "list_hosted_zones", "HostedZones")
    return [each for each in zones if each["Name"] == f"{name}." and not each["Config"].get("PrivateZone")]


def _hosted_zone(context: PreflightContext) -> Iterator[PreflightFinding]:
    if not in_route53(context):
        return
    settings, stack = context.settings, context.plan.stack
    zone = find_hosted_zone(context)
    if zone is None:
        name = parent_hosted_zone(settings.domain)
        several = [] if settings.hosted_zone_id else _public_zones(context, name)
        if several:
            ids = ", ".join(each["Id"].rpartition("/")[2] for each in several)
            yield failed(
                f"The account has {len(several)} public hosted zones {name} ({ids}), so the program cannot choose one.",
                f"pulumi config set tierup:hostedZoneId ZONE --stack {stack}",
            )
        elif settings.hosted_zone_id:
            yield failed(
                f"tierup:hostedZoneId: the account has no hosted zone {settings.hosted_zone_id}.",
                f"pulumi config set tierup:hostedZoneId ZONE --stack {stack}",
            )
        else:
            yield failed(
                f"The account has no public hosted zone {name} for {' and '.join(host_names(context))}.",
                f"aws route53 create-hosted-zone --name {name} --caller-reference tierup-{stack}, or: pulumi config "
                f"set tierup:hostedZoneId ZONE --stack {stack}",
            )
        return
    zone_name = zone["Name"].rstrip(".")
    outside = names_outside(zone_name, host_names(context))
    if outside:
        yield failed(
            f"{' and '.join(outside)} is outside the hosted zone {zone_name}.",
            f"pulumi config set tierup:domain NAME.{zone_name} --stack {stack}",
        )
        return
    yield passed(f"The hosted zone {zone_name} contains {' and '.join(host_names(context))}.")


def _delegation(context: PreflightContext) -> Iterator[PreflightFinding]:
    """Check that the registrar delegates to the zone: otherwise ACM and clients do not find its records.

    While the CDN changes, both DNS providers have the records.
    """
    if not in_route53(context) or context.settings.cdn_standby is not None:
        return
    zone = find_hosted_zone(context)
    if zone is None:
        raise CheckNotPossibleError("There is no hosted zone whose delegation could be checked.")
    answer = context.aws.client("route53", GLOBAL_REGION).get_hosted_zone(Id=zone["Id"])
    wanted = {name.rstrip(".").lower() for name in (answer.get("DelegationSet") or {}).get("NameServers", ())}
    if answer["HostedZone"]["Config"].get("PrivateZone"):
        yield failed(f"The hosted zone {zone['Name']} is private.", "Set tierup:hostedZoneId to a public zone.")
        return
    name = zone["Name"].rstrip(".")
    found = {str(each.target).rstrip(".").lower() for each in _query(context, name, "NS")}
    if found & wanted:
        yield passed(f"{name} is delegated to the hosted zone.")
        return
    got = ", ".join(sorted(found)) or "none"
    yield failed(
        f"{name} is not delegated to the hosted zone (its name servers are {got}), so certificates stay pending.",
        f"Set these name servers at the registrar or in the parent zone: {', '.join(sorted(wanted))}",
    )


def _dnssec(context: PreflightContext) -> Iterator[PreflightFinding]:
    """Check for a DS record while CloudFront serves and Cloudflare is the standby, when the delegation changes.

    Resolvers that validate reject the answers of name servers without the key of the DS record.
    https://developers.cloudflare.com/dns/dnssec/ and
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/migrate-dns-domain-in-use.html (from memory)
    """
    if context.settings.cdn is not CdnKind.CLOUDFRONT or context.settings.cdn_standby is None:
        return
    zone, _ = _closest(context, context.settings.domain, "NS")
    if _query(context, zone, "DS"):
        yield warned(
            f"{zone} has a DS record of DNSSEC, so resolvers would reject the answers of the other DNS provider.",
            "Remove the DS record at the registrar, and wait for its TTL, before you change the name servers.",
        )
    else:
        yield passed(f"{zone} has no DS record, so its delegation can change.")


def _caa(context: PreflightContext) -> Iterator[PreflightFinding]:
    forbidden: list[str] = []
    for host in host_names(context):
        name, records = _closest(context, host, "CAA")  # RFC 8659, section 3
        issuers = {_issuer(each) for each in records if each.tag.decode().lower() == "issue"}
        if issuers and not issuers & _ACM_ISSUERS:
            forbidden.append(name)
    for name in sorted(set(forbidden)):
        yield failed(
            f"The CAA records of {name} do not allow Amazon to issue certificates.",
            f'Add a record: {name} CAA 0 issue "amazon.com"',
        )
    if not forbidden:
        yield passed("The CAA records allow Amazon to issue certificates.")


def _issuer(record: Any) -> str:
    return record.value.decode().partition(";")[0].strip().lower()


def _closest(context: PreflightContext, name: str, kind: str) -> tuple[str, Sequence[Any]]:
    """Return what `query_closest` does. Raises CheckNotPossibleError if no server answers."""
    try:
        return query_closest(name, kind, context.name_server)
    except UnansweredQueryError as error:
        raise CheckNotPossibleError(str(error)) from error


def _query(context: PreflightContext, name: str, kind: str) -> Sequence[Any]:
    """Return the records of a name, or none. Raises CheckNotPossibleError if no server answers."""
    try:
        return query(name, kind, context.name_server)
    except UnansweredQueryError as error:
        raise CheckNotPossibleError(str(error)) from error


CHECKS: Final = (
    PreflightCheck(
        name="hosted-zone",
        area="DNS",
        description="Route 53 has one public hosted zone that contains both host names (not with `tierup:cdn` "
        "`cloudflare` alone).",
        run=_hosted_zone,
        needs_aws=True,
    ),
    PreflightCheck(
        name="delegation",
        area="DNS",
        description="The registrar or the parent zone delegates the domain to that hosted zone.",
        run=_delegation,
        needs_aws=True,
    ),
    PreflightCheck(
        name="dnssec",
        area="DNS",
        description="While Cloudflare is the standby, the domain has no DS record of DNSSEC, so that its delegation "
        "can change.",
        run=_dnssec,
    ),
    PreflightCheck(
        name="caa",
        area="DNS",
        description="No CAA record forbids Amazon to issue the certificates.",
        run=_caa,
    ),
)
