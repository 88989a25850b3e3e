"""A Node service on ECS Fargate, behind a load balancer's target group.

Makes: its task (log group, security group and rules, roles, task definition) and the service.
Not here: the cluster, load balancer, repository and secrets; autoscaling and what blue/green deployments need of the
load balancer, which bring their own blocks.
Checklist: secrets by ARN and never plain, auto-restart on crashes, health checks, JSON logs with retention, rollback of
a deployment that does not become healthy.

What the image must do beside what every task's must (see task): listen on PORT, answer 200 on the health check path.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions

from .capacity import capacity_strategies, check_spot_percent
from .container_definition import cloudwatch_log_options
from .deployment import Deployment, DeploymentStrategy, kept
from .service_connect import ServiceConnect, service_connect_configuration
from .task import CpuArchitecture as CpuArchitecture
from .task import Task, TaskArgs


@dataclass(frozen=True, kw_only=True, slots=True)
class EcsServiceArgs(TaskArgs):
    """What one service needs."""

    container_port: int
    """Where the program listens, 1 to 65535; PORT says it to the program."""
    desired_count: int
    """Tasks, 0 or more."""
    load_balancer_security_group_id: Input[str] | None = None
    """Who may call the tasks; with `target_group_arn`."""
    target_group_arn: Input[str] | None = None
    """One that a listener already uses. Both None: a service that only other services call, by Service Connect."""
    health_check_path: str = "/health"
    """What answers 200 while the program is well, without asking the database."""
    health_check_grace_seconds: int = 60
    """How long a new task's failed health checks do not count."""
    autoscaled: bool = False
    """Whether autoscaling owns the number of tasks, so that `desired_count` is only where it starts."""
    spot_percent: int | None = None
    """Share of the tasks on Fargate Spot. 0 where it may ever be more: from None to a number the service stays, back
    from a number to None the provider makes a new one."""
    deployment: Deployment = Deployment()  # noqa: RUF009  frozen
    """How a new version takes over."""
    connect: ServiceConnect | None = None
    """Its place among services that call each other; None: it has none."""

    def __post_init__(self) -> None:
        TaskArgs.__post_init__(self)
        check_spot_percent(self.spot_percent)
        if self.desired_count < 0:
            raise ValueError(f"desired_count: got {self.desired_count}, allowed 0 or more tasks")
        if not 0 < self.container_port < 65_536:
            raise ValueError(f"container_port: got {self.container_port}, allowed 1 to 65535")
        if not self.health_check_path.startswith("/"):
            raise ValueError(f"health_check_path: got {self.health_check_path!r}, allowed a path that starts with /")
        if self.health_check_grace_seconds < 0:
            raise ValueError(f"health_check_grace_seconds: got {self.health_check_grace_seconds}, allowed 0 or more")
        if "PORT" in self.environment:
            raise ValueError(
                f"environment: got PORT, allowed without: it is container_port ({self.container_port}), where the load "
                "balancer looks"
            )
        self._check_callers()

    def _check_callers(self) -> None:
        if (self.target_group_arn is None) != (self.load_balancer_security_group_id is None):
            raise ValueError(
                "target_group_arn, load_balancer_security_group_id: got one, allowed both or neither: the load "
                "balancer must reach the tasks it sends requests to"
            )
        if self.target_group_arn is None and (self.connect is None or self.connect.known_as is None):
            raise ValueError(
                "target_group_arn: got none, and no connect.known_as, allowed one of them: nobody could call the "
                "service; what only works off a queue is a WorkerService"
            )
        if self.target_group_arn is None and self.deployment.traffic is not None:
            raise ValueError("deployment.traffic: got one without target_group_arn, allowed with a load balancer only")
        blue_green = self.deployment.strategy is DeploymentStrategy.BLUE_GREEN
        if blue_green and self.target_group_arn is not None and self.deployment.traffic is None:
            raise ValueError(
                "deployment: got BLUE_GREEN without traffic, allowed with: ECS moves requests from one target group "
                "to another; make a TrafficShift, and give it to the service one update earlier"
            )


class EcsService(ComponentResource):
    """Tasks that only the load balancer can reach, replaced without a gap, rolled back when they don't get healthy."""

    service_name: Output[str]
    """The `ServiceName` dimension of its metrics."""
    task_definition_arn: Output[str]
    """What runs. Resolves only when ECS kept it: a deployment that ECS rolled back raises RuntimeError here."""
    security_group_id: Output[str]
    """Of its tasks."""
    task_role_name: Output[str]
    """For further policies of the program's own."""
    log_group_name: Output[str]
    """Of all containers of its tasks."""
    log_group_arn: Output[str]
    """Of the same."""

    def __init__(self, name: str, args: EcsServiceArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:EcsService", name, None, opts)
        self._logical_name = name
        self._args = args

        task = Task(
            name,
            args,
            child=ResourceOptions(parent=self),
            port=args.container_port,
            load_balancer_security_group_id=args.load_balancer_security_group_id,
            health_check_path=args.health_check_path,
            named_port=args.connect is not None,
        )
        service = self._service(task, task.needs)

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

    def _service(self, task: Task, needed: Sequence[Resource]) -> aws.ecs.Service:
        args = self._args
        balanced = args.target_group_arn is not None
        return aws.ecs.Service(
            f"{self._logical_name}-service",
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
            load_balancers=[self._load_balancer(args.target_group_arn)] if args.target_group_arn is not None else None,
            service_connect_configuration=self._service_connect(task),
            # New tasks first, then the old ones go: never fewer than wanted.
            deployment_minimum_healthy_percent=100,
            deployment_maximum_percent=200,
            deployment_circuit_breaker={"enable": True, "rollback": True},
            deployment_configuration=args.deployment.configuration(),
            alarms=args.deployment.alarms(),
            health_check_grace_period_seconds=args.health_check_grace_seconds if balanced else None,
            availability_zone_rebalancing="ENABLED",
            enable_execute_command=args.exec_log_group_arn is not None,
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            # An `up` that succeeds must mean tasks that serve, not tasks that were ordered. The first one converges
            # because the image it starts from exists and answers.
            wait_for_steady_state=True,
            tags={**args.tags, "Name": f"{self._logical_name}-service"},
            opts=ResourceOptions(
                parent=self,
                depends_on=list(needed),
                ignore_changes=["desiredCount"] if args.autoscaled else None,
                custom_timeouts=args.deployment.timeouts(),
            ),
        )

    def _load_balancer(self, target_group_arn: Input[str]) -> aws.ecs.ServiceLoadBalancerArgsDict:
        balancer: aws.ecs.ServiceLoadBalancerArgsDict = {
            "target_group_arn": target_group_arn,
            "container_name": self._logical_name,
            "container_port": self._args.container_port,
        }
        traffic = self._args.deployment.traffic
        if traffic is not None:
            balancer["advanced_configuration"] = {
                "alternate_target_group_arn": traffic.alternate_target_group_arn,
                "production_listener_rule": traffic.production_rule_arn,
                "role_arn": traffic.role_arn,
            }
        return balancer

    def _service_connect(self, task: Task) -> aws.ecs.ServiceServiceConnectConfigurationArgsDict | None:
        if self._args.connect is None:
            return None
        logs = cloudwatch_log_options(
            group_name=task.logs.name, region=self._args.region, stream_prefix="service-connect"
        )
        return service_connect_configuration(self._args.connect, port=self._args.container_port, logs=logs)
