"""Settings of the application's containers: the API's service, further services, the worker and scheduled tasks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network
from typing import Final, Literal, Self

from pydantic import Field, field_validator, model_validator

from components.alb.listener_rule import RequestMatch, check_priority
from components.alb.target_group import HEALTH_CHECK_CODES
from components.ecs.fargate_sizes import check_fargate_size
from components.ecs.service import NODE_HEALTH_CHECK, check_health_command
from components.ecs.sidecars import COLLECTOR, DATADOG_AGENT, LOG_ROUTER, Sidecar, custom_sidecar, log_router
from components.ecs.task import CpuArchitecture, check_environment
from components.ecs.task_permissions import (
    Access,
    QueueAccess,
    TaskPermissions,
    bucket_statements,
    email_statements,
    queue_statements,
    table_statements,
)
from components.ecs.task_security_group import EgressTarget
from components.ecs.volumes import check_mount_path
from components.efs.shared_files import check_volume_names
from components.iam.statement import PolicyStatement
from components.scheduling.expression import check_schedule
from components.scheduling.time_zone import check_time_zone
from stacks.config.groups import ConfigGroup

IMAGE: Final = r"^[a-z0-9][a-z0-9./_:-]*(:[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64})$"
"""A container image with a tag or a digest."""

RESERVED_VARIABLES: Final = frozenset(
    {
        *("PORT", "MONGODB_URI", "REDIS_URL", "REDIS_CLUSTER", "JWT_SECRET", "TRUSTED_PROXIES"),
        *("JWT_SECRET_PREVIOUS", "JWT_SECRET_NEXT", "SENTRY_DSN", "DATADOG_API_KEY", "OPENTELEMETRY_TOKEN"),
    }
)
"""The environment variables that the stack itself sets, with the values of its resources and secrets."""

_STACK_CONTAINERS = frozenset({"backend", "worker", LOG_ROUTER, DATADOG_AGENT, COLLECTOR})
_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")
_GROUP_ID: Final = r"^sg-[0-9a-f]{8,17}$"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html (valueFrom: the ARN of a secret, with
# :json-key:version-stage:version-id, or of a parameter; read 2026-11-28)
_SECRET_ARN = re.compile(
    r"arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@!-]+(:[^:]*:[^:]*:[^:]*)?"
    r"|ssm:[a-z0-9-]+:\d{12}:parameter/[\w./-]+)"
)
_KEY_ARN = re.compile(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[\w-]+")
_QUEUE_ARN = re.compile(r"arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}(\.fifo)?")
_TABLE_ARN = re.compile(r"arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table/[\w.-]{3,255}")
_IDENTITY_ARN = re.compile(r"arn:aws[a-z-]*:ses:[a-z0-9-]+:\d{12}:identity/.+")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


def check_pinned(image: str) -> str:
    """Return `image`. Raises ValueError when its tag is `latest`."""
    if image.endswith(":latest"):
        raise ValueError("the tag latest is mutable: a restart could start another image, which no rollback could undo")
    return image


class StatementConfig(ConfigGroup):
    """What a task role may do: actions on resources, optionally with conditions as in a policy document."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Mapping[str, Mapping[str, str | tuple[str, ...]]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _validate(self) -> Self:
        self.statement()
        return self

    def statement(self) -> PolicyStatement:
        """Return the component's argument. Raises ValueError for what IAM refuses."""
        return PolicyStatement(actions=self.actions, resources=self.resources, conditions=self.conditions)


