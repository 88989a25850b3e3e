"""A Node service on ECS Fargate, behind a load balancer's target group.

Makes: its task (log group, security group and rules, roles, task definition) and the service.
Not here: the cluster, load balancer, repository and secrets; autoscaling and what blue/green deployments need of the
load balancer, which bring their own blocks.
Checklist: secrets by ARN and never plain, auto-restart on crashes, health checks, JSON logs with retention, rollback of
a deployment that does not become healthy.

What the image must do beside what every task's must (see task): listen on PORT, answer 200 on the health check path.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.ecs.container_definition import cloudwatch_log_options
from components.ecs.deployment import Deployment, DeploymentStrategy
from components.ecs.fargate_service import FargateServiceArgs, fargate_service, running_definition_arn
from components.ecs.service_connect import ServiceConnect, service_connect_configuration
from components.ecs.task import CpuArchitecture as CpuArchitecture
from components.ecs.task import Task


@dataclass(frozen=True, kw_only=True, slots=True)
class EcsServiceArgs(FargateServiceArgs):
    """What one service needs."""

    container_port: int
    """Where the program listens, 1 to 65535; PORT says it to the program."""
    load_balancer_security_group_id: Input[str] | None = None
    """Who may call the tasks; with `target_group_arn`."""
    target_group_arn: Input[str] | None = None
    """One that a listener already uses. Both None: a service that only other services call, by Service Connect."""
    health_check_path: str = "/health"
    """What answers 200 while the program is well, without asking the database."""
    health_check_grace_seconds: int = 60
    """How long a new task's failed health checks do not count."""
    deployment: Deployment = Deployment()  # noqa: RUF009  frozen
    """How a new version takes over."""
    connect: ServiceConnect | None = None
    """Its place among services that call each other; None: it has none."""

    def __post_init__(self) -> None:
        FargateServiceArgs.__post_init__(self)
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
        service = fargate_service(
            name,
            args,
            task,
            args.deployment,
            parent=self,
            load_balancer=self._load_balancer(),
            health_check_grace_seconds=args.health_check_grace_seconds if args.target_group_arn is not None else None,
            service_connect=self._service_connect(task),
        )

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

    def _load_balancer(self) -> aws.ecs.ServiceLoadBalancerArgsDict | None:
        if self._args.target_group_arn is None:
            return None
        balancer: aws.ecs.ServiceLoadBalancerArgsDict = {
            "target_group_arn": self._args.target_group_arn,
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
