"""A Node service on ECS Fargate, behind a load balancer's target group.

Creates its task (log group, security group and rules, roles, task definition) and the service.
It does not create the cluster, load balancer, repository, secrets, autoscaling, or the load balancer resources of
blue/green deployments, which are separate components.
Checklist: secrets by ARN and never as plain variables, automatic restart after crashes, health checks, JSON logs with
retention, rollback of a deployment that does not become healthy.

Requirements for the image, besides those of every task (task.py): it listens on PORT and returns 200 on the health
check path. It has `node` on its PATH, unless `container_health_check` sets another command or disables the check.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.ecs.container_definition import cloudwatch_log_options, node_health_check
from components.ecs.deployment import Deployment
from components.ecs.fargate_service import FargateServiceArgs, FargateServiceComponent, fargate_service
from components.ecs.service_connect import ServiceConnect, service_connect_configuration
from components.ecs.task import CpuArchitecture as CpuArchitecture
from components.ecs.task import Task

NODE_HEALTH_CHECK = ("NODE",)
"""The default health check command, which depends on the port and the path (container_definition.py)."""
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html (read 2026-11-28)
_CHECKS = ("CMD", "CMD-SHELL")


def check_health_command(argument: str, command: Sequence[str]) -> None:
    """Raise ValueError unless `command` is CMD or CMD-SHELL with what the container executes."""
    if len(command) < 2 or command[0] not in _CHECKS:
        raise ValueError(
            f"{argument}: not a health check command (got {list(command)}). "
            "Set CMD or CMD-SHELL followed by the command, or none to disable the check."
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class EcsServiceArgs(FargateServiceArgs):
    """Arguments of EcsService.

    Raises ValueError for values out of range, for a service that no client could call, and for blue/green without its
    load balancer resources.
    """

    container_port: int
    """Port on which the application listens, 1 to 65535. The variable PORT is set to it."""
    load_balancer_security_group_id: Input[str] | None = None
    """Id of the load balancer's security group, which may connect to the tasks. Required with `target_group_arn`."""
    target_group_arn: Input[str] | None = None
    """ARN of a target group that a listener already uses. If it and the security group are None, only other services
    call this one, by Service Connect."""
    health_check_path: str = "/health"
    """Path that returns 200 while the application is healthy, without a database query."""
    health_check_grace_seconds: int = 60
    """Seconds after its start in which a task's failed health checks are ignored, 0 or more."""
    container_health_check: Sequence[str] | None = NODE_HEALTH_CHECK
    """Command of the container health check, starting with CMD or CMD-SHELL. The default requests `health_check_path`
    with Node, and needs `node` on the image's PATH: ECS stops tasks of other images after about 2.5 minutes. None
    disables the check; the load balancer's remains."""
    deployment: Deployment = Deployment()  # noqa: RUF009  frozen
    """Deployment strategy, bake time and rollback alarms."""
    connect: ServiceConnect | None = None
    """Service Connect configuration; None without Service Connect."""

    def __post_init__(self) -> None:
        FargateServiceArgs.__post_init__(self)
        if not 0 < self.container_port < 65_536:
            raise ValueError(f"container_port: out of range (got {self.container_port}). Set 1 to 65535.")
        if not self.health_check_path.startswith("/"):
            raise ValueError(
                f"health_check_path: not a path (got {self.health_check_path!r}). Set a path that starts with /."
            )
        if self.container_health_check not in (None, NODE_HEALTH_CHECK):
            check_health_command("container_health_check", self.container_health_check)
        if self.health_check_grace_seconds < 0:
            raise ValueError(
                f"health_check_grace_seconds: negative (got {self.health_check_grace_seconds}). Set 0 or more seconds."
            )
        if "PORT" in self.task.environment:
            raise ValueError(
                "environment: PORT must not be set (got PORT). "
                f"It is set from container_port ({self.container_port}), to which the load balancer connects."
            )
        self._check_clients()

    def _check_clients(self) -> None:
        if (self.target_group_arn is None) != (self.load_balancer_security_group_id is None):
            raise ValueError(
                "target_group_arn, load_balancer_security_group_id: one is missing (got only one of the two). "
                "Set both or neither: the load balancer must be able to connect to the tasks of its target group."
            )
        if self.target_group_arn is None and (self.connect is None or self.connect.dns_name is None):
            raise ValueError(
                "target_group_arn: the service has no clients (got None, and no connect.dns_name). "
                "Set one of the two, or use a WorkerService for a service that only processes a queue."
            )
        if self.target_group_arn is None and self.deployment.traffic is not None:
            raise ValueError(
                "deployment.traffic: needs a load balancer (got no target_group_arn). "
                "Set target_group_arn, or leave traffic out."
            )
        strategy = self.deployment.strategy
        if strategy.shifts_traffic and self.target_group_arn is not None and self.deployment.traffic is None:
            raise ValueError(
                f"deployment: traffic is missing (got strategy {strategy} and no traffic). "
                "Create a BlueGreen component and set its outputs as traffic, one update before the strategy changes."
            )


class EcsService(FargateServiceComponent):
    """A service whose tasks accept connections from the load balancer only.

    Deployments have no downtime, and ECS rolls back a deployment whose tasks do not become healthy.
    """

    def __init__(self, name: str, args: EcsServiceArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:EcsService", name, None, opts)
        self._logical_name = name
        self._args = args

        task = Task(
            name,
            args.task,
            child=ResourceOptions(parent=self),
            port=args.container_port,
            load_balancer_security_group_id=args.load_balancer_security_group_id,
            health_check=self._health_check(),
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

        self._set_outputs(service, args, task)

    def _health_check(self) -> Sequence[str] | None:
        args = self._args
        if args.container_health_check == NODE_HEALTH_CHECK:
            return node_health_check(args.container_port, args.health_check_path)
        return args.container_health_check

    def _load_balancer(self) -> aws.ecs.ServiceLoadBalancerArgsDict | None:
        if self._args.target_group_arn is None:
            return None
        load_balancer: aws.ecs.ServiceLoadBalancerArgsDict = {
            "target_group_arn": self._args.target_group_arn,
            "container_name": self._logical_name,
            "container_port": self._args.container_port,
        }
        traffic = self._args.deployment.traffic
        if traffic is not None:
            load_balancer["advanced_configuration"] = {
                "alternate_target_group_arn": traffic.alternate_target_group_arn,
                "production_listener_rule": traffic.production_rule_arn,
                "role_arn": traffic.role_arn,
            }
            if traffic.test_rule_arn is not None:
                load_balancer["advanced_configuration"]["test_listener_rule"] = traffic.test_rule_arn
        return load_balancer

    def _service_connect(self, task: Task) -> aws.ecs.ServiceServiceConnectConfigurationArgsDict | None:
        if self._args.connect is None:
            return None
        logs = cloudwatch_log_options(
            group_name=task.log_group.name, region=self._args.task.region, stream_prefix="service-connect"
        )
        return service_connect_configuration(self._args.connect, port=self._args.container_port, logs=logs)
