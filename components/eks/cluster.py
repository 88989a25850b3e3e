"""An EKS cluster in Auto Mode: AWS runs the control plane, the nodes, the pod network and the target registration.

Creates the log group of the control plane, both roles and the cluster. Nobody has access to its Kubernetes API until
an access entry exists, not even the principal that creates the cluster.
It does not create access entries, add-ons, the roles of pods, or any Kubernetes object.

Auto Mode contains what add-ons provide elsewhere: the pod network, DNS, kube-proxy, the agent of EKS Pod Identity, the
load balancer controller and block storage, so the cluster has no self-managed add-on:
https://docs.aws.amazon.com/eks/latest/userguide/automode.html (read 2026-11-28; docs/adr/0016-eks-auto-mode.md has the
reasons and the cost).

Checklist: private endpoint, access by access entries only, encryption of Kubernetes secrets with a customer managed
key, logs of the control plane with retention, deletion protection.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.eks.cluster_roles import ClusterRoles
from components.monitoring.log_retention import check_retention

# API model of eks in botocore, ClusterName and LogType (read 2026-11-28)
_NAME = re.compile(r"[0-9A-Za-z][A-Za-z0-9_-]{0,99}")
_LOG_TYPES: Final = ("api", "audit", "authenticator", "controllerManager", "scheduler")
_VERSION = re.compile(r"1\.\d\d")
# https://docs.aws.amazon.com/eks/latest/userguide/network_reqs.html (stored copy, read 2026-11-28)
_MIN_SUBNETS = 2


def check_public_cidrs(argument: str, cidrs: Sequence[str]) -> None:
    """Raise ValueError for a range that is not IPv4, and for one that contains every address."""
    for cidr in cidrs:
        try:
            network = ipaddress.IPv4Network(cidr)
        except ValueError as error:
            raise ValueError(f"{argument}: not an IPv4 range ({error}). Use the form 203.0.113.0/24.") from error
        if network.prefixlen == 0:
            raise ValueError(
                f"{argument}: every address reaches the Kubernetes API (got {cidr}). "
                "Set the addresses of your offices and runners, or none for access from the VPC only."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class EksClusterArgs:
    """Arguments of EksCluster.

    Raises ValueError for a name or version that EKS does not accept, for fewer than two subnets, for a retention period
    that CloudWatch Logs does not support, and for a Kubernetes API that every address may reach.
    """

    cluster_name: str
    """Name of the cluster, up to 100 letters, digits, hyphens and underscores. It has no autonaming, because the log
    group, whose name contains it, must exist before the cluster: EKS would create it without retention."""
    version: str
    """Kubernetes version, such as 1.35. EKS upgrades one minor version at a time, and never goes back."""
    subnet_ids: Sequence[Input[str]]
    """Ids of private subnets in two zones or more, for the network interfaces of the control plane and for nodes."""
    log_retention_days: int
    """Retention of the control plane's logs in days; one of the periods that CloudWatch Logs supports."""
    tags: Mapping[str, str]
    """Tags of every taggable resource; a Name is added."""
    public_cidrs: Sequence[str] = ()
    """CIDR blocks that reach the Kubernetes API from the internet. If empty, only the VPC reaches it."""
    secrets_key_arn: Input[str] | None = None
    """Customer managed KMS key that encrypts Kubernetes secrets. It cannot be removed later: that replaces the cluster.
    None is a key that AWS owns."""
    log_key_arn: Input[str] | None = None
    """Customer managed KMS key of the log group; its key policy must allow CloudWatch Logs of the region."""
    deletion_protection: bool = True
    """Whether EKS rejects the deletion of the cluster."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.cluster_name):
            raise ValueError(
                f"cluster_name: not the name of a cluster (got {self.cluster_name!r}). "
                "Set 1 to 100 letters, digits, - and _, with a letter or digit first."
            )
        if not _VERSION.fullmatch(self.version):
            raise ValueError(f"version: not a Kubernetes version (got {self.version!r}). Set one such as 1.35.")
        if len(self.subnet_ids) < _MIN_SUBNETS:
            raise ValueError(
                f"subnet_ids: too few (got {len(self.subnet_ids)}). Set subnets in at least two availability zones."
            )
        check_retention("log_retention_days", self.log_retention_days)
        check_public_cidrs("public_cidrs", self.public_cidrs)


class EksCluster(ComponentResource):
    """An EKS cluster in Auto Mode with a private Kubernetes API."""

    cluster_name: Output[str]
    """Name of the cluster, which resolves when the cluster exists."""
    arn: Output[str]
    """ARN of the cluster."""
    endpoint: Output[str]
    """URL of the Kubernetes API."""
    certificate_authority: Output[str]
    """Certificate authority of the Kubernetes API, in base64."""
    security_group_id: Output[str]
    """Id of the security group that EKS creates for the control plane and for nodes. Pods have it, too. It allows its
    own members, and every egress."""
    node_role_arn: Output[str]
    """ARN of the role of nodes."""
    log_group_name: Output[str]
    """Name of the log group of the control plane."""

    def __init__(self, name: str, args: EksClusterArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:EksCluster", name, None, opts)
        child = ResourceOptions(parent=self)
        logs = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            name=f"/aws/eks/{args.cluster_name}/cluster",
            retention_in_days=args.log_retention_days,
            kms_key_id=args.log_key_arn,
            tags={**args.tags, "Name": f"{name}-logs"},
            opts=child,
        )
        network: aws.eks.ClusterVpcConfigArgsDict = {
            "subnet_ids": list(args.subnet_ids),
            "endpoint_private_access": True,
            "endpoint_public_access": bool(args.public_cidrs),
        }
        if args.public_cidrs:
            network["public_access_cidrs"] = list(args.public_cidrs)
        roles = ClusterRoles(name, secrets_key_arn=args.secrets_key_arn, tags=args.tags, child=child)
        cluster = aws.eks.Cluster(
            f"{name}-cluster",
            name=args.cluster_name,
            version=args.version,
            role_arn=roles.cluster.arn,
            vpc_config=network,
            # CONFIG_MAP would keep access in a Kubernetes object that a mistake can delete. The creator gets no
            # implicit administrator entry, which would not be visible in the program.
            access_config={"authentication_mode": "API", "bootstrap_cluster_creator_admin_permissions": False},
            bootstrap_self_managed_addons=False,
            # The pool "system" runs add-ons. Pods of the application get a node pool with Graviton processors.
            compute_config={"enabled": True, "node_pools": ["system"], "node_role_arn": roles.node.arn},
            kubernetes_network_config={"elastic_load_balancing": {"enabled": True}, "ip_family": "ipv4"},
            storage_config={"block_storage": {"enabled": True}},
            encryption_config=(
                {"provider": {"key_arn": args.secrets_key_arn}, "resources": ["secrets"]}
                if args.secrets_key_arn is not None
                else None
            ),
            enabled_cluster_log_types=list(_LOG_TYPES),
            deletion_protection=args.deletion_protection,
            # EXTENDED is the API's default. A control plane then costs six times its price from the 15th month on.
            upgrade_policy={"support_type": "STANDARD"},
            zonal_shift_config={"enabled": True},
            tags={**args.tags, "Name": f"{name}-cluster"},
            opts=ResourceOptions(parent=self, depends_on=[logs, *roles.policies]),
        )

        self.cluster_name = cluster.name
        self.arn = cluster.arn
        self.endpoint = cluster.endpoint
        self.certificate_authority = cluster.certificate_authority.apply(lambda each: str(each["data"]))
        self.security_group_id = cluster.vpc_config.apply(lambda each: str(each["cluster_security_group_id"]))
        self.node_role_arn = roles.node.arn
        self.log_group_name = logs.name
        self.register_outputs(
            {
                "cluster_name": self.cluster_name,
                "arn": self.arn,
                "endpoint": self.endpoint,
                "certificate_authority": self.certificate_authority,
                "security_group_id": self.security_group_id,
                "node_role_arn": self.node_role_arn,
                "log_group_name": self.log_group_name,
            }
        )
