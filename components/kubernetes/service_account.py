"""The service account of a workload, the identity that an EKS Pod Identity association names.

Creates one ServiceAccount. It does not create the association or the IAM role. The association must exist before a pod
of the workload starts, because its credentials are injected when the pod is admitted.
https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html (read 2026-11-28)
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_kubernetes as kubernetes
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.kubernetes.names import check_logical_name, object_name


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkloadServiceAccountArgs:
    """Arguments of WorkloadServiceAccount."""

    namespace: Input[str]
    """Name of the namespace."""


class WorkloadServiceAccount(ComponentResource):
    """A service account without a token for the Kubernetes API: workloads call AWS, not Kubernetes."""

    service_account_name: Output[str]
    """Name of the service account."""
    namespace: Output[str]
    """Name of its namespace."""

    def __init__(self, name: str, args: WorkloadServiceAccountArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:kubernetes:WorkloadServiceAccount", name, None, opts)
        check_logical_name(name)
        account = kubernetes.core.v1.ServiceAccount(
            name,
            metadata={"namespace": args.namespace},
            automount_service_account_token=False,
            opts=ResourceOptions(parent=self),
        )

        self.service_account_name = object_name(account.metadata)
        self.namespace = account.metadata.apply(lambda metadata: str(metadata["namespace"]))
        self.register_outputs({"service_account_name": self.service_account_name, "namespace": self.namespace})
