"""Lookups of what exists before the stack: the account, the availability zones, the DNS zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.cdn.provider import CdnKind
from components.dns.host_name import parent_hosted_zone
from components.dns.validation import DnsValidation
from stacks.catalog.phases import Feature, features
from stacks.config.model import NAMESPACE, Settings

_ZONES: Final = 2  # the minimum of an Application Load Balancer
_ZONES_WITH_PRIVATE_SUBNETS: Final = 3  # from phase scale on; adding the third one replaces nothing


@dataclass(frozen=True, kw_only=True, slots=True)
class Lookups:
    """The results of the lookups."""

    account_id: str
    availability_zones: Sequence[str]  # names of the availability zones used
    hosted_zone_id: str | None  # in Route 53; None when the DNS zone is in Cloudflare
    dns_validation: DnsValidation | None  # creates validation records outside Route 53


def look_up(settings: Settings) -> Lookups:
    """Return the lookups. Raises pulumi.RunError, with the setting to change, when something is missing."""
    in_cloudflare = settings.cdn is CdnKind.CLOUDFLARE
    return Lookups(
        account_id=aws.get_caller_identity().account_id,
        availability_zones=settings.availability_zones
        or ([] if settings.existing_network else _availability_zones(settings.region, _zone_count(settings))),
        hosted_zone_id=None if in_cloudflare else _hosted_zone(settings),
        dns_validation=_cloudflare_validation(settings) if in_cloudflare else None,
    )


def _zone_count(settings: Settings) -> int:
    return _ZONES_WITH_PRIVATE_SUBNETS if Feature.PRIVATE_SUBNETS in features(settings.phase) else _ZONES


def _cloudflare_validation(settings: Settings) -> DnsValidation:
    """Return how certificates are validated in the Cloudflare zone.

    Raises pulumi.RunError when the zone does not exist or does not contain both host names.
    """
    # Importing the SDK takes three seconds, and only stacks behind Cloudflare need it.
    import pulumi_cloudflare as cloudflare

    from components.cloudflare.dns_record import certificate_records

    zone_id = settings.cloudflare_zone_id or ""
    try:
        zone = cloudflare.get_zone(zone_id=zone_id)
    except Exception as error:  # an invoke that fails raises a bare Exception
        raise pulumi.RunError(
            f"{NAMESPACE}:cloudflareZoneId: the API token cannot read the zone (got {zone_id}: {error}). Correct the"
            " id, or add the zone to the permissions of the token (cloudflare:apiToken)."
        ) from error
    outside = [
        name
        for name in (settings.domain, settings.api_host)
        if name != zone.name and not name.endswith(f".{zone.name}")
    ]
    if outside and zone.name:
        raise pulumi.RunError(
            f"{NAMESPACE}:cloudflareZoneId: {' and '.join(outside)} is outside the zone (got {zone.name}). Set"
            f" {NAMESPACE}:domain and {NAMESPACE}:apiDomain to names in it, or {NAMESPACE}:cloudflareZoneId to their"
            " zone."
        )
    return certificate_records(zone_id)


def _availability_zones(region: str, count: int) -> Sequence[str]:
    """Return the first zones by name. Zones that need an opt-in (Local Zones, Wavelength) lack Fargate or ALB."""
    found = aws.get_availability_zones(
        state="available", filters=[{"name": "opt-in-status", "values": ["opt-in-not-required"]}]
    )
    availability_zones = sorted(found.names)[:count]
    if len(availability_zones) < count:
        raise pulumi.RunError(
            f"aws:region: {region} has too few availability zones (got {len(availability_zones)}). The phase needs"
            f" {count}: choose another region, or set {NAMESPACE}:availabilityZones."
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
            f"{NAMESPACE}:hostedZoneId: the account has no public hosted zone for {' and '.join(names)} (got {sought}:"
            f" {error}). Create the zone, or run: pulumi config set {NAMESPACE}:hostedZoneId Z..."
        ) from error
    zone_name = zone.name.rstrip(".")
    outside = [name for name in names if name != zone_name and not name.endswith(f".{zone_name}")]
    if outside:
        raise pulumi.RunError(
            f"{NAMESPACE}:hostedZoneId: {' and '.join(outside)} is outside the hosted zone (got {zone_name}). Set"
            f" {NAMESPACE}:domain and {NAMESPACE}:apiDomain to names in it, or {NAMESPACE}:hostedZoneId to their zone."
        )
    return zone.zone_id
