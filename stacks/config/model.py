"""The settings of a stack: everything that `pulumi config` steers, checked before anything is made.

The only file that reads pulumi.Config. All faults of a stack's configuration are reported in one message; each says
which key, what it is, what is allowed and the command that sets it. No value of a secret is ever in a message.
"""

from __future__ import annotations

import difflib
import enum
import ipaddress
import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Any, Final, Literal, cast

import pulumi
from pulumi.runtime.config import CONFIG, get_config_env, get_config_secret_keys_env, is_config_secret
from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel

from components.cdn.provider import CdnKind
from components.cloudflare.plan import CloudflarePlan
from components.ecs.sidecars import check_collector_config
from components.elasticache.replication_group import ClusterMode
from components.monitoring.log_retention import check_retention
from components.monitoring.runbook import check_runbooks
from components.vpc.nat import NatKind
from components.waf.client_rules import ClientRestrictions
from stacks.catalog.phases import BUILT, Feature, Phase, features
from stacks.catalog.tiers import AWS_BUDGET_USD, NAT, Sizes, Tier, sizes
from stacks.config.constraints import constraint_errors
from stacks.config.errors import ConfigError
from stacks.config.errors import InvalidConfigError as InvalidConfigError
from stacks.config.groups import (
    IMAGE,
    BackupCompliance,
    CapacitySchedule,
    ClientCertificates,
    DatabaseBackups,
    ExistingLoadBalancerConfig,
    ExistingNetworkConfig,
    ScheduledTaskConfig,
    ServiceConfig,
    check_pinned,
)
from stacks.config.secrets import SECRETS, lone_secret_errors, secret_errors

NAMESPACE: Final = "tierup"
_REGION: Final = "aws:region"
_REHEARSED_STACK: Final = "dev"  # the one stack that may be torn down at will

_DNS_NAME = r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$"
# A certificate's first name may have 64 characters: https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
# (read 2026-11-24). The site's name leaves room for "api." in front.
_CERTIFICATE_NAME = 64

# Docker's own bridge network, which a task's agent may use: https://docs.docker.com/engine/network/ (from memory)
_DOCKER_BRIDGE = ipaddress.ip_network("172.17.0.0/16")


class WafMode(enum.StrEnum):
    """What the edge firewall does with a request that a rule matches."""

    COUNT = "count"  # lets it through and counts it: to see what blocking would do to real traffic
    BLOCK = "block"


class DeploymentMode(enum.StrEnum):
    """How a new version takes over from the old one."""

    ROLLING = "rolling"  # task by task
    BLUE_GREEN = "blue-green"  # all new tasks first, then the traffic at once


class CacheAuthMode(enum.StrEnum):
    """How the service logs in to the cache."""

    TOKEN = "token"  # noqa: S105  no secret, but the name of a way
    MIGRATING = "migrating"  # the one `up` between the other two, in which both work
    USERS = "users"  # one for the service, who cannot harm the cache itself


class DatabaseAuth(enum.StrEnum):
    """How the service logs in to the database."""

    PASSWORD = "password"  # noqa: S105  no secret, but the name of a way
    IAM = "iam"  # as its task role: there is no password to keep


