"""Selection of a region's availability zones, by zone id where services are not available in every zone.

Zone names (`us-west-1a`) map to different zones in different accounts; zone ids (`usw1-az1`) are the same in all of
them. Pure functions: the caller looks the zones up.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

MIN_ZONES: Final = 2
"""The minimum of an Application Load Balancer. Source:
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html (read 2026-11-28)."""

# Regions in which Fargate runs in some zones only.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AWS_Fargate-Regions.html (read 2026-11-28 as a stored copy
# of the page AWS_Fargate.html)
_FARGATE_ZONE_IDS: Mapping[str, frozenset[str]] = {
    "ap-northeast-1": frozenset({"apne1-az1", "apne1-az2", "apne1-az4"}),
    "us-west-1": frozenset({"usw1-az1", "usw1-az3"}),
}
_ZONE_ID = re.compile(r"[a-z]{2,5}\d+-az\d+")


def runs_fargate(region: str, zone_id: str) -> bool:
    """Return whether Fargate runs in this zone of the region."""
    return zone_id in _FARGATE_ZONE_IDS.get(region, {zone_id})


def check_zone_ids(argument: str, zone_ids: Collection[str]) -> None:
    """Raise ValueError unless every value is a zone id such as use1-az3."""
    for zone_id in zone_ids:
        if not _ZONE_ID.fullmatch(zone_id):
            raise ValueError(
                f"{argument}: not a zone id (got {zone_id!r}). Set ids such as use1-az3: names differ between accounts."
            )


def select_zones(
    region: str,
    zone_ids: Mapping[str, str],
    count: int,
    *,
    pinned: Collection[str] = (),
    excluded_ids: Collection[str] = (),
) -> Sequence[str]:
    """Return the names of the zones of a network, sorted: the `pinned` ones, filled up to `count` zones with Fargate.

    `zone_ids` maps the name of each available zone to its id. `pinned` are the zones in which the network has subnets
    already. All of them are returned, even if one is no longer available or is excluded, because a plan without it
    deletes its subnets. `excluded_ids` are ids of further zones to leave out, such as a zone without NAT gateways in an
    older account. A region with fewer usable zones than `count`, such as us-west-1, gives those that it has. Raises
    ValueError for a malformed id, and if fewer than two zones remain.
    """
    check_zone_ids("excluded_ids", excluded_ids)
    usable = [
        name
        for name, zone_id in sorted(zone_ids.items())
        if name not in pinned and zone_id not in excluded_ids and runs_fargate(region, zone_id)
    ]
    selected = sorted([*pinned, *usable[: max(count - len(pinned), 0)]])
    if len(selected) < MIN_ZONES:
        raise ValueError(
            f"availability_zones: too few zones in {region} (got {len(selected)}: {', '.join(selected) or 'none'}). "
            f"{MIN_ZONES} zones with Fargate are needed: set the zones, exclude fewer, or use another region."
        )
    return selected
