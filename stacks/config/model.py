"""The settings of a stack: everything that `pulumi config` sets, with the values that each setting allows.

`stacks.config.reading` reads them, and `stacks.config.constraints` has the rules between them.
"""

from __future__ import annotations

import enum
import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, Literal

import pulumi
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel

from components.atlas.log_export import AtlasLog
from components.cdn.cache_rules import check_cache_control
from components.cdn.cache_tags import check_cache_tags
from components.cdn.provider import CdnKind
from components.cdn.security_headers import check_csp_sources
from components.cloudflare.plan import CloudflarePlan
from components.cloudfront.distribution import PriceClass
from components.cloudfront.site_distribution import check_edge_function
from components.ecs.sidecars import check_collector_config
from components.elasticache.replication_group import ClusterMode
from components.monitoring.log_retention import check_retention
from components.monitoring.runbook import check_runbooks
from components.monitoring.uptime_check import check_regions
from components.vpc.availability_zones import check_zone_ids
from components.vpc.nat import NatKind
from components.vpc.nat_instance import check_nat_instance_type
from components.waf.addresses import check_addresses
from components.waf.client_rules import ClientRestrictions
from components.waf.rules import check_exempt_paths
from stacks.catalog.hosts import BackendHost, FrontendHost
from stacks.catalog.phases import Feature, Phase, features
from stacks.catalog.tiers import AWS_BUDGET_USD, NAT, Sizes, Tier
from stacks.config.containers import (
    IMAGE,
    BackendConfig,
    ContainerConfig,
    OneOffTaskConfig,
    ScheduledTaskConfig,
    ServiceConfig,
    WorkerConfig,
    check_pinned,
)
from stacks.config.errors import InvalidConfigError as InvalidConfigError
from stacks.config.groups import (
    AlertRoutes,
    AutoscalingConfig,
    BackupCompliance,
    CapacitySchedule,
    ClientCertificates,
    DatabaseBackups,
    DatabaseMaintenance,
    DatadogConfig,
    DeploymentChecks,
    EksConfig,
    ExistingLoadBalancerConfig,
    ExistingNetworkConfig,
    HostsConfig,
    LoginLimitConfig,
    MaintenanceMode,
    MonitoringVendor,
    NewRelicConfig,
    RateLimitConfig,
    RotationConfig,
    SentryConfig,
    SiteCacheConfig,
    SiteErrorPagesConfig,
)
from stacks.config.secrets import (
    SECRETS,
)

NAMESPACE: Final = "tierup"
REGION: Final = "aws:region"

_DNS_NAME = r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$"
# A certificate's first name may have 64 characters: https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
# (read 2026-11-24). The site's name leaves room for "api." in front.
_CERTIFICATE_NAME = 64

# The bridge network of Docker, which the agent of a task may use: https://docs.docker.com/engine/network/ (from memory)
_DOCKER_BRIDGE = ipaddress.ip_network("172.17.0.0/16")


class WafMode(enum.StrEnum):
    """What AWS WAF or Cloudflare does with a request that a rule matches."""

    COUNT = "count"  # allow and count it, to see what blocking would do to real traffic
    BLOCK = "block"


class OriginLock(enum.StrEnum):
    """Whether the load balancer accepts only requests of the stack's CDN."""

    OFF = "off"  # it also accepts clients that have cached its address
    COUNT = "count"  # as off, and the web ACL counts and logs the requests that the lock would block
    ON = "on"


class DeploymentMode(enum.StrEnum):
    """How a deployment replaces the old version of a service."""

    ROLLING = "rolling"  # replaces the tasks step by step
    BLUE_GREEN = "blue-green"  # starts all new tasks, then shifts the traffic at once
    CANARY = "canary"  # shifts a share of the traffic first, and the rest after a bake time
    LINEAR = "linear"  # shifts the traffic in equal steps with a bake time after each


class Orchestrator(enum.StrEnum):
    """What runs the containers of the API and of the worker."""

    ECS = "ecs"  # tasks on Fargate
    BOTH = "ecs-and-eks"  # both run; eksTrafficPercent divides the requests
    EKS = "eks"  # pods on EKS Auto Mode


class CacheAuthMode(enum.StrEnum):
    """How the service authenticates to the cache."""

    TOKEN = "token"  # noqa: S105  not a secret, but the name of a method
    MIGRATING = "migrating"  # accepts both, for the `up` between the other two
    USERS = "users"  # an RBAC user for the service, without administrative commands


class DatabaseAuth(enum.StrEnum):
    """How the service authenticates to the database."""

    PASSWORD = "password"  # noqa: S105  not a secret, but the name of a method
    IAM = "iam"  # by its task role; the user with the password stays for tasks that have not restarted yet
    IAM_ONLY = "iam-only"  # by its task role; no user with a password exists


def _checked(check: Callable[[str, Any], None], key: str) -> AfterValidator:
    """Return the validator of a setting by a component's check, which names `key` in its error."""

    def validate(value: Any) -> Any:
        check(key, value)
        return value

    return AfterValidator(validate)