class Settings(BaseModel):
    """One stack's settings, complete and consistent. Field names are the configuration's in snake_case."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", alias_generator=to_camel, arbitrary_types_allowed=True
    )

    region: str = Field(
        alias=_REGION, pattern=r"^[a-z]{2}(-[a-z]+)+-\d$", description="an AWS region", examples=["eu-west-1"]
    )
    phase: Phase = Field(description=f"which building blocks exist, {' or '.join(BUILT)}", examples=["mvp"])
    tier: Tier = Field(description="how big they are", examples=["small"])
    cdn: CdnKind = Field(default=CdnKind.CLOUDFRONT, description="who serves the site", examples=["cloudfront"])
    cloudflare_zone_id: str | None = Field(
        default=None,
        pattern=r"^[0-9a-f]{32}$",
        description="the 32 hexadecimal digits of the Cloudflare zone that both names are in, for this stack alone",
        examples=["0123456789abcdef0123456789abcdef"],
    )
    cloudflare_plan: CloudflarePlan = Field(
        default=CloudflarePlan.FREE, description="what was bought for the Cloudflare zone", examples=["pro"]
    )

    domain: str = Field(
        pattern=_DNS_NAME,
        max_length=_CERTIFICATE_NAME - len("api."),
        description="the site's host name, lower case, of 60 characters at most",
        examples=["app.example.com"],
    )
    api_domain: str | None = Field(
        default=None,
        pattern=_DNS_NAME,
        max_length=_CERTIFICATE_NAME,
        description="the API's host name, lower case, of 64 characters at most",
        examples=["api.example.com"],
    )
    hosted_zone_id: str | None = Field(
        default=None,
        pattern=r"^Z[A-Z0-9]{1,31}$",
        description="the id of the Route 53 zone that both names are in",
        examples=["Z0123456789ABCDEFGHIJ"],
    )
    certificate_arn: str | None = Field(
        default=None,
        pattern=r"^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-f-]{36}$",
        description="an issued ACM certificate of the stack's region for the API's name",
        examples=["arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"],
    )
    edge_certificate_arn: str | None = Field(
        default=None,
        pattern=r"^arn:aws:acm:us-east-1:\d{12}:certificate/[0-9a-f-]{36}$",
        description="an issued ACM certificate of us-east-1 for both names, for CloudFront",
        examples=["arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"],
    )
    existing_network: ExistingNetworkConfig | None = Field(
        default=None,
        description="ids of a VPC, its subnets by zone and its route tables",
        examples=["--path tierup:existingNetwork.vpcId vpc-0123456789abcdef0"],
    )
    existing_load_balancer: ExistingLoadBalancerConfig | None = Field(
        default=None,
        description="`arn` of an application load balancer, and the `priority` of our rule on its HTTPS listener, 2 to "
        "49,999; the place before it must be free too",
        examples=["--path tierup:existingLoadBalancer.priority 100"],
    )
    existing_cluster: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9_-]{1,255}$",
        description="name of an ECS cluster with the capacity providers FARGATE and FARGATE_SPOT",
        examples=["shared"],
    )
    alert_email: str = Field(
        pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", description="the address that alarms go to", examples=["ops@example.com"]
    )
    runbook_url: str | None = Field(
        default=None,
        description="https URL of the folder that docs/runbooks is served from, without a slash at its end",
        examples=["https://github.com/you/app/blob/main/docs/runbooks"],
    )
    monthly_budget_usd: int | None = Field(
        default=None, ge=1, description="whole US dollars a month of AWS", examples=["150"]
    )
    atlas_org_id: str = Field(
        pattern=r"^[0-9a-f]{24}$",
        description="the 24 hexadecimal digits of your Atlas organization (Atlas, Organization Settings)",
        examples=["5f3b0c2e9d1a4b7c8e6f0a12"],
    )
    image: str | None = Field(
        default=None,
        pattern=IMAGE,
        description="a container image with a tag of its own or a digest",
        examples=["111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:v1.2.3"],
    )
    database_name: str = Field(
        default="app",
        pattern=r"^[A-Za-z0-9_-]{1,38}$",
        description="1 to 38 letters, digits, _ and -",
        examples=["app"],
    )

    database_auth: DatabaseAuth = Field(
        default=DatabaseAuth.PASSWORD, description="how the service logs in to the database", examples=["iam"]
    )
    database_regions: Annotated[tuple[str, ...], Field(min_length=2, max_length=2)] | None = Field(
        default=None,
        description="two further AWS regions for the database in phase enterprise; the first keeps the site's copy too",
        examples=["--path 'tierup:databaseRegions[0]' eu-central-1"],
    )
    database_backups: DatabaseBackups = Field(
        default=DatabaseBackups(),
        description="`dailyDays`, `weeklyWeeks`, `monthlyMonths`, `yearlyYears` and `pointInTimeDays` that Atlas keeps "
        "snapshots",
        examples=["--path tierup:databaseBackups.dailyDays 14"],
    )
    database_backup_compliance: BackupCompliance | None = Field(
        default=None,
        description="`authorizedEmail`, `authorizedFirstName`, `authorizedLastName` of a person and "
        "`acknowledgeIrreversible`: Atlas then keeps `databaseBackups` at the least, for good",
        examples=["--path tierup:databaseBackupCompliance.authorizedEmail legal@example.com"],
    )
    database_kms_key: bool = Field(
        default=False,
        description="whether the database is encrypted with the stack's own key too; later it stays so",
        examples=["true"],
    )
    pause_database_autoscaling: bool = Field(
        default=False,
        description="true for the one `up` that changes a size which Atlas scales by itself",
        examples=["true"],
    )
    cache_auth: CacheAuthMode = Field(
        default=CacheAuthMode.TOKEN, description="how the service logs in to the cache", examples=["users"]
    )
    cache_cluster_mode: ClusterMode | None = Field(
        default=None, description="whether keys are spread over shards", examples=["compatible"]
    )

    deployment: DeploymentMode = Field(
        default=DeploymentMode.ROLLING,
        description="how a new version takes over from the old one",
        examples=["blue-green"],
    )
    bake_minutes: int = Field(
        default=10,
        ge=0,
        le=1_440,
        description="minutes that the old tasks of a blue/green deployment stay, 0 to 1,440; `up` waits for them",
        examples=["10"],
    )
    spot_percent: int = Field(
        default=0, ge=0, le=90, description="share of the tasks on Fargate Spot, 0 to 90", examples=["50"]
    )
    ecs_exec: bool = Field(default=False, description="whether ECS Exec may open a shell in a task", examples=["true"])
    sticky_seconds: int | None = Field(
        default=None,
        ge=1,
        le=604_800,
        description="seconds that a client is kept at one task by a cookie, for long polling; websockets need none",
        examples=["3600"],
    )
    idle_timeout_seconds: int = Field(
        default=60,
        ge=20,
        le=4_000,
        description="seconds that a connection may be idle, 20 to 4,000; a websocket's pings must come sooner",
        examples=["120"],
    )
    worker: bool = Field(
        default=True, description="whether phase scale runs a worker beside the service", examples=["false"]
    )
    worker_command: Annotated[tuple[str, ...], Field(min_length=1)] | None = Field(
        default=None,
        description="what starts the worker in the service's image",
        examples=["--path 'tierup:workerCommand[0]' node"],
    )
    capacity_schedules: Mapping[str, CapacitySchedule] = Field(
        default_factory=dict,
        description="by a name: `schedule` (cron or rate), `minTasks`, `maxTasks` and `timezone` of the service",
        examples=["--path tierup:capacitySchedules.morning.minTasks 8"],
    )
    services: Mapping[str, ServiceConfig] = Field(
        default_factory=dict,
        description="by a name: `image`, `paths` and `priority` of a further service, and more (phase enterprise)",
        examples=["--path 'tierup:services.reports.paths[0]' /reports/*"],
    )
    scheduled_tasks: Mapping[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,20}$")], ScheduledTaskConfig] = Field(
        default_factory=dict,
        description="by a name of 21 small letters, digits and hyphens at most: `command` and `schedule` (cron, rate "
        "or at) of a task of the service's image, and more",
        examples=["--path tierup:scheduledTasks.report.schedule 'rate(1 day)'"],
    )
    rotation_days: int = Field(
        default=30,
        ge=0,
        le=1000,
        description="days between rotations of the signing keys, 0 (never) to 1000, longer than any token lives",
        examples=["30"],
    )
    kms_key: bool = Field(
        default=False,
        description="whether secrets and logs are sealed with a KMS key of the stack's own before phase scale, too",
        examples=["true"],
    )
    kms_key_uses: tuple[Literal["cache", "images"], ...] = Field(
        default=(),
        description="cache and images, where the stack's own key seals them too: from their first day, for a later "
        "change replaces them",
        examples=["--path 'tierup:kmsKeyUses[0]' cache"],
    )

    protect: bool = Field(description="true or false", examples=["true"])
    client_certificates: ClientCertificates | None = Field(
        default=None,
        description="`bucket`, `key` and perhaps `version` of a PEM file in S3: the load balancer then lets in only "
        "who shows a certificate of one of its authorities",
        examples=["--path tierup:clientCertificates.bucket authorities"],
    )
    cloudflare_client_certificate: str | None = Field(
        default=None,
        pattern=r"^\s*-----BEGIN CERTIFICATE-----",
        description="PEM: what Cloudflare shows the load balancer (authenticated origin pulls), with "
        "tierup:cloudflareClientKey",
        examples=['-- "$(cat client.pem)"'],
    )
    cloudflare_client_key: pulumi.Output[str] | None = Field(
        default=None, exclude=True, description=SECRETS["cloudflareClientKey"].allowed
    )
    waf_mode: WafMode = Field(
        default=WafMode.BLOCK, description="what the firewall does with what it finds", examples=["block"]
    )
    bot_control: bool | None = Field(
        default=None, description="whether AWS's Bot Control looks at the API's requests", examples=["true"]
    )
    allowed_countries: tuple[str, ...] = Field(
        default=(),
        description="the only countries that are let in, by ISO 3166 code",
        examples=["--path 'tierup:allowedCountries[0]' DE"],
    )
    blocked_countries: tuple[str, ...] = Field(
        default=(),
        description="countries that are kept out, by ISO 3166 code",
        examples=["--path 'tierup:blockedCountries[0]' KP"],
    )
    blocked_asns: tuple[int, ...] = Field(
        default=(),
        validate_default=True,  # together with the countries
        description="networks that are kept out, by AS number",
        examples=["--path 'tierup:blockedAsns[0]' 64496"],
    )
    # A year is what CloudWatch.16 of AWS's Foundational Security Best Practices asks for.
    log_retention_days: int = Field(default=365, description="days that logs are kept", examples=["365"])
    vpc_cidr: str = Field(
        default="10.0.0.0/16", description="a private IPv4 block of 65,536 addresses (/16)", examples=["10.0.0.0/16"]
    )
    atlas_cidr: str = Field(
        default="192.168.248.0/21",
        validate_default=True,  # it may overlap a vpcCidr that was set
        description="a private IPv4 block from /21 to /24, for Atlas's side of the peering",
        examples=["192.168.248.0/21"],
    )
    nat: NatKind | None = Field(
        default=None, description="how private subnets reach the internet over IPv4", examples=["single"]
    )
    ipv6: bool = Field(
        default=False, description="whether network and load balancer speak IPv6 too, for good", examples=["true"]
    )
    availability_zones: Annotated[tuple[str, ...], Field(min_length=2, max_length=6)] | None = Field(
        default=None,
        description="2 to 6 availability zones of the region",
        examples=["--path 'tierup:availabilityZones[0]' eu-west-1a"],
    )
    sizes: Sizes = Field(
        alias="sizeOverrides",
        description="sizes that differ from the tier's",
        examples=["--path tierup:sizeOverrides.taskCpu 1024"],
    )
    resource_overrides: Mapping[str, Mapping[str, Any]] = Field(
        default_factory=dict,
        description="arguments of single resources in place of ours: logical name, argument, value",
        examples=["--path tierup:resourceOverrides.api-alb.enableZonalShift true"],
    )
    sentry_dsn: pulumi.Output[str] | None = Field(default=None, exclude=True, description=SECRETS["sentryDsn"].allowed)
    datadog_api_key: pulumi.Output[str] | None = Field(
        default=None, exclude=True, description=SECRETS["datadogApiKey"].allowed
    )
    open_telemetry_config: str | None = Field(
        default=None,
        description="an OpenTelemetry collector's configuration (YAML with receivers and exporters); the collector "
        "then runs beside each task",
        examples=['-- "$(cat collector.yaml)"'],
    )
    open_telemetry_token: pulumi.Output[str] | None = Field(
        default=None, exclude=True, description=SECRETS["openTelemetryToken"].allowed
    )
    datadog_site: str = Field(
        default="datadoghq.eu",
        pattern=r"^([a-z0-9-]+\.)+[a-z]{2,}$",
        description="where Datadog keeps your account",
        examples=["datadoghq.com"],
    )

    @property
    def api_host(self) -> str:
        """Host name of the API."""
        return self.api_domain or f"api.{self.domain}"

    @property
    def budget_usd(self) -> int:
        """US dollars a month of AWS from which on somebody is told."""
        return self.monthly_budget_usd or AWS_BUDGET_USD[self.phase][self.tier]

    @property
    def origins(self) -> ClientRestrictions | None:
        """Countries and networks that the firewall keeps out."""
        if not (self.allowed_countries or self.blocked_countries or self.blocked_asns):
            return None
        return ClientRestrictions(
            allowed_countries=self.allowed_countries,
            blocked_countries=self.blocked_countries,
            blocked_asns=self.blocked_asns,
        )

    @property
    def has_kms_key(self) -> bool:
        """Whether there is a KMS key of the stack's own: as set, and from phase scale on."""
        return self.kms_key or Feature.KMS_KEY in features(self.phase)

    @property
    def nat_kind(self) -> NatKind:
        """The way out of private subnets: as set, else the tier's."""
        return self.nat or NAT[self.tier]

    @property
    def cluster_mode(self) -> ClusterMode:
        """Of the cache: as set, else the phase's."""
        sharded = Feature.CACHE_SHARDS in features(self.phase)
        return self.cache_cluster_mode or (ClusterMode.ENABLED if sharded else ClusterMode.DISABLED)

    @property
    def shards(self) -> int | None:
        """Of the database; None is a replica set."""
        return self.sizes.database_shards or None if Feature.DATABASE_SHARDS in features(self.phase) else None

    @property
    def uses_bot_control(self) -> bool:
        """Whether Bot Control is on: as set, else from phase scale on for tiers whose users outweigh its fees."""
        if self.bot_control is not None:
            return self.bot_control
        return Feature.API_BEHIND_CDN in features(self.phase) and self.tier is not Tier.SMALL

    @field_validator("open_telemetry_config")
    @classmethod
    def _takes_in_and_sends_out(cls, config: str | None) -> str | None:
        if config is not None:
            check_collector_config(config)
        return config

    @field_validator("runbook_url")
    @classmethod
    def _is_a_folder(cls, runbooks: str | None) -> str | None:
        check_runbooks(runbooks)
        return runbooks

    @field_validator("blocked_asns")
    @classmethod
    def _keep_out(cls, networks: tuple[int, ...], info: ValidationInfo) -> tuple[int, ...]:
        allowed, blocked = info.data.get("allowed_countries", ()), info.data.get("blocked_countries", ())
        if allowed or blocked or networks:
            ClientRestrictions(allowed_countries=allowed, blocked_countries=blocked, blocked_asns=networks)
        return networks

    @field_validator("phase")
    @classmethod
    def _is_built(cls, phase: Phase) -> Phase:
        if phase not in BUILT:
            raise ValueError("later phases are not built yet")
        return phase

    @field_validator("api_domain")
    @classmethod
    def _is_another_name(cls, api_domain: str | None, info: ValidationInfo) -> str | None:
        if api_domain is not None and api_domain == info.data.get("domain"):
            raise ValueError("site and API are two servers, so they need two names")
        return api_domain

    @field_validator("image")
    @classmethod
    def _is_pinned(cls, image: str | None) -> str | None:
        return None if image is None else check_pinned(image)

    @field_validator("database_name")
    @classmethod
    def _is_not_mongodbs_own(cls, name: str) -> str:
        if name in ("admin", "config", "local"):
            raise ValueError("MongoDB keeps its own users and settings there")
        return name

    @field_validator("vpc_cidr", "atlas_cidr")
    @classmethod
    def _is_a_private_block(cls, cidr: str, info: ValidationInfo) -> str:
        block = ipaddress.ip_network(cidr)  # raises ValueError, with the reason
        if not isinstance(block, ipaddress.IPv4Network) or not block.is_private:
            raise ValueError("public addresses routed into a private network cannot be reached any more")
        if info.field_name == "vpc_cidr":
            if block.prefixlen != 16:
                raise ValueError("subnets for six zones are cut out of exactly a /16")
            if block.overlaps(_DOCKER_BRIDGE):
                raise ValueError(f"{_DOCKER_BRIDGE} is Docker's own network, packets to it would never leave a task")
        if info.field_name == "atlas_cidr":
            if not 21 <= block.prefixlen <= 24:
                raise ValueError("Atlas takes no other sizes on AWS")
            vpc = info.data.get("vpc_cidr")
            if vpc is not None and block.overlaps(ipaddress.ip_network(vpc)):
                raise ValueError(f"it overlaps {NAMESPACE}:vpcCidr ({vpc}), and networks that overlap cannot be peered")
        return cidr

    @field_validator("log_retention_days")
    @classmethod
    def _is_a_retention(cls, days: int) -> int:
        check_retention("logRetentionDays", days)
        return days

    @field_validator("availability_zones")
    @classmethod
    def _are_in_the_region(
        cls, availability_zones: tuple[str, ...] | None, info: ValidationInfo
    ) -> tuple[str, ...] | None:
        region = info.data.get("region")
        for zone in availability_zones or ():
            if region is not None and not re.fullmatch(rf"{region}[a-z]", zone):
                raise ValueError(f"{zone} is not a zone of {region}")
        if availability_zones and len(set(availability_zones)) < len(availability_zones):
            raise ValueError("a zone is named twice")
        return availability_zones


