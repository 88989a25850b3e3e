"""Settings that are objects: existing resources, rate limit, scaling, schedules, backup retention."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from components.alb.trust_store import TrustStoreArgs
from components.atlas.access_list import AtlasAccessListArgs
from components.atlas.backup_compliance import AtlasBackupComplianceArgs
from components.atlas.backup_retention import BackupRetention
from components.cdn.cache_rules import PAGES, CacheRule, check_rules
from components.cdn.error_pages import ErrorPages
from components.ecs.lifecycle_hooks import LifecycleHook, LifecycleStage
from components.ecs.scaling_targets import ScheduledCapacity
from components.eks.access import check_principal
from components.eks.cluster import check_public_cidrs
from components.vpc.existing_network import ExistingNetworkArgs
from components.waf.rules import MAX_LOGIN_LIMITS, RateLimit
from stacks.catalog.thresholds import RATE_LIMIT_WINDOW_SECONDS, REQUESTS_PER_WINDOW

API_PATH: Final = "/api/"
"""The path prefix of the API's routes in the guide, below which the rate limit and Bot Control apply."""

_RATE_WINDOW_SECONDS: Final = 600  # the longest window of AWS WAF; the guide uses 900


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


class HostsConfig(ConfigGroup):
    """What the managed hosts of phase mvp need: accounts, the repository, and the clients of the database."""

    repository: str | None = Field(default=None, pattern=r"^[\w.-]+/[\w.-]+$")
    """The GitHub repository, `owner/name`, that the hosts build and deploy."""
    branch: str = Field(default="main", pattern=r"^[^\s~^:?*\[\\]+$")
    frontend_directory: str = "frontend"
    """The folder of the repository with the frontend; empty is its root."""
    backend_directory: str = "backend"
    """The folder with the backend's Dockerfile; empty is its root. Without effect with tierup:image."""
    build_command: str = "npm run build"
    output_directory: str = "dist"
    """The folder with the built frontend, from its folder."""
    vercel_team: str | None = None
    """The id (team_…) or slug of the Vercel team."""
    netlify_team: str | None = None
    """The slug of the Netlify team."""
    netlify_installation_id: int | None = None
    """The id of the installation of Netlify's GitHub app, for a private repository."""
    render_owner: str | None = Field(default=None, pattern=r"^(tea|usr)-[a-z0-9]+$")
    """The id of the Render workspace."""
    railway_workspace: str | None = None
    """The id of the Railway workspace."""
    database_addresses: tuple[str, ...] = ()
    """IPv4 blocks that may connect to the database, instead of the outbound addresses of the host."""
    acknowledge_open_database: bool = False
    """Whether databaseAddresses may hold 0.0.0.0/0, which opens the database to the internet."""

    @model_validator(mode="after")
    def _validate(self) -> Self:
        AtlasAccessListArgs(
            project_id="",
            cidrs=self.database_addresses,
            comment="",
            allow_everywhere=self.acknowledge_open_database,
        )
        return self


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


class LoginLimitConfig(ConfigGroup):
    """A stricter rate limit of one client address for paths on which passwords are tried."""

    paths: tuple[str, ...] = Field(default=(), max_length=MAX_LOGIN_LIMITS)
    """Path prefixes in lower case, such as /api/auth/login. Each has its own limit."""
    requests: int = 10
    window_seconds: Literal[60, 120, 300, 600] = 300

    @model_validator(mode="after")
    def _validate(self) -> Self:
        self.for_clients()
        return self

    def for_clients(self, client_address_header: str | None = None) -> list[RateLimit]:
        """Return the component's arguments. Raises ValueError for what AWS WAF does not support."""
        return [
            RateLimit(
                path_prefix=path,
                requests=self.requests,
                window_seconds=self.window_seconds,
                client_address_header=client_address_header,
            )
            for path in self.paths
        ]


class LifecycleHookConfig(ConfigGroup):
    """A Lambda function that decides whether a deployment continues."""

    function_arn: str
    stages: tuple[LifecycleStage, ...] = (LifecycleStage.POST_TEST_TRAFFIC_SHIFT,)

    @model_validator(mode="after")
    def _validate(self) -> Self:
        self.hook()
        return self

    def hook(self) -> LifecycleHook:
        """Return the component's argument. Raises ValueError for what ECS refuses."""
        return LifecycleHook(function_arn=self.function_arn, stages=self.stages)


class DeploymentChecks(ConfigGroup):
    """Checks of the new tasks of the API's service before they get production traffic."""

    test_header: str | None = Field(default=None, pattern=r"^[A-Za-z][A-Za-z0-9-]{0,39}$")
    """Name of the header whose requests reach the new tasks before all others."""
    test_value: str = Field(default="true", pattern=r"^[A-Za-z0-9_.~-]{1,128}$")
    """Value of the header. Choose one that clients do not guess."""
    hooks: Mapping[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,20}$")], LifecycleHookConfig] = Field(
        default_factory=dict
    )


