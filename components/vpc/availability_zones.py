"""Selection of a region's availability zones, by zone id where services are not available in every zone.

Zone names (`us-west-1a`) map to different zones in different accounts; zone ids (`usw1-az1`) are the same in all of
them. Pure functions: the caller looks the zones up.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

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


def select_zones(
    region: str,
    zone_ids: Mapping[str, str],
    count: int,
    *,
    pinned: Sequence[str] = (),
    excluded_ids: Collection[str] = (),
) -> Sequence[str]:
    """Return the names of `count` zones with Fargate, the first by name, or the `pinned` ones.

    `zone_ids` maps the name of each available zone to its id. `pinned` are the zone names of an existing network. They
    are returned unchanged even if a zone is no longer available or excluded, because a plan without it deletes its
    subnets. `excluded_ids` are ids of further zones to leave out, such as a zone without NAT gateways in an older
    account. Raises ValueError for a malformed id, and if too few zones remain.
    """
    for zone_id in excluded_ids:
        if not _ZONE_ID.fullmatch(zone_id):
            raise ValueError(
                f"excluded_ids: not a zone id (got {zone_id!r}). "
                "Set ids such as use1-az3: names differ between accounts."
            )
    if pinned:
        return list(pinned)
    usable = [name for name, zone_id in sorted(zone_ids.items()) if zone_id not in excluded_ids]
    selected = [name for name in usable if runs_fargate(region, zone_ids[name])][:count]
    if len(selected) < count:
        raise ValueError(
            f"availability_zones: too few zones in {region} (got {len(selected)}: {', '.join(selected) or 'none'}). "
            f"{count} zones with Fargate are needed: set the zones, exclude fewer, or use another region."
        )
    return selected
