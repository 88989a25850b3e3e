"""Pods that serve HTTP: a Deployment with probes, and a shutdown that waits until the load balancer sends no requests.

Creates the objects of the pods (network policy, secrets) and the Deployment.
It does not create autoscaling, the disruption budget, the service account, the Service or its target group binding
(WebService). `after` must contain the binding: with readiness gates, EKS adds a gate only to pods that are created
after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import ComponentResource, Output, Resource, ResourceOptions

from components.kubernetes.deployment import ReplicaArgs, rolling_deployment
from components.kubernetes.names import check_logical_name, object_name
from components.kubernetes.pod import HttpPort, Pod


@dataclass(frozen=True, kw_only=True, slots=True)
class WebDeploymentArgs(ReplicaArgs):
    """Arguments of WebDeployment."""

    http: HttpPort
    """The port that serves HTTP, with its probes."""
    after: Sequence[Resource] = ()
    """Resources that must be complete before the pods change, such as the WebService and a ReleaseJob."""


class WebDeployment(ComponentResource):
    """A Deployment that serves HTTP."""

    deployment_name: Output[str]
    """Name of the Deployment, which an autoscaler scales."""

    def __init__(self, name: str, args: WebDeploymentArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:kubernetes:WebDeployment", name, None, opts)
        check_logical_name(name, reserved=len("-0123456789-01234"))
        pod = Pod(name, args.pod, parent=self, http=args.http)
        deployment = rolling_deployment(name, args, pod, parent=self, after=args.after)

        self.deployment_name = object_name(deployment.metadata)
        self.register_outputs({"deployment_name": self.deployment_name})
