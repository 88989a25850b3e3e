"""A task that ECS keeps running on Fargate: the part that a load balancer's services and workers share.

Makes, as a child of whoever asks, the ECS service of a task (see task).
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Output, Resource, ResourceOptions

from components.ecs.capacity_providers import capacity_strategies, check_spot_percent
from components.ecs.deployment import Deployment, kept
from components.ecs.task import Task, TaskArgs


@dataclass(frozen=True, kw_only=True, slots=True)
class FargateServiceArgs(TaskArgs):
    """What one service needs, whoever calls it; what serves and what works off a queue add what is theirs."""

    desired_count: int
    """Tasks, 0 or more."""
    autoscaled: bool = False
    """Whether autoscaling owns the number of tasks, so that `desired_count` is only where it starts."""
    spot_percent: int | None = None
    """Share of the tasks on Fargate Spot. 0 where it may ever be more: from None to a number the service stays, back
    from a number to None the provider makes a new one."""

    def __post_init__(self) -> None:
        TaskArgs.__post_init__(self)
        check_spot_percent(self.spot_percent)
        if self.desired_count < 0:
            raise ValueError(f"desired_count: got {self.desired_count}, allowed 0 or more tasks")


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
    """`name`'s service, replaced without a gap, rolled back when its tasks don't get healthy."""
    return aws.ecs.Service(
        f"{name}-service",
        cluster=args.cluster_arn,
        task_definition=task.definition.arn,
        desired_count=args.desired_count,
        # Strategies and no launch type from the first day: from one to the other replaces the service.
        capacity_provider_strategies=capacity_strategies(args.spot_percent),
        # Without it, the provider replaces a service whose strategies change.
        force_new_deployment=True if args.spot_percent is not None else None,
        network_configuration={
            "subnets": args.subnet_ids,
            "security_groups": [task.firewall.group.id],
            "assign_public_ip": args.assign_public_ip,
        },
        load_balancers=[load_balancer] if load_balancer is not None else None,
        health_check_grace_period_seconds=health_check_grace_seconds,
        service_connect_configuration=service_connect,
        # New tasks first, then the old ones go: never fewer than wanted.
        deployment_minimum_healthy_percent=100,
        deployment_maximum_percent=200,
        deployment_circuit_breaker={"enable": True, "rollback": True},
        deployment_configuration=deployment.configuration(),
        alarms=deployment.alarms(),
        availability_zone_rebalancing="ENABLED",
        enable_execute_command=args.exec_log_group_arn is not None,
        enable_ecs_managed_tags=True,
        propagate_tags="SERVICE",
        # An `up` that succeeds must mean tasks that run, not tasks that were ordered. The first one converges because
        # the image it starts from exists and runs.
        wait_for_steady_state=True,
        tags={**args.tags, "Name": f"{name}-service"},
        opts=ResourceOptions(
            parent=parent,
            depends_on=task.needs,
            ignore_changes=["desiredCount"] if args.autoscaled else None,
            custom_timeouts=deployment.timeouts(),
        ),
    )


def running_definition_arn(service: aws.ecs.Service, task: Task) -> Output[str]:
    """The task definition that runs. Raises RuntimeError, once known, where ECS rolled its deployment back."""
    return Output.all(running=service.task_definition, wanted=task.definition.arn, log_group=task.logs.name).apply(
        lambda found: kept(**{key: str(value) for key, value in found.items()})
    )
