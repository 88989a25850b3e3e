"""The two IAM roles of a cluster in Auto Mode: that of the control plane and that of its nodes.

https://docs.aws.amazon.com/eks/latest/userguide/auto-learn-iam.html,
https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html and
https://docs.aws.amazon.com/eks/latest/userguide/auto-create-node-role.html (stored copies, read 2026-11-28)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

import pulumi_aws as aws
from pulumi import Input, Output, Resource, ResourceOptions

CLUSTER_POLICIES: Final = (
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
)
"""The managed policies that Auto Mode needs on the cluster's role: nodes, volumes, targets and network interfaces."""
NODE_POLICIES: Final = ("AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodeMinimalPolicy")
"""The managed policies of a node: pull images, and receive the credentials of its pods by EKS Pod Identity."""


class ClusterRoles:
    """Both roles and their policies, as children of `child.parent`. Not a component: the cluster is."""

    cluster: aws.iam.Role
    node: aws.iam.Role
    policies: list[Resource]
    """What must exist before the cluster is created, and until it is deleted."""

    def __init__(
        self, name: str, *, secrets_key_arn: Input[str] | None, tags: Mapping[str, str], child: ResourceOptions
    ) -> None:
        # Auto Mode tags its sessions, and the managed policies compare these tags: without sts:TagSession, EKS could
        # not create a node.
        self.cluster = _role(
            f"{name}-cluster",
            "EKS runs the control plane, nodes and targets",
            service="eks.amazonaws.com",
            actions=["sts:AssumeRole", "sts:TagSession"],
            tags=tags,
            child=child,
        )
        self.node = _role(
            f"{name}-node",
            "Nodes of EKS Auto Mode: image pulls and the credentials of pods",
            service="ec2.amazonaws.com",
            actions=["sts:AssumeRole"],
            tags=tags,
            child=child,
        )
        self.policies = []
        for part, role, policies in (("cluster", self.cluster, CLUSTER_POLICIES), ("node", self.node, NODE_POLICIES)):
            self.policies += [_attachment(f"{name}-{part}", policy, role, child) for policy in policies]
        if secrets_key_arn is not None:
            self.policies.append(
                aws.iam.RolePolicy(
                    f"{name}-cluster-secrets",
                    role=self.cluster.name,
                    policy=_key_policy(secrets_key_arn),
                    opts=child,
                )
            )


def _role(
    name: str, description: str, *, service: str, actions: list[str], tags: Mapping[str, str], child: ResourceOptions
) -> aws.iam.Role:
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": actions}],
    }
    return aws.iam.Role(
        f"{name}-role",
        description=description,
        assume_role_policy=json.dumps(trust),
        tags={**tags, "Name": f"{name}-role"},
        opts=child,
    )


def _attachment(name: str, policy: str, role: aws.iam.Role, child: ResourceOptions) -> aws.iam.RolePolicyAttachment:
    return aws.iam.RolePolicyAttachment(
        f"{name}-{policy.lower()}",
        role=role.name,
        policy_arn=f"arn:aws:iam::aws:policy/{policy}",
        opts=child,
    )


def _key_policy(key_arn: Input[str]) -> Output[str]:
    """Return the policy (JSON) with which the control plane uses the key of the Kubernetes secrets.

    The actions are those that github.com/terraform-aws-modules/terraform-aws-eks grants (from memory).
    """
    return Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"],
                    "Resource": key_arn,
                }
            ],
        }
    )
