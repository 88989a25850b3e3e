"""An EKS cluster and an add-on that comply with the rules on them."""

from __future__ import annotations

import pulumi_aws as aws


def deploy() -> None:
    cluster = aws.eks.Cluster(
        "eks-cluster",
        role_arn="arn:aws:iam::111122223333:role/cluster",
        version="1.35",
        vpc_config={
            "subnet_ids": ["subnet-1", "subnet-2"],
            "endpoint_private_access": True,
            "endpoint_public_access": False,
        },
        access_config={"authentication_mode": "API", "bootstrap_cluster_creator_admin_permissions": False},
        encryption_config={
            "provider": {"key_arn": "arn:aws:kms:eu-west-1:111122223333:key/1"},
            "resources": ["secrets"],
        },
        enabled_cluster_log_types=["api", "audit", "authenticator", "controllerManager", "scheduler"],
        upgrade_policy={"support_type": "STANDARD"},
        tags={"Project": "app", "Stack": "prod"},
    )
    aws.eks.Addon(
        "eks-addon",
        cluster_name=cluster.name,
        addon_name="metrics-server",
        addon_version="v0.8.1-eksbuild.5",
        tags={"Project": "app", "Stack": "prod"},
    )
