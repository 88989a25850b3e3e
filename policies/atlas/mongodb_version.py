"""ATL-019: an Atlas cluster runs a MongoDB version that receives security updates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Resource, ResourceRule, Severity, shown
from .clusters import CLUSTERS

# For dedicated Atlas clusters, which accept only major versions.
# https://www.mongodb.com/legal/support-policy/lifecycles (read 2026-11-24)
END_OF_LIFE = {
    (8, 0): date(2029, 10, 31),
    (7, 0): date(2027, 8, 31),
    (6, 0): date(2025, 7, 31),
    (5, 0): date(2024, 10, 31),
}
_VERSION = re.compile(r"(\d+)\.(\d+)")


def check(cluster: Resource, _parameters: Parameters) -> Iterator[Finding]:
    version = cluster.properties.get("mongoDbMajorVersion")
    if not version:
        raise NotApplicable("Atlas chooses the version: its default or the latest")
    ended = end_of_life(str(version))
    if ended is not None and ended < date.today():
        yield Finding(
            "mongoDbMajorVersion", f"{shown(str(version))}, unsupported since {ended}", f'"{_latest()}" or newer'
        )


def end_of_life(version: str) -> date | None:
    """Return the last day of support of a version such as "7.0"; None for a version newer than the table."""
    match = _VERSION.match(version)
    number = (int(match[1]), int(match[2])) if match else (0, 0)
    if number in END_OF_LIFE:
        return END_OF_LIFE[number]
    return None if number > max(END_OF_LIFE) else min(END_OF_LIFE.values())


def _latest() -> str:
    major, minor = max(END_OF_LIFE)
    return f"{major}.{minor}"


RULE = ResourceRule(
    id="ATL-019",
    name="atlas-mongodb-version",
    title="An Atlas cluster runs a supported MongoDB version.",
    item=ChecklistItem.BASELINE,
    severity=Severity.MEDIUM,
    applies_to=CLUSTERS,
    check=check,
    remediation="Upgrade mongo_db_major_version one major version at a time, after testing each with a restored copy.",
    example="""mongodbatlas.AdvancedCluster(
    "database",
    mongo_db_major_version="8.0",
    version_release_system="LTS",
    # ...
)""",
    source="https://www.mongodb.com/legal/support-policy/lifecycles",
    read=date(2026, 11, 24),
)
