"""Lookups of what exists before the stack: the account, the availability zones, the DNS zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.cdn.provider import CdnKind
from components.dns.host_name import names_outside, parent_hosted_zone
from components.dns.validation import DnsValidation
from components.vpc.availability_zones import MIN_ZONES, select_zones
from stacks.catalog.phases import Feature, features
from stacks.config.model import NAMESPACE, Settings

_ZONES_WITH_PRIVATE_SUBNETS: Final = 3  # from phase scale on; adding the third one replaces nothing


@dataclass(frozen=True, kw_only=True, slots=True)
class Lookups:
    """The results of the lookups."""

    account_id: str
    availability_zones: Sequence[str]  # names of the availability zones used
    hosted_zone_id: str | None  # in Route 53; None when only Cloudflare has a zone of the domain
    dns_validation: DnsValidation | None  # creates validation records outside Route 53
    cloudflare_zone_name: str | None = None  # None when only Route 53 has a zone of the domain


def look_up(settings: Settings, tags: Mapping[str, str]) -> Lookups:
    """Return the lookups. `tags` are those of the stack's resources.

    Raises pulumi.RunError, with the setting to change, when something is missing.
    """
    zone_name, validation = _cloudflare_zone(settings) if CdnKind.CLOUDFLARE in settings.cdns else (None, None)
    return Lookups(
        account_id=aws.get_caller_identity().account_id,
        availability_zones=settings.availability_zones
        or ([] if settings.existing_network else availability_zones(settings, tags)),
        hosted_zone_id=_hosted_zone(settings) if CdnKind.CLOUDFRONT in settings.cdns else None,
        dns_validation=validation,
        cloudflare_zone_name=zone_name,
    )


def _zone_count(settings: Settings) -> int:
    return _ZONES_WITH_PRIVATE_SUBNETS if Feature.PRIVATE_SUBNETS in features(settings.phase) else MIN_ZONES


def _cloudflare_zone(settings: Settings) -> tuple[str | None, DnsValidation]:
    """Return the name of the Cloudflare zone, and how certificates are validated in it.

    Raises pulumi.RunError when the zone does not exist, does not contain both host names, or has no certificate for
    them.
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
    names = settings.host_names
    outside = names_outside(zone.name, names)
    if outside and zone.name:
        raise pulumi.RunError(
            f"{NAMESPACE}:cloudflareZoneId: {' and '.join(outside)} is outside the zone (got {zone.name}). Set"
            f" {NAMESPACE}:domain and {NAMESPACE}:apiDomain to names in it, or {NAMESPACE}:cloudflareZoneId to their"
            " zone."
        )
    deep = [name for name in names if zone.name and name.removesuffix(zone.name).removesuffix(".").count(".") > 0]
    if deep and not settings.cloudflare_advanced_certificate:
        raise pulumi.RunError(
            f"{NAMESPACE}:{'apiDomain' if settings.api_host in deep else 'domain'}: Cloudflare's Universal SSL has no"
            f" certificate for a name two labels below its zone (got {' and '.join(deep)} in {zone.name}). Set names at"
            f" most one label below {zone.name}, or {NAMESPACE}:cloudflareAdvancedCertificate true if the zone has"
            " Advanced Certificate Manager."
        )
    return zone.name, certificate_records(zone_id)


def availability_zones(settings: Settings, tags: Mapping[str, str], region: str | None = None) -> Sequence[str]:
    """Return the zones of the stack's subnets and, as far as the phase needs more, the first further zones by name.

    `region` is a further region; None is that of the stack. Zones that need an opt-in (Local Zones, Wavelength) lack
    Fargate or ALB. Raises pulumi.RunError when the region has too few zones.
    """
    found = aws.get_availability_zones(
        state="available",
        filters=[{"name": "opt-in-status", "values": ["opt-in-not-required"]}],
        region=region,
    )
    try:
        return select_zones(
            region or settings.region,
            dict(zip(found.names, found.zone_ids, strict=True)),
            _zone_count(settings),
            pinned=_zones_with_subnets(tags, region),
            excluded_ids=settings.excluded_zone_ids,
        )
    except ValueError as error:
        raise pulumi.RunError(
            f"aws:region: {error} The settings are {NAMESPACE}:availabilityZones and {NAMESPACE}:excludedZoneIds."
        ) from error


def _zones_with_subnets(tags: Mapping[str, str], region: str | None) -> frozenset[str]:
    """Return the zones in which the stack has subnets, found by its tags.

    The list of available zones changes: AWS hides a zone from an account that has no resources in it, and adds zones.
    Without this lookup, the next `up` would choose other zones and delete the subnets, load balancer and cache nodes.
    """
    identifying = [aws.ec2.GetSubnetsFilterArgs(name=f"tag:{key}", values=[value]) for key, value in tags.items()]
    subnet_ids = aws.ec2.get_subnets(filters=identifying, region=region).ids
    return frozenset(aws.ec2.get_subnet(id=subnet_id, region=region).availability_zone for subnet_id in subnet_ids)


def _hosted_zone(settings: Settings) -> str:
    names = settings.host_names
    try:
        if settings.hosted_zone_id:
            zone = aws.route53.get_zone(zone_id=settings.hosted_zone_id)
        else:
            zone = aws.route53.get_zone(name=parent_hosted_zone(settings.domain), private_zone=False)
    except Exception as error:  # an invoke that fails raises a bare Exception
        wanted = settings.hosted_zone_id or parent_hosted_zone(settings.domain)
        raise pulumi.RunError(
            f"{NAMESPACE}:hostedZoneId: the account has no public hosted zone for {' and '.join(names)} (got {wanted}:"
            f" {error}). Create the zone, or run: pulumi config set {NAMESPACE}:hostedZoneId Z..."
        ) from error
    zone_name = zone.name.rstrip(".")
    outside = names_outside(zone_name, names)
    if outside:
        raise pulumi.RunError(
            f"{NAMESPACE}:hostedZoneId: {' and '.join(outside)} is outside the hosted zone (got {zone_name}). Set"
            f" {NAMESPACE}:domain and {NAMESPACE}:apiDomain to names in it, or {NAMESPACE}:hostedZoneId to their zone."
        )
    return zone.zone_id
