"""A namespace that enforces restricted pod security and denies all traffic that no other network policy allows.

Creates the Namespace and a NetworkPolicy that selects all of its pods. Each workload adds the traffic that it needs.
Pods of other teams that run in the same namespace are restricted in the same way.
Network policies need a network plugin that enforces them. EKS Auto Mode has one, which is off by default.
https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html (read 2026-11-28)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi_kubernetes as kubernetes
from pulumi import ComponentResource, Output, ResourceOptions

from components.kubernetes.names import check_logical_name, object_name

_POD_SECURITY = "pod-security.kubernetes.io"
READINESS_GATE_LABEL = "eks.amazonaws.com/pod-readiness-gate-inject"
"""With this label, EKS Auto Mode reports a pod ready only once its target in the target group is healthy, so that a
rollout keeps the old pods until then. The AWS Load Balancer Controller has its own label,
elbv2.k8s.aws/pod-readiness-gate-inject.
https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/pod_readiness_gate (read 2026-11-28); the
label of Auto Mode as public manifests have it (read 2026-11-28)"""


@dataclass(frozen=True, kw_only=True, slots=True)
class KubernetesNamespaceArgs:
    """Arguments of KubernetesNamespace. Raises ValueError for a label that the component sets."""

    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """Further labels of the namespace."""
    pod_security_version: str = "latest"
    """Version of the pod security standard, such as v1.37. `latest` follows the cluster's version."""
    readiness_gates: bool = True
    """Whether pods are ready only once their target in the target group is healthy."""

    def __post_init__(self) -> None:
        reserved = sorted(
            label for label in self.labels if label.startswith(f"{_POD_SECURITY}/") or label == READINESS_GATE_LABEL
        )
        if reserved:
            raise ValueError(
                f"labels: set by the component (got {', '.join(reserved)}). "
                "Use pod_security_version and readiness_gates instead."
            )


class KubernetesNamespace(ComponentResource):
    """A namespace with restricted pod security, in which a network policy denies all other traffic."""

    namespace: Output[str]
    """Name of the namespace. It resolves after the policy that denies all traffic exists."""

    def __init__(self, name: str, args: KubernetesNamespaceArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:kubernetes:KubernetesNamespace", name, None, opts)
        check_logical_name(name)
        labels = dict(args.labels)
        for mode in ("enforce", "audit", "warn"):
            labels[f"{_POD_SECURITY}/{mode}"] = "restricted"
            labels[f"{_POD_SECURITY}/{mode}-version"] = args.pod_security_version
        if args.readiness_gates:
            labels[READINESS_GATE_LABEL] = "enabled"
        namespace = kubernetes.core.v1.Namespace(name, metadata={"labels": labels}, opts=ResourceOptions(parent=self))
        # An empty selector selects all pods. A policy type without rules denies all traffic of that type.
        # https://kubernetes.io/docs/concepts/services-networking/network-policies/ (read 2026-11-28)
        deny = kubernetes.networking.v1.NetworkPolicy(
            f"{name}-default-deny",
            metadata={"namespace": object_name(namespace.metadata)},
            spec={"pod_selector": {}, "policy_types": ["Ingress", "Egress"]},
            opts=ResourceOptions(parent=self),
        )

        self.namespace = Output.all(object_name(namespace.metadata), deny.urn).apply(lambda values: str(values[0]))
        self.register_outputs({"namespace": self.namespace})
