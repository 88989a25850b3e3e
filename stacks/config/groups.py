"""Settings that are objects: existing resources, further services, rate limit, scaling, schedules, backup retention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic.alias_generators import to_camel

from components.alb.listener_rule import RequestMatch, check_priority
from components.alb.trust_store import TrustStoreArgs
from components.atlas.backup_compliance import AtlasBackupComplianceArgs
from components.atlas.backup_retention import BackupRetention
from components.ecs.fargate_sizes import check_fargate_size
from components.ecs.scaling_targets import ScheduledCapacity
from components.ecs.service import NODE_HEALTH_CHECK, check_health_command
from components.scheduling.expression import check_schedule
from components.scheduling.time_zone import check_time_zone
from components.vpc.existing_network import ExistingNetworkArgs
from components.waf.rules import RateLimit
from stacks.catalog.thresholds import RATE_LIMIT_WINDOW_SECONDS, REQUESTS_PER_WINDOW

API_PATH: Final = "/api/"
"""The path prefix of the API's routes in the guide, below which the rate limit and Bot Control apply."""

_RATE_WINDOW_SECONDS: Final = 600  # the longest window of AWS WAF; the guide uses 900

IMAGE = r"^[a-z0-9][a-z0-9./_:-]*(:[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64})$"
"""A container image with a tag or a digest."""


def check_pinned(image: str) -> str:
    """Return `image`. Raises ValueError when its tag is `latest`."""
    if image.endswith(":latest"):
        raise ValueError(
            "the tag latest moves: a restart could change the running image, and no rollback could restore it"
        )
    return image


