"""Tasks that work off a queue: the image of the API with another command, called by nobody.

Makes: its task (log group, security group and rules, roles, task definition) and the service.
Not here: the queue (a list or stream in the cache, which the worker `reaches`), and autoscaling.
Checklist: background jobs outside the request, auto-restart on crashes, a stop that lets a job end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.ecs.deployment import Deployment
from components.ecs.fargate_service import FargateServiceArgs, fargate_service, running_definition_arn
from components.ecs.task import Task


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkerServiceArgs(FargateServiceArgs):
    """What one worker needs. `stop_timeout_seconds` is what a job has left when its task must go."""

    spot_percent: int | None = 0
    """Share of the tasks on Fargate Spot; a job that Spot cuts short must be safe to start again."""
    rollback_alarm_names: Sequence[Input[str]] = ()
    """Alarms that undo a deployment; none of the service's own metrics, which would wait for it."""

    def __post_init__(self) -> None:
        FargateServiceArgs.__post_init__(self)
        if self.command is None:
            raise ValueError(
                "command: got none, allowed the worker's own: the image's would start another API, without a port"
            )


class WorkerService(ComponentResource):
    """Tasks that nobody can reach, and that ECS keeps running."""

    service_name: Output[str]
    """The `ServiceName` dimension of its metrics."""
    task_definition_arn: Output[str]
    """What runs. Resolves only when ECS kept it, as EcsService's does."""
    security_group_id: Output[str]
    """Of its tasks."""
    task_role_name: Output[str]
    """For further policies of the program's own."""
    log_group_name: Output[str]
    """Of all containers of its tasks."""
    log_group_arn: Output[str]
    """Of the same."""

    def __init__(self, name: str, args: WorkerServiceArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:WorkerService", name, None, opts)
        task = Task(name, args, child=ResourceOptions(parent=self))
        deployment = Deployment(rollback_alarm_names=args.rollback_alarm_names)
        service = fargate_service(name, args, task, deployment, parent=self)

        self.service_name = service.name
        self.task_definition_arn = running_definition_arn(service, task)
        self.security_group_id = task.firewall.group.id
        self.task_role_name = task.roles.task.name
        self.log_group_name = task.logs.name
        self.log_group_arn = task.logs.arn
        self.register_outputs(
            {
                "service_name": self.service_name,
                "task_definition_arn": self.task_definition_arn,
                "security_group_id": self.security_group_id,
                "task_role_name": self.task_role_name,
                "log_group_name": self.log_group_name,
                "log_group_arn": self.log_group_arn,
            }
        )
