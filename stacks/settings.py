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
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, cast
from urllib.parse import urlsplit

import pulumi
from pulumi.runtime.config import CONFIG, get_config_env, get_config_secret_keys_env, is_config_secret
from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel

from components.log_retention import check_retention

from .phases import BUILT, Phase
from .tiers import AWS_BUDGET_USD, Sizes, Tier, sizes

NAMESPACE: Final = "tierup"
_REGION: Final = "aws:region"
_SENTRY: Final = "sentryDsn"
_REHEARSED_STACK: Final = "dev"  # the one stack that may be torn down at will

_DNS_NAME = r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$"
# A certificate's first name may have 64 characters: https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
# (read 2026-11-24). The site's name leaves room for "api." in front.
_CERTIFICATE_NAME = 64

# Docker's own bridge network, which a task's agent may use: https://docs.docker.com/engine/network/ (read 2026-11-24)
_DOCKER_BRIDGE = ipaddress.ip_network("172.17.0.0/16")


class Cdn(enum.StrEnum):
    """Who serves the site."""

    CLOUDFRONT = "cloudfront"


class FirewallMode(enum.StrEnum):
    """What the edge firewall does with a request that a rule matches."""

    COUNT = "count"  # lets it through and counts it: to see what blocking would do to real traffic
    BLOCK = "block"


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
    cdn: Cdn = Field(default=Cdn.CLOUDFRONT, description="who serves the site", examples=["cloudfront"])

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
    alert_email: str = Field(
        pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", description="the address that alarms go to", examples=["ops@example.com"]
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
        pattern=r"^[a-z0-9][a-z0-9./_:-]*(:[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64})$",
        description="a container image with a tag of its own or a digest",
        examples=["111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:v1.2.3"],
    )
    database_name: str = Field(
        default="app",
        pattern=r"^[A-Za-z0-9_-]{1,38}$",
        description="1 to 38 letters, digits, _ and -",
        examples=["app"],
    )

    protect: bool = Field(description="true or false", examples=["true"])
    firewall_mode: FirewallMode = Field(
        default=FirewallMode.BLOCK, description="what the firewall does with what it finds", examples=["block"]
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
    zones: Annotated[tuple[str, ...], Field(min_length=2, max_length=6)] | None = Field(
        default=None,
        description="2 to 6 availability zones of the region",
        examples=["--path 'tierup:zones[0]' eu-west-1a"],
    )
    sizes: Sizes = Field(
        alias="overrides",
        description="sizes that differ from the tier's",
        examples=["--path tierup:overrides.taskCpu 1024"],
    )
    sentry_dsn: pulumi.Output[str] | None = Field(default=None, exclude=True)

    @property
    def api_host(self) -> str:
        """Host name of the API."""
        return self.api_domain or f"api.{self.domain}"

    @property
    def budget_usd(self) -> int:
        """US dollars a month of AWS from which on somebody is told."""
        return self.monthly_budget_usd or AWS_BUDGET_USD[self.tier]

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
        if image is not None and image.endswith(":latest"):
            raise ValueError("latest is another image tomorrow: a restart would change what runs, past any rollback")
        return image

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

    @field_validator("zones")
    @classmethod
    def _are_in_the_region(cls, zones: tuple[str, ...] | None, info: ValidationInfo) -> tuple[str, ...] | None:
        region = info.data.get("region")
        for zone in zones or ():
            if region is not None and not re.fullmatch(rf"{region}[a-z]", zone):
                raise ValueError(f"{zone} is not a zone of {region}")
        if zones and len(set(zones)) < len(zones):
            raise ValueError("a zone is named twice")
        return zones


# The settings that are no text. (Text is not tried as JSON: a database may be called "1".)
_JSON: Final = frozenset({"monthlyBudgetUsd", "protect", "logRetentionDays", "zones", "overrides"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """What is wrong with one key, and the command that mends it."""

    key: str
    problem: str
    remedy: str


class SettingsError(pulumi.RunError):
    """A stack's configuration cannot be used. Its text lists every fault; Pulumi prints it without a traceback."""

    def __init__(self, stack: str, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        count = "one setting" if len(self.faults) == 1 else f"{len(self.faults)} settings"
        lines = [f"{count} of stack '{stack}' cannot be used, nothing was changed:"]
        lines += [f"  {fault.key} {fault.problem}\n      {fault.remedy}" for fault in self.faults]
        super().__init__("\n".join(lines))


def read() -> Settings:
    """The settings of the running stack. Raises SettingsError with all faults."""
    given = {**get_config_env(), **CONFIG.get()}
    secret_keys = {key for key in given if is_config_secret(key)} | set(get_config_secret_keys_env())
    settings = parse(given, secret_keys=secret_keys, stack=pulumi.get_stack())
    return settings.model_copy(update={"sentry_dsn": pulumi.Config(NAMESPACE).get_secret(_SENTRY)})


def parse(given: Mapping[str, str], *, secret_keys: Collection[str], stack: str) -> Settings:
    """Settings, without the secret ones, from raw configuration (full key → text, as Pulumi hands it to a program).

    Raises SettingsError with all faults.
    """
    ours = {key.removeprefix(f"{NAMESPACE}:"): text for key, text in given.items() if key.startswith(f"{NAMESPACE}:")}
    known = {field.alias or name for name, field in Settings.model_fields.items()}
    faults = [_unknown(key, known) for key in sorted(ours.keys() - known)]
    faults += _sentry_faults(ours.pop(_SENTRY, None), is_secret=f"{NAMESPACE}:{_SENTRY}" in secret_keys)

    values: dict[str, Any] = {key: _value(key, text) for key, text in ours.items() if key in known}
    if _REGION in given:
        values[_REGION] = given[_REGION]
    values.setdefault("protect", stack != _REHEARSED_STACK)
    overrides = values.get("overrides", {})
    values["overrides"] = _sizes(values.get("tier"), values.get("phase"), overrides)
    try:
        settings = Settings.model_validate_json(json.dumps(values))
    except ValidationError as error:
        hidden = {key.removeprefix(f"{NAMESPACE}:") for key in secret_keys}
        faults += _faults(error, overrides, hidden)
    else:
        if not faults:
            return settings
    raise SettingsError(stack, sorted(faults, key=lambda fault: fault.key))


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


def _sentry_faults(dsn: str | None, *, is_secret: bool) -> Iterator[Fault]:
    key = f"{NAMESPACE}:{_SENTRY}"
    remedy = f"pulumi config set --secret {key}"
    if dsn is None:
        return
    if not is_secret:
        yield Fault(key=key, problem="is stored in plain text. Allowed: a secret", remedy=remedy)
    parts = urlsplit(dsn)
    if parts.scheme != "https" or not parts.username or not parts.path.strip("/"):
        yield Fault(
            key=key, problem="is not a DSN (value not shown). Allowed: https://<key>@<host>/<project>", remedy=remedy
        )


def _unknown(key: str, known: Collection[str]) -> Fault:
    full = f"{NAMESPACE}:{key}"
    close = difflib.get_close_matches(key, known, n=1)
    return Fault(
        key=full,
        problem=f"is not a setting.{f' Did you mean {NAMESPACE}:{close[0]}?' if close else ''}",
        remedy=f"pulumi config rm {full}",
    )


def _faults(error: ValidationError, overridden: Collection[str], hidden: Collection[str]) -> Iterator[Fault]:
    details = error.errors(include_url=False)
    row_is_known = not {"phase", "tier"} & {detail["loc"][0] for detail in details}
    for detail in details:
        key = str(detail["loc"][0])
        if key == "overrides" and len(detail["loc"]) > 1:
            size = str(detail["loc"][1])
            if row_is_known or size in overridden:  # a size that only clashes with a guessed row is no fault
                yield _override_fault(size, detail)
            continue
        field = Settings.model_fields[_field(key)]
        key = field.alias or key
        full = key if ":" in key else f"{NAMESPACE}:{key}"
        allowed = detail.get("ctx", {}).get("expected", field.description)
        got = "(value not shown)" if key in hidden else repr(detail["input"])
        problem = (
            f"is missing. Needed: {field.description}"
            if detail["type"] == "missing"
            else f"is {got}. Allowed: {allowed}"
        )
        example = str(field.examples[0]) if field.examples else "<value>"
        command = example if example.startswith("--path") else f"{full} {example}"
        yield Fault(key=full, problem=problem + _reason(detail), remedy=f"pulumi config set {command}")


def _override_fault(key: str, detail: Any) -> Fault:
    names = {to_camel(name): field for name, field in Sizes.model_fields.items()}
    full = f"{NAMESPACE}:overrides.{key}"
    if key not in names:
        close = difflib.get_close_matches(key, names, n=1)
        return Fault(
            key=full,
            problem=f"is not a size. {f'Did you mean {close[0]}?' if close else 'Known: ' + ', '.join(names)}",
            remedy=f"pulumi config rm --path {full}",
        )
    return Fault(
        key=full,
        problem=f"is {detail['input']!r}. Allowed: {names[key].description}{_reason(detail)}",
        remedy=f"pulumi config set --path {full} <value>, or rm it to have the tier's own",
    )


def _reason(detail: Any) -> str:
    cause = detail.get("ctx", {}).get("error")
    return f" ({cause})" if cause else ""
