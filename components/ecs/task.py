"""What every Fargate task is made of, whether it serves, works off a queue, or runs once: the part that services,
workers and single tasks share.

Makes, as children of whoever asks: a log group, the security group and its rules, both roles, the task definition.

What the image must do: stop on SIGTERM, and run as `user` on a root file system that cannot be written, /tmp apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import pulumi_aws as aws
from pulumi import Input, Output, Resource, ResourceOptions

from components.ecs.container_definition import cloudwatch_logs, container_definition
from components.ecs.environment_names import check_environment
from components.ecs.fargate_sizes import check_fargate_size, node_heap_mib
from components.ecs.sidecars import Sidecar
from components.ecs.task_roles import TaskRoles
from components.ecs.task_security_group import EgressTarget, TaskSecurityGroup
from components.monitoring.log_retention import check_retention

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html stopTimeout (read 2026-11-24)
_LONGEST_STOP_SECONDS = 120
# What Node needs at the least beside the sidecars; below, it would be killed before it answers.
_LEAST_PROGRAM_MIB = 128


class CpuArchitecture(StrEnum):
    """What the image is built for."""

    ARM64 = "ARM64"  # Graviton; a fifth cheaper on Fargate
    X86_64 = "X86_64"  # Intel or AMD


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskArgs:
    """What one task needs; services and single tasks add what is theirs."""

    account_id: Input[str]
    """The AWS account's, 12 digits."""
    region: Input[str]
    """Where the tasks run and log, AWS form."""
    cluster_arn: Input[str]
    """Of a cluster with the capacity providers FARGATE and FARGATE_SPOT."""
    vpc_id: Input[str]
    """The VPC that the subnets are in."""
    subnet_ids: Input[Sequence[Input[str]]]
    """Where tasks may run, best of two zones or more."""
    image: Input[str]
    """With a tag that never moves, or a digest."""
    repository_arn: Input[str]
    """The one ECR repository the service may pull from (public images need no permission)."""
    cpu_units: int
    """1,024 are one vCPU; of those that Fargate offers."""
    memory_mib: int
    """Of all containers together; of those that Fargate sells with `cpu_units`."""
    log_retention_days: int
    """One of the periods that CloudWatch Logs offers."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    command: Sequence[str] | None = None
    """In place of the image's own."""
    environment: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """NODE_OPTIONS (heap size) and, where there is a port, PORT are added; names that promise a secret are refused."""
    secrets: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Variable -> ARN of a Secrets Manager secret that has a value: its version's `secret_arn` waits for it."""
    secrets_key_arn: Input[str] | None = None
    """The customer's own KMS key that seals the secrets; None where it is AWS's."""
    egress_targets: Mapping[str, EgressTarget] = field(default_factory=dict[str, EgressTarget])
    """By a short name that goes into the rules' names. HTTPS to anywhere is open besides, for AWS's own services."""
    sidecars: Sequence[Sidecar] = ()
    """Containers beside the program's; they share the task's CPU and memory."""
    architecture: CpuArchitecture = CpuArchitecture.ARM64
    """What the image is built for."""
    user: str = "1000:1000"
    """uid:gid; 1000 is `node` of the official Node images."""
    assign_public_ip: bool = False
    """Needed in public subnets without NAT; the security group still lets only the load balancer in."""
    stop_timeout_seconds: int = 30
    """Between SIGTERM and SIGKILL, 2 to 120."""
    exec_log_group_arn: Input[str] | None = None
    """Where ECS Exec records its sessions; None turns ECS Exec off. On, the root file system becomes writable: its
    agent cannot run otherwise (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html, read
    2026-11-24)."""
    log_key_arn: Input[str] | None = None
    """The customer's own KMS key for the log group; its policy must let CloudWatch Logs of the region use it."""

    def __post_init__(self) -> None:
        check_fargate_size(self.cpu_units, self.memory_mib)
        check_retention("log_retention_days", self.log_retention_days)
        check_environment(self.environment, self.secrets)
        if not re.fullmatch(r"[1-9]\d*:[1-9]\d*", self.user):
            raise ValueError(
                f"user: got {self.user!r}, allowed uid:gid, both numbers above 0: a process that is broken out of runs "
                "on as this user, so never as root; a name could be root's in some image"
            )
        if not 2 <= self.stop_timeout_seconds <= _LONGEST_STOP_SECONDS:
            raise ValueError(
                f"stop_timeout_seconds: got {self.stop_timeout_seconds}, allowed 2 to {_LONGEST_STOP_SECONDS}: "
                "Fargate kills a container after that"
            )
        self._check_sidecars()

    def _check_sidecars(self) -> None:
        names = [sidecar.name for sidecar in self.sidecars]
        if len(set(names)) < len(names):
            raise ValueError(f"sidecars: got {', '.join(names)}, allowed each name once")
        routers = [sidecar.name for sidecar in self.sidecars if sidecar.program_logs is not None]
        if len(routers) > 1:
            raise ValueError(f"sidecars: got {', '.join(routers)} for the logs, allowed one: a task has one log router")
        if self.program_memory_mib < _LEAST_PROGRAM_MIB:
            raise ValueError(
                f"sidecars: got {self.memory_mib - self.program_memory_mib} of the task's {self.memory_mib} MiB, "
                f"allowed {self.memory_mib - _LEAST_PROGRAM_MIB} or fewer: the program needs the rest"
            )

    @property
    def program_memory_mib(self) -> int:
        """What the sidecars leave of the task's memory."""
        return self.memory_mib - sum(sidecar.memory_mib for sidecar in self.sidecars)


