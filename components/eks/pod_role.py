"""The IAM role of the pods of one workload, by EKS Pod Identity.

Creates the role, its policies and the association with a service account. A pod gets short-lived credentials of the
role, and of no other role of the cluster: the trust policy names the cluster, the namespace and the service account.

https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html (read 2026-11-28)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions

from components.iam.statement import PolicyStatement

# https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names (read 2026-11-28)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, kw_only=True, slots=True)
class PodRoleArgs:
    """Arguments of PodRole. Raises ValueError for names that Kubernetes does not accept."""

    cluster_name: Input[str]
    """Name of a cluster with the agent of EKS Pod Identity, which Auto Mode contains."""
    cluster_arn: Input[str]
    """ARN of the cluster, the only one whose pods may assume the role."""
    namespace: Input[str]
    """Name of the Kubernetes namespace of the pods."""
    service_account: Input[str]
    """Name of the Kubernetes service account of the pods. It need not exist yet."""
    tags: Mapping[str, str]
    """Tags of every taggable resource; a Name is added."""
    statements: Sequence[PolicyStatement] = ()
    """Statements of an inline policy of the role."""
    managed_policy_arns: Sequence[str] = ()
    """ARNs of managed policies that are attached to the role."""

    def __post_init__(self) -> None:
        for argument, value in (("namespace", self.namespace), ("service_account", self.service_account)):
            if isinstance(value, str) and not _LABEL.fullmatch(value):
                raise ValueError(
                    f"{argument}: not a name of Kubernetes (got {value!r}). "
                    "Set 1 to 63 lower-case letters, digits and hyphens, without a hyphen first or last."
                )


class PodRole(ComponentResource):
    """A role that only the pods of one service account assume."""

    role_arn: Output[str]
    """ARN of the role. It resolves after the role has its policies."""
    role_name: Output[str]
    """Name of the role."""
    association_id: Output[str]
    """Id of the association."""
    service_account_name: Output[str]
    """Name of the service account. It resolves after the association exists: pods that start earlier get no
    credentials."""

    def __init__(self, name: str, args: PodRoleArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:PodRole", name, None, opts)
        child = ResourceOptions(parent=self)
        role = aws.iam.Role(
            f"{name}-pods",
            description="Permissions of the application itself",
            assume_role_policy=_trust(args),
            tags={**args.tags, "Name": f"{name}-pods"},
            opts=child,
        )
        policies: list[Resource] = [
            aws.iam.RolePolicyAttachment(
                f"{name}-{arn.rpartition('/')[2].lower()}", role=role.name, policy_arn=arn, opts=child
            )
            for arn in args.managed_policy_arns
        ]
        if args.statements:
            document = {"Version": "2012-10-17", "Statement": [each.document() for each in args.statements]}
            policies.append(
                aws.iam.RolePolicy(f"{name}-pods", role=role.name, policy=Output.json_dumps(document), opts=child)
            )
        association = aws.eks.PodIdentityAssociation(
            f"{name}-identity",
            cluster_name=args.cluster_name,
            namespace=args.namespace,
            service_account=args.service_account,
            role_arn=role.arn,
            tags={**args.tags, "Name": f"{name}-identity"},
            opts=ResourceOptions(parent=self, depends_on=policies),
        )

        self.role_arn = Output.all(role.arn, association.id).apply(lambda both: str(both[0]))
        self.role_name = role.name
        self.association_id = association.association_id
        self.service_account_name = association.service_account
        self.register_outputs(
            {
                "role_arn": self.role_arn,
                "role_name": self.role_name,
                "association_id": self.association_id,
                "service_account_name": self.service_account_name,
            }
        )


def _trust(args: PodRoleArgs) -> Output[str]:
    """Return the trust policy (JSON). EKS Pod Identity tags its sessions; the conditions compare these tags."""
    return Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "pods.eks.amazonaws.com"},
                    "Action": ["sts:AssumeRole", "sts:TagSession"],
                    "Condition": {
                        "StringEquals": {
                            "aws:RequestTag/eks-cluster-arn": args.cluster_arn,
                            "aws:RequestTag/kubernetes-namespace": args.namespace,
                            "aws:RequestTag/kubernetes-service-account": args.service_account,
                        }
                    },
                }
            ],
        }
    )
