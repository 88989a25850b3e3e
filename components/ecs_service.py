"""A Node service on ECS Fargate, behind a load balancer's target group.

Makes: its log group, security group and rules (its own, and the other end's for whom it reaches and who reaches it),
execution and task role, task definition, service.
Not here: the cluster, load balancer, repository and secrets; autoscaling, which brings its own block.
Checklist: secrets by ARN and never plain, auto-restart on crashes, health checks, JSON logs with retention, rollback of
a deployment that does not become healthy.

What the image must do: listen on PORT, answer 200 on the health check path, stop on SIGTERM, run as `user`, and declare
`VOLUME /tmp`: without that line Fargate mounts /tmp as root's own (0755) and the program cannot write there.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html (read 2026-11-24)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions

from .container_definition import SCRATCH_VOLUME, container_definition
from .environment_names import check_environment
from .fargate_sizes import check_fargate_size, node_heap_mib
from .log_retention import check_retention
from .task_firewall import Reach, TaskFirewall
from .task_roles import TaskRoles

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html stopTimeout (read 2026-11-24)
_LONGEST_STOP_SECONDS = 120


class CpuArchitecture(StrEnum):
    """What the image is built for."""

    ARM64 = "ARM64"  # Graviton; a fifth cheaper on Fargate
    X86_64 = "X86_64"


@dataclass(frozen=True, kw_only=True, slots=True)
class EcsServiceArgs:
    """What one service needs."""

    account_id: Input[str]
    region: Input[str]
    cluster_arn: Input[str]
    vpc_id: Input[str]
    subnet_ids: Input[Sequence[Input[str]]]
    load_balancer_security_group_id: Input[str]
    target_group_arn: Input[str]
    """One that a listener already uses."""
    image: Input[str]
    """With a tag that never moves, or a digest."""
    repository_arn: Input[str]
    """The one ECR repository the service may pull from (public images need no permission)."""
    container_port: int
    cpu_units: int
    memory_mib: int
    desired_count: int
    log_retention_days: int
    tags: Mapping[str, str]
    command: Sequence[str] | None = None
    """In place of the image's own."""
    environment: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """PORT and NODE_OPTIONS (heap size) are added; names that promise a secret are refused."""
    secrets: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Variable -> ARN of a Secrets Manager secret that has a value: its version's `secret_arn` waits for it."""
    reaches: Mapping[str, Reach] = field(default_factory=dict[str, Reach])
    """By a short name that goes into the rules' names. HTTPS to anywhere is open besides, for AWS's own services."""
    architecture: CpuArchitecture = CpuArchitecture.ARM64
    user: str = "1000:1000"
    """uid:gid; 1000 is `node` of the official Node images."""
    assign_public_ip: bool = False
    """Needed in public subnets without NAT; the security group still lets only the load balancer in."""
    health_check_path: str = "/health"
    stop_timeout_seconds: int = 30
    health_check_grace_seconds: int = 60
    exec_log_group_arn: Input[str] | None = None
    """Where ECS Exec records its sessions; None turns ECS Exec off. On, the root file system becomes writable: its
    agent cannot run otherwise (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html, read
    2026-11-24)."""
    autoscaled: bool = False
    """Whether autoscaling owns the number of tasks, so that `desired_count` is only where it starts."""

    def __post_init__(self) -> None:
        check_fargate_size(self.cpu_units, self.memory_mib)
        check_retention("log_retention_days", self.log_retention_days)
        check_environment(self.environment, self.secrets)
        if not re.fullmatch(r"[1-9]\d*:[1-9]\d*", self.user):
            raise ValueError(
                f"user: got {self.user!r}, allowed uid:gid, both numbers above 0: a process that is broken out of runs "
                "on as this user, so never as root; a name could be root's in some image"
            )
        if self.desired_count < 0:
            raise ValueError(f"desired_count: got {self.desired_count}, allowed 0 or more tasks")
        if not 2 <= self.stop_timeout_seconds <= _LONGEST_STOP_SECONDS:
            raise ValueError(
                f"stop_timeout_seconds: got {self.stop_timeout_seconds}, allowed 2 to {_LONGEST_STOP_SECONDS}: "
                "Fargate kills a container after that"
            )
        if not 0 < self.container_port < 65_536:
            raise ValueError(f"container_port: got {self.container_port}, allowed 1 to 65535")
        if "PORT" in self.environment:
            raise ValueError(
                f"environment: got PORT, allowed without: it is container_port ({self.container_port}), where the load "
                "balancer looks"
            )


