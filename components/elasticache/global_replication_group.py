"""An ElastiCache Global Datastore: a replication group that is copied to replication groups in up to two other regions.

Creates the global replication group around an existing primary. A secondary is a replication group with
`ReplicationGroupArgs.global_group_id`, which takes engine, version, node type, shards and encryption from the primary,
and accepts no writes. A failover promotes it (`tierup failover`); ElastiCache never does so automatically.

ElastiCache gives each member a parameter group `global-datastore-...`, a copy of the primary's. The provider then
ignores `engine`, `engine_version` and `parameter_group_name` of the members, and `primary_replication_group_id` follows
the role, so its change must not replace the global replication group.
Sources: https://docs.aws.amazon.com/AmazonElastiCache/latest/red-ug/Redis-Global-Clusters-Getting-Started.html, and
internal/service/elasticache/replication_group.go and global_replication_group.go of
hashicorp/terraform-provider-aws (both read 2026-11-28).
Checklist: high availability across regions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

MAX_SECONDARIES = 2
"""Secondary regions of one Global Datastore (source as above)."""

_NODE_FAMILIES = ("m5", "m6g", "m7g", "r5", "r6g", "r6gd", "r7g", "c7gn")
_SUFFIX = re.compile(r"[a-z](-?[a-z0-9])*")


@dataclass(frozen=True, kw_only=True, slots=True)
class GlobalReplicationGroupArgs:
    """Arguments of GlobalReplicationGroup."""

    suffix: str
    """End of the id, 1 to 40 lower-case letters, digits and single hyphens. ElastiCache adds a prefix of the region."""
    primary_group_id: Input[str]
    """Id of the replication group that accepts writes at first, with automatic failover."""
    node_type: str
    """Node type of the primary, of a family that a Global Datastore supports."""

    def __post_init__(self) -> None:
        check_global_node_type("node_type", self.node_type)
        if len(self.suffix) > 40 or not _SUFFIX.fullmatch(self.suffix):
            raise ValueError(
                f"suffix: not the end of a Global Datastore's id (got {self.suffix!r}). Use 1 to 40 lower-case "
                "letters, digits and single hyphens, and begin with a letter."
            )


class GlobalReplicationGroup(ComponentResource):
    """A global replication group, to which secondaries in other regions are added by its id."""

    global_group_id: Output[str]
    """Id of the global replication group, available once secondaries can join."""

    def __init__(self, name: str, args: GlobalReplicationGroupArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:GlobalReplicationGroup", name, None, opts)
        group = aws.elasticache.GlobalReplicationGroup(
            f"{name}-global",
            global_replication_group_id_suffix=args.suffix,
            global_replication_group_description=f"Cache {name} in several regions",
            primary_replication_group_id=args.primary_group_id,
            # After a failover the provider reads another primary. Its change would replace the global replication
            # group, and separate all caches.
            opts=ResourceOptions(parent=self, ignore_changes=["primaryReplicationGroupId"]),
        )
        self.global_group_id = group.global_replication_group_id
        self.register_outputs({"global_group_id": self.global_group_id})


def check_global_node_type(argument: str, node_type: str) -> None:
    """Raise ValueError unless a Global Datastore supports the node type: M5 or R5 and newer, and no burstable one."""
    family = node_type.removeprefix("cache.").partition(".")[0]
    if family not in _NODE_FAMILIES:
        raise ValueError(
            f"{argument}: not supported by a Global Datastore (got {node_type}). Use a node type of the families "
            f"{', '.join(_NODE_FAMILIES)}, such as cache.m7g.large."
        )