# The settings that are no text. (Text is not tried as JSON: a database may be called "1".)
_JSON: Final = frozenset(
    {
        *("monthlyBudgetUsd", "protect", "logRetentionDays", "availabilityZones", "sizeOverrides", "existingNetwork"),
        *("existingLoadBalancer", "databaseRegions", "databaseBackups", "pauseDatabaseAutoscaling", "bakeMinutes"),
        *("spotPercent", "ecsExec", "stickySeconds", "idleTimeoutSeconds", "worker", "workerCommand"),
        *("capacitySchedules", "services", "rotationDays", "kmsKey", "botControl", "allowedCountries"),
        *("blockedCountries", "blockedAsns", "ipv6", "resourceOverrides", "databaseBackupCompliance", "databaseKmsKey"),
        *("scheduledTasks", "kmsKeyUses", "clientCertificates"),
    }
)


def read() -> Settings:
    """The settings of the running stack. Raises SettingsError with all faults."""
    given = {**get_config_env(), **CONFIG.get()}
    secret_keys = {key for key in given if is_config_secret(key)} | set(get_config_secret_keys_env())
    settings = parse(given, secret_keys=secret_keys, stack=pulumi.get_stack())
    config = pulumi.Config(NAMESPACE)
    return settings.model_copy(update={_field(key): config.get_secret(key) for key in SECRETS})