class MaintenanceMode(ConfigGroup):
    """Maintenance: the load balancer answers the API's requests, and the CDN the site's pages, with status 503."""

    enabled: bool = False
    message: str = Field(default="The service is down for maintenance.", min_length=1, max_length=500)
    """Text of the API's answer, and of the site's page without `page`."""
    page: str | None = Field(default=None, min_length=1, max_length=2_000)
    """HTML document of the site."""
    site: bool = True
    """Whether the site is down, too."""

    @property
    def api_body(self) -> str:
        """The JSON document with which the load balancer answers."""
        return json.dumps({"error": self.message})

    @property
    def html(self) -> str:
        """The page of the site."""
        return self.page or f"<!doctype html><title>Maintenance</title><p>{escape(self.message)}</p>"


class SiteErrorPagesConfig(ConfigGroup):
    """HTML documents with which the CDN answers in place of an error."""

    forbidden: str | None = None
    not_found: str | None = None
    server_error: str | None = None

    @model_validator(mode="after")
    def _validate(self) -> Self:
        self.pages()
        return self

    def pages(self) -> ErrorPages:
        """Return the component's arguments. Raises ValueError for a page of another size."""
        return ErrorPages(**self.model_dump())


class SiteCacheRuleConfig(ConfigGroup):
    """Caching of the site's files below one path."""

    path: str
    edge_seconds: int
    browser_seconds: int = 0
    stale_while_revalidate_seconds: int = 0
    stale_if_error_seconds: int = 0


class SiteCacheConfig(ConfigGroup):
    """Caching of the site at the edge, in place of that of the phase."""

    page_seconds: int | None = None
    """TTL of pages at the edge."""
    stale_while_revalidate_seconds: int | None = None
    """How long the CDN serves an expired page while it fetches the new one."""
    stale_if_error_seconds: int | None = None
    """How long the CDN serves an expired page while the bucket fails."""
    rules: Mapping[str, SiteCacheRuleConfig] = Field(default_factory=dict, max_length=5)
    """Name → rule for a path, before the rules of the phase."""

    @model_validator(mode="after")
    def _validate(self) -> Self:
        reserved = sorted({"access", "api", "distribution", "headers", "pages", "router"}.intersection(self.rules))
        if reserved:
            raise ValueError(f"rules: the name belongs to another resource: {reserved[0]}")
        check_rules([PAGES, *self.applied(PAGES, ())[1]])
        return self

    def applied(self, pages: CacheRule, rules: Sequence[CacheRule]) -> tuple[CacheRule, Sequence[CacheRule]]:
        """Return the rule of the pages and those of paths with these settings. Raises ValueError for other values."""
        changes = {
            "edge_seconds": self.page_seconds,
            "stale_while_revalidate_seconds": self.stale_while_revalidate_seconds,
            "stale_if_error_seconds": self.stale_if_error_seconds,
        }
        pages = replace(pages, **{name: seconds for name, seconds in changes.items() if seconds is not None})
        own = [CacheRule(name=name, **rule.model_dump()) for name, rule in self.rules.items()]
        taken = {rule.name for rule in own} | {rule.path for rule in own}
        return pages, (*own, *(rule for rule in rules if not {rule.name, rule.path} & taken))


class DatabaseMaintenance(ConfigGroup):
    """The start of the weekly maintenance window of the database, in UTC."""

    day: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    hour: int = Field(ge=0, le=23)


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


class MonitoringVendor(enum.StrEnum):
    """A service that monitors the stack."""

    CLOUDWATCH = "cloudwatch"  # every stack has it: scaling, rollbacks and the budget use its alarms
    DATADOG = "datadog"
    NEWRELIC = "newrelic"
    SENTRY = "sentry"


_SLUG: Final = r"^[a-z0-9_-]*[a-z_-][a-z0-9_-]*$"


class SentryConfig(ConfigGroup):
    """The project in Sentry that the stack creates."""

    organization: str = Field(pattern=_SLUG, max_length=50)
    """The slug of the organization, as in https://ORGANIZATION.sentry.io."""
    slug: str | None = Field(default=None, pattern=_SLUG, max_length=50)
    """The slug of team and project; None is made of project and stack."""
    platform: str = Field(default="node-express", pattern=r"^[a-z0-9-]+$")
    """The platform of the application in Sentry's list."""
    events_per_minute: int | None = Field(default=600, ge=1)
    """The rate limit of the client key; None is no limit."""
    tracing: bool = False
    """Whether the application sends traces: then there are alerts on response time and failure rate, too."""