class Settings(BaseModel):
    """The settings of one stack, complete and consistent. A field has the name of its key, in snake_case."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", alias_generator=to_camel, arbitrary_types_allowed=True
    )

    region: str = Field(
        alias=REGION, pattern=r"^[a-z]{2}(-[a-z]+)+-\d$", description="an AWS region", examples=["eu-west-1"]
    )
    phase: Phase = Field(description=f"the features that the stack has: {', '.join(Phase)}", examples=["mvp"])
    tier: Tier = Field(description=f"the sizes of the resources: {', '.join(Tier)}", examples=["small"])
    cdn: CdnKind = Field(
        default=CdnKind.CLOUDFRONT, description="the CDN that serves the site", examples=["cloudfront"]
    )
    cdn_standby: CdnKind | None = Field(
        default=None,
        description="the other CDN, which exists, too, while `tierup:cdn` serves: before a change of the CDN and "
        "after it",
        examples=["cloudflare"],
    )
    cloudflare_zone_id: str | None = Field(
        default=None,
        pattern=r"^[0-9a-f]{32}$",
        description="the id (32 hexadecimal digits) of the Cloudflare zone of both host names, which no other "
        "stack uses",
        examples=["0123456789abcdef0123456789abcdef"],
    )
    cloudflare_plan: CloudflarePlan = Field(
        default=CloudflarePlan.FREE, description="the plan of the Cloudflare zone", examples=["pro"]
    )

    cloudflare_advanced_certificate: bool = Field(
        default=False,
        description="whether Cloudflare issues an advanced certificate for both host names, which names two labels "
        "below the zone need; the zone needs Advanced Certificate Manager",
        examples=["true"],
    )

    domain: str = Field(
        pattern=_DNS_NAME,
        max_length=_CERTIFICATE_NAME - len("api."),
        description="the site's host name, lower case, of 60 characters at most",
        examples=["app.example.com"],
    )
    site_redirects: tuple[Annotated[str, Field(pattern=_DNS_NAME, max_length=_CERTIFICATE_NAME)], ...] = Field(
        default=(),
        max_length=9,  # a certificate has 10 names by default
        description="up to 9 further host names, such as www or the apex, whose pages the CDN redirects to the site",
        examples=["--path 'tierup:siteRedirects[0]' www.example.com"],
    )
    site_aliases: tuple[Annotated[str, Field(pattern=_DNS_NAME, max_length=_CERTIFICATE_NAME)], ...] = Field(
        default=(),
        max_length=9,
        description="further host names that serve the site, as `tierup:domain` does; the API accepts their origins",
        examples=["--path 'tierup:siteAliases[0]' shop.example.com"],
    )
    api_domain: str | None = Field(
        default=None,
        pattern=_DNS_NAME,
        max_length=_CERTIFICATE_NAME,
        description="the API's host name, lower case, of 64 characters at most",
        examples=["api.example.com"],
    )
    api_path: str | None = Field(
        default=None,
        pattern=r"^/api/([a-z0-9_-]+/)*\*$",
        description="a path pattern below /api/ of the site's host name that the CDN forwards to the API (from phase "
        "scale on), so that browsers send no CORS preflight; the API keeps its own host name, too",
        examples=["/api/*"],
    )
    hosted_zone_id: str | None = Field(
        default=None,
        pattern=r"^Z[A-Z0-9]{1,31}$",
        description="the id of the Route 53 hosted zone of both host names",
        examples=["Z0123456789ABCDEFGHIJ"],
    )
    certificate_arn: str | None = Field(
        default=None,
        pattern=r"^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-f-]{36}$",
        description="an issued ACM certificate in the stack's region for the API's host name",
        examples=["arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"],
    )
    edge_certificate_arn: str | None = Field(
        default=None,
        pattern=r"^arn:aws:acm:us-east-1:\d{12}:certificate/[0-9a-f-]{36}$",
        description="an issued ACM certificate in us-east-1 for both host names, for CloudFront",
        examples=["arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"],
    )
    existing_network: ExistingNetworkConfig | None = Field(
        default=None,
        description="ids of a VPC, its subnets by zone and its route tables",
        examples=["--path tierup:existingNetwork.vpcId vpc-0123456789abcdef0"],
    )
    existing_load_balancer: ExistingLoadBalancerConfig | None = Field(
        default=None,
        description="the `arn` of an Application Load Balancer and the `priority` (2 to 49,999) of this stack's "
        "rule on its "
        "HTTPS listener; the priority before it must be free too",
        examples=["--path tierup:existingLoadBalancer.priority 100"],
    )
    existing_cluster: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9_-]{1,255}$",
        description="the name of an ECS cluster with the capacity providers FARGATE and FARGATE_SPOT",
        examples=["shared"],
    )
    frontend_host: FrontendHost = Field(
        default=FrontendHost.AWS, description="what serves the frontend in phase mvp", examples=["vercel"]
    )
    backend_host: BackendHost = Field(
        default=BackendHost.AWS, description="what runs the API in phase mvp", examples=["render"]
    )
    frontend_standby: FrontendHost | None = Field(
        default=None,
        description="another host of the frontend that exists, too, while DNS points at `tierup:frontendHost`: before "
        "a move and after it",
        examples=["aws"],
    )
    backend_standby: BackendHost | None = Field(
        default=None,
        description="another host of the API that exists, too, while DNS points at `tierup:backendHost`: before a "
        "move and after it",
        examples=["aws"],
    )
    hosts: HostsConfig = Field(
        default=HostsConfig(),
        description="what the hosts need: `repository`, `branch`, `frontendDirectory`, `backendDirectory`, "
        "`buildCommand`, `outputDirectory`, `vercelTeam`, `netlifyTeam`, `netlifyInstallationId`, `renderOwner`, "
        "`railwayWorkspace`, `databaseAddresses` and `acknowledgeOpenDatabase`",
        examples=["--path tierup:hosts.repository you/app"],
    )
    alert_email: str = Field(
        pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
        description="the e-mail address that receives alarms",
        examples=["ops@example.com"],
    )
    alert_routes: AlertRoutes | None = Field(
        default=None,
        description="where alarms go in addition to `tierup:alertEmail`, by severity (`page` and `ticket`): `emails`, "
        "`slackChannel` and `webhooks`, and the `slackWorkspace`; failed deployments are reported, too",
        examples=["--path 'tierup:alertRoutes.page.webhooks[0]' pagerDuty"],
    )
    alert_webhooks: Mapping[str, pulumi.Output[str]] = Field(
        default_factory=dict, exclude=True, description=SECRETS["alertWebhooks"].description
    )
    monitoring: tuple[MonitoringVendor, ...] = Field(
        default=(MonitoringVendor.CLOUDWATCH,),
        description=f"the services that monitor the stack: {', '.join(MonitoringVendor)}; CloudWatch always does, "
        "because scaling and rollbacks use its alarms",
        examples=["--path 'tierup:monitoring[0]' datadog"],
    )
    datadog: DatadogConfig | None = Field(
        default=None,
        description="`pageHandles`, `ticketHandles`, the `locations` and `intervalSeconds` of the synthetic tests, and "
        "`existingIntegration`, if Datadog monitors the stack",
        examples=["--path 'tierup:datadog.pageHandles[0]' @pagerduty-shop"],
    )
    new_relic: NewRelicConfig | None = Field(
        default=None,
        description="the `accountId`, and optionally the `region` (US or EU) of the account and the `period` of the "
        "synthetic monitors, if New Relic monitors the stack",
        examples=["""'tierup:newRelic' '{"accountId": "1234567", "region": "EU"}'"""],
    )
    new_relic_license_key: pulumi.Output[str] | None = Field(
        default=None, exclude=True, description=SECRETS["newRelicLicenseKey"].description
    )
    sentry: SentryConfig | None = Field(
        default=None,
        description="the `organization` (slug), and optionally `slug`, `platform`, `eventsPerMinute` and `tracing`, if "
        "Sentry monitors the stack: it then creates the project, and `tierup:sentryDsn` is not set",
        examples=["--path tierup:sentry.organization example"],
    )
    runbook_url: str | None = Field(
        default=None,
        description="the https URL of the folder that serves docs/runbooks, without a trailing slash",
        examples=["https://github.com/you/app/blob/main/docs/runbooks"],
    )
    monthly_budget_usd: int | None = Field(
        default=None, ge=1, description="the monthly AWS budget in whole US dollars", examples=["150"]
    )
    atlas_org_id: str = Field(
        pattern=r"^[0-9a-f]{24}$",
        description="the 24 hexadecimal digits of your Atlas organization (Atlas, Organization Settings)",
        examples=["5f3b0c2e9d1a4b7c8e6f0a12"],
    )
    image: str | None = Field(
        default=None,
        pattern=IMAGE,
        description="a container image with a digest or a tag other than latest",
        examples=["111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:v1.2.3"],
    )
    database_name: str = Field(
        default="app",
        pattern=r"^[A-Za-z0-9_-]{1,38}$",
        description="1 to 38 letters, digits, _ and -",
        examples=["app"],
    )

    database_auth: DatabaseAuth = Field(
        default=DatabaseAuth.PASSWORD, description="how the service authenticates to the database", examples=["iam"]
    )
    database_regions: Annotated[tuple[str, ...], Field(min_length=2, max_length=2)] | None = Field(
        default=None,
        description="two further AWS regions of the database in phase enterprise; the first one also holds the "
        "copy of the site",
        examples=["--path 'tierup:databaseRegions[0]' eu-central-1"],
    )
    regions: Annotated[tuple[str, ...], Field(max_length=2)] = Field(
        default=(),
        description="up to two regions of `tierup:databaseRegions` in which the API runs as well in phase enterprise, "
        "ready to take over",
        examples=["--path 'tierup:regions[0]' eu-central-1"],
    )
    active_region: str | None = Field(
        default=None,
        pattern=r"^[a-z]{2}(-[a-z]+)+-\d$",
        description="the region that serves the API and has the primary of the database; `tierup failover` sets it",
        examples=["eu-central-1"],
    )
    replicate_images: bool = Field(
        default=True,
        description="whether the stack creates the replication of the account's ECR registry to `tierup:regions`; "
        "false if it exists, because a registry has only one",
        examples=["false"],
    )
    database_backups: DatabaseBackups = Field(
        default=DatabaseBackups(),
        description="how long Atlas keeps snapshots: `dailyDays`, `weeklyWeeks`, `monthlyMonths`, `yearlyYears` and "
        "`pointInTimeDays`",
        examples=["--path tierup:databaseBackups.dailyDays 14"],
    )
    database_maintenance: DatabaseMaintenance | None = Field(
        default=None,
        description="the weekly maintenance window of the database: `day` (mon to sun) and `hour` (0 to 23, UTC); "
        "without it Atlas chooses one",
        examples=["--path tierup:databaseMaintenance.day sun"],
    )
    database_log_export: tuple[AtlasLog, ...] = Field(
        default=(),
        max_length=len(AtlasLog),
        description=f"the logs of the database that Atlas writes to the stack's log bucket: {', '.join(AtlasLog)}",
        examples=["--path 'tierup:databaseLogExport[0]' mongod"],
    )
    backup_copy_region: str | None = Field(
        default=None,
        pattern=r"^[a-z]{2}(-[a-z]+)+-\d$",
        description="another AWS region that receives a copy of each snapshot of the database and, from phase scale "
        "on, of AWS Backup's weekly and monthly recovery points of the site",
        examples=["eu-central-1"],
    )
    database_backup_compliance: BackupCompliance | None = Field(
        default=None,
        description="`authorizedEmail`, `authorizedFirstName` and `authorizedLastName` of a person, and "
        "`acknowledgeIrreversible`: Atlas then enforces at least `databaseBackups`, permanently",
        examples=["--path tierup:databaseBackupCompliance.authorizedEmail legal@example.com"],
    )
    database_kms_key: bool = Field(
        default=False,
        description="whether the customer managed KMS key also encrypts the database; it cannot be switched off later",
        examples=["true"],
    )
    pause_database_autoscaling: bool = Field(
        default=False,
        description="true for the single `up` that changes a size which Atlas scales automatically",
        examples=["true"],
    )
    database_effective_fields: bool = Field(
        default=True,
        description="false for the single `up` before a database gets shards; `tierup switch` sets it",
        examples=["false"],
    )
    cache_auth: CacheAuthMode = Field(
        default=CacheAuthMode.TOKEN, description="how the service authenticates to the cache", examples=["users"]
    )
    cache_snapshot_name: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z][A-Za-z0-9.:-]{0,254}$",
        description="the snapshot whose data a new cache gets; it has no effect on an existing one",
        examples=["cache-2026-11-28"],
    )
    cache_cluster_mode: ClusterMode | None = Field(
        default=None,
        description="the cluster mode of the cache: whether it distributes keys over shards",
        examples=["compatible"],
    )

    orchestrator: Orchestrator = Field(
        default=Orchestrator.ECS,
        description="what runs the API and the worker: ecs, eks, or ecs-and-eks while a stack moves from one to the "
        "other",
        examples=["ecs-and-eks"],
    )
    eks_traffic_percent: int = Field(
        default=0,
        ge=0,
        le=100,
        description="the percentage of the API's requests that pods get with `tierup:orchestrator` ecs-and-eks, 0 to "
        "100",
        examples=["10"],
    )
    eks: EksConfig = Field(
        default=EksConfig(),
        description="the EKS cluster: `adminRoles`, the ARNs of the IAM roles that administer it (the role that runs "
        "`up` among them), `publicCidrs`, the address ranges that reach the Kubernetes API from the internet, and "
        "`keda`, whether KEDA is installed in it and scales pods on requests and `tierup:worker.scaleOnQueue`",
        examples=["--path 'tierup:eks.adminRoles[0]' arn:aws:iam::111122223333:role/deploy"],
    )
    deployment: DeploymentMode = Field(
        default=DeploymentMode.ROLLING,
        description="how a deployment replaces the old version; blue-green shifts the traffic to the new tasks at "
        "once, canary a share of it first, linear in steps",
        examples=["blue-green"],
    )
    bake_minutes: int = Field(
        default=10,
        ge=0,
        le=1_440,
        description="the bake time: minutes that the old tasks of a blue/green, canary or linear deployment keep "
        "running after all traffic has shifted, 0 to 1,440; `up` waits",
        examples=["10"],
    )
    shift_percent: int = Field(
        default=10,
        ge=3,
        le=100,
        description="the percentage of the traffic that a canary deployment shifts first, and a linear one in each "
        "step, 3 to 100",
        examples=["20"],
    )
    shift_minutes: int = Field(
        default=5,
        ge=0,
        le=1_440,
        description="minutes after the share of a canary deployment, and between the steps of a linear one, 0 to "
        "1,440; `up` waits",
        examples=["5"],
    )
    deployment_checks: DeploymentChecks | None = Field(
        default=None,
        description="checks of the new tasks before they get production traffic, in a blue/green, canary or linear "
        "deployment: requests with `testHeader` and `testValue` reach them first, and `hooks` are Lambda functions "
        "(`functionArn`, `stages`) that may roll the deployment back",
        examples=["--path tierup:deploymentChecks.testHeader x-candidate"],
    )
    spot_percent: int = Field(
        default=0, ge=0, le=90, description="the percentage of the tasks on Fargate Spot, 0 to 90", examples=["50"]
    )
    ecs_exec: bool = Field(default=False, description="whether ECS Exec may open a shell in a task", examples=["true"])
    sticky_seconds: int | None = Field(
        default=None,
        ge=1,
        le=604_800,
        description="seconds of target stickiness by cookie, for long polling; WebSockets need none",
        examples=["3600"],
    )
    idle_timeout_seconds: int = Field(
        default=60,
        ge=20,
        le=4_000,
        description="the idle timeout of connections in seconds, 20 to 4,000; a WebSocket must send its pings more "
        "often",
        examples=["120"],
    )
    worker: WorkerConfig = Field(
        default=WorkerConfig(),
        description="the worker from phase scale on: `enabled`, `command`, `scaleOnQueue` and what the container has "
        "in addition to that of `tierup:backend`",
        examples=["--path tierup:worker.enabled false"],
    )
    backend: BackendConfig = Field(
        default=BackendConfig(),
        description="the container of the API's service: `environment`, `secrets`, `permissions`, `port`, "
        "`healthCheckPath` and more; the worker and the tasks of the same image share most of it",
        examples=["--path tierup:backend.environment.LOG_LEVEL info"],
    )
    app_secrets: Mapping[str, pulumi.Output[str]] = Field(
        default_factory=dict, exclude=True, description=SECRETS["appSecrets"].description
    )
    release_task: OneOffTaskConfig | None = Field(
        default=None,
        description="a task of the service's image to run before an image is deployed: `command`, such as a database "
        "migration, `cpu`, `memory` and what the container has in addition to that of `tierup:backend`",
        examples=["--path 'tierup:releaseTask.command[0]' node"],
    )
    autoscaling: AutoscalingConfig = Field(
        default=AutoscalingConfig(),
        description="the targets of autoscaling from phase scale on: `cpuPercent` (10 to 95), `memoryPercent` and "
        "`requestsPerMinute` for each task",
        examples=["--path tierup:autoscaling.requestsPerMinute 1200"],
    )
    capacity_schedules: Mapping[str, CapacitySchedule] = Field(
        default_factory=dict,
        description="scheduled limits of the service's autoscaling, by name: `schedule` (cron or rate), "
        "`minTasks`, `maxTasks`, "
        "`timezone`",
        examples=["--path tierup:capacitySchedules.morning.minTasks 8"],
    )
    services: Mapping[str, ServiceConfig] = Field(
        default_factory=dict,
        description="further services (phase enterprise), by name: `image`, `paths`, `priority` and more",
        examples=["--path 'tierup:services.reports.paths[0]' /reports/*"],
    )
    scheduled_tasks: Mapping[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,20}$")], ScheduledTaskConfig] = Field(
        default_factory=dict,
        description="scheduled tasks, by a name of at most 21 lower-case letters, digits and hyphens: `command` and "
        "`schedule` (cron, rate or at) of a task of the service's image, and more",
        examples=["--path tierup:scheduledTasks.report.schedule 'rate(1 day)'"],
    )
    rotation_days: int = Field(
        default=30,
        ge=0,
        le=1000,
        description="days between rotations of the signing keys, 0 (never) to 1000; longer than the lifetime of "
        "any token",
        examples=["30"],
    )
    rotation: RotationConfig = Field(
        default=RotationConfig(),
        description="the number of rotation steps of `database`, `cache` and `originKey`, three for each rotation; "
        "`tierup rotate` sets it",
        examples=["--path tierup:rotation.database 1"],
    )
    kms_key: bool = Field(
        default=False,
        description="whether a customer managed KMS key encrypts secrets and logs in phases before scale, too",
        examples=["true"],
    )
    kms_key_uses: tuple[Literal["cache", "images"], ...] = Field(
        default=(),
        description="what else the customer managed KMS key encrypts: cache, images. Set it before the first `up`, "
        "because "
        "a later change replaces them",
        examples=["--path 'tierup:kmsKeyUses[0]' cache"],
    )

    allow_direct_changes: bool = Field(
        default=False,
        description="whether one `up` may make a change of an existing stack that `tierup switch` refuses or makes in "
        "steps",
        examples=["true"],
    )
    protect: bool = Field(description="true or false", examples=["true"])
    client_certificates: ClientCertificates | None = Field(
        default=None,
        description="mutual TLS: `bucket`, `key` and optionally `version` of an S3 object (PEM) with the certificate "
        "authorities whose clients the load balancer accepts",
        examples=["--path tierup:clientCertificates.bucket authorities"],
    )
    cloudflare_client_certificate: str | None = Field(
        default=None,
        pattern=r"^\s*-----BEGIN CERTIFICATE-----",
        description="the certificate (PEM) that Cloudflare presents to the load balancer (authenticated origin "
        "pulls), with "
        "tierup:cloudflareClientKey",
        examples=['-- "$(cat client.pem)"'],
    )
    cloudflare_client_key: pulumi.Output[str] | None = Field(
        default=None, exclude=True, description=SECRETS["cloudflareClientKey"].description
    )
    waf_mode: WafMode = Field(
        default=WafMode.BLOCK, description="what WAF rules do with a matching request", examples=["block"]
    )
    origin_lock: OriginLock = Field(
        default=OriginLock.ON,
        description="whether the load balancer accepts only requests of the CDN: off or count for the `up` that moves "
        "the API behind the CDN, on when no client uses the old address any more",
        examples=["count"],
    )
    rate_limit: RateLimitConfig = Field(
        default=RateLimitConfig(),
        description="the rate limit of a client address below /api/: `requests` (10 or more) in `windowSeconds` (60, "
        "120, 300 or 600), and up to 5 `exemptPaths` and CIDR blocks in `exemptAddresses` that it does not apply to",
        examples=["--path tierup:rateLimit.requests 600"],
    )
    login_limit: LoginLimitConfig = Field(
        default=LoginLimitConfig(),
        description="a stricter rate limit of a client address below up to 3 `paths`, such as the login: `requests` "
        "(10 or more) in `windowSeconds` (60, 120, 300 or 600)",
        examples=["--path 'tierup:loginLimit.paths[0]' /api/auth/login"],
    )
    max_body_bytes: int = Field(
        default=8_192,
        ge=1,
        le=8_192,
        description="the largest request body that the WAF of the API allows in bytes, up to the 8,192 that AWS WAF "
        "inspects",
        examples=["4096"],
    )
    body_exempt_paths: Annotated[tuple[str, ...], _checked(check_exempt_paths, "bodyExemptPaths")] = Field(
        default=(),
        description="up to 5 path prefixes in lower case that allow larger bodies, such as uploads",
        examples=["--path 'tierup:bodyExemptPaths[0]' /api/uploads/"],
    )
    content_security_policy: Annotated[
        Mapping[str, tuple[str, ...]], _checked(check_csp_sources, "contentSecurityPolicy")
    ] = Field(
        default_factory=dict,
        description="further sources of the site's Content-Security-Policy by directive: `script-src`, `style-src`, "
        "`font-src`, `img-src`, `connect-src`, `frame-src`, `media-src` or `worker-src`",
        examples=["--path 'tierup:contentSecurityPolicy.script-src[0]' https://js.stripe.com"],
    )
    site_cache_control: Annotated[Mapping[str, str], _checked(check_cache_control, "siteCacheControl")] = Field(
        default_factory=dict,
        description="values of Cache-Control by path pattern that `tierup site deploy` gives the site's files before "
        "those of its table",
        examples=["--path 'tierup:siteCacheControl[\"/fonts/*\"]' 'public, max-age=31536000, immutable'"],
    )
    site_cache_tags: Annotated[Mapping[str, tuple[str, ...]], _checked(check_cache_tags, "siteCacheTags")] = Field(
        default_factory=dict,
        description="cache tags of the site's files by path pattern, by which `tierup site purge` drops them from the "
        "cache of the CDN; a file has the tags of all patterns that match",
        examples=["""--path 'tierup:siteCacheTags["/images/*"][0]' images"""],
    )
    site_cache: SiteCacheConfig = Field(
        default=SiteCacheConfig(),
        description="caching of the site at the edge: `pageSeconds`, `staleWhileRevalidateSeconds` and "
        "`staleIfErrorSeconds` of pages, and up to 5 `rules` by name with `path`, `edgeSeconds`, `browserSeconds` and "
        "the same two",
        examples=["--path tierup:siteCache.staleIfErrorSeconds 86400"],
    )
    site_edge_function: Annotated[str | None, _checked(check_edge_function, "siteEdgeFunction")] = Field(
        default=None,
        description="JavaScript that defines `function edge(event)`, which CloudFront runs before each request of a "
        "page; it returns the request or a response",
        examples=['-- "$(cat edge.js)"'],
    )
    maintenance: MaintenanceMode = Field(
        default=MaintenanceMode(),
        description="maintenance: with `enabled` the API answers status 503 with `message`, and with `site` the "
        "site's pages with the HTML document `page`",
        examples=["--path tierup:maintenance.enabled true"],
    )
    site_error_pages: SiteErrorPagesConfig = Field(
        default=SiteErrorPagesConfig(),
        description="HTML documents of at most 10,000 bytes with which the CDN answers in place of an error: "
        "`forbidden` (blocked requests), `notFound` (404) and `serverError` (500 to 504)",
        examples=["""--path tierup:siteErrorPages.notFound -- "$(cat 404.html)\""""],
    )
    price_class: PriceClass | None = Field(
        default=None,
        description="the edge locations of CloudFront; null chooses the cheapest class near the stack's region",
        examples=["PriceClass_All"],
    )
    business_alarms: bool = Field(
        default=True,
        description="whether alarms fire when the application stops reporting the guide's business metrics; they "
        "start after the first report",
        examples=["false"],
    )
    uptime_regions: Annotated[tuple[str, ...], _checked(check_regions, "uptimeRegions")] = Field(
        default=(),
        description="three or more AWS regions from which Route 53 checks site and API; an empty list is all of them",
        examples=["--path 'tierup:uptimeRegions[0]' eu-west-1"],
    )
    bot_control: bool | None = Field(
        default=None, description="whether AWS WAF Bot Control inspects the requests to the API", examples=["true"]
    )
    allowed_addresses: tuple[str, ...] = Field(
        default=(),
        description="the only CIDR blocks whose clients may connect to site and API, such as those of an office or VPN "
        "for a staging stack; empty allows every address",
        examples=["--path 'tierup:allowedAddresses[0]' 203.0.113.7/32"],
    )
    allowed_countries: tuple[str, ...] = Field(
        default=(),
        description="the only countries that may connect, by ISO 3166 code",
        examples=["--path 'tierup:allowedCountries[0]' DE"],
    )
    blocked_countries: tuple[str, ...] = Field(
        default=(),
        description="countries that are blocked, by ISO 3166 code",
        examples=["--path 'tierup:blockedCountries[0]' KP"],
    )
    blocked_asns: tuple[int, ...] = Field(
        default=(),
        validate_default=True,  # together with the countries
        description="networks that are blocked, by AS number",
        examples=["--path 'tierup:blockedAsns[0]' 64496"],
    )
    # A year is what CloudWatch.16 of AWS's Foundational Security Best Practices asks for.
    log_retention_days: Annotated[int, _checked(check_retention, "logRetentionDays")] = Field(
        default=365, description="the retention of logs in days", examples=["365"]
    )
    vpc_cidr: str = Field(
        default="10.0.0.0/16", description="a private IPv4 block of 65,536 addresses (/16)", examples=["10.0.0.0/16"]
    )
    atlas_cidr: str = Field(
        default="192.168.248.0/21",
        validate_default=True,  # it may overlap a vpcCidr that was set
        description="a private IPv4 block from /21 to /24, for the Atlas side of the peering",
        examples=["192.168.248.0/21"],
    )
    nat: NatKind | None = Field(
        default=None, description="how private subnets reach the internet over IPv4", examples=["single"]
    )
    nat_instance_type: Annotated[str, _checked(check_nat_instance_type, "natInstanceType")] = Field(
        default="t4g.micro",
        description="the EC2 instance type of `tierup:nat` instance, with an ARM processor and 1 GiB of memory or more",
        examples=["t4g.small"],
    )
    ipv6: bool = Field(
        default=False,
        description="whether network and load balancer are dual-stack; it cannot be switched off later",
        examples=["true"],
    )
    availability_zones: Annotated[tuple[str, ...], Field(min_length=2, max_length=6)] | None = Field(
        default=None,
        description="2 to 6 availability zones of the region",
        examples=["--path 'tierup:availabilityZones[0]' eu-west-1a"],
    )
    excluded_zone_ids: Annotated[tuple[str, ...], _checked(check_zone_ids, "excludedZoneIds")] = Field(
        default=(),
        description="ids of availability zones in which the stack creates no subnets, such as a zone where an older "
        "account has no NAT gateways; zones in which it has subnets already stay",
        examples=["--path 'tierup:excludedZoneIds[0]' use1-az3"],
    )
    sizes: Sizes = Field(
        alias="sizeOverrides",
        description="sizes that differ from those of the tier",
        examples=["--path tierup:sizeOverrides.taskCpu 1024"],
    )
    resource_overrides: Mapping[str, Mapping[str, Any]] = Field(
        default_factory=dict,
        description="arguments of single resources that replace the program's: logical name, argument, value",
        examples=["--path tierup:resourceOverrides.api-alb.enableZonalShift true"],
    )
    sentry_dsn: pulumi.Output[str] | None = Field(
        default=None, exclude=True, description=SECRETS["sentryDsn"].description
    )
    datadog_api_key: pulumi.Output[str] | None = Field(
        default=None, exclude=True, description=SECRETS["datadogApiKey"].description
    )
    open_telemetry_config: str | None = Field(
        default=None,
        description="the configuration of an OpenTelemetry collector (YAML with receivers and exporters); the "
        "collector "
        "then runs as a sidecar of each task",
        examples=['-- "$(cat collector.yaml)"'],
    )
    open_telemetry_token: pulumi.Output[str] | None = Field(
        default=None, exclude=True, description=SECRETS["openTelemetryToken"].description
    )
    datadog_site: str = Field(
        default="datadoghq.eu",
        pattern=r"^([a-z0-9-]+\.)+[a-z]{2,}$",
        description="the Datadog site of your account",
        examples=["datadoghq.com"],
    )

    @property
    def api_host(self) -> str:
        """Host name of the API.

        With Cloudflare the default is a sibling of a domain of three labels or more, because Universal SSL covers the
        zone's apex and one label below it:
        https://developers.cloudflare.com/ssl/edge-certificates/universal-ssl/limitations/ (read 2026-11-28)
        """
        return self.api_domain if self.api_domain is not None else self.default_api_host(self.cdn)

    def default_api_host(self, cdn: CdnKind) -> str:
        """Return the host name of the API behind a CDN, unless tierup:apiDomain is set."""
        first, _, rest = self.domain.partition(".")
        if cdn is CdnKind.CLOUDFLARE and "." in rest and not self.cloudflare_advanced_certificate:
            return f"api-{first}.{rest}"
        return f"api.{self.domain}"

    @property
    def cdns(self) -> frozenset[CdnKind]:
        """The CDNs that exist: the one that serves, and the standby."""
        return frozenset({self.cdn, self.cdn_standby or self.cdn})

    @property
    def cloudflare_serves(self) -> bool:
        """Whether Cloudflare is the CDN that serves both names, not the standby.

        stacks/resources/cloudflare.py asks this, because a late import may give it another class CdnKind.
        """
        return self.cdn is CdnKind.CLOUDFLARE

    @property
    def api_hosts(self) -> tuple[str, ...]:
        """Host names of the requests to the load balancer: the API's, and with tierup:apiPath those of the site."""
        return (self.api_host, *(self.site_hosts if self.api_path is not None else ()))

    @property
    def api_url(self) -> str:
        """The URL below which the site's pages call the API."""
        if self.api_path is not None:
            return f"https://{self.domain}{self.api_path.removesuffix('/*')}"
        return f"https://{self.api_host}/api"

    @property
    def serving_region(self) -> str:
        """The region that serves the API: as set, else that of the stack."""
        return self.active_region or self.region

    @property
    def origin_host(self) -> str:
        """The name by which the CDN reaches the load balancers of several regions."""
        return f"origin.{self.api_host}"

    @property
    def site_origin(self) -> str:
        """The origin of the site's pages, which call the API."""
        return f"https://{self.domain}"

    @property
    def site_hosts(self) -> tuple[str, ...]:
        """The host names that serve the site."""
        return (self.domain, *self.site_aliases)

    @property
    def site_origins(self) -> tuple[str, ...]:
        """The origins of pages that call the API, one for each of `site_hosts`."""
        return tuple(f"https://{host}" for host in self.site_hosts)

    @property
    def volume_names(self) -> tuple[str, ...]:
        """The names of the volumes of all containers."""
        volumes = [self.backend.volumes, *(service.volumes for service in self.services.values())]
        return tuple(sorted({name for each in volumes for name in each}))

    @property
    def connected_groups(self) -> tuple[str, ...]:
        """The ids of the security groups in the connections of all containers."""
        containers: list[ContainerConfig] = [self.backend, self.worker, *self.services.values()]
        containers += [*self.scheduled_tasks.values(), *([self.release_task] if self.release_task else [])]
        groups = (each.security_group for container in containers for each in container.connections.values())
        return tuple(sorted({group for group in groups if group is not None}))

    @property
    def further_site_names(self) -> tuple[str, ...]:
        """The names besides the domain that need a certificate and a DNS record: aliases, then redirects."""
        return (*self.site_aliases, *self.site_redirects)

    @property
    def host_names(self) -> tuple[str, ...]:
        """All names that need a certificate and a DNS record: of the site, of the API, aliases and redirects."""
        return (self.domain, self.api_host, *self.further_site_names)

    @property
    def budget_usd(self) -> int:
        """The monthly AWS budget in US dollars: as set, else the default of phase and tier."""
        return self.monthly_budget_usd or AWS_BUDGET_USD[self.phase][self.tier]

    @property
    def client_restrictions(self) -> ClientRestrictions | None:
        """The addresses, countries and networks that WAF rules block; None where there are none."""
        if not (self.allowed_addresses or self.allowed_countries or self.blocked_countries or self.blocked_asns):
            return None
        return ClientRestrictions(
            allowed_addresses=self.allowed_addresses,
            allowed_countries=self.allowed_countries,
            blocked_countries=self.blocked_countries,
            blocked_asns=self.blocked_asns,
            # Route 53 checks the health of the API from several continents.
            exempt_paths=(self.backend.health_check_path,),
        )

    @property
    def frontend_hosts(self) -> frozenset[FrontendHost]:
        """The hosts on which the frontend exists."""
        return frozenset({self.frontend_host, self.frontend_standby or self.frontend_host})

    @property
    def backend_hosts(self) -> frozenset[BackendHost]:
        """The hosts on which the API exists."""
        return frozenset({self.backend_host, self.backend_standby or self.backend_host})

    @property
    def uses_hosts(self) -> bool:
        """Whether a part of the stack is on a host outside AWS."""
        return bool(self.frontend_hosts - {FrontendHost.AWS} or self.backend_hosts - {BackendHost.AWS})

    @property
    def runs_tasks(self) -> bool:
        """Whether ECS runs the API and the worker."""
        return self.orchestrator is not Orchestrator.EKS

    @property
    def runs_pods(self) -> bool:
        """Whether EKS runs the API and the worker."""
        return self.orchestrator is not Orchestrator.ECS

    @property
    def pod_percent(self) -> int:
        """The percentage of the API's requests that pods get."""
        return self.eks_traffic_percent if self.orchestrator is Orchestrator.BOTH else 100 if self.runs_pods else 0

    @property
    def has_kms_key(self) -> bool:
        """Whether the stack has a customer managed KMS key: as set, and from phase scale on."""
        return self.kms_key or Feature.KMS_KEY in features(self.phase)

    @property
    def nat_kind(self) -> NatKind:
        """The NAT of private subnets: as set, else that of the tier."""
        return self.nat or NAT[self.tier]

    @property
    def cluster_mode(self) -> ClusterMode:
        """The cluster mode of the cache: as set, else that of the phase."""
        sharded = Feature.CACHE_SHARDS in features(self.phase)
        return self.cache_cluster_mode or (ClusterMode.ENABLED if sharded else ClusterMode.DISABLED)

    @property
    def shards(self) -> int | None:
        """The number of shards of the database; None is a replica set."""
        return self.sizes.database_shards or None if Feature.DATABASE_SHARDS in features(self.phase) else None

    @property
    def uses_bot_control(self) -> bool:
        """Whether Bot Control is on: as set, else from phase scale on in tiers medium and large."""
        if self.bot_control is not None:
            return self.bot_control
        return Feature.API_BEHIND_CDN in features(self.phase) and self.tier is not Tier.SMALL

    @field_validator("open_telemetry_config")
    @classmethod
    def _check_collector_config(cls, config: str | None) -> str | None:
        if config is not None:
            check_collector_config(config)
        return config

    @field_validator("monitoring")
    @classmethod
    def _check_vendors(cls, vendors: tuple[MonitoringVendor, ...]) -> tuple[MonitoringVendor, ...]:
        if len(set(vendors)) < len(vendors):
            raise ValueError("the list contains a service twice")
        return vendors

    @field_validator("runbook_url")
    @classmethod
    def _check_runbook_url(cls, runbooks: str | None) -> str | None:
        check_runbooks(runbooks)
        return runbooks

    @field_validator("allowed_addresses")
    @classmethod
    def _check_allowed_addresses(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        check_addresses("allowedAddresses", addresses)
        return addresses

    @field_validator("blocked_asns")
    @classmethod
    def _check_client_restrictions(cls, networks: tuple[int, ...], info: ValidationInfo) -> tuple[int, ...]:
        allowed, blocked = info.data.get("allowed_countries", ()), info.data.get("blocked_countries", ())
        if allowed or blocked or networks:
            ClientRestrictions(allowed_countries=allowed, blocked_countries=blocked, blocked_asns=networks)
        return networks

    @field_validator("api_domain")
    @classmethod
    def _check_api_domain(cls, api_domain: str | None, info: ValidationInfo) -> str | None:
        if api_domain is not None and api_domain == info.data.get("domain"):
            raise ValueError("site and API need different host names")
        return api_domain

    @field_validator("image")
    @classmethod
    def _check_image(cls, image: str | None) -> str | None:
        return None if image is None else check_pinned(image)

    @field_validator("database_name")
    @classmethod
    def _check_database_name(cls, name: str) -> str:
        if name in ("admin", "config", "local"):
            raise ValueError("MongoDB reserves the names admin, config and local")
        return name

    @field_validator("vpc_cidr", "atlas_cidr")
    @classmethod
    def _check_cidr(cls, cidr: str, info: ValidationInfo) -> str:
        block = ipaddress.ip_network(cidr)  # raises ValueError, with the reason
        if not isinstance(block, ipaddress.IPv4Network) or not block.is_private:
            raise ValueError("the block is not private; the VPC could not reach the public hosts with these addresses")
        if info.field_name == "vpc_cidr":
            if block.prefixlen != 16:
                raise ValueError("the subnets of six availability zones need a /16")
            if block.overlaps(_DOCKER_BRIDGE):
                raise ValueError(
                    f"the block overlaps {_DOCKER_BRIDGE}, the bridge network of Docker, which tasks cannot reach "
                    f"outside"
                )
        if info.field_name == "atlas_cidr":
            if not 21 <= block.prefixlen <= 24:
                raise ValueError("Atlas accepts blocks from /21 to /24 on AWS")
            vpc = info.data.get("vpc_cidr")
            if vpc is not None and block.overlaps(ipaddress.ip_network(vpc)):
                raise ValueError(
                    f"the block overlaps {NAMESPACE}:vpcCidr ({vpc}), and AWS does not peer overlapping networks"
                )
        return cidr

    @field_validator("availability_zones")
    @classmethod
    def _check_availability_zones(
        cls, availability_zones: tuple[str, ...] | None, info: ValidationInfo
    ) -> tuple[str, ...] | None:
        region = info.data.get("region")
        for zone in availability_zones or ():
            if region is not None and not re.fullmatch(rf"{region}[a-z]", zone):
                raise ValueError(f"{zone} is not an availability zone of {region}")
        if availability_zones and len(set(availability_zones)) < len(availability_zones):
            raise ValueError("the list contains an availability zone twice")
        return availability_zones
