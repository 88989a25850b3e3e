"""The regions of a stack, from its output `regions`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tierup.deployment.errors import CommandError, ExitCode


@dataclass(frozen=True, kw_only=True, slots=True)
class RegionMember:
    """What a failover changes in one region."""

    region: str
    cluster: str
    service: str
    worker: str | None
    load_balancer_dns: str
    load_balancer_zone_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StackRegions:
    """The regions of a stack, as the last `up` left them."""

    home: str
    """The stack's own region, aws:region."""
    serving: str
    """The region that served after the last `up`."""
    origin_host: str
    hosted_zone_id: str
    global_replication_group_id: str
    database_project_id: str
    database_cluster_name: str
    workers: int
    """The minimum number of workers of the serving region."""
    members: Mapping[str, RegionMember]

    def member(self, region: str) -> RegionMember:
        """Return a region by name. Raises CommandError if the stack does not run there."""
        if region not in self.members:
            raise CommandError(
                f"--to: the stack does not run in this region (got {region}). Give one of {', '.join(self.members)}.",
                ExitCode.SETTINGS,
            )
        return self.members[region]


def read_regions(outputs: Mapping[str, Any], stack: str) -> StackRegions:
    """Return the regions from the outputs of a stack. Raises CommandError if it runs in one region only."""
    text = outputs.get("regions")
    if not isinstance(text, str):
        raise CommandError(
            f"--stack: the stack runs in one region (got {stack}, without the output regions). Set tierup:regions and "
            "run `tierup up` first.",
            ExitCode.SETTINGS,
        )
    document = json.loads(text)
    members = {region: RegionMember(region=region, **fields) for region, fields in document.pop("members").items()}
    return StackRegions(home=next(iter(members)), members=members, **document)
