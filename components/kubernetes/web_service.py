"""The Service of a workload, bound to target groups of an Application Load Balancer that exists outside Kubernetes.

Creates the Service, and a TargetGroupBinding for each target group: the controller registers the address of each ready
pod in the group, and deregisters it when the pod stops.
It does not create the load balancer, its listeners or the target groups, which have the target type `ip`.
https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/spec (read 2026-11-28)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi_kubernetes as kubernetes
from pulumi import ComponentResource, Input, Output, ResourceOptions
from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict

from components.kubernetes.names import check_logical_name, object_name, selector_labels

AUTO_MODE_API = "eks.amazonaws.com/v1"
CONTROLLER_API = "elbv2.k8s.aws/v1beta1"


@dataclass(frozen=True, kw_only=True, slots=True)
class WebServiceArgs:
    """Arguments of WebService. Raises ValueError without a target group, for an unknown API and for an invalid
    name."""

    namespace: Input[str]
    """Name of the namespace."""
    workload: str
    """Logical name of the WebDeployment whose pods the service selects."""
    port: int
    """Port of the pods, which is also the port of the service."""
    target_group_arns: Mapping[str, Input[str]]
    """ARN of each target group, by a short name that becomes part of the binding's name."""
    load_balancer_security_group_id: Input[str] | None = None
    """Id of the load balancer's security group, from which the controller allows connections to the pods. None if the
    security groups of the nodes allow them already."""
    service_name: str | None = None
    """Name of the Service, by which other pods call it. None is the logical name with random digits."""
    api_version: str = AUTO_MODE_API
    """API of the binding: that of EKS Auto Mode, or that of the AWS Load Balancer Controller on other clusters."""

    def __post_init__(self) -> None:
        if not self.target_group_arns:
            raise ValueError("target_group_arns: empty (got {}). Set the ARN of one target group or more.")
        if self.service_name is not None:
            check_logical_name(self.service_name)
        if self.api_version not in (AUTO_MODE_API, CONTROLLER_API):
            raise ValueError(
                f"api_version: unknown (got {self.api_version!r}). Set {AUTO_MODE_API} for EKS Auto Mode, or "
                f"{CONTROLLER_API} for the AWS Load Balancer Controller."
            )


class WebService(ComponentResource):
    """A Service whose ready pods are targets of target groups."""

    service_name: Output[str]
    """Name of the Service."""

    def __init__(self, name: str, args: WebServiceArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:kubernetes:WebService", name, None, opts)
        check_logical_name(name)
        metadata: ObjectMetaArgsDict = {
            "namespace": args.namespace,
            # The provider would wait for a ready pod. The service exists before its pods.
            "annotations": {"pulumi.com/skipAwait": "true"},
        }
        if args.service_name is not None:
            metadata["name"] = args.service_name
        service = kubernetes.core.v1.Service(
            name,
            metadata=metadata,
            spec={
                "type": "ClusterIP",
                "selector": selector_labels(args.workload),
                "ports": [{"name": "http", "port": args.port, "target_port": args.port, "protocol": "TCP"}],
            },
            opts=ResourceOptions(parent=self),
        )
        self.service_name = object_name(service.metadata)
        for group, arn in args.target_group_arns.items():
            check_logical_name(f"{name}-{group}")
            kubernetes.apiextensions.CustomResource(
                f"{name}-{group}",
                api_version=args.api_version,
                kind="TargetGroupBinding",
                metadata={"namespace": args.namespace},
                spec=self._binding(args, arn),
                # The controller deregisters the pods when the binding is deleted. A new binding of the same group would
                # be created before that.
                opts=ResourceOptions(parent=self, delete_before_replace=True),
            )
        self.register_outputs({"service_name": self.service_name})

    def _binding(self, args: WebServiceArgs, arn: Input[str]) -> dict[str, Any]:
        binding: dict[str, Any] = {
            "serviceRef": {"name": self.service_name, "port": args.port},
            "targetGroupARN": arn,
            "targetType": "ip",
        }
        if args.load_balancer_security_group_id is not None:
            source = {"securityGroup": {"groupID": args.load_balancer_security_group_id}}
            binding["networking"] = {"ingress": [{"from": [source], "ports": [{"protocol": "TCP", "port": args.port}]}]}
        return binding
