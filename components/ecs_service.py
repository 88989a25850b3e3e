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
from .role_trust import service_trust
from .task_policies import exec_session_policy, execution_policy

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html stopTimeout (read 2026-11-24)
_LONGEST_STOP_SECONDS = 120


class CpuArchitecture(StrEnum):
    """What the image is built for."""

    ARM64 = "ARM64"  # Graviton; a fifth cheaper on Fargate
    X86_64 = "X86_64"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """Something the service connects to, by exactly one of its address block and its security group."""

    from_port: int
    to_port: int
    cidr_ipv4: Input[str] | None = None
    """Only the service's own end is opened."""
    security_group_id: Input[str] | None = None
    """Both ends are opened: whoever calls knows both, so the called need not know its callers."""

    def __post_init__(self) -> None:
        if not 0 < self.from_port <= self.to_port < 65_536:
            raise ValueError(
                f"from_port, to_port: got {self.from_port}-{self.to_port}, allowed 1 to 65535, lower first"
            )
        if (self.cidr_ipv4 is None) == (self.security_group_id is None):
            given = "neither" if self.cidr_ipv4 is None else "both"
            raise ValueError(
                f"cidr_ipv4, security_group_id: got {given}, allowed one: a security group rule has one other end"
            )


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
    """Variable -> ARN of a Secrets Manager secret that has a value: pass the ARN of its version, which waits for it."""
    reaches: Mapping[str, Reach] = field(default_factory=dict[str, Reach])
    """By a short name that goes into the rules' names. HTTPS to anywhere is open besides: AWS's own services need it."""
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
        security_group = self._security_group()
        rules = self._rules(security_group)
        execution_role, execution_rights = self._execution_role(logs)
        task_role, task_rights = self._task_role()
        task_definition = self._task_definition(logs, execution_role, task_role)
        # Tasks start the moment the service stands: without a right or a rule they fail, and the deployment with them.
        service = self._service(task_definition, security_group, [*rules, execution_rights, *task_rights])

        self.service_name = service.name
        self.task_definition_arn = Output.all(
            running=service.task_definition, wanted=task_definition.arn, log_group=logs.name
        ).apply(lambda found: _kept(**{key: str(value) for key, value in found.items()}))
        self.security_group_id = security_group.id
        self.task_role_name = task_role.name
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

    def _security_group(self) -> aws.ec2.SecurityGroup:
        return aws.ec2.SecurityGroup(
            f"{self._logical_name}-tasks",
            vpc_id=self._args.vpc_id,
            description="Tasks: in from the load balancer, out to what they use",
            tags=self._tags("tasks"),
            opts=self._child,
        )

    def _rules(self, tasks: aws.ec2.SecurityGroup) -> list[Resource]:
        port = self._args.container_port
        balancer = self._args.load_balancer_security_group_id
        rules = [
            self._ingress("from-load-balancer", group_id=tasks.id, ports=(port, port), other_group_id=balancer),
            self._egress("load-balancer-to-tasks", group_id=balancer, ports=(port, port), other_group_id=tasks.id),
            self._egress("to-https", group_id=tasks.id, ports=(443, 443), cidr_ipv4="0.0.0.0/0"),
        ]
        for target, reach in self._args.reaches.items():
            ports = (reach.from_port, reach.to_port)
            rules.append(
                self._egress(
                    f"to-{target}",
                    group_id=tasks.id,
                    ports=ports,
                    other_group_id=reach.security_group_id,
                    cidr_ipv4=reach.cidr_ipv4,
                )
            )
            if reach.security_group_id is not None:
                rules.append(
                    self._ingress(
                        f"into-{target}", group_id=reach.security_group_id, ports=ports, other_group_id=tasks.id
                    )
                )
        return rules

    def _ingress(
        self, part: str, *, group_id: Input[str], ports: tuple[int, int], other_group_id: Input[str]
    ) -> Resource:
        return aws.vpc.SecurityGroupIngressRule(
            f"{self._logical_name}-{part}",
            security_group_id=group_id,
            description=f"{self._logical_name} {part}",
            ip_protocol="tcp",
            from_port=ports[0],
            to_port=ports[1],
            referenced_security_group_id=other_group_id,
            tags=self._tags(part),
            opts=self._child,
        )

    def _egress(
        self,
        part: str,
        *,
        group_id: Input[str],
        ports: tuple[int, int],
        other_group_id: Input[str] | None = None,
        cidr_ipv4: Input[str] | None = None,
    ) -> Resource:
        return aws.vpc.SecurityGroupEgressRule(
            f"{self._logical_name}-{part}",
            security_group_id=group_id,
            description=f"{self._logical_name} {part}",
            ip_protocol="tcp",
            from_port=ports[0],
            to_port=ports[1],
            referenced_security_group_id=other_group_id,
            cidr_ipv4=cidr_ipv4,
            tags=self._tags(part),
            opts=self._child,
        )

    def _role(self, part: str, description: str) -> aws.iam.Role:
        return aws.iam.Role(
            f"{self._logical_name}-{part}",
            description=description,
            assume_role_policy=service_trust(
                "ecs-tasks.amazonaws.com",
                account_id=self._args.account_id,
                source_arn=Output.format("arn:aws:ecs:{0}:{1}:*", self._args.region, self._args.account_id),
            ),
            tags=self._tags(part),
            opts=self._child,
        )

    def _execution_role(self, logs: aws.cloudwatch.LogGroup) -> tuple[aws.iam.Role, Resource]:
        role = self._role("execution", "What ECS needs to start a task: image, secrets, logs")
        rights = aws.iam.RolePolicy(
            f"{self._logical_name}-execution",
            role=role.name,
            policy=execution_policy(
                repository_arn=self._args.repository_arn,
                log_group_arn=logs.arn,
                secret_arns=list(self._args.secrets.values()),
            ),
            opts=self._child,
        )
        return role, rights

    def _task_role(self) -> tuple[aws.iam.Role, list[Resource]]:
        role = self._role("task", "What the program itself may do in AWS")
        if self._args.exec_log_group_arn is None:
            return role, []
        rights = aws.iam.RolePolicy(
            f"{self._logical_name}-exec",
            role=role.name,
            policy=exec_session_policy(self._args.exec_log_group_arn),
            opts=self._child,
        )
        return role, [rights]

    def _task_definition(
        self, logs: aws.cloudwatch.LogGroup, execution_role: aws.iam.Role, task_role: aws.iam.Role
    ) -> aws.ecs.TaskDefinition:
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
            family=task_role.name,
            requires_compatibilities=["FARGATE"],
            network_mode="awsvpc",
            cpu=str(args.cpu_units),
            memory=str(args.memory_mib),
            runtime_platform={"cpu_architecture": args.architecture.value, "operating_system_family": "LINUX"},
            execution_role_arn=execution_role.arn,
            task_role_arn=task_role.arn,
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
