"""What is there before the stack: the account, the region's zones, the DNS zone. Looked up, never made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.cdn.provider import CdnKind
from components.dns.validation import DnsValidation
from stacks.catalog.phases import Feature, features
from stacks.config.model import NAMESPACE, Settings

_ZONES: Final = 2  # a load balancer wants two
_ZONES_OF_PRIVATE_TASKS: Final = 3  # from phase scale on; the third moves nothing


@dataclass(frozen=True, kw_only=True, slots=True)
class Lookups:
    """What the program finds."""

    account_id: str
    availability_zones: Sequence[str]  # names of the availability zones used
    hosted_zone_id: str | None  # of Route 53; None where Cloudflare keeps the names
    dns_validation: DnsValidation | None  # how certificates are proved, where not by the hosted zone


def look_up(settings: Settings) -> Lookups:
    """Raises pulumi.RunError, with the setting to change, where something the stack stands on is missing."""
    in_cloudflare = settings.cdn is CdnKind.CLOUDFLARE
    return Lookups(
        account_id=aws.get_caller_identity().account_id,
        availability_zones=settings.availability_zones
        or ([] if settings.existing_network else _availability_zones(settings.region, _zone_count(settings))),
        hosted_zone_id=None if in_cloudflare else _hosted_zone(settings),
        dns_validation=_proved_by_cloudflare(settings) if in_cloudflare else None,
    )


def _zone_count(settings: Settings) -> int:
    return _ZONES_OF_PRIVATE_TASKS if Feature.PRIVATE_SUBNETS in features(settings.phase) else _ZONES


def _proved_by_cloudflare(settings: Settings) -> DnsValidation:
    from stacks.resources.cloudflare import look_up_zone  # the SDK takes three seconds to import

    return look_up_zone(settings)


def _availability_zones(region: str, count: int) -> Sequence[str]:
    """The first by name. Zones that have to be opted into (local, wavelength) lack Fargate or load balancers."""
    found = aws.get_availability_zones(
        state="available", filters=[{"name": "opt-in-status", "values": ["opt-in-not-required"]}]
    )
    availability_zones = sorted(found.names)[:count]
    if len(availability_zones) < count:
        raise pulumi.RunError(
            f"{region} offers {len(availability_zones)} availability zones, {count} are needed: take another region"
            f" (pulumi config set aws:region eu-west-1), or name those that there are ({NAMESPACE}:zones)"
        )
    return availability_zones


def _hosted_zone(settings: Settings) -> str:
    names = (settings.domain, settings.api_host)
    try:
        if settings.hosted_zone_id:
            zone = aws.route53.get_zone(zone_id=settings.hosted_zone_id)
        else:
            zone = aws.route53.get_zone(name=parent_hosted_zone(settings.domain), private_zone=False)
    except Exception as error:  # an invoke that fails raises a bare Exception
        sought = settings.hosted_zone_id or parent_hosted_zone(settings.domain)
        raise pulumi.RunError(
            f"there is no public Route 53 zone {sought} in this account ({error}). Certificates and names of"
            f" {' and '.join(names)} go there. Create it, or name the one that holds them:"
            f" pulumi config set {NAMESPACE}:hostedZoneId Z..."
        ) from error
    zone_name = zone.name.rstrip(".")
    outside = [name for name in names if name != zone_name and not name.endswith(f".{zone_name}")]
    if outside:
        raise pulumi.RunError(
            f"{' and '.join(outside)} cannot be in the Route 53 zone {zone_name}: set {NAMESPACE}:domain and"
            f" {NAMESPACE}:apiDomain to names below it, or {NAMESPACE}:hostedZoneId to their own zone"
        )
    return zone.zone_id


def parent_hosted_zone(domain: str) -> str:
    """Where the zone of a host name is looked for: one level up, or the name itself where that would be a bare ending.

    A guess that is right for app.example.com and example.com; for example.co.uk `tierup:hostedZoneId` says it.
    """
    _, _, parent = domain.partition(".")
    return parent if "." in parent else domain
