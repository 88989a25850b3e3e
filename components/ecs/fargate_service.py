"""The ECS service of a Fargate task (task.py): the part that EcsService and WorkerService share.

Creates the service as a child of the given parent, with a share of its tasks on Fargate Spot if configured. Spot costs
about a third of Fargate and is interrupted with two minutes' notice, so some tasks always run on Fargate.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html (read 2026-11-24; price from
memory)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

import pulumi_aws as aws
from pulumi import ComponentResource, InvokeOutputOptions, Output, Resource, ResourceOptions
from pulumi_aws.ecs import ServiceCapacityProviderStrategyArgsDict

from components.ecs.deployment import Deployment, check_not_rolled_back
from components.ecs.task import Task, TaskArgs

_MAX_SPOT_PERCENT = 90


@dataclass(frozen=True, kw_only=True, slots=True)
class FargateServiceArgs:
    """The arguments that every service has. Raises ValueError for a task count or Spot share out of range."""

    task: TaskArgs
    """Arguments of the task that the service runs."""
    desired_count: int
    """Number of tasks, 0 or more."""
    autoscaled: bool = False
    """Whether autoscaling owns the number of tasks. `desired_count` is then the initial number only."""
    spot_percent: int | None = None
    """Share of the tasks on Fargate Spot in percent, 0 to 90. Set 0, not None, if it may increase later: a change from
    None to a number updates the service, and a change back to None replaces it."""

    def __post_init__(self) -> None:
        check_spot_percent(self.spot_percent)
        if self.desired_count < 0:
            raise ValueError(f"desired_count: negative (got {self.desired_count}). Set 0 or more tasks.")


class FargateServiceComponent(ComponentResource):
    """A component that creates one service, with the service's outputs."""

    service_name: Output[str]
    """Name of the service, the `ServiceName` dimension of its metrics."""
    task_definition_arn: Output[str]
    """ARN of the running task definition. It fails with RuntimeError if ECS rolled the deployment back."""
    security_group_id: Output[str]
    """Id of the tasks' security group."""
    task_role_name: Output[str]
    """Name of the task role, for further policies of the application."""
    log_group_name: Output[str]
    """Name of the log group of all containers."""
    log_group_arn: Output[str]
    """ARN of that log group."""

    def _set_outputs(self, service: aws.ecs.Service, args: FargateServiceArgs, task: Task) -> None:
        self.service_name = service.name
        self.task_definition_arn = running_definition_arn(service, args, task)
        self.security_group_id = task.security_group.group.id
        self.task_role_name = task.roles.task.name
        self.log_group_name = task.log_group.name
        self.log_group_arn = task.log_group.arn
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


def check_spot_percent(spot_percent: int | None) -> None:
    """Raise ValueError for a share that leaves no task running while Fargate Spot has no capacity."""
    if spot_percent is not None and not 0 <= spot_percent <= _MAX_SPOT_PERCENT:
        raise ValueError(
            f"spot_percent: out of range (got {spot_percent}). Set 0 to {_MAX_SPOT_PERCENT}, or None: AWS interrupts "
            "Spot tasks, and Spot capacity may be unavailable for hours."
        )


def capacity_strategies(
    spot_percent: int | None, *, on_demand_tasks: int = 1
) -> list[ServiceCapacityProviderStrategyArgsDict]:
    """Return strategies with at least `on_demand_tasks` on Fargate, and `spot_percent` of the others on Fargate
    Spot."""
    if not spot_percent:
        return [{"capacity_provider": "FARGATE", "base": on_demand_tasks, "weight": 1}]
    divisor = gcd(spot_percent, 100)
    return [
        {"capacity_provider": "FARGATE", "base": on_demand_tasks, "weight": (100 - spot_percent) // divisor},
        {"capacity_provider": "FARGATE_SPOT", "weight": spot_percent // divisor},
    ]


def fargate_service(
    name: str,
    args: FargateServiceArgs,
    task: Task,
    deployment: Deployment,
    *,
    parent: Resource,
    load_balancer: aws.ecs.ServiceLoadBalancerArgsDict | None = None,
    health_check_grace_seconds: int | None = None,
    service_connect: aws.ecs.ServiceServiceConnectConfigurationArgsDict | None = None,
) -> aws.ecs.Service:
    """Create the ECS service, with zero-downtime deployments and rollback of a deployment that does not become
    healthy."""
    return aws.ecs.Service(
        f"{name}-service",
        cluster=args.task.cluster_arn,
        task_definition=task.definition.arn,
        desired_count=args.desired_count,
        # Always a capacity provider strategy, never a launch type: a change between them replaces the service.
        capacity_provider_strategies=capacity_strategies(args.spot_percent),
        # Without force_new_deployment the provider replaces a service whose strategies change.
        force_new_deployment=True if args.spot_percent is not None else None,
        network_configuration={
            "subnets": args.task.subnet_ids,
            "security_groups": [task.security_group.group.id],
            "assign_public_ip": args.task.assign_public_ip,
        },
        load_balancers=[load_balancer] if load_balancer is not None else None,
        health_check_grace_period_seconds=health_check_grace_seconds,
        service_connect_configuration=service_connect,
        # ECS starts new tasks before it stops old ones, so that the number never falls below the desired count.
        deployment_minimum_healthy_percent=100,
        deployment_maximum_percent=200,
        deployment_circuit_breaker={"enable": True, "rollback": True},
        deployment_configuration=deployment.configuration(),
        alarms=deployment.alarms(),
        availability_zone_rebalancing="ENABLED",
        enable_execute_command=args.task.exec_log_group_arn is not None,
        enable_ecs_managed_tags=True,
        propagate_tags="SERVICE",
        # A successful `up` must mean that the tasks run. The first one reaches a steady state, because the default
        # image exists and passes the health check.
        wait_for_steady_state=True,
        tags={**args.task.tags, "Name": f"{name}-service"},
        opts=ResourceOptions(
            parent=parent,
            depends_on=task.dependencies,
            ignore_changes=["desiredCount"] if args.autoscaled else None,
            custom_timeouts=deployment.timeouts(),
        ),
    )


def running_definition_arn(service: aws.ecs.Service, args: FargateServiceArgs, task: Task) -> Output[str]:
    """Return the ARN of the running task definition. It fails with RuntimeError if ECS rolled the deployment back.

    The service is looked up in ECS on each run, because its state may name a definition that ECS rolled back. A preview
    of a new definition does not know its ARN yet, and checks nothing.
    """
    live = aws.ecs.get_service_output(
        cluster_arn=args.task.cluster_arn,
        service_name=service.name,
        region=args.task.region,
        opts=InvokeOutputOptions(parent=service),
    )
    return Output.all(running=live.task_definition, desired=task.definition.arn, log_group=task.log_group.name).apply(
        lambda values: check_not_rolled_back(**{key: str(value) for key, value in values.items()})
    )