def parse(given: Mapping[str, str], *, secret_keys: Collection[str], stack: str) -> Settings:
    """Settings, without the secret ones, from raw configuration (full key → text, as Pulumi hands it to a program).

    Raises SettingsError with all faults.
    """
    ours = {key.removeprefix(f"{NAMESPACE}:"): text for key, text in given.items() if key.startswith(f"{NAMESPACE}:")}
    known = {field.alias or name for name, field in Settings.model_fields.items()}
    errors = [_unknown(key, known) for key in sorted(ours.keys() - known)]
    errors += lone_secret_errors(ours)
    for key in SECRETS:
        errors += secret_errors(f"{NAMESPACE}:{key}", ours.pop(key, None), secret_keys=secret_keys)

    values: dict[str, Any] = {key: _value(key, text) for key, text in ours.items() if key in known}
    if _REGION in given:
        values[_REGION] = given[_REGION]
    values.setdefault("protect", stack != _REHEARSED_STACK)
    overrides = values.get("sizeOverrides", {})
    values["sizeOverrides"] = _sizes(values.get("tier"), values.get("phase"), overrides)
    try:
        settings = Settings.model_validate_json(json.dumps(values))
    except ValidationError as error:
        hidden = {key.removeprefix(f"{NAMESPACE}:") for key in secret_keys}
        errors += _faults(error, overrides, hidden)
    else:
        errors += constraint_errors(settings)
        if not errors:
            return settings
    raise InvalidConfigError(stack, sorted(errors, key=lambda fault: fault.key))


