"""A Fargate task: the part that services, workers and one-off tasks share.

Creates a log group, the security group and its rules, both roles and the task definition, as children of the given
parent.

Requirements for the image: it stops on SIGTERM, and runs as `user` with a read-only root file system except /tmp
and its volumes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import pulumi_aws as aws
from pulumi import Input, Output, Resource, ResourceOptions

from components.ecs.container_definition import cloudwatch_logs, container_definition
from components.ecs.fargate_sizes import check_fargate_size, node_heap_mib
from components.ecs.sidecars import Sidecar
from components.ecs.task_permissions import TaskPermissions
from components.ecs.task_roles import TaskRoles
from components.ecs.task_security_group import EgressTarget, TaskSecurityGroup
from components.ecs.volumes import Volume
from components.monitoring.log_retention import check_retention

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html stopTimeout (read 2026-11-24)
_MAX_STOP_SECONDS = 120
# The kernel's default limit for one process (fs.nr_open):
# https://docs.kernel.org/admin-guide/sysctl/fs.html (read 2026-11-28)
_ENVIRONMENT_FILE = re.compile(r"arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.+\.env")
_MAX_ENVIRONMENT_FILES = 10
_MAX_OPEN_FILES = 1_048_576
# Minimum memory of the application: with less, Node is killed before it serves.
_MIN_APP_MIB = 128

RESTART_LABEL = "tierup.restart-on"
"""The Docker label with the digest of `TaskArgs.restart_on`."""
# Connection strings contain a password; a Sentry DSN contains the key that allows writes to the project.
_SECRET_NAMES = frozenset({"MONGODB_URI", "MONGO_URL", "DATABASE_URL", "REDIS_URL", "SENTRY_DSN"})
_SECRET_SUFFIXES = (
    *("SECRET", "SECRET_KEY", "PASSWORD", "PASSWD", "PASSPHRASE"),
    *("TOKEN", "API_KEY", "ACCESS_KEY", "PRIVATE_KEY", "CREDENTIALS"),
)


class CpuArchitecture(StrEnum):
    """The CPU architecture of an image."""

    ARM64 = "ARM64"  # Graviton; 20 percent cheaper on Fargate
    X86_64 = "X86_64"  # Intel or AMD


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskArgs:
    """The arguments that every task has; services and one-off tasks have further ones.

    Raises ValueError for sizes that Fargate does not support, for a root user, for plain variables with names of
    secrets, and for sidecars that leave too little memory.
    """

    account_id: Input[str]
    """Id of the AWS account, 12 digits."""
    region: Input[str]
    """AWS region of the tasks and their logs, such as eu-west-1."""
    cluster_arn: Input[str]
    """ARN of a cluster with the capacity providers FARGATE and FARGATE_SPOT."""
    vpc_id: Input[str]
    """Id of the subnets' VPC."""
    subnet_ids: Input[Sequence[Input[str]]]
    """Ids of the subnets that tasks may use, preferably in two zones or more."""
    image: Input[str]
    """Image with an immutable tag or a digest."""
    repository_arn: Input[str]
    """ARN of the ECR repository from which tasks may pull. They may also pull from the ECR repositories of `image` and
    of the sidecars' images; a repository of another account must allow that in its policy. Public images need no
    permission."""
    cpu_units: int
    """CPU of the task in units of 1/1,024 vCPU; a size that Fargate supports."""
    memory_mib: int
    """Memory of all containers together in MiB; a size that Fargate supports with `cpu_units`."""
    log_retention_days: int
    """Retention of the log group in days; one of the periods that CloudWatch Logs supports."""
    tags: Mapping[str, str]
    """Tags of every taggable resource; a Name is added."""
    command: Sequence[str] | None = None
    """Command that overrides the image's default."""
    environment: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Plain variables. NODE_OPTIONS (heap size) and, with a port, PORT are added. A name that suggests a secret is an
    error."""
    secrets: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Variable -> ARN of a Secrets Manager secret with a value, or of an SSM parameter. Use the version's `secret_arn`,
    which depends on it. A secret's ARN may be followed by :json-key:stage:version."""
    secrets_key_arn: Input[str] | None = None
    """Customer managed KMS key of the secrets; None for the AWS managed key."""
    secret_key_arns: Sequence[Input[str]] = ()
    """Further customer managed KMS keys of `secrets`."""
    permissions: TaskPermissions = TaskPermissions()  # noqa: RUF009  frozen
    """What the application may do in AWS."""
    repository_credentials_arn: Input[str] | None = None
    """ARN of the Secrets Manager secret with `username` and `password` of the image's private registry.
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RepositoryCredentials.html (read 2026-11-28)"""
    pull_through_cache: bool = False
    """Whether `image` belongs to a pull-through cache of ECR: its first pull creates the repository."""
    open_files: int | None = None
    """Limit of open files (nofile), 1,024 to 1,048,576. None is Fargate's default of 65,535.
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Ulimit.html (read 2026-11-28)"""
    environment_file_arns: Sequence[str] = ()
    """ARNs of up to ten files `.env` in S3, with further variables of the application's container. `environment` comes
    first. A task reads them when it starts.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html (from memory)"""
    restart_on: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Name -> value whose change deploys the task: the version ids of its secrets, and facts about its connections. A
    running task keeps the secrets that it started with
    (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html, read 2026-11-28).
    Only a digest of them becomes part of the task definition."""
    egress_targets: Mapping[str, EgressTarget] = field(default_factory=dict[str, EgressTarget])
    """Destinations of the task's connections, by a short name that becomes part of the rules' names. HTTPS to any
    address is allowed as well, for AWS services."""
    ipv6: bool = False
    """Whether the subnets are dual-stack: HTTPS to any IPv6 address is then allowed as well. Without NAT, IPv6 is the
    only way to addresses outside the VPC. Tasks get IPv6 addresses only if the ECS account setting dualStackIPv6 is
    enabled (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html, read 2026-11-28)."""
    volumes: Sequence[Volume] = ()
    """Folders that the application's container mounts. `egress_targets` must contain their mount targets."""
    sidecars: Sequence[Sidecar] = ()
    """Further containers, which share the task's CPU and memory."""
    architecture: CpuArchitecture = CpuArchitecture.ARM64
    """CPU architecture of the image."""
    user: str = "1000:1000"
    """uid:gid of the container's process; 1000 is `node` in the official Node images."""
    assign_public_ip: bool = False
    """Whether tasks get a public IPv4 address. Required in public subnets without NAT. The security group still admits
    only the load balancer."""
    stop_timeout_seconds: int = 30
    """Seconds between SIGTERM and SIGKILL, 2 to 120."""
    exec_log_group_arn: Input[str] | None = None
    """ARN of the log group of ECS Exec sessions. None disables ECS Exec. With ECS Exec the root file system is
    writable, because its agent needs that (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html,
    read 2026-11-24)."""
    log_key_arn: Input[str] | None = None
    """Customer managed KMS key of the log group; its key policy must allow CloudWatch Logs of the region."""

    def __post_init__(self) -> None:
        check_fargate_size(self.cpu_units, self.memory_mib)
        check_retention("log_retention_days", self.log_retention_days)
        check_environment(self.environment, self.secrets)
        if not re.fullmatch(r"[1-9]\d*:[1-9]\d*", self.user):
            raise ValueError(
                f"user: not a numeric, non-root user (got {self.user!r}). Set uid:gid, both above 0: a process that "
                "escapes its container keeps this user, and a user name may map to root in an image."
            )
        if not 2 <= self.stop_timeout_seconds <= _MAX_STOP_SECONDS:
            raise ValueError(
                f"stop_timeout_seconds: out of range (got {self.stop_timeout_seconds}). "
                f"Set 2 to {_MAX_STOP_SECONDS} seconds, the longest that Fargate supports."
            )
        if self.open_files is not None and not 1_024 <= self.open_files <= _MAX_OPEN_FILES:
            raise ValueError(f"open_files: out of range (got {self.open_files}). Set 1024 to {_MAX_OPEN_FILES}.")
        check_environment_files(self.environment_file_arns)
        paths = [volume.path for volume in self.volumes]
        if len(set(paths)) < len(paths):
            raise ValueError(f"volumes: a path is used twice (got {', '.join(paths)}). Give each volume its own path.")
        self._check_sidecars()

    def _check_sidecars(self) -> None:
        names = [sidecar.name for sidecar in self.sidecars]
        if len(set(names)) < len(names):
            raise ValueError(f"sidecars: a name is used twice (got {', '.join(names)}). Use each name once.")
        routers = [sidecar.name for sidecar in self.sidecars if sidecar.app_log_configuration is not None]
        if len(routers) > 1:
            raise ValueError(
                f"sidecars: several log routers (got {', '.join(routers)}). Set one: a task supports only one."
            )
        if self.app_memory_mib < _MIN_APP_MIB:
            raise ValueError(
                "sidecars: they leave too little memory for the application "
                f"(got {self.memory_mib - self.app_memory_mib} of the task's {self.memory_mib} MiB). "
                f"Use at most {self.memory_mib - _MIN_APP_MIB} MiB, or a larger memory_mib."
            )

    @property
    def app_memory_mib(self) -> int:
        """Memory of the application's container in MiB: the task's without the sidecars'."""
        return self.memory_mib - sum(sidecar.memory_mib for sidecar in self.sidecars)


