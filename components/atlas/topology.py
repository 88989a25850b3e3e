"""The nodes of an Atlas cluster: regions, number, size, and what Atlas scales automatically."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pulumi_mongodbatlas as mongodbatlas

from components.atlas.instance_limits import LIMITS, SMALLEST_SHARDED, size_number
from components.atlas.region_names import atlas_region

HIGHEST_PRIORITY = 7
"""Priority of the primary's region. Atlas requires this value for the first region, and one less for each further."""

NODE_COUNTS = (3, 5, 7)
"""Allowed electable nodes of all regions together. An odd number prevents tied votes."""

MAX_SHARDS_MULTI_REGION = 30
"""Source: https://www.mongodb.com/docs/atlas/reference/atlas-limits/ (read 2026-11-24)."""

MAX_SHARDS = 80
"""Shards of a cluster in one region that need no request to Atlas's support."""

MIN_DISK_GB = 10
"""Default disk of an M10. Source: https://www.mongodb.com/docs/atlas/billing/cluster-configuration-costs/ (read
2026-11-24)."""

_INSTANCE_SIZE = re.compile(r"(M|R)\d{2,3}(_NVME)?")


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherRegion:
    """A region besides the first. Its nodes have the cluster's instance size."""

    region: str
    """AWS region, such as eu-west-1."""
    nodes: int = 0
    """Electable nodes: they vote, and one becomes the primary if the earlier regions are lost."""
    read_only_nodes: int | None = None
    """Read-only nodes. 0 removes existing ones, which None does not; None says that there never were any."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Autoscaling:
    """What Atlas scales automatically. It grows disks; the instance size moves between minimum and maximum."""

    disk: bool = True
    """Whether disks grow before they are full. A full disk stops all writes."""
    min_instance_size: str | None = None
    """Smallest instance size that Atlas scales down to. Give both bounds, or neither for a fixed instance size."""
    max_instance_size: str | None = None
    """Largest instance size that Atlas scales up to."""

    def __post_init__(self) -> None:
        if (self.min_instance_size is None) != (self.max_instance_size is None):
            raise ValueError(
                f"min_instance_size and max_instance_size: only one is given (got {self.min_instance_size} and "
                f"{self.max_instance_size}). Give both, or neither for a fixed instance size."
            )
        if self.min_instance_size is not None and self.max_instance_size is not None:
            check_instance_size("min_instance_size", self.min_instance_size)
            check_instance_size("max_instance_size", self.max_instance_size)
            if size_number(self.min_instance_size) >= size_number(self.max_instance_size):
                raise ValueError(
                    f"min_instance_size: not below max_instance_size, {self.max_instance_size} (got "
                    f"{self.min_instance_size}). Give a smaller size."
                )


NO_AUTOSCALING = Autoscaling(disk=False)
"""Neither disk nor instance size scales automatically."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Topology:
    """The nodes of a cluster. All shards are alike."""

    region: str
    """AWS region of the primary."""
    instance_size: str
    """M10 or larger."""
    nodes: int
    """Electable nodes of each shard in `region`."""
    disk_gb: float | None
    """Disk size of each node; None is the default of the instance size, or the size that Atlas has scaled to."""
    other_regions: Sequence[OtherRegion]
    """Further regions in the order of election."""
    shards: int | None
    """Number of shards; None is a replica set."""
    autoscaling: Autoscaling
    """What Atlas scales automatically."""
    effective_fields: bool
    """Whether the provider compares the configured specs of a replica set only."""
    analytics_nodes: int | None
    """Analytics nodes of each shard in `region`. 0 removes existing ones; None says that there never were any."""
    analytics_size: str | None
    """Instance size of the analytics nodes; None is `instance_size`."""

    def __post_init__(self) -> None:
        check_instance_size("instance_size", self.instance_size)
        self._check_regions()
        self._check_shards()
        self._check_autoscaling()
        if self.analytics_size is not None:
            check_instance_size("analytics_size", self.analytics_size)
        if self.analytics_nodes is not None and self.analytics_nodes < 0:
            raise ValueError(f"analytics_nodes: must not be negative (got {self.analytics_nodes}). Give 0 or more.")
        self._check_disk()

    def _check_regions(self) -> None:
        names = [self.region, *(other.region for other in self.other_regions)]
        for name in names:
            atlas_region(name)
            if names.count(name) > 1:
                raise ValueError(
                    f"other_regions: the region occurs more than once (got {name}). Put all its nodes into one entry."
                )
        electable = [self.nodes, *(other.nodes for other in self.other_regions)]
        if self.nodes < 1 or min(electable) < 0:
            raise ValueError(
                f"nodes: negative, or none in the first region (got {electable}). Give the first region 1 or more, "
                "because it holds the primary, and each other region 0 or more."
            )
        if sum(electable) not in NODE_COUNTS:
            raise ValueError(
                f"nodes: the electable nodes of all regions cannot elect a primary (got {sum(electable)}). Use "
                f"{', '.join(map(str, NODE_COUNTS))} in total."
            )
        if any(earlier == 0 and later for earlier, later in pairwise(electable)):
            raise ValueError(
                f"other_regions: a region without electable nodes precedes one with them (got {electable}). Put it "
                "last."
            )

    def _check_shards(self) -> None:
        if self.shards is None:
            return
        if size_number(self.instance_size) < size_number(SMALLEST_SHARDED):
            raise ValueError(
                f"shards: sharding requires an instance size of {SMALLEST_SHARDED} (got {self.instance_size}). Use "
                f"{SMALLEST_SHARDED} or larger, or no shards."
            )
        maximum = MAX_SHARDS_MULTI_REGION if self.other_regions else MAX_SHARDS
        if not 1 <= self.shards <= maximum:
            raise ValueError(f"shards: outside Atlas's limits (got {self.shards}). Give 1 to {maximum}.")

    def _check_disk(self) -> None:
        maximum = LIMITS[self.instance_size].max_disk_gb if self.instance_size in LIMITS else None
        if self.disk_gb is not None and (
            self.disk_gb < MIN_DISK_GB or (maximum is not None and self.disk_gb > maximum)
        ):
            raise ValueError(
                f"disk_gb: outside the limits of {self.instance_size} (got {self.disk_gb}). Give {MIN_DISK_GB} to "
                f"{maximum or 'the maximum of the instance size'}."
            )

    def _check_autoscaling(self) -> None:
        low, high = self.autoscaling.min_instance_size, self.autoscaling.max_instance_size
        if low is None or high is None:
            return
        if not size_number(low) <= size_number(self.instance_size) <= size_number(high):
            raise ValueError(
                f"instance_size: outside the autoscaling range (got {self.instance_size}). Give {low} to {high}."
            )
        if self.shards is not None:
            raise ValueError(
                f"autoscaling: not supported with shards (got {low} to {high}). Use a fixed instance_size, because "
                "Atlas scales each shard separately and the provider reverts it at the next update."
            )

    @property
    def uses_effective_fields(self) -> bool:
        """Whether the provider ignores what Atlas has scaled. It cannot for shards (docs of AdvancedCluster)."""
        return self.shards is None and self.effective_fields

    def replication_specs(self) -> list[mongodbatlas.AdvancedClusterReplicationSpecArgsDict]:
        """Return one element per shard. All elements are equal."""
        return [{"region_configs": self._region_configs()} for _ in range(self.shards or 1)]

    def _region_configs(self) -> list[mongodbatlas.AdvancedClusterReplicationSpecRegionConfigArgsDict]:
        first = self._region_config(self.region, HIGHEST_PRIORITY, self.nodes, None)
        if self.analytics_nodes is not None:
            first["analytics_specs"] = {
                "instance_size": self.analytics_size or self.instance_size,
                "node_count": self.analytics_nodes,
                "disk_size_gb": self._disk,
            }
        others = [
            self._region_config(
                other.region, HIGHEST_PRIORITY - place if other.nodes else 0, other.nodes, other.read_only_nodes
            )
            for place, other in enumerate(self.other_regions, start=1)
        ]
        return [first, *others]

    def _region_config(
        self, region: str, priority: int, nodes: int, read_only: int | None
    ) -> mongodbatlas.AdvancedClusterReplicationSpecRegionConfigArgsDict:
        config: mongodbatlas.AdvancedClusterReplicationSpecRegionConfigArgsDict = {
            "provider_name": "AWS",
            "region_name": atlas_region(region),
            "priority": priority,
            "auto_scaling": self._auto_scaling(),
        }
        if nodes:
            config["electable_specs"] = {
                "instance_size": self.instance_size,
                "node_count": nodes,
                "disk_size_gb": self._disk,
            }
        if read_only is not None:
            config["read_only_specs"] = {
                "instance_size": self.instance_size,
                "node_count": read_only,
                "disk_size_gb": self._disk,
            }
        return config

    @property
    def _disk(self) -> float | None:
        # Without effective fields, the next update would shrink a disk that Atlas has grown, so no size is declared.
        return self.disk_gb if self.uses_effective_fields or not self.autoscaling.disk else None

    def _auto_scaling(self) -> mongodbatlas.AdvancedClusterReplicationSpecRegionConfigAutoScalingArgsDict:
        scaling = self.autoscaling
        if scaling.min_instance_size is None or scaling.max_instance_size is None:
            return {"disk_gb_enabled": scaling.disk, "compute_enabled": False}
        return {
            "disk_gb_enabled": scaling.disk,
            "compute_enabled": True,
            "compute_scale_down_enabled": True,
            "compute_min_instance_size": scaling.min_instance_size,
            "compute_max_instance_size": scaling.max_instance_size,
        }


def check_instance_size(argument: str, size: str) -> None:
    """Raise ValueError unless `size` is a dedicated instance size."""
    if not _INSTANCE_SIZE.fullmatch(size):
        raise ValueError(
            f"{argument}: not a dedicated instance size (got {size!r}). Give M10 or larger (M10, M30, M60, R40 ...); "
            "M0 and Flex clusters have neither peering nor point-in-time backups."
        )