def _value(key: str, text: str) -> Any:
    """A configuration text as the value it stands for: Pulumi hands over everything but text as JSON."""
    if key in _JSON:
        try:
            return json.loads(text)
        except ValueError:
            pass  # refused by its type, with the text shown
    return text


def _field(key: str) -> str:
    """Field name of a configuration key, or of itself: faults of defaults come under the field's name."""
    return next(name for name, field in Settings.model_fields.items() if key in (field.alias, name))


def _sizes(tier: Any, phase: Any, overrides: Any) -> Any:
    """The tier's row with the overrides in it; the smallest row where phase or tier is itself at fault."""
    if not isinstance(overrides, dict):
        return overrides
    row = sizes(Tier(tier) if tier in list(Tier) else Tier.SMALL, Phase(phase) if phase in BUILT else BUILT[0])
    return {**row.model_dump(by_alias=True), **cast("dict[str, Any]", overrides)}


def _unknown(key: str, known: Collection[str]) -> ConfigError:
    full = f"{NAMESPACE}:{key}"
    close = difflib.get_close_matches(key, known, n=1)
    return ConfigError(
        key=full,
        problem=f"is not a setting.{f' Did you mean {NAMESPACE}:{close[0]}?' if close else ''}",
        remedy=f"pulumi config rm {full}",
    )


