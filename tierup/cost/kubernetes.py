"""Kubernetes charges nothing for objects: their pods run on nodes, and the cluster has its own price."""

from __future__ import annotations

from typing import Final

FREE: Final = frozenset(
    f"kubernetes:{each}"
    for each in (
        "apps/v1:Deployment",
        "autoscaling/v2:HorizontalPodAutoscaler",
        "batch/v1:CronJob",
        "batch/v1:Job",
        "core/v1:Namespace",
        "core/v1:Service",
        "core/v1:ServiceAccount",
        "eks.amazonaws.com/v1:TargetGroupBinding",
        "elbv2.k8s.aws/v1beta1:TargetGroupBinding",
        "networking.k8s.io/v1:NetworkPolicy",
        "policy/v1:PodDisruptionBudget",
        "secrets-store.csi.x-k8s.io/v1:SecretProviderClass",
    )
)
"""Types that cost nothing: the nodes and the load balancer are resources of AWS."""