def check_container_health_check(command: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Return `command`. Raises ValueError unless it is None, empty, or a health check command of ECS."""
    if command:
        check_health_command("containerHealthCheck", command)
    return command


def container_health_check(command: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Return the argument of the component: None in the configuration is the check by Node, an empty list no check."""
    return NODE_HEALTH_CHECK if command is None else command or None


class ConfigGroup(BaseModel):
    """An object in the configuration; its keys are camelCase there."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class ExistingNetworkConfig(ConfigGroup):
    """A VPC that another program owns. The mappings go from availability zone to id."""

    vpc_id: str
    public_subnet_ids: Mapping[str, str]
    data_subnet_ids: Mapping[str, str]
    public_route_table_id: str
    data_route_table_id: str
    private_subnet_ids: Mapping[str, str] = Field(default_factory=dict)
    private_route_table_ids: Mapping[str, str] = Field(default_factory=dict)
    nat_public_ips: tuple[str, ...] = ()
    endpoint_security_group_id: str | None = None

    @model_validator(mode="after")
    def _validate(self) -> Self:
        self.args()
        return self

    def args(self) -> ExistingNetworkArgs:
        """Return the component's arguments. Raises ValueError when subnets, zones and route tables do not match."""
        return ExistingNetworkArgs(**self.model_dump())


class ExistingLoadBalancerConfig(ConfigGroup):
    """A shared load balancer: a listener rule at `priority` forwards the requests for the API's host to this stack."""

    arn: str = Field(pattern=r"^arn:aws:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer/app/.+$")
    priority: int = Field(ge=2, le=49_999)
    """A free priority. The priority before it must be free too, for the rule of blue/green deployments."""


class ServiceConfig(ConfigGroup):
    """One service beside the API. CPU and memory default to those of a task in tier small."""

    image: str = Field(pattern=IMAGE)
    paths: tuple[str, ...] = Field(min_length=1)
    """Path patterns on the API's host that the load balancer forwards to the service: /reports, /reports/*."""
    priority: int
    command: tuple[str, ...] | None = None
    port: int = Field(default=5000, ge=1, le=65_535)
    health_check_path: str = Field(default="/health", pattern=r"^/")
    cpu: int = 512
    memory: int = 1024
    tasks: int = Field(default=2, ge=1, le=100)
    max_tasks: int = Field(default=4, ge=1, le=500)
    weights: Mapping[str, int] | None = None
    """For an A/B test: version → weight. Each version is a service of the same settings, with its own image."""
    images: Mapping[str, str] = Field(default_factory=dict)
    """Version → image, for the versions that do not run `image`."""
    container_health_check: tuple[str, ...] | None = None
    """As tierup:containerHealthCheck."""

    @field_validator("image")
    @classmethod
    def _check_image(cls, image: str) -> str:
        return check_pinned(image)

    @field_validator("container_health_check")
    @classmethod
    def _check_container_health_check(cls, command: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return check_container_health_check(command)

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
        unknown = sorted(self.images.keys() - self.versions.keys())
        if unknown:
            raise ValueError(f"images names versions without a weight: {', '.join(unknown)}")
        return self

    @property
    def versions(self) -> Mapping[str, int]:
        """Version → weight; a single version called main without an A/B test."""
        return self.weights or {"main": 1}

    def names(self, name: str) -> Mapping[str, str]:
        """Return version → name of its ECS service, for the entry `name` of tierup:services."""
        return {version: name if version == "main" else f"{name}-{version}" for version in self.versions}


class RateLimitConfig(ConfigGroup):
    """The rate limit of one client address below /api/. The defaults are the guide's 100 requests in 15 minutes, for
    the longest window that AWS WAF supports."""

    requests: int = REQUESTS_PER_WINDOW * _RATE_WINDOW_SECONDS // RATE_LIMIT_WINDOW_SECONDS
    window_seconds: Literal[60, 120, 300, 600] = _RATE_WINDOW_SECONDS
    exempt_paths: tuple[str, ...] = ()
    """Path prefixes below /api/ without a limit, such as /api/webhooks/."""
    exempt_addresses: tuple[str, ...] = ()
    """CIDR blocks without a limit, such as the address of an office."""

    @model_validator(mode="after")
    def _validate(self) -> Self:
        self.for_clients()
        return self

    def for_clients(self, client_address_header: str | None = None) -> RateLimit:
        """Return the component's arguments. Raises ValueError for what AWS WAF does not support."""
        return RateLimit(path_prefix=API_PATH, client_address_header=client_address_header, **self.model_dump())


class AutoscalingConfig(ConfigGroup):
    """The targets of autoscaling. A target of None has no effect, except `requests_per_minute`, which has a default for
    each tier."""

    cpu_percent: int = Field(default=70, ge=10, le=95)
    """The average CPU utilization of the tasks, of the service, the worker and the further services."""
    memory_percent: int | None = Field(default=None, ge=10, le=95)
    """The average memory utilization of the tasks. V8 keeps its heap after a burst, so that tasks of Node do not scale
    in again."""
    requests_per_minute: int | None = Field(default=None, ge=1)
    """Requests per minute and task of the service."""


class CapacitySchedule(ConfigGroup):
    """New limits of the number of tasks from a scheduled time on."""

    schedule: str
    min_tasks: int
    max_tasks: int
    timezone: str = "UTC"

    @model_validator(mode="after")
    def _validate(self) -> Self:
        self.bounds()
        return self

    def bounds(self) -> ScheduledCapacity:
        """Return the component's arguments. Raises ValueError for what Application Auto Scaling refuses."""
        return ScheduledCapacity(**self.model_dump())


class DatabaseBackups(ConfigGroup):
    """How long Atlas keeps each kind of snapshot."""

    daily_days: int = 7
    weekly_weeks: int = 4
    monthly_months: int = 12
    yearly_years: int | None = None
    point_in_time_days: int | None = 7

    @model_validator(mode="after")
    def _validate(self) -> Self:
        self.retention()
        return self

    def retention(self) -> BackupRetention:
        """Return the component's arguments. Raises ValueError when Atlas would refuse the schedule."""
        return BackupRetention(**self.model_dump())


class BackupCompliance(ConfigGroup):
    """The person who may ask MongoDB Support to change the backup compliance policy. Nobody can disable the policy."""

    authorized_email: str
    authorized_first_name: str
    authorized_last_name: str
    acknowledge_irreversible: bool

    @model_validator(mode="after")
    def _validate(self) -> Self:
        AtlasBackupComplianceArgs(project_id="", minimum=BackupRetention(), **self.model_dump())
        return self


class ClientCertificates(ConfigGroup):
    """The S3 object (PEM) with the certificate authorities whose clients the load balancer accepts."""

    bucket: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
    key: str
    version: str | None = None
    """The object version. A new version makes the load balancer load the changed file."""

    @model_validator(mode="after")
    def _validate(self) -> Self:
        TrustStoreArgs(bundle_bucket=self.bucket, bundle_key=self.key, tags={})
        return self


class ScheduledTaskConfig(ConfigGroup):
    """A scheduled task: the service's image with another command, by default with a quarter vCPU and 512 MiB."""

    command: tuple[str, ...] = Field(min_length=1)
    schedule: str
    timezone: str = "UTC"
    cpu: int = 256
    memory: int = 512
    window_minutes: int = Field(default=0, ge=0, le=1_440)
    on_spot: bool = False
    enabled: bool = True

    @model_validator(mode="after")
    def _validate(self) -> Self:
        check_schedule(self.schedule)
        check_time_zone("timezone", self.timezone)
        check_fargate_size(self.cpu, self.memory)
        return self