class EcsService(ComponentResource):
    """Tasks that only the load balancer can reach, replaced without a gap, rolled back when they don't get healthy."""

    service_name: Output[str]
    task_definition_arn: Output[str]
    """What runs. Resolves only when ECS kept it: a deployment that ECS rolled back raises RuntimeError here."""
    security_group_id: Output[str]
    task_role_name: Output[str]
    """For further policies of the program's own."""
    log_group_name: Output[str]
    log_group_arn: Output[str]

    def __init__(self, name: str, args: EcsServiceArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:EcsService", name, None, opts)
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)

        logs = aws.cloudwatch.LogGroup(
            f"{name}-logs", retention_in_days=args.log_retention_days, tags=self._tags("logs"), opts=self._child
        )
        firewall = TaskFirewall(
            name,
            vpc_id=args.vpc_id,
            port=args.container_port,
            load_balancer_security_group_id=args.load_balancer_security_group_id,
            reaches=args.reaches,
            tags=args.tags,
            child=self._child,
        )
        roles = TaskRoles(
            name,
            account_id=args.account_id,
            region=args.region,
            repository_arn=args.repository_arn,
            log_group_arn=logs.arn,
            secret_arns=list(args.secrets.values()),
            exec_log_group_arn=args.exec_log_group_arn,
            tags=args.tags,
            child=self._child,
        )
        task_definition = self._task_definition(logs, roles)
        # Tasks start the moment the service stands: without a right or a rule they fail, and the deployment with them.
        service = self._service(task_definition, firewall.group, [*firewall.rules, *roles.rights])

        self.service_name = service.name
        self.task_definition_arn = Output.all(
            running=service.task_definition, wanted=task_definition.arn, log_group=logs.name
        ).apply(lambda found: _kept(**{key: str(value) for key, value in found.items()}))
        self.security_group_id = firewall.group.id
        self.task_role_name = roles.task.name
        self.log_group_name = logs.name
        self.log_group_arn = logs.arn
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

    def _tags(self, part: str) -> dict[str, str]:
        return {**self._args.tags, "Name": f"{self._logical_name}-{part}"}

    def _task_definition(self, logs: aws.cloudwatch.LogGroup, roles: TaskRoles) -> aws.ecs.TaskDefinition:
        args = self._args
        environment: dict[str, Input[str]] = {
            "NODE_OPTIONS": f"--max-old-space-size={node_heap_mib(args.memory_mib)}",
            **args.environment,
            "PORT": str(args.container_port),
        }
        container = container_definition(
            name=self._logical_name,
            image=args.image,
            command=args.command,
            user=args.user,
            port=args.container_port,
            environment=environment,
            secrets=args.secrets,
            log_group_name=logs.name,
            region=args.region,
            stop_timeout_seconds=args.stop_timeout_seconds,
            health_check_path=args.health_check_path,
            readonly_root=args.exec_log_group_arn is None,
        )
        return aws.ecs.TaskDefinition(
            f"{self._logical_name}-task",
            # A family has no autonaming. The role's name is this stack's alone, and stays when the stack is renamed.
            family=roles.task.name,
            requires_compatibilities=["FARGATE"],
            network_mode="awsvpc",
            cpu=str(args.cpu_units),
            memory=str(args.memory_mib),
            runtime_platform={"cpu_architecture": args.architecture.value, "operating_system_family": "LINUX"},
            execution_role_arn=roles.execution.arn,
            task_role_arn=roles.task.arn,
            container_definitions=Output.json_dumps([container]),
            volumes=[{"name": SCRATCH_VOLUME}],
            tags=self._tags("task"),
            opts=self._child,
        )

    def _service(
        self, task_definition: aws.ecs.TaskDefinition, tasks: aws.ec2.SecurityGroup, needed: Sequence[Resource]
    ) -> aws.ecs.Service:
        args = self._args
        return aws.ecs.Service(
            f"{self._logical_name}-service",
            cluster=args.cluster_arn,
            task_definition=task_definition.arn,
            desired_count=args.desired_count,
            # Strategies and no launch type from the first day: from one to the other replaces the service.
            capacity_provider_strategies=[{"capacity_provider": "FARGATE", "base": 1, "weight": 1}],
            network_configuration={
                "subnets": args.subnet_ids,
                "security_groups": [tasks.id],
                "assign_public_ip": args.assign_public_ip,
            },
            load_balancers=[
                {
                    "target_group_arn": args.target_group_arn,
                    "container_name": self._logical_name,
                    "container_port": args.container_port,
                }
            ],
            # New tasks first, then the old ones go: never fewer than wanted.
            deployment_minimum_healthy_percent=100,
            deployment_maximum_percent=200,
            deployment_circuit_breaker={"enable": True, "rollback": True},
            health_check_grace_period_seconds=args.health_check_grace_seconds,
            availability_zone_rebalancing="ENABLED",
            enable_execute_command=args.exec_log_group_arn is not None,
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            # An `up` that succeeds must mean tasks that serve, not tasks that were ordered. The first one converges
            # because the image it starts from exists and answers.
            wait_for_steady_state=True,
            tags=self._tags("service"),
            opts=ResourceOptions(
                parent=self,
                depends_on=list(needed),
                ignore_changes=["desiredCount"] if args.autoscaled else None,
            ),
        )


def _kept(*, running: str, wanted: str, log_group: str) -> str:
    """`wanted`, unless ECS rolled back: a rolled-back service is steady too, so the provider reports success.

    https://github.com/hashicorp/terraform-provider-aws/issues/20858 (read 2026-11-24).
    """
    if running != wanted:
        raise RuntimeError(
            f"ECS rolled the deployment of {wanted} back to {running}: its tasks did not become healthy. "
            f"See why in the service's events and in the log group {log_group}, then deploy again"
        )
    return wanted
