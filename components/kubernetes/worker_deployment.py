"""Pods that process a queue: the image of the API with another command, without inbound connections.

Creates the objects of the pods (network policy, secrets) and the Deployment.
It does not create the queue, autoscaling, the disruption budget or the service account.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import ComponentResource, Output, Resource, ResourceOptions

from components.kubernetes.deployment import ReplicaArgs, rolling_deployment
from components.kubernetes.names import check_logical_name, object_name
from components.kubernetes.pod import Pod


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkerDeploymentArgs(ReplicaArgs):
    """Arguments of WorkerDeployment. `pod.stop_seconds` is the time that a running job has when its pod stops.

    Raises ValueError without a command.
    """

    after: Sequence[Resource] = ()
    """Resources that must be complete before the pods change, such as a ReleaseJob."""

    def __post_init__(self) -> None:
        ReplicaArgs.__post_init__(self)
        if self.pod.command is None:
            raise ValueError(
                "command: missing (got None). Set the worker's command: the image's default command starts the API."
            )


class WorkerDeployment(ComponentResource):
    """A Deployment without inbound connections, whose pods Kubernetes keeps running."""

    deployment_name: Output[str]
    """Name of the Deployment, which an autoscaler scales."""

    def __init__(self, name: str, args: WorkerDeploymentArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:kubernetes:WorkerDeployment", name, None, opts)
        check_logical_name(name, reserved=len("-0123456789-01234"))
        pod = Pod(name, args.pod, parent=self)
        deployment = rolling_deployment(name, args, pod, parent=self, after=args.after)

        self.deployment_name = object_name(deployment.metadata)
        self.register_outputs({"deployment_name": self.deployment_name})
