"""ElastiCache: cluster mode and the number of nodes of a replication group."""

from __future__ import annotations

from collections.abc import Iterator

from tierup.sandbox.behaviour import (
    Call,
    Plain,
    Rejection,
    Stage,
    rule,
)

from .elasticache import PARAMETER_GROUP
from .network import APPLY
from .sources import api


def is_sharded(inputs: Plain) -> bool:
    """Return whether cluster mode is enabled, by clusterMode, the shards or the default parameter group."""
    return (
        inputs.get("clusterMode") in ("enabled", "compatible")
        or (inputs.get("numNodeGroups") or 1) > 1
        or str(inputs.get("parameterGroupName") or "").endswith(".cluster.on")
    )


def nodes_of(inputs: Plain) -> int:
    """Return the number of nodes in all shards."""
    if inputs.get("numNodeGroups") is not None or inputs.get("replicasPerNodeGroup") is not None:
        return (inputs.get("numNodeGroups") or 1) * (1 + (inputs.get("replicasPerNodeGroup") or 0))
    return inputs.get("numCacheClusters") or 1


MODIFY_MODE = api("elasticache", "ModifyReplicationGroupMessage")


def mode_of(inputs: Plain) -> str:
    """Return the cluster mode: disabled, compatible or enabled; by the shards if clusterMode is not set."""
    return inputs.get("clusterMode") or ("enabled" if is_sharded(inputs) else "disabled")


def _clustered_parameters(call: Call, name: Plain) -> bool:
    found = next(call.nearby(PARAMETER_GROUP, name=name), None)
    given = found.inputs.get("parameters") or [] if found else []
    return str(name).endswith(".cluster.on") or {"name": "cluster-enabled", "value": "yes"} in given


@rule("cluster-mode-changes-by-compatible", Stage.UPDATE, source=MODIFY_MODE)
def cluster_mode_steps(call: Call) -> Iterator[Rejection]:
    """Reject skipped steps (disabled, compatible, enabled), steps back, and new shards before the mode is enabled."""
    old = call.old or {}
    before, after = mode_of(old), mode_of(call.inputs)
    if before == "disabled" and after == "enabled":
        yield Rejection(
            "clusterMode",
            "cluster mode is disabled. Set it to compatible first, then to enabled.",
            "InvalidParameterCombination",
        )
    if before == "enabled" and after != "enabled":
        yield Rejection("clusterMode", "cluster mode cannot be disabled again", "InvalidParameterCombination")
    if before != "enabled" and (call.get("numNodeGroups") or 1) > 1:
        yield Rejection(
            "numNodeGroups",
            f"the provider changes the shards before clusterMode, which is still {before}. Set clusterMode to enabled"
            " first.",
            "InvalidParameterCombination",
        )


@rule("cluster-mode-matches-parameter-group", *APPLY, source=MODIFY_MODE)
def cluster_mode_needs(call: Call) -> Iterator[Rejection]:
    mode, group = mode_of(call.inputs), call.get("parameterGroupName")
    if group is not None and _clustered_parameters(call, group) != (mode != "disabled"):
        yield Rejection(
            "parameterGroupName",
            f"cluster mode {mode} requires a parameter group with cluster-enabled"
            f" {'no' if mode == 'disabled' else 'yes'}",
            "InvalidParameterCombination",
        )
    if call.get("clusterMode") == "compatible" and nodes_of(call.inputs) < 2:
        yield Rejection("clusterMode", "compatible requires at least one replica", "InvalidParameterCombination")