class PermissionsConfig(ConfigGroup):
    """What the application may do in AWS."""

    buckets: Mapping[str, Access] = Field(default_factory=dict)
    """Name of an S3 bucket → read, write or read-write."""
    queues: Mapping[str, QueueAccess] = Field(default_factory=dict)
    """ARN of an SQS queue → send, receive or send-receive."""
    tables: Mapping[str, Access] = Field(default_factory=dict)
    """ARN of a DynamoDB table → read, write or read-write."""
    email_identities: tuple[str, ...] = ()
    """ARNs of the SES identities from which the application sends e-mail."""
    statements: tuple[StatementConfig, ...] = ()
    """Further statements: `actions`, `resources` and optionally `conditions`."""
    managed_policies: tuple[str, ...] = ()
    """ARNs of managed policies."""

    @model_validator(mode="after")
    def _validate(self) -> Self:
        _check_form("buckets", self.buckets, _BUCKET, "the name of a bucket")
        _check_form("queues", self.queues, _QUEUE_ARN, "the ARN of an SQS queue")
        _check_form("tables", self.tables, _TABLE_ARN, "the ARN of a DynamoDB table")
        _check_form("emailIdentities", self.email_identities, _IDENTITY_ARN, "the ARN of an SES identity")
        TaskPermissions(managed_policy_arns=self.managed_policies)
        return self

    def permissions(self) -> TaskPermissions:
        """Return the component's argument."""
        return TaskPermissions(
            statements=[
                *(each for name, access in self.buckets.items() for each in bucket_statements(name, access)),
                *(each for arn, access in self.queues.items() for each in queue_statements(arn, access)),
                *(each for arn, access in self.tables.items() for each in table_statements(arn, access)),
                *email_statements(self.email_identities),
                *(each.statement() for each in self.statements),
            ],
            managed_policy_arns=self.managed_policies,
        )


class SidecarConfig(ConfigGroup):
    """A further container of the task, which the application reaches on localhost."""

    image: str = Field(pattern=IMAGE)
    memory: int = Field(default=128, ge=32)
    """Memory in MiB, which is subtracted from the application's."""
    command: tuple[str, ...] | None = None
    environment: Mapping[str, str] = Field(default_factory=dict)
    secrets: Mapping[str, str] = Field(default_factory=dict)
    """Variable → ARN of a secret or an SSM parameter."""
    essential: bool = False
    """Whether its exit stops the task."""

    @model_validator(mode="after")
    def _validate(self) -> Self:
        check_pinned(self.image)
        _check_variables(self.environment, self.secrets)
        return self

    def sidecar(self, name: str) -> Sidecar:
        """Return the component's argument."""
        return custom_sidecar(
            name=name,
            image=self.image,
            memory_mib=self.memory,
            command=self.command,
            environment=self.environment,
            secrets=self.secrets,
            essential=self.essential,
        )


class LogRouterConfig(ConfigGroup):
    """FireLens: Fluent Bit sends the application's logs to another place than CloudWatch Logs."""

    image: str = Field(pattern=IMAGE)
    """AWS's image is public.ecr.aws/aws-observability/aws-for-fluent-bit, with a version."""
    options: Mapping[str, str] = Field(min_length=1)
    """Options of the Fluent Bit output, with its `Name`."""
    secret_options: Mapping[str, str] = Field(default_factory=dict)
    """Option → ARN of a secret or an SSM parameter."""
    memory: int = Field(default=64, ge=32)

    @model_validator(mode="after")
    def _validate(self) -> Self:
        _check_form("secretOptions", self.secret_options.values(), _SECRET_ARN, "the ARN of a secret or a parameter")
        self.sidecar()
        return self

    def sidecar(self) -> Sidecar:
        """Return the component's argument."""
        return log_router(
            image=self.image, options=self.options, secret_options=self.secret_options, memory_mib=self.memory
        )


class ConnectionConfig(ConfigGroup):
    """A destination of the application's TCP connections that the stack does not create, such as a database of RDS.

    Tasks reach the stack's database and cache and, on port 443, every address. Each other destination is one of these.
    """

    port: int = Field(ge=1, le=65_535)
    cidr: str | None = None
    """IPv4 CIDR block of the destination."""
    security_group: str | None = Field(default=None, pattern=_GROUP_ID)
    """Id of the destination's security group, in the stack's VPC or a peered one. It gets an ingress rule."""

    @field_validator("cidr")
    @classmethod
    def _check_cidr(cls, cidr: str | None) -> str | None:
        # It raises ValueError for an address with bits behind the prefix, which EC2 would shorten.
        return None if cidr is None else str(IPv4Network(cidr))

    @model_validator(mode="after")
    def _validate(self) -> Self:
        if (self.cidr is None) == (self.security_group is None):
            raise ValueError("exactly one of cidr and securityGroup must be set")
        return self

    @property
    def target(self) -> EgressTarget:
        """The component's argument."""
        return EgressTarget(
            from_port=self.port,
            to_port=self.port,
            cidr_ipv4=self.cidr,
            security_group_id=self.security_group,
        )