class NewRelicConfig(ConfigGroup):
    """The account in New Relic."""

    account_id: str = Field(pattern=r"^[0-9]{1,12}$")
    """The id of the New Relic account, its digits in quotes."""
    region: Literal["US", "EU"] = "US"
    """The region of the New Relic account."""
    period: Literal["EVERY_MINUTE", "EVERY_5_MINUTES", "EVERY_10_MINUTES", "EVERY_15_MINUTES"] = "EVERY_5_MINUTES"
    """The time between two runs of a synthetic monitor in each location."""


_HANDLE: Final = r"^@[A-Za-z0-9._%+@-]{2,}$"


class DatadogConfig(ConfigGroup):
    """What Datadog does besides its defaults."""

    page_handles: tuple[Annotated[str, Field(pattern=_HANDLE)], ...] = ()
    """Handles that alarms of severity page notify, such as @pagerduty-shop; empty is the e-mail addresses of
    tierup:alertEmail and tierup:alertRoutes."""
    ticket_handles: tuple[Annotated[str, Field(pattern=_HANDLE)], ...] = ()
    """Handles that the other alarms notify."""
    locations: tuple[Annotated[str, Field(pattern=r"^(aws|azure|gcp|pl):[a-z0-9-]+$")], ...] = ()
    """Locations of the synthetic tests, two or more; empty is one on each of three continents."""
    interval_seconds: int = Field(default=300, ge=30, le=604_800)
    """Seconds between the runs of a synthetic test in each location. Each run is billed."""
    existing_integration: bool = False
    """Whether another program connects the AWS account with Datadog, which an organization does once."""

    @model_validator(mode="after")
    def _validate(self) -> Self:
        if len(set(self.locations)) == 1:
            raise ValueError("locations: only one (got 1). Give 2 or more, or none for the defaults.")
        return self


class AlertRoute(ConfigGroup):
    """Where the alarms of one severity go, in addition to tierup:alertEmail."""

    emails: tuple[Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")], ...] = ()
    slack_channel: str | None = Field(default=None, pattern=r"^[CG][A-Z0-9]{7,}$")
    """The id of a Slack channel."""
    webhooks: tuple[str, ...] = ()
    """Names of tierup:alertWebhooks."""

    @property
    def is_set(self) -> bool:
        """Whether there is any destination."""
        return bool(self.emails or self.slack_channel or self.webhooks)


class AlertRoutes(ConfigGroup):
    """The routes by severity. `page` is for alarms on what users notice now, `ticket` for all others."""

    page: AlertRoute = AlertRoute()
    ticket: AlertRoute = AlertRoute()
    slack_workspace: str | None = Field(default=None, pattern=r"^T[A-Z0-9]{7,}$")
    """The id of the Slack workspace, which is connected to the AWS account."""

    @model_validator(mode="after")
    def _validate(self) -> Self:
        has_channel = any(route.slack_channel for route in (self.page, self.ticket))
        if has_channel != (self.slack_workspace is not None):
            raise ValueError(
                "slackWorkspace, slackChannel: one is missing (got only one of the two). Set both, or none."
            )
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


ROTATION_STEPS: Final = 3
"""The steps of a rotation: accept the new credential too, use it, and no longer accept the old one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Generations:
    """Which generations of a credential exist. The first one is 0, and each rotation adds one."""

    used: int
    """The generation that clients use."""
    accepted: Sequence[int]
    """The generations that the server accepts: one, and two during a rotation. The newest is the last."""


class RotationConfig(ConfigGroup):
    """The number of rotation steps that were made, for each credential. `tierup rotate` changes them one by one."""

    database: int = Field(default=0, ge=0)
    """The password of the application's database user. Each generation has the other one of two user names."""
    cache: int = Field(default=0, ge=0)
    """The token of the cache, or the passwords of its users."""
    origin_key: int = Field(default=0, ge=0)
    """The key that the CDN sends to the load balancer."""


def generations(steps: int) -> Generations:
    """Return the generations of a credential after a number of rotation steps."""
    generation, stage = divmod(steps, ROTATION_STEPS)
    if stage == 0:
        return Generations(used=generation, accepted=(generation,))
    return Generations(used=generation + (stage == ROTATION_STEPS - 1), accepted=(generation, generation + 1))


class EksConfig(ConfigGroup):
    """The EKS cluster of a stack with tierup:orchestrator other than ecs."""

    admin_roles: tuple[str, ...] = Field(default=(), max_length=20)
    """ARNs of the IAM roles that administer the cluster, the role that runs `up` among them."""
    public_cidrs: tuple[str, ...] = Field(default=(), max_length=40)
    """Address ranges that reach the Kubernetes API from the internet; none is access from the VPC only."""
    keda: bool = False
    """Whether KEDA is installed in the cluster, and scales pods on requests and the length of the worker's queue."""

    @model_validator(mode="after")
    def _validate(self) -> Self:
        for arn in self.admin_roles:
            check_principal("adminRoles", arn)
        check_public_cidrs("publicCidrs", self.public_cidrs)
        return self
