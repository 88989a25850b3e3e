"""Who may use the Kubernetes API of a cluster: access entries of IAM roles, each with one access policy of AWS.

Creates an access entry and its policy association for each principal. IAM authenticates the principal, so no user and
no password exists in Kubernetes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

# The root user has no access entry. https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html (from memory)
_PRINCIPAL = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:(role|user)/[\w+=,.@/-]+")


class AccessPolicy(StrEnum):
    """An access policy of AWS; its ARN is arn:aws:eks::aws:cluster-access-policy/<name>.

    https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html (read 2026-11-28)
    """

    CLUSTER_ADMIN = "AmazonEKSClusterAdminPolicy"  # every object
    ADMIN = "AmazonEKSAdminPolicy"  # most objects of the given namespaces
    EDIT = "AmazonEKSEditPolicy"  # workloads and their secrets
    VIEW = "AmazonEKSViewPolicy"  # reads everything but secrets


def check_principal(argument: str, arn: str) -> None:
    """Raise ValueError unless `arn` is that of an IAM role or user, which an access entry can name."""
    if not _PRINCIPAL.fullmatch(arn):
        raise ValueError(
            f"{argument}: not the ARN of an IAM role or user (got {arn!r}). Set one such as "
            "arn:aws:iam::111122223333:role/deploy, and not that of the account or of an assumed role's session."
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterAccessArgs:
    """Arguments of ClusterAccess. Raises ValueError for namespaces with a policy of the whole cluster."""

    cluster_name: Input[str]
    """Name of a cluster with the authentication mode API."""
    principal_arn: Input[str]
    """ARN of the IAM role or user; a path such as aws-reserved/sso.amazonaws.com/ is part of it."""
    policy: AccessPolicy
    """What the principal may do."""
    tags: Mapping[str, str]
    """Tags of every taggable resource; a Name is added."""
    namespaces: Sequence[str] = ()
    """The namespaces in which the policy applies. If empty, it applies in the whole cluster."""

    def __post_init__(self) -> None:
        if isinstance(self.principal_arn, str):
            check_principal("principal_arn", self.principal_arn)
        if self.policy is AccessPolicy.CLUSTER_ADMIN and self.namespaces:
            raise ValueError(
                f"namespaces: {self.policy} applies to the whole cluster (got {', '.join(self.namespaces)}). "
                f"Set {AccessPolicy.ADMIN} for an administrator of namespaces."
            )


class ClusterAccess(ComponentResource):
    """An access entry of the cluster, with one access policy."""

    principal_arn: Output[str]
    """ARN of the principal, which resolves when it has access."""

    def __init__(self, name: str, args: ClusterAccessArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:ClusterAccess", name, None, opts)
        entry = aws.eks.AccessEntry(
            f"{name}-entry",
            cluster_name=args.cluster_name,
            principal_arn=args.principal_arn,
            type="STANDARD",
            tags={**args.tags, "Name": f"{name}-entry"},
            opts=ResourceOptions(parent=self),
        )
        scope: aws.eks.AccessPolicyAssociationAccessScopeArgsDict = (
            {"type": "namespace", "namespaces": list(args.namespaces)} if args.namespaces else {"type": "cluster"}
        )
        association = aws.eks.AccessPolicyAssociation(
            f"{name}-policy",
            cluster_name=args.cluster_name,
            principal_arn=entry.principal_arn,
            policy_arn=f"arn:aws:eks::aws:cluster-access-policy/{args.policy.value}",
            access_scope=scope,
            opts=ResourceOptions(parent=self),
        )

        self.principal_arn = association.principal_arn
        self.register_outputs({"principal_arn": self.principal_arn})