def _faults(error: ValidationError, overridden: Collection[str], hidden: Collection[str]) -> Iterator[ConfigError]:
    details = error.errors(include_url=False)
    row_is_known = not {"phase", "tier"} & {detail["loc"][0] for detail in details}
    for detail in details:
        key = str(detail["loc"][0])
        if key == "sizeOverrides" and len(detail["loc"]) > 1:
            size = str(detail["loc"][1])
            if row_is_known or size in overridden:  # a size that only clashes with a guessed row is no fault
                yield _override_fault(size, detail)
            continue
        field = Settings.model_fields[_field(key)]
        key = field.alias or key
        full = key if ":" in key else f"{NAMESPACE}:{key}"
        if len(detail["loc"]) > 1:
            yield _nested_fault(full, detail, hidden=key in hidden, allowed=field.description)
            continue
        allowed = detail.get("ctx", {}).get("expected", field.description)
        got = "(value not shown)" if key in hidden else repr(detail["input"])
        problem = (
            f"is missing. Needed: {field.description}"
            if detail["type"] == "missing"
            else f"is {got}. Allowed: {allowed}"
        )
        example = str(field.examples[0]) if field.examples else "<value>"
        command = example if example.startswith("--path") else f"{full} {example}"
        yield ConfigError(key=full, problem=problem + _reason(detail), remedy=f"pulumi config set {command}")


