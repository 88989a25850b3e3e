"""Where the nodes of an Atlas cluster stand, how many, how large, and what Atlas may change of that by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_mongodbatlas as mongodbatlas

from components.atlas.instance_limits import LIMITS, SMALLEST_SHARDED, size_number
from components.atlas.region_names import atlas_region

HIGHEST_PRIORITY = 7
"""Of the region that holds the primary; Atlas wants exactly this for the first one, and one less for each further."""

NODE_COUNTS = (3, 5, 7)
"""Electable nodes of all regions together: an odd number, so that a vote is never a tie."""

MOST_SHARDS_OF_SEVERAL_REGIONS = 30
"""Source: https://www.mongodb.com/docs/atlas/reference/atlas-limits/ (read 2026-11-24)."""

SMALLEST_DISK_GB = 10
"""What an M10 starts with. Source: https://www.mongodb.com/docs/atlas/billing/cluster-configuration-costs/ (read
2026-11-24)."""

_INSTANCE_SIZE = re.compile(r"(M|R)\d{2,3}(_NVME)?")


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherRegion:
    """A region besides the first. Its nodes have the cluster's size."""

    region: str
    """AWS form, eu-west-1."""
    nodes: int = 0
    """Electable: they vote, and one may become the primary when the regions before it are lost."""
    read_only_nodes: int | None = None
    """None: never had any. 0 takes away those that are there; leaving them out would not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scaling:
    """What Atlas changes by itself. It may grow disks and never shrinks them; sizes move between floor and ceiling."""

    disk: bool = True
    """A full disk stops all writes."""
    floor: str | None = None
    """Smallest instance size that Atlas goes down to."""
    ceiling: str | None = None
    """Both or neither: with them the instance size follows the load."""

    def __post_init__(self) -> None:
        if (self.floor is None) != (self.ceiling is None):
            raise ValueError(
                f"floor is {self.floor} and ceiling {self.ceiling}; give both, or neither for a fixed instance size"
            )
        if self.floor is not None and self.ceiling is not None:
            check_instance_size("floor", self.floor)
            check_instance_size("ceiling", self.ceiling)
            if size_number(self.floor) >= size_number(self.ceiling):
                raise ValueError(f"floor {self.floor} is not below ceiling {self.ceiling}; leave Atlas a range")


HELD = Scaling(disk=False)
"""Nothing by itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Topology:
    """One shard as the others; all of them together are the cluster."""

    region: str
    instance_size: str
    nodes: int
    disk_gb: float | None
    """None is what comes with the size, or what Atlas made of it."""
    others: Sequence[OtherRegion]
    shards: int | None
    """None is a replica set."""
    scaling: Scaling
    analytics_nodes: int | None
    """In the first region. None: never had any; 0 takes away those that are there."""
    analytics_size: str | None

    def __post_init__(self) -> None:
        check_instance_size("instance_size", self.instance_size)
        self._check_regions()
        self._check_shards()
        self._check_scaling()
        if self.analytics_size is not None:
            check_instance_size("analytics_size", self.analytics_size)
        if self.analytics_nodes is not None and self.analytics_nodes < 0:
            raise ValueError(f"analytics_nodes is {self.analytics_nodes}; allowed is 0 or more")
        self._check_disk()

    def _check_regions(self) -> None:
        names = [self.region, *(other.region for other in self.others)]
        for name in names:
            atlas_region(name)
            if names.count(name) > 1:
                raise ValueError(f"region {name} is given more than once; put all its nodes into one entry")
        if any(other.nodes < 0 for other in self.others) or self.nodes < 1:
            raise ValueError("nodes is less than 0, or none in the first region; the first region holds the primary")
        electable = self.nodes + sum(other.nodes for other in self.others)
        if electable not in NODE_COUNTS:
            where = " of all regions together" if self.others else ""
            raise ValueError(f"nodes{where} is {electable}; Atlas allows {NODE_COUNTS}: an odd number elects a primary")
        if any(
            earlier.nodes == 0 and later.nodes for earlier, later in zip(self.others, self.others[1:], strict=False)
        ):
            raise ValueError("other_regions has one without electable nodes before one with; Atlas wants it last")

    def _check_shards(self) -> None:
        if self.shards is None:
            return
        if size_number(self.instance_size) < size_number(SMALLEST_SHARDED):
            raise ValueError(
                f"shards with instance_size {self.instance_size}; sharding needs {SMALLEST_SHARDED} or larger"
            )
        most = MOST_SHARDS_OF_SEVERAL_REGIONS if self.others else 80
        if not 1 <= self.shards <= most:
            raise ValueError(f"shards is {self.shards}; Atlas allows 1 to {most} here without asking its support")

    def _check_disk(self) -> None:
        most = LIMITS[self.instance_size].most_disk_gb if self.instance_size in LIMITS else None
        if self.disk_gb is not None and (self.disk_gb < SMALLEST_DISK_GB or (most is not None and self.disk_gb > most)):
            raise ValueError(
                f"disk_gb is {self.disk_gb} with instance_size {self.instance_size}; Atlas allows {SMALLEST_DISK_GB} "
                f"to {most or 'what the size takes'}, and never shrinks a disk"
            )

    def _check_scaling(self) -> None:
        low, high = self.scaling.floor, self.scaling.ceiling
        if low is None or high is None:
            return
        if not size_number(low) <= size_number(self.instance_size) <= size_number(high):
            raise ValueError(f"instance_size {self.instance_size} is outside its bounds, {low} to {high}")
        if self.shards is not None:
            raise ValueError(
                f"shards and a floor of {low}; Atlas scales each shard by itself, and its provider sets them back "
                "at the next update: give shards a fixed instance_size"
            )

    @property
    def uses_effective_fields(self) -> bool:
        """Whether the provider leaves alone what Atlas has scaled. It can't for shards (docs of AdvancedCluster)."""
        return self.shards is None

    def replication_specs(self) -> list[mongodbatlas.AdvancedClusterReplicationSpecArgsDict]:
        """One element a shard, all alike."""
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
            for place, other in enumerate(self.others, start=1)
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
        # Where the provider does not leave a grown disk alone, none may be given, or the next update would shrink it.
        return self.disk_gb if self.uses_effective_fields or not self.scaling.disk else None

    def _auto_scaling(self) -> mongodbatlas.AdvancedClusterReplicationSpecRegionConfigAutoScalingArgsDict:
        scaling = self.scaling
        if scaling.floor is None or scaling.ceiling is None:
            return {"disk_gb_enabled": scaling.disk, "compute_enabled": False}
        return {
            "disk_gb_enabled": scaling.disk,
            "compute_enabled": True,
            "compute_scale_down_enabled": True,
            "compute_min_instance_size": scaling.floor,
            "compute_max_instance_size": scaling.ceiling,
        }


def check_instance_size(argument: str, size: str) -> None:
    """Raises ValueError for what is no dedicated instance size."""
    if not _INSTANCE_SIZE.fullmatch(size):
        raise ValueError(
            f"{argument} is {size!r}; give M10 or larger (M10, M30, M60, R40 ...): M0 and Flex clusters have no "
            "peering, no point-in-time backup and no termination of their own"
        )
