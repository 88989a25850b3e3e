"""A service that processes a queue: the image of the API with another command, without inbound connections.

Creates its task (log group, security group and rules, roles, task definition) and the service.
It does not create the queue (a list or stream in the cache, which is one of the worker's `egress_targets`), or
autoscaling.
Checklist: background jobs outside the request, automatic restart after crashes, graceful shutdown of running jobs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import Input, ResourceOptions

from components.ecs.deployment import Deployment
from components.ecs.fargate_service import FargateServiceArgs, FargateServiceComponent, fargate_service
from components.ecs.service_connect import ServiceConnect, client_configuration
from components.ecs.task import Task


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkerServiceArgs(FargateServiceArgs):
    """Arguments of WorkerService. `task.stop_timeout_seconds` is the time that a running job has when its task stops.

    Raises ValueError without a command.
    """

    spot_percent: int | None = 0
    """Share of the tasks on Fargate Spot in percent, 0 to 90. A job that Spot interrupts must be safe to run again."""
    connect: ServiceConnect | None = None
    """Service Connect configuration without a `dns_name`, with which the worker calls other services; None without."""
    rollback_alarm_names: Sequence[Input[str]] = ()
    """Names of alarms that roll a deployment back. They must not use the service's metrics, which depend on it."""

    def __post_init__(self) -> None:
        FargateServiceArgs.__post_init__(self)
        if self.task.command is None:
            raise ValueError(
                "command: missing (got None). Set the worker's command: the image's default command starts the API."
            )
        if self.connect is not None and self.connect.dns_name is not None:
            raise ValueError(
                f"connect.dns_name: a worker has no port (got {self.connect.dns_name!r}). "
                "Leave it out: a worker only calls other services."
            )


class WorkerService(FargateServiceComponent):
    """A service without inbound connections, whose tasks ECS keeps running."""

    def __init__(self, name: str, args: WorkerServiceArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:WorkerService", name, None, opts)
        task = Task(name, args.task, child=ResourceOptions(parent=self))
        deployment = Deployment(rollback_alarm_names=args.rollback_alarm_names)
        service = fargate_service(
            name,
            args,
            task,
            deployment,
            parent=self,
            service_connect=client_configuration(args.connect, args.task, task),
        )

        self._set_outputs(service, args, task)