class Task:
    """`name`'s task, made as children of `child.parent`. No component: it belongs to what runs it."""

    logs: aws.cloudwatch.LogGroup
    firewall: TaskSecurityGroup
    roles: TaskRoles
    definition: aws.ecs.TaskDefinition

    def __init__(
        self,
        name: str,
        args: TaskArgs,
        *,
        child: ResourceOptions,
        port: int | None = None,
        load_balancer_security_group_id: Input[str] | None = None,
        health_check_path: str = "/health",
        runs_on: bool = True,
        named_port: bool = False,
    ) -> None:
        """`runs_on` False: it is meant to end. `named_port`: Service Connect offers it to others."""
        self._logical_name = name
        self._args = args
        self._child = child
        self.logs = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            retention_in_days=args.log_retention_days,
            kms_key_id=args.log_key_arn,
            tags=self._tags("logs"),
            opts=child,
        )
        self.firewall = TaskSecurityGroup(
            name,
            vpc_id=args.vpc_id,
            port=port,
            load_balancer_security_group_id=load_balancer_security_group_id,
            egress_targets=args.egress_targets,
            tags=args.tags,
            child=child,
        )
        self.roles = self._roles()
        program = container_definition(
            name=name,
            image=args.image,
            command=args.command,
            user=args.user,
            port=port,
            environment=self._environment(port),
            secrets=args.secrets,
            logs=self._program_logs(),
            stop_timeout_seconds=args.stop_timeout_seconds,
            health_check_path=health_check_path,
            readonly_root=args.exec_log_group_arn is None,
            restarts=runs_on,
            named_port=named_port,
            starts_after=[sidecar.name for sidecar in args.sidecars],
        )
        self.definition = self._definition([program, *map(self._beside, args.sidecars)])

    @property
    def needs(self) -> list[Resource]:
        """What must stand before it starts: without a right or a rule it fails, and a deployment with it."""
        return [*self.firewall.rules, *self.roles.rights]

    def _roles(self) -> TaskRoles:
        args = self._args
        return TaskRoles(
            self._logical_name,
            account_id=args.account_id,
            region=args.region,
            repository_arn=args.repository_arn,
            log_group_arn=self.logs.arn,
            secret_arns=[*args.secrets.values(), *(arn for each in args.sidecars for arn in each.secret_arns)],
            exec_log_group_arn=args.exec_log_group_arn,
            secrets_key_arn=args.secrets_key_arn,
            tags=args.tags,
            child=self._child,
        )

    def _definition(self, containers: Sequence[Mapping[str, object]]) -> aws.ecs.TaskDefinition:
        args = self._args
        return aws.ecs.TaskDefinition(
            f"{self._logical_name}-task",
            # A family has no autonaming. The role's name is this stack's alone, and stays when the stack is renamed.
            family=self.roles.task.name,
            requires_compatibilities=["FARGATE"],
            network_mode="awsvpc",
            cpu=str(args.cpu_units),
            memory=str(args.memory_mib),
            runtime_platform={"cpu_architecture": args.architecture.value, "operating_system_family": "LINUX"},
            execution_role_arn=self.roles.execution.arn,
            task_role_arn=self.roles.task.arn,
            container_definitions=Output.json_dumps(containers),
            tags=self._tags("task"),
            opts=self._child,
        )

    def _tags(self, part: str) -> dict[str, str]:
        return {**self._args.tags, "Name": f"{self._logical_name}-{part}"}

    def _environment(self, port: int | None) -> dict[str, Input[str]]:
        args = self._args
        environment: dict[str, Input[str]] = {
            "NODE_OPTIONS": f"--max-old-space-size={node_heap_mib(args.program_memory_mib)}"
        }
        for sidecar in args.sidecars:
            environment |= sidecar.environment
        environment |= args.environment
        if port is not None:
            environment["PORT"] = str(port)
        return environment

    def _program_logs(self) -> Mapping[str, object]:
        routed = [sidecar.program_logs for sidecar in self._args.sidecars if sidecar.program_logs is not None]
        return routed[0] if routed else self._cloudwatch_logs(self._logical_name)

    def _beside(self, sidecar: Sidecar) -> dict[str, object]:
        return {"logConfiguration": self._cloudwatch_logs(sidecar.name), **sidecar.definition}

    def _cloudwatch_logs(self, stream_prefix: str) -> dict[str, object]:
        return cloudwatch_logs(group_name=self.logs.name, region=self._args.region, stream_prefix=stream_prefix)