class ContainerConfig(ConfigGroup):
    """Settings of every container of the application, in addition to what the stack sets."""

    environment: Mapping[str, str] = Field(default_factory=dict)
    """Environment variables. A name that suggests a secret is refused."""
    secrets: Mapping[str, str] = Field(default_factory=dict)
    """Variable → ARN of a Secrets Manager secret (optionally with :json-key:stage:version) or an SSM parameter."""
    secret_kms_keys: tuple[str, ...] = ()
    """ARNs of the customer managed KMS keys that encrypt `secrets`."""
    permissions: PermissionsConfig = Field(default_factory=PermissionsConfig)
    """What the application may do in AWS."""
    connections: Mapping[str, ConnectionConfig] = Field(default_factory=dict)
    """Further destinations of TCP connections, by name: `port` and either `cidr` or `securityGroup`."""
    stop_timeout_seconds: int | None = Field(default=None, ge=2, le=120)
    """Seconds between SIGTERM and SIGKILL; null is 30."""
    architecture: CpuArchitecture | None = None
    """CPU architecture of the image: ARM64 (the default) or X86_64."""
    user: str | None = Field(default=None, pattern=r"^[1-9]\d*:[1-9]\d*$")
    """uid:gid of the process, both above 0; null is 1000:1000."""
    open_files: int | None = Field(default=None, ge=1_024, le=1_048_576)
    """Limit of open files; null is Fargate's default of 65,535."""
    repository_credentials: str | None = None
    """ARN of the Secrets Manager secret with `username` and `password` of the image's private registry."""
    pull_through_cache: bool = False
    """Whether the image belongs to a pull-through cache of ECR."""
    sidecars: Mapping[str, SidecarConfig] = Field(default_factory=dict)
    """Further containers of the task, by name."""
    log_router: LogRouterConfig | None = None
    """FireLens instead of CloudWatch Logs for the application's logs."""

    @model_validator(mode="after")
    def _validate_container(self) -> Self:
        _check_variables(self.environment, self.secrets)
        reserved = sorted(RESERVED_VARIABLES & {*self.environment, *self.secrets})
        if reserved:
            raise ValueError(f"the stack sets {', '.join(reserved)} itself, from its resources and secrets")
        names = sorted(name for name in self.sidecars if name in _STACK_CONTAINERS or not _NAME.fullmatch(name))
        if names:
            raise ValueError(
                f"sidecars: names of the stack's own containers, or other than lower-case letters, digits and hyphens: "
                f"{', '.join(names)}"
            )
        unnamed = sorted(name for name in self.connections if not _NAME.fullmatch(name))
        if unnamed:
            raise ValueError(
                f"connections: names with other than lower-case letters, digits and hyphens: {', '.join(unnamed)}"
            )
        _check_form("secretKmsKeys", self.secret_kms_keys, _KEY_ARN, "the ARN of a KMS key")
        if self.repository_credentials is not None:
            _check_form("repositoryCredentials", [self.repository_credentials], _SECRET_ARN, "the ARN of a secret")
        return self