def check_environment_files(arns: Sequence[str]) -> None:
    """Raise ValueError for files that ECS refuses."""
    wrong = [arn for arn in arns if not _ENVIRONMENT_FILE.fullmatch(arn)]
    if wrong:
        raise ValueError(
            f"environment_file_arns: not the ARN of a file .env in S3 (got {', '.join(wrong)}). Set an ARN such as "
            "arn:aws:s3:::bucket/app.env."
        )
    if len(arns) > _MAX_ENVIRONMENT_FILES:
        raise ValueError(
            f"environment_file_arns: too many files (got {len(arns)}). Set at most {_MAX_ENVIRONMENT_FILES}."
        )


def check_environment(plain: Iterable[str], secret: Iterable[str]) -> None:
    """Raise ValueError for plain variables with names of secrets, and for names that are plain and secret.

    A plain variable of a task definition is readable by every principal that may describe it, in every revision.
    """
    plain_names, secret_names = set(plain), set(secret)
    exposed = sorted(filter(_suggests_secret, plain_names))
    if exposed:
        raise ValueError(
            f"environment: names that suggest a secret (got {', '.join(exposed)}). "
            "Set them in secrets, by ARN: every principal that may read the task definition can read plain variables."
        )
    both = sorted(plain_names & secret_names)
    if both:
        raise ValueError(
            f"environment: names that are in secrets too (got {', '.join(both)}). "
            "Set each name in one of the two: ECS rejects a name in both."
        )


