"""What is there before the stack: the account, the region's zones, the DNS zone. Looked up, never made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from .settings import NAMESPACE, Settings

_ZONES: Final = 2  # a load balancer wants two; the third comes with phase scale, and moves nothing


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What the program finds."""

    account_id: str
    zones: Sequence[str]  # names of the availability zones used
    hosted_zone_id: str


def look_up(settings: Settings) -> Surroundings:
    """Raises pulumi.RunError, with the setting to change, where something the stack stands on is missing."""
    return Surroundings(
        account_id=aws.get_caller_identity().account_id,
        zones=settings.zones or _zones(settings.region),
        hosted_zone_id=_hosted_zone(settings),
    )


def _zones(region: str) -> Sequence[str]:
    """The first by name. Zones that have to be opted into (local, wavelength) lack Fargate or load balancers."""
    found = aws.get_availability_zones(
        state="available", filters=[{"name": "opt-in-status", "values": ["opt-in-not-required"]}]
    )
    zones = sorted(found.names)[:_ZONES]
    if len(zones) < _ZONES:
        raise pulumi.RunError(
            f"{region} offers {len(zones)} availability zones, {_ZONES} are needed: take another region"
            " (pulumi config set aws:region eu-west-1)"
        )
    return zones


def _hosted_zone(settings: Settings) -> str:
    names = (settings.domain, settings.api_host)
    try:
        if settings.hosted_zone_id:
            zone = aws.route53.get_zone(zone_id=settings.hosted_zone_id)
        else:
            zone = aws.route53.get_zone(name=parent_zone(settings.domain), private_zone=False)
    except Exception as error:  # an invoke that fails raises a bare Exception
        sought = settings.hosted_zone_id or parent_zone(settings.domain)
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


def parent_zone(domain: str) -> str:
    """Where the zone of a host name is looked for: one level up, or the name itself where that would be a bare ending.

    A guess that is right for app.example.com and example.com; for example.co.uk `tierup:hostedZoneId` says it.
    """
    _, _, parent = domain.partition(".")
    return parent if "." in parent else domain
