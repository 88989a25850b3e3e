"""The role of the caches: which region's replication group is the primary of the Global Datastore.

API calls to a Global Datastore can be made in any region (waitGlobalReplicationGroupAvailable in the provider: file
internal/service/elasticache/replication_group.go of hashicorp/terraform-provider-aws, read 2026-11-28), so they are
made in the region that takes over, which must be reachable.
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_FailoverGlobalReplicationGroup.html (botocore's
model of elasticache, read 2026-11-28)
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final

from tierup.deployment.errors import CommandError
from tierup.release.aws_errors import aws_errors

_PRIMARY: Final = "PRIMARY"
_POLL_SECONDS: Final = 5.0
_LONGEST_SECONDS: Final = 1_200.0


class CacheRole:
    """The Global Datastore of a stack."""

    def __init__(self, client: Any, group_id: str, *, poll_seconds: float = _POLL_SECONDS) -> None:
        """`client` is that of ElastiCache in the region that takes over."""
        self._client = client
        self._group_id = group_id
        self._poll_seconds = poll_seconds

    def primary_region(self) -> str:
        """Return the region of the primary. Raises CommandError."""
        members = self._describe()["Members"]
        return next((each["ReplicationGroupRegion"] for each in members if each["Role"] == _PRIMARY), "")

    def promote(self, region: str) -> None:
        """Make the region's replication group the primary, and wait until it is. Raises CommandError."""
        members = {each["ReplicationGroupRegion"]: each for each in self._describe()["Members"]}
        if region not in members:
            raise CommandError(
                f"{self._group_id}: the Global Datastore has no member in {region} (got {', '.join(members)}). Run "
                "`tierup up`, which creates it."
            )
        with aws_errors():
            self._client.failover_global_replication_group(
                GlobalReplicationGroupId=self._group_id,
                PrimaryRegion=region,
                PrimaryReplicationGroupId=members[region]["ReplicationGroupId"],
            )
        deadline = time.monotonic() + _LONGEST_SECONDS
        while time.monotonic() < deadline:
            if self._describe()["Status"] != "modifying" and self.primary_region() == region:
                return
            time.sleep(self._poll_seconds)
        raise CommandError(
            f"{self._group_id}: {region} is not the primary after {_LONGEST_SECONDS / 60:.0f} min (got "
            f"{self.primary_region() or 'none'}). Read the events of ElastiCache, then run the command again."
        )

    def _describe(self) -> Mapping[str, Any]:
        with aws_errors():
            answer = self._client.describe_global_replication_groups(
                GlobalReplicationGroupId=self._group_id, ShowMemberInfo=True
            )
        return answer["GlobalReplicationGroups"][0]
