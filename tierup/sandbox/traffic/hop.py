"""The result of one hop, and the world in which hops are evaluated."""

from __future__ import annotations

import builtins
import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from tierup.sandbox.behaviour import Source, documented

from .conditions import ConditionKind, Conditions
from .memory import Memory
from .rows import Rows


class Undecided(Exception):  # noqa: N818 (not an error: the answer is "unknown")
    """A rule, statement or expression that the model cannot evaluate; the message says why."""


class Verdict(enum.StrEnum):
    """The answer of a hop or of a flow."""

    PASS = "pass"  # noqa: S105 (no password)
    FAIL = "fail"
    UNKNOWN = "unknown"  # the rows do not decide it; never counted as a pass


@dataclass(frozen=True, slots=True)
class Hop:
    """The result of one hop of a flow."""

    name: str  # "dns", "security-group": stable, for scripts
    verdict: Verdict
    resource: str  # the resource that decides, as `rows.label` names it; "" if none exists
    property: str  # its property that decides
    reason: str  # one sentence
    source: Source
    memory: bool = False  # whether an earlier state decides: a cached answer, what a task started with

    @builtins.property  # the class has a field of this name
    def passed(self) -> bool:
        """Whether the hop lets the flow pass."""
        return self.verdict is Verdict.PASS

    def as_document(self) -> dict[str, Any]:
        """Return the hop as plain values for JSON."""
        return {
            "hop": self.name,
            "verdict": self.verdict.value,
            "resource": self.resource,
            "property": self.property,
            "reason": self.reason,
            "source": self.source.text,
            "documented": self.source.documented,
        }


def passes(name: str, resource: str, property: str, reason: str, source: Source) -> Hop:
    """Return a hop that lets the flow pass."""
    return Hop(name, Verdict.PASS, resource, property, reason, source)


def fails(name: str, resource: str, property: str, reason: str, source: Source, *, memory: bool = False) -> Hop:
    """Return a hop that stops the flow. `memory` is whether an earlier state decides."""
    return Hop(name, Verdict.FAIL, resource, property, reason, source, memory)


def unknown(name: str, resource: str, property: str, reason: str, source: Source) -> Hop:
    """Return a hop that the rows do not decide."""
    return Hop(name, Verdict.UNKNOWN, resource, property, reason, source)


CLIENT_ASN = 64496
"""The AS number of a client's network: the first of those for documentation (RFC 5398)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request of a client, as the hops see it."""

    host: str
    path: str = "/"
    method: str = "GET"
    scheme: str = "https"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])  # lower-case names
    body_bytes: int = 0
    country: str = "DE"  # ISO 3166-1 alpha-2
    address: str = "198.51.100.7"  # of the client: TEST-NET-2, which belongs to no network
    ipv6: bool = False
    client_certificate: bool = False  # whether the client presents one that the trust store accepts
    tls_versions: tuple[str, ...] = ("1.2", "1.3")  # that the client offers
    client_scheme: str = ""  # of the client's own request, if a CDN sends this one
    server_port: int = 0  # if it is not the port of the scheme
    rule: str = ""  # the id of the listener rule that must decide the request, "" for any

    @property
    def port(self) -> int:
        """The port that the request is sent to."""
        return self.server_port or (443 if self.scheme in ("https", "wss") else 80)

    @property
    def query(self) -> str:
        """The query string, without its question mark."""
        return self.path.partition("?")[2]

    @property
    def uri_path(self) -> str:
        """The path without the query string."""
        return self.path.partition("?")[0]

    def with_headers(self, headers: Mapping[str, str]) -> Request:
        """Return the request with further headers, which replace those of the same name."""
        return replace(self, headers={**self.headers, **{name.lower(): value for name, value in headers.items()}})


_Result = TypeVar("_Result")


@dataclass(slots=True)
class World:
    """What a flow is evaluated in: the rows, what running tasks keep, and injected conditions."""

    rows: Rows
    memory: Memory = field(default_factory=Memory)
    conditions: Conditions = field(default_factory=Conditions)
    cache: dict[Any, Any] = field(default_factory=dict[Any, Any])  # results of one evaluation, by what they depend on

    def once(self, key: Any, compute: Callable[[], _Result]) -> _Result:
        """Return what `compute` returns, computed once in an evaluation. The types that it reads count each time."""
        if key not in self.cache:
            outside = self.rows.read
            self.rows.read = set()
            try:
                result = compute()
                self.cache[key] = result, frozenset(self.rows.read)
            finally:
                self.rows.read = outside
        result, reads = self.cache[key]
        self.rows.read |= reads
        return result

    def targets(self, kind: ConditionKind) -> set[str]:
        """Return the names that a condition of a kind can have."""
        if kind is ConditionKind.ZONE_DOWN:
            return {str(each.value("availabilityZone")) for each in self.rows.all("aws:ec2/subnet:Subnet")}
        if kind is ConditionKind.REGION_DOWN:
            return {each.region for each in self.rows.all("aws:ec2/vpc:Vpc")}
        if kind is ConditionKind.CERTIFICATE_EXPIRED:
            found = self.rows.all("aws:acm/certificate:Certificate")
            return {each.name or each.id for each in found} | {str(each.value("domainName")) for each in found}
        if kind is ConditionKind.DISK_FULL:
            found = self.rows.all("mongodbatlas:index/advancedCluster:AdvancedCluster")
            return {each.name or each.id for each in found} | {str(each.value("name")) for each in found}
        names = {each.name or each.id for each in self.rows.all("aws:ecs/service:Service")}
        deployments = {f"{each.name or each.id}-pods" for each in self.rows.all("kubernetes:apps/v1:Deployment")}
        return names | {name.removesuffix("-service") for name in names} | deployments


DEFINITION = documented(
    "the model's own definition of an ordinary request (docs/explanation/traffic-model.md)", read="2026-11-28"
)
"""The source of what the model decides by the definition of its requests."""
