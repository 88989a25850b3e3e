"""Tasks that work off a queue: the image of the API with another command, called by nobody.

Makes: its task (log group, security group and rules, roles, task definition) and the service.
Not here: the queue (a list or stream in the cache, which the worker `reaches`), and autoscaling.
Checklist: background jobs outside the request, auto-restart on crashes, a stop that lets a job end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from .capacity import capacity_strategies, check_spot_percent
from .deployment import kept
from .task import Task, TaskArgs


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkerServiceArgs(TaskArgs):
    """What one worker needs. `stop_timeout_seconds` is what a job has left when its task must go."""

    desired_count: int
    """Tasks, 0 or more."""
    autoscaled: bool = False
    """Whether autoscaling owns the number of tasks, so that `desired_count` is only where it starts."""
    spot_percent: int | None = 0
    """Share of the tasks on Fargate Spot; a job that Spot cuts short must be safe to start again."""
    rollback_alarm_names: Sequence[Input[str]] = ()
    """Alarms that undo a deployment; none of the service's own metrics, which would wait for it."""

    def __post_init__(self) -> None:
        TaskArgs.__post_init__(self)
        check_spot_percent(self.spot_percent)
        if self.command is None:
            raise ValueError(
                "command: got none, allowed the worker's own: the image's would start another API, without a port"
            )
        if self.desired_count < 0:
            raise ValueError(f"desired_count: got {self.desired_count}, allowed 0 or more tasks")


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
        self._logical_name = name
        self._args = args

        task = Task(name, args, child=ResourceOptions(parent=self))
        service = self._service(task)

        self.service_name = service.name
        self.task_definition_arn = Output.all(
            running=service.task_definition, wanted=task.definition.arn, log_group=task.logs.name
        ).apply(lambda found: kept(**{key: str(value) for key, value in found.items()}))
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

    def _service(self, task: Task) -> aws.ecs.Service:
        args = self._args
        alarms = list(args.rollback_alarm_names)
        return aws.ecs.Service(
            f"{self._logical_name}-service",
            cluster=args.cluster_arn,
            task_definition=task.definition.arn,
            desired_count=args.desired_count,
            capacity_provider_strategies=capacity_strategies(args.spot_percent),
            # Without it, the provider replaces a service whose strategies change.
            force_new_deployment=True if args.spot_percent is not None else None,
            network_configuration={
                "subnets": args.subnet_ids,
                "security_groups": [task.firewall.group.id],
                "assign_public_ip": args.assign_public_ip,
            },
            deployment_minimum_healthy_percent=100,
            deployment_maximum_percent=200,
            deployment_circuit_breaker={"enable": True, "rollback": True},
            alarms={"alarm_names": alarms, "enable": True, "rollback": True} if alarms else None,
            availability_zone_rebalancing="ENABLED",
            enable_execute_command=args.exec_log_group_arn is not None,
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            wait_for_steady_state=True,
            tags={**args.tags, "Name": f"{self._logical_name}-service"},
            opts=ResourceOptions(
                parent=self,
                depends_on=task.needs,
                ignore_changes=["desiredCount"] if args.autoscaled else None,
            ),
        )