def _nested_fault(full: str, detail: Any, *, hidden: bool, allowed: str | None) -> ConfigError:
    """A fault within a mapping or list."""
    key = ".".join((full, *(str(part) for part in detail["loc"][1:])))
    got = "(value not shown)" if hidden else repr(detail["input"])
    if detail["type"] == "extra_forbidden":
        return ConfigError(key=key, problem="is not a setting", remedy=f"pulumi config rm --path '{key}'")
    problem = "is missing" if detail["type"] == "missing" else f"is {got}. {detail['msg']}"
    return ConfigError(
        key=key, problem=f"{problem}. {full} is: {allowed}", remedy=f"pulumi config set --path '{key}' <value>"
    )


def _override_fault(key: str, detail: Any) -> ConfigError:
    names = {to_camel(name): field for name, field in Sizes.model_fields.items()}
    full = f"{NAMESPACE}:sizeOverrides.{key}"
    if key not in names:
        close = difflib.get_close_matches(key, names, n=1)
        return ConfigError(
            key=full,
            problem=f"is not a size. {f'Did you mean {close[0]}?' if close else 'Known: ' + ', '.join(names)}",
            remedy=f"pulumi config rm --path {full}",
        )
    return ConfigError(
        key=full,
        problem=f"is {detail['input']!r}. Allowed: {names[key].description}{_reason(detail)}",
        remedy=f"pulumi config set --path {full} <value>, or rm it to have the tier's own",
    )


def _reason(detail: Any) -> str:
    cause = detail.get("ctx", {}).get("error")
    return f" ({cause})" if cause else ""
