"""Amazon EKS: clusters in Auto Mode, access to their API, add-ons, and the roles, network and targets of pods."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.eks.access import AccessPolicy, ClusterAccess, ClusterAccessArgs
    from components.eks.addon import EksAddon, EksAddonArgs
    from components.eks.cluster import EksCluster, EksClusterArgs
    from components.eks.container_logs import ContainerLogs, ContainerLogsArgs
    from components.eks.kubeconfig import kubeconfig
    from components.eks.pod_network import PodDependency, PodNetwork, PodNetworkArgs
    from components.eks.pod_role import PodRole, PodRoleArgs
    from components.eks.pod_targets import PodTargets, PodTargetsArgs

__all__ = [
    "AccessPolicy",
    "ClusterAccess",
    "ClusterAccessArgs",
    "ContainerLogs",
    "ContainerLogsArgs",
    "EksAddon",
    "EksAddonArgs",
    "EksCluster",
    "EksClusterArgs",
    "PodDependency",
    "PodNetwork",
    "PodNetworkArgs",
    "PodRole",
    "PodRoleArgs",
    "PodTargets",
    "PodTargetsArgs",
    "kubeconfig",
]
