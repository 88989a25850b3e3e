"""The role of the database: the region with the highest priority elects the primary.

Atlas moves the primary while all nodes are healthy. When a region is lost, the nodes of the others have already elected
one, and the new priority keeps the primary there.
https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-updategroupcluster (read
2026-11-28; the media type is that of replicationSpecs with one entry for each shard)
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Final

from tierup.deployment.errors import CommandError, ExitCode
from tierup.failover.atlas_client import AtlasClient

_HIGHEST_PRIORITY: Final = 7
_POLL_SECONDS: Final = 10.0
_LONGEST_SECONDS: Final = 1_800.0


class DatabaseRole:
    """The cluster of a stack."""

    def __init__(
        self, client: AtlasClient, project_id: str, cluster_name: str, *, poll_seconds: float = _POLL_SECONDS
    ) -> None:
        self._client = client
        self._path = f"/groups/{project_id}/clusters/{cluster_name}"
        self._name = cluster_name
        self._poll_seconds = poll_seconds

    def preferred_region(self) -> str:
        """Return the AWS region with the highest priority. Raises CommandError."""
        configs: Sequence[dict[str, Any]] = self._client.get(self._path)["replicationSpecs"][0]["regionConfigs"]
        first = max(configs, key=lambda each: each.get("priority") or 0)
        return str(first["regionName"]).lower().replace("_", "-")

    def prefer(self, region: str) -> None:
        """Give the region the highest priority in every shard, and wait until Atlas has applied it.

        Raises CommandError.
        """
        specs = self._client.get(self._path)["replicationSpecs"]
        changed = [{**spec, "regionConfigs": reordered(spec["regionConfigs"], region)} for spec in specs]
        self._client.patch(self._path, {"replicationSpecs": changed})
        deadline = time.monotonic() + _LONGEST_SECONDS
        while time.monotonic() < deadline:
            if self._client.get(self._path).get("stateName") == "IDLE" and self.preferred_region() == region:
                return
            time.sleep(self._poll_seconds)
        raise CommandError(
            f"{self._name}: Atlas has not applied the priorities after {_LONGEST_SECONDS / 60:.0f} min (got "
            f"{self.preferred_region()}). Read the activity feed of the project, then run the command again."
        )


def reordered(configs: Sequence[dict[str, Any]], region: str) -> list[dict[str, Any]]:
    """Return the region configurations with `region` first and descending priorities.

    Regions without electable nodes keep priority 0. Raises CommandError if the region has no electable nodes.
    """
    name = region.upper().replace("-", "_")
    electable = [each for each in configs if (each.get("electableSpecs") or {}).get("nodeCount")]
    others = [each for each in configs if each not in electable]
    if not any(each["regionName"] == name for each in electable):
        raise CommandError(
            f"--to: the database has no electable nodes there (got {region}). Give one of "
            f"{', '.join(str(each['regionName']).lower().replace('_', '-') for each in electable)}.",
            ExitCode.SETTINGS,
        )
    electable.sort(key=lambda each: (each["regionName"] != name, -int(each.get("priority") or 0)))
    return [
        *({**each, "priority": _HIGHEST_PRIORITY - place} for place, each in enumerate(electable)),
        *({**each, "priority": 0} for each in others),
    ]
