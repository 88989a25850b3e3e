"""A node pool of EKS Auto Mode for the application's pods: Graviton or x86, on demand or also on Spot.

Creates one NodePool, which refers to the node class `default`: EKS creates it with the cluster's node role, subnets and
security group. Auto Mode starts nodes for pods that fit on no node, and removes nodes that are not needed.
https://docs.aws.amazon.com/eks/latest/userguide/create-node-pool.html (read 2026-11-28); the labels as public manifests
have them (read 2026-11-28)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi_kubernetes as kubernetes
from pulumi import ComponentResource, Output, ResourceOptions

from components.kubernetes.names import check_logical_name, custom_object_name
from components.kubernetes.pod import ARCHITECTURES

_CATEGORIES: Final = ("c", "m", "r")
_NEWER_THAN_GENERATION: Final = "5"  # newer generations are cheaper for the same work
NODE_HOURS: Final = 336
"""Hours after which a node is replaced. The replacement restarts pods, which then read the current secrets and run on a
new image of the node's operating system."""
_DRAIN_HOURS: Final = 24


@dataclass(frozen=True, kw_only=True, slots=True)
class NodePoolArgs:
    """Arguments of NodePool. Raises ValueError for an unknown architecture, and for a limit below 2 vCPUs."""

    architectures: Sequence[str]
    """CPU architectures of the images: arm64, amd64 or both."""
    max_vcpus: int
    """Maximum number of vCPUs of all nodes together, 2 or more: it limits the cost of a mistake."""
    spot: bool = False
    """Whether nodes may be Spot instances, which AWS reclaims with two minutes' notice. Auto Mode prefers them, and
    starts nodes on demand while there is no Spot capacity."""

    def __post_init__(self) -> None:
        if not self.architectures or not set(self.architectures) <= set(ARCHITECTURES):
            raise ValueError(
                f"architectures: empty or unknown (got {list(self.architectures)}). Set {' or '.join(ARCHITECTURES)}."
            )
        if self.max_vcpus < 2:
            raise ValueError(f"max_vcpus: too small (got {self.max_vcpus}). Set 2 or more: the smallest node has 2.")


class NodePool(ComponentResource):
    """A node pool for the application's pods."""

    node_pool_name: Output[str]
    """Name of the NodePool."""

    def __init__(self, name: str, args: NodePoolArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:kubernetes:NodePool", name, None, opts)
        check_logical_name(name)
        requirements = {
            "kubernetes.io/arch": list(args.architectures),
            "karpenter.sh/capacity-type": ["spot", "on-demand"] if args.spot else ["on-demand"],
            "eks.amazonaws.com/instance-category": list(_CATEGORIES),
        }
        pool = kubernetes.apiextensions.CustomResource(
            name,
            api_version="karpenter.sh/v1",
            kind="NodePool",
            spec={
                "template": {
                    "spec": {
                        "nodeClassRef": {"group": "eks.amazonaws.com", "kind": "NodeClass", "name": "default"},
                        "requirements": [
                            *({"key": key, "operator": "In", "values": each} for key, each in requirements.items()),
                            {
                                "key": "eks.amazonaws.com/instance-generation",
                                "operator": "Gt",
                                "values": [_NEWER_THAN_GENERATION],
                            },
                        ],
                        "expireAfter": f"{NODE_HOURS}h",
                        "terminationGracePeriod": f"{_DRAIN_HOURS}h",
                    }
                },
                "disruption": {
                    "consolidationPolicy": "WhenEmptyOrUnderutilized",
                    "consolidateAfter": "5m",
                    "budgets": [{"nodes": "10%"}],
                },
                "limits": {"cpu": str(args.max_vcpus)},
            },
            opts=ResourceOptions(parent=self),
        )
        self.node_pool_name = custom_object_name(pool)
        self.register_outputs({"node_pool_name": self.node_pool_name})
