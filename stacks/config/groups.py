"""Settings that consist of several: what stands already, further services, schedules, retention. Each checks itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic.alias_generators import to_camel

from components.alb.listener_rule import RequestMatch, check_priority
from components.alb.trust_store import TrustStoreArgs
from components.atlas.backup_compliance import AtlasBackupComplianceArgs
from components.atlas.backup_retention import BackupRetention
from components.ecs.fargate_sizes import check_fargate_size
from components.ecs.scaling_targets import ScheduledCapacity
from components.scheduling.expression import check_schedule
from components.scheduling.time_zone import check_time_zone
from components.vpc.existing_network import ExistingNetworkArgs

IMAGE = r"^[a-z0-9][a-z0-9./_:-]*(:[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64})$"
"""A container image with a tag or a digest."""


def check_pinned(image: str) -> str:
    """`image`. Raises ValueError where it is another one tomorrow."""
    if image.endswith(":latest"):
        raise ValueError("latest is another image tomorrow: a restart would change what runs, past any rollback")
    return image


class ConfigGroup(BaseModel):
    """A mapping in the configuration; its keys are camelCase there."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class ExistingNetworkConfig(ConfigGroup):
    """A VPC of somebody else's. Zone → id in the mappings."""

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
    def _fits(self) -> Self:
        self.args()
        return self

    def args(self) -> ExistingNetworkArgs:
        """As the component takes it. Raises ValueError for what does not fit together."""
        return ExistingNetworkArgs(**self.model_dump())


class ExistingLoadBalancerConfig(ConfigGroup):
    """A load balancer that is shared: our host's requests come to us by a rule at `priority`."""

    arn: str = Field(pattern=r"^arn:aws:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer/app/.+$")
    priority: int = Field(ge=2, le=49_999)
    """Free, as the number before it, where blue/green deployments have their rule."""


class ServiceConfig(ConfigGroup):
    """One service beside the API. Sizes as of a task of tier small, unless said otherwise."""

    image: str = Field(pattern=IMAGE)
    paths: tuple[str, ...] = Field(min_length=1)
    """Of the API's host that go to it: /reports, /reports/*."""
    priority: int
    command: tuple[str, ...] | None = None
    port: int = Field(default=5000, ge=1, le=65_535)
    health_check_path: str = Field(default="/health", pattern=r"^/")
    cpu: int = 512
    memory: int = 1024
    tasks: int = Field(default=2, ge=1, le=100)
    max_tasks: int = Field(default=4, ge=1, le=500)
    weights: Mapping[str, int] | None = None
    """For an A/B test: version → share of new clients. Each version is a service with the same settings, and with
    `images` of its own."""
    images: Mapping[str, str] = Field(default_factory=dict)
    """Version → image, where it is not `image`."""

    @field_validator("image")
    @classmethod
    def _is_pinned(cls, image: str) -> str:
        return check_pinned(image)

    @field_validator("priority")
    @classmethod
    def _is_a_priority(cls, priority: int) -> int:
        check_priority(priority)
        return priority

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_fargate_size(self.cpu, self.memory)
        RequestMatch(paths=self.paths)
        if self.max_tasks < self.tasks:
            raise ValueError(f"maxTasks ({self.max_tasks}) is less than tasks ({self.tasks})")
        unknown = sorted(self.images.keys() - self.versions.keys())
        if unknown:
            raise ValueError(f"images names {', '.join(unknown)}, weights has {', '.join(self.versions)}")
        return self

    @property
    def versions(self) -> Mapping[str, int]:
        """Version → share; one called main where there is no test."""
        return self.weights or {"main": 1}

    def names(self, name: str) -> Mapping[str, str]:
        """Version → what its service is called, where the setting calls all of them `name`."""
        return {version: name if version == "main" else f"{name}-{version}" for version in self.versions}


class CapacitySchedule(ConfigGroup):
    """Other bounds of the number of tasks from a time on."""

    schedule: str
    min_tasks: int
    max_tasks: int
    timezone: str = "UTC"

    @model_validator(mode="after")
    def _fits(self) -> Self:
        self.bounds()
        return self

    def bounds(self) -> ScheduledCapacity:
        """As the component takes it. Raises ValueError for what Application Auto Scaling does not take."""
        return ScheduledCapacity(**self.model_dump())


class DatabaseBackups(ConfigGroup):
    """How long Atlas keeps snapshots."""

    daily_days: int = 7
    weekly_weeks: int = 4
    monthly_months: int = 12
    yearly_years: int | None = None
    point_in_time_days: int | None = 7

    @model_validator(mode="after")
    def _fits(self) -> Self:
        self.retention()
        return self

    def retention(self) -> BackupRetention:
        """As the component takes it. Raises ValueError where Atlas would refuse the schedule."""
        return BackupRetention(**self.model_dump())


class BackupCompliance(ConfigGroup):
    """Who may ask Atlas's support to lower the floor under the backups. Nobody can switch it off."""

    authorized_email: str
    authorized_first_name: str
    authorized_last_name: str
    acknowledge_irreversible: bool

    @model_validator(mode="after")
    def _fits(self) -> Self:
        AtlasBackupComplianceArgs(project_id="", minimum=BackupRetention(), **self.model_dump())
        return self


class ClientCertificates(ConfigGroup):
    """Where the certificates of the authorities lie whose clients the load balancer lets in: a PEM file in S3."""

    bucket: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
    key: str
    version: str | None = None
    """The object's; the new one takes a changed file over."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        TrustStoreArgs(bundle_bucket=self.bucket, bundle_key=self.key, tags={})
        return self


class ScheduledTaskConfig(ConfigGroup):
    """A task by the clock: the service's image with a command of its own. Sizes are a small task's."""

    command: tuple[str, ...] = Field(min_length=1)
    schedule: str
    timezone: str = "UTC"
    cpu: int = 256
    memory: int = 512
    window_minutes: int = Field(default=0, ge=0, le=1_440)
    on_spot: bool = False
    enabled: bool = True

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_schedule(self.schedule)
        check_time_zone("timezone", self.timezone)
        check_fargate_size(self.cpu, self.memory)
        return self