def _suggests_secret(name: str) -> bool:
    upper = name.upper()
    return upper in _SECRET_NAMES or any(upper == suffix or upper.endswith(f"_{suffix}") for suffix in _SECRET_SUFFIXES)


def _digest(values: Mapping[str, Input[str]]) -> Output[str]:
    """Return 16 hexadecimal digits that change with every value."""
    return Output.all(**values).apply(
        lambda known: hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:16]
    )


class Task:
    """The resources of one task, as children of `child.parent`. Not a component: the service or one-off task is."""

    log_group: aws.cloudwatch.LogGroup
    security_group: TaskSecurityGroup
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
        health_check: Sequence[str] | None = None,
        long_running: bool = True,
        named_port: bool = False,
    ) -> None:
        """`health_check` is the command of the container health check, `long_running` is False for a task that is
        expected to exit, and `named_port` is True with Service Connect."""
        self._logical_name = name
        self._args = args
        self._child = child
        self.log_group = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            retention_in_days=args.log_retention_days,
            kms_key_id=args.log_key_arn,
            tags=self._tags("logs"),
            opts=child,
        )
        self.security_group = TaskSecurityGroup(
            name,
            vpc_id=args.vpc_id,
            port=port,
            load_balancer_security_group_id=load_balancer_security_group_id,
            egress_targets=args.egress_targets,
            ipv6=args.ipv6,
            tags=args.tags,
            child=child,
        )
        self.roles = self._roles()
        app = container_definition(
            name=name,
            image=args.image,
            command=args.command,
            user=args.user,
            port=port,
            environment=self._environment(port),
            secrets=args.secrets,
            logs=self._app_log_configuration(),
            stop_timeout_seconds=args.stop_timeout_seconds,
            health_check=health_check,
            readonly_root=args.exec_log_group_arn is None,
            restart=long_running,
            named_port=named_port,
            depends_on=[sidecar.name for sidecar in args.sidecars],
            repository_credentials_arn=args.repository_credentials_arn,
            open_files=args.open_files,
            mount_points=[volume.mount_point() for volume in args.volumes],
            environment_file_arns=args.environment_file_arns,
            labels={RESTART_LABEL: _digest(args.restart_on)} if args.restart_on else None,
        )
        self.definition = self._definition([app, *map(self._sidecar_container, args.sidecars)])

    @property
    def dependencies(self) -> list[Resource]:
        """The rules and policies that must exist before a task starts: the task, and its deployment, fail otherwise."""
        return [*self.security_group.rules, *self.roles.policies]

    def _roles(self) -> TaskRoles:
        args = self._args
        return TaskRoles(
            self._logical_name,
            account_id=args.account_id,
            region=args.region,
            repository_arn=args.repository_arn,
            images=[args.image, *(sidecar.image for sidecar in args.sidecars)],
            log_group_arn=self.log_group.arn,
            secret_arns=[
                *args.secrets.values(),
                *([args.repository_credentials_arn] if args.repository_credentials_arn is not None else []),
                *(arn for sidecar in args.sidecars for arn in sidecar.secret_arns),
            ],
            exec_log_group_arn=args.exec_log_group_arn,
            secrets_key_arn=args.secrets_key_arn,
            secret_key_arns=args.secret_key_arns,
            environment_file_arns=args.environment_file_arns,
            pull_through_cache=args.pull_through_cache,
            permissions=args.permissions,
            tags=args.tags,
            child=self._child,
        )

    def _definition(self, containers: Sequence[Mapping[str, object]]) -> aws.ecs.TaskDefinition:
        args = self._args
        return aws.ecs.TaskDefinition(
            f"{self._logical_name}-task",
            # Families have no autonaming. The role's physical name is unique to this stack, and a rename keeps it.
            family=self.roles.task.name,
            requires_compatibilities=["FARGATE"],
            network_mode="awsvpc",
            cpu=str(args.cpu_units),
            memory=str(args.memory_mib),
            runtime_platform={"cpu_architecture": args.architecture.value, "operating_system_family": "LINUX"},
            execution_role_arn=self.roles.execution.arn,
            task_role_arn=self.roles.task.arn,
            container_definitions=Output.json_dumps(containers),
            volumes=[volume.definition() for volume in args.volumes] or None,
            # A replaced revision stays ACTIVE: ECS may have rolled back to it, and an INACTIVE revision cannot be
            # deployed (https://github.com/aws/containers-roadmap/issues/328, read 2026-11-24).
            skip_destroy=True,
            tags=self._tags("task"),
            opts=self._child,
        )

    def _tags(self, part: str) -> dict[str, str]:
        return {**self._args.tags, "Name": f"{self._logical_name}-{part}"}

    def _environment(self, port: int | None) -> dict[str, Input[str]]:
        args = self._args
        environment: dict[str, Input[str]] = {
            "NODE_OPTIONS": f"--max-old-space-size={node_heap_mib(args.app_memory_mib)}"
        }
        for sidecar in args.sidecars:
            environment |= sidecar.environment
        environment |= args.environment
        if port is not None:
            environment["PORT"] = str(port)
        return environment

    def _app_log_configuration(self) -> Mapping[str, object]:
        for sidecar in self._args.sidecars:
            if sidecar.app_log_configuration is not None:
                return sidecar.app_log_configuration
        return self._cloudwatch_logs(self._logical_name)

    def _sidecar_container(self, sidecar: Sidecar) -> dict[str, object]:
        return {"logConfiguration": self._cloudwatch_logs(sidecar.name), **sidecar.definition}

    def _cloudwatch_logs(self, stream_prefix: str) -> dict[str, object]:
        return cloudwatch_logs(group_name=self.log_group.name, region=self._args.region, stream_prefix=stream_prefix)
