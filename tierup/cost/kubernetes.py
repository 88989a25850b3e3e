"""Price rules for Kubernetes objects: the nodes that EKS Auto Mode starts for the pods of deployments.

EKS Auto Mode creates the nodes, so the program registers none. Their cost follows from what the pods request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from .rules import PricedResource, PriceRule, Quantity

_GB_PER_VCPU: Final = 2.0  # of a compute-optimized node
_MIB_PER_GB: Final = 1024.0
_MILLI: Final = 1000.0


def _deployment(resource: PricedResource, _program: Sequence[PricedResource]) -> Iterator[Quantity]:
    """Yield the vCPUs of the pods, or the ones whose nodes have their memory if that is more."""
    spec = resource.inputs["spec"]
    cpu = memory = 0.0
    for container in spec["template"]["spec"]["containers"]:
        requests: Mapping[str, str] = container["resources"]["requests"]
        cpu += _cpu(str(requests["cpu"]))
        memory += _gb(str(requests["memory"]))
    yield "eks-node-vcpu", float(spec["replicas"]) * max(cpu, memory / _GB_PER_VCPU)


def _cpu(quantity: str) -> float:
    return float(quantity[:-1]) / _MILLI if quantity.endswith("m") else float(quantity)


def _gb(quantity: str) -> float:
    return float(quantity[:-2]) * (1.0 if quantity.endswith("Gi") else 1 / _MIB_PER_GB)


RULES: Final[Mapping[str, PriceRule]] = {
    "kubernetes:apps/v1:Deployment": PriceRule(
        fixed="the nodes of its pods, by what the pods request", count=_deployment
    ),
}

FREE: Final = frozenset(
    f"kubernetes:{each}"
    for each in (
        "autoscaling/v2:HorizontalPodAutoscaler",
        "batch/v1:CronJob",  # its pods run for seconds, on nodes that exist
        "batch/v1:Job",
        "core/v1:ConfigMap",
        "core/v1:Namespace",
        "core/v1:Service",
        "core/v1:ServiceAccount",
        "eks.amazonaws.com/v1:TargetGroupBinding",
        "elbv2.k8s.aws/v1beta1:TargetGroupBinding",
        "karpenter.sh/v1:NodePool",
        "keda.sh/v1alpha1:ScaledObject",  # its requests to CloudWatch cost $0.01 per 1,000 metrics
        "keda.sh/v1alpha1:TriggerAuthentication",
        "networking.k8s.io/v1:NetworkPolicy",
        "policy/v1:PodDisruptionBudget",
        "secrets-store.csi.x-k8s.io/v1:SecretProviderClass",
    )
)
"""Kubernetes objects that cost nothing themselves."""
