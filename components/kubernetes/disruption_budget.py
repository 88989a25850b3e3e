"""The number of a workload's pods that may be unavailable while nodes are drained, updated or removed.

Creates one PodDisruptionBudget. A crash or a lost node is no disruption that it could prevent.
https://kubernetes.io/docs/tasks/run-application/configure-pdb/ (read 2026-11-28)
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_kubernetes as kubernetes
from pulumi import ComponentResource, Input, ResourceOptions

from components.kubernetes.names import check_logical_name, selector_labels


@dataclass(frozen=True, kw_only=True, slots=True)
class DisruptionBudgetArgs:
    """Arguments of DisruptionBudget. Raises ValueError for a share that would block each drain."""

    namespace: Input[str]
    """Name of the namespace."""
    workload: str
    """Logical name of the deployment whose pods the budget selects."""
    max_unavailable_percent: int = 25
    """Share of the pods that may be unavailable at once in percent, 1 to 100. Kubernetes rounds it up, so that one pod
    may always be drained: a budget that allows none would block each update of a node."""

    def __post_init__(self) -> None:
        if not 1 <= self.max_unavailable_percent <= 100:
            raise ValueError(
                f"max_unavailable_percent: out of range (got {self.max_unavailable_percent}). Set 1 to 100: 0 would "
                "block each drain of a node."
            )


class DisruptionBudget(ComponentResource):
    """A PodDisruptionBudget of one workload."""

    def __init__(self, name: str, args: DisruptionBudgetArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:kubernetes:DisruptionBudget", name, None, opts)
        check_logical_name(name)
        kubernetes.policy.v1.PodDisruptionBudget(
            name,
            metadata={"namespace": args.namespace},
            spec={
                "max_unavailable": f"{args.max_unavailable_percent}%",
                "selector": {"match_labels": selector_labels(args.workload)},
                # A pod that is not ready serves nobody, and would block the drain of its node for ever.
                "unhealthy_pod_eviction_policy": "AlwaysAllow",
            },
            opts=ResourceOptions(parent=self),
        )
        self.register_outputs({})
