"""The switch that makes EKS Auto Mode enforce NetworkPolicies.

Creates the ConfigMap `amazon-vpc-cni` in kube-system, which Auto Mode reads. Without it, policies exist and have no
effect. https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html (read 2026-11-28)
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_kubernetes as kubernetes
from pulumi import ComponentResource, ResourceOptions

from components.kubernetes.names import check_logical_name


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkPolicyControllerArgs:
    """Arguments of NetworkPolicyController."""

    enforced: bool = True
    """Whether nodes enforce NetworkPolicies. False lets all traffic pass, to find out whether a policy causes an
    error."""


class NetworkPolicyController(ComponentResource):
    """The configuration with which nodes enforce NetworkPolicies. A cluster has one, with a fixed name."""

    def __init__(self, name: str, args: NetworkPolicyControllerArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:kubernetes:NetworkPolicyController", name, None, opts)
        check_logical_name(name)
        kubernetes.core.v1.ConfigMap(
            name,
            metadata={"name": "amazon-vpc-cni", "namespace": "kube-system"},
            data={"enable-network-policy-controller": str(args.enforced).lower()},
            opts=ResourceOptions(parent=self),
        )
        self.register_outputs({})