class HttpContainerConfig(ContainerConfig):
    """Further settings of a container that serves HTTP requests."""

    command: tuple[str, ...] | None = None
    """Command that overrides the image's default."""
    port: int = Field(default=5000, ge=1, le=65_535)
    """Port on which the application listens; the variable PORT is set to it."""
    health_check_path: str = Field(default="/health", pattern=r"^/")
    """Path that returns 200 while the application can serve."""
    container_health_check: tuple[str, ...] | None = None
    """Health check command of the container, starting with CMD or CMD-SHELL; null requests the path with `node` from
    the image's PATH, and an empty list disables the check."""
    volumes: Mapping[str, str] = Field(default_factory=dict)
    """Name of a volume → path at which the container mounts it. The stack creates an EFS file system with a folder for
    each name; containers that name the same volume share its files."""
    health_check_grace_seconds: int = Field(default=60, ge=0, le=2_147_483_647)
    """Seconds after its start in which a task's failed health checks are ignored."""

    @field_validator("volumes")
    @classmethod
    def _check_volumes(cls, volumes: Mapping[str, str]) -> Mapping[str, str]:
        check_volume_names("volumes", volumes)
        for name, path in volumes.items():
            check_mount_path(name, path)
        return volumes

    @field_validator("container_health_check")
    @classmethod
    def _check_container_health_check(cls, command: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if command:
            check_health_command("containerHealthCheck", command)
        return command

    @property
    def health_command(self) -> tuple[str, ...] | None:
        """The component's argument: null is the check by Node, an empty list is no check."""
        return NODE_HEALTH_CHECK if self.container_health_check is None else self.container_health_check or None


_NOT_SHARED: Final = frozenset({"stop_timeout_seconds", "open_files", "sidecars"})


class BackendConfig(HttpContainerConfig):
    """The container of the API's service. Worker, scheduled tasks and release task run the same image, so they get its
    environment, secrets, permissions, registry, architecture, user, volumes and log router as well."""

    @property
    def shared(self) -> ContainerConfig:
        """What all tasks of the service's image have."""
        return ContainerConfig(
            **{name: getattr(self, name) for name in ContainerConfig.model_fields.keys() - _NOT_SHARED}
        )

    @property
    def not_shared(self) -> ContainerConfig:
        """What only the service has."""
        return ContainerConfig(**{name: getattr(self, name) for name in _NOT_SHARED})


class QueueScaling(ConfigGroup):
    """Autoscaling of the worker on the messages of an SQS queue, counted for each running task."""

    queue_name: str = Field(pattern=r"^[\w-]{1,80}(\.fifo)?$")
    messages_per_task: int = Field(ge=1)


class WorkerConfig(ContainerConfig):
    """The worker, which runs from phase scale on: the image of the service with another command."""

    enabled: bool = True
    command: tuple[str, ...] | None = Field(default=None, min_length=1)
    """null is `node worker.js`."""
    scale_on_queue: QueueScaling | None = None


class ServiceConfig(HttpContainerConfig):
    """One service beside the API. CPU and memory default to those of a task in tier small."""

    image: str = Field(pattern=IMAGE)
    paths: tuple[str, ...] = Field(min_length=1)
    """Path patterns on the API's host that the load balancer forwards to the service: /reports, /reports/*."""
    priority: int
    health_check_codes: str = Field(default="200", pattern=f"^{HEALTH_CHECK_CODES.pattern}$")
    """Status codes with which the load balancer counts a task as healthy, such as 200,401 for a path behind a login. It
    sends no headers of its own."""
    cpu: int = 512
    memory: int = 1024
    tasks: int = Field(default=2, ge=1, le=100)
    max_tasks: int = Field(default=4, ge=1, le=500)
    app_secrets: tuple[str, ...] = ()
    """Names of tierup:appSecrets that the service gets."""
    weights: Mapping[str, int] | None = None
    """For an A/B test: version → weight. Each version is a service of the same settings, with its own image."""
    images: Mapping[str, str] = Field(default_factory=dict)
    """Version → image, for the versions that do not run `image`."""
    select: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    """Version → one header and its value: requests with it always reach the version, for testers of an A/B test."""
    select_priority: int | None = Field(default=None, ge=1, le=49_999)
    """Priority of the first rule of `select`, before `priority`; each version has one."""
    deployment: Literal["rolling", "blue-green", "canary", "linear"] | None = None
    """Deployment strategy, with the shifts and the bake time of the stack. null is rolling without a second target
    group. An existing service gets `rolling` in one `up` and another strategy in a later one. The priority before
    `priority` must be free."""
    callers: tuple[str, ...] | None = None
    """Services that may call this one by Service Connect: backend, worker and names of tierup:services. null is backend
    and worker."""
    request_timeout_seconds: int | None = Field(default=None, ge=0)
    """Time-out of a call by Service Connect; null is 15 seconds, and 0 is none."""

    @field_validator("image")
    @classmethod
    def _check_image(cls, image: str) -> str:
        return check_pinned(image)

    @field_validator("priority")
    @classmethod
    def _check_priority(cls, priority: int) -> int:
        check_priority(priority)
        return priority

    @model_validator(mode="after")
    def _validate(self) -> Self:
        check_fargate_size(self.cpu, self.memory)
        RequestMatch(paths=self.paths)
        if self.max_tasks < self.tasks:
            raise ValueError(f"maxTasks ({self.max_tasks}) is less than tasks ({self.tasks})")
        self._check_versions()
        unknown = sorted(self.images.keys() - self.versions.keys())
        if unknown:
            raise ValueError(f"images names versions without a weight: {', '.join(unknown)}")
        return self

    def _check_versions(self) -> None:
        if self.deployment is not None and self.weights is not None:
            raise ValueError("deployment: an A/B test has a service for each version. Leave weights or deployment out")
        if self.deployment is not None and self.priority < 2:
            raise ValueError("deployment: needs the priority before the service's own. Set a priority of 2 or more")
        unknown = sorted(self.select.keys() - self.versions.keys())
        if unknown:
            raise ValueError(f"select names versions without a weight: {', '.join(unknown)}")
        if any(len(headers) != 1 for headers in self.select.values()):
            raise ValueError("select: each version needs exactly one header")
        if self.select and (self.select_priority or self.priority) + len(self.select) > self.priority:
            raise ValueError(f"selectPriority: must be {self.priority - len(self.select)} or less")

    def is_called_by(self, name: str) -> bool:
        """Return whether `name`, backend, worker or another service, may call this one."""
        return name in (("backend", "worker") if self.callers is None else self.callers)

    @property
    def versions(self) -> Mapping[str, int]:
        """Version → weight; a single version called main without an A/B test."""
        return self.weights or {"main": 1}

    def names(self, name: str) -> Mapping[str, str]:
        """Return version → name of its ECS service, for the entry `name` of tierup:services."""
        return {version: name if version == "main" else f"{name}-{version}" for version in self.versions}


class OneOffTaskConfig(ContainerConfig):
    """A task of the service's image with another command, by default with a quarter vCPU and 512 MiB."""

    command: tuple[str, ...] = Field(min_length=1)
    cpu: int = 256
    memory: int = 512

    @model_validator(mode="after")
    def _validate_size(self) -> Self:
        check_fargate_size(self.cpu, self.memory)
        return self


class ScheduledTaskConfig(OneOffTaskConfig):
    """A task that a schedule starts."""

    schedule: str
    timezone: str = "UTC"
    window_minutes: int = Field(default=0, ge=0, le=1_440)
    on_spot: bool = False
    enabled: bool = True

    @model_validator(mode="after")
    def _validate_schedule(self) -> Self:
        check_schedule(self.schedule)
        check_time_zone("timezone", self.timezone)
        return self


def _check_variables(environment: Mapping[str, str], secrets: Mapping[str, str]) -> None:
    wrong = sorted(name for name in (*environment, *secrets) if not _VARIABLE.fullmatch(name))
    if wrong:
        raise ValueError(f"not the names of environment variables: {', '.join(wrong)}")
    check_environment(environment, secrets)
    _check_form("secrets", secrets.values(), _SECRET_ARN, "the ARN of a Secrets Manager secret or an SSM parameter")


def _check_form(key: str, values: Iterable[str], form: re.Pattern[str], what: str) -> None:
    if any(not form.fullmatch(value) for value in values):
        raise ValueError(f"{key}: a value is not {what}")
