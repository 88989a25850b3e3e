"""ATL-001: an Atlas project's IP access list does not contain the public internet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..network.public_cidr import is_public
from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, shown


def check(entry: Resource, _parameters: Parameters) -> Iterator[Finding]:
    for key in ("cidrBlock", "ipAddress"):
        source = entry.properties.get(key)
        # Atlas treats the address 0.0.0.0 like 0.0.0.0/0.
        if source and (is_public(source) or source in ("0.0.0.0", "::")):  # noqa: S104 - compared, not bound
            yield Finding(key, shown(source), "the CIDR of your own network")


RULE = ResourceRule(
    id="ATL-001",
    name="atlas-access-list",
    title="An Atlas project's IP access list contains only private or specific networks.",
    item=ChecklistItem.BASELINE,
    severity=Severity.CRITICAL,
    applies_to=("mongodbatlas:index/projectIpAccessList:ProjectIpAccessList",),
    check=check,
    remediation="Connect the VPC by peering or PrivateLink, and list only its CIDR.",
    example='mongodbatlas.ProjectIpAccessList("vpc", project_id=project.id, cidr_block=vpc.cidr_block)',
    source="https://www.mongodb.com/docs/atlas/security/ip-access-list/",
    read=date(2026, 11, 24),
)
