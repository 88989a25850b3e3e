"""What a rule is, what it evaluates, and the outcomes that are kept apart everywhere.

A check is a generator: it yields one `Finding` for each thing that is wrong, and nothing when all is well. Properties
are read through `values.Values`, which raises on a value that is unknown at preview. So a check cannot pass such a
value in silence, however it is written: the rule catches the exception and answers UNKNOWN.

Nothing that a check does not put into a finding is ever shown. Policies get secrets as plain text, so a finding names
where a value stands and what kind of thing it is, and quotes it only when it is an enumeration, a switch, a number or a
CIDR. What the engine marks as secret is masked in a finding all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .values import UnknownValue

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Severity(StrEnum):
    """How bad it is when the rule is broken; the names are the engine's."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Level(StrEnum):
    """What a broken rule does: the names are the engine's, and those of a policy config file."""

    DISABLED = "disabled"
    ADVISORY = "advisory"
    MANDATORY = "mandatory"
    REMEDIATE = "remediate"


class ChecklistItem(StrEnum):
    """The guide's checklist, its metrics to monitor, and BASELINE: what Checkov, Prowler and AWS FSBP all ask for."""

    HTTPS_ENFORCED = "Security: HTTPS enforced"
    RATE_LIMITING = "Security: rate limiting enabled"
    INPUT_VALIDATION = "Security: input validation on all endpoints"
    SECRETS = "Security: secrets in environment variables"
    SECURITY_HEADERS = "Security: security headers"
    CORS = "Security: CORS properly configured"
    RESPONSE_CACHING = "Performance: response caching"
    DATABASE_INDEXES = "Performance: database indexes optimized"
    COMPRESSION = "Performance: response compression enabled"
    CDN = "Performance: CDN for static assets"
    BUNDLE_SIZE = "Performance: bundle size optimized"
    HEALTH_CHECK = "Monitoring: health check endpoint"
    ERROR_TRACKING = "Monitoring: error tracking"
    LOGGING = "Monitoring: logging configured"
    UPTIME = "Monitoring: uptime monitoring"
    DATABASE_MONITORING = "Monitoring: database performance monitoring"
    BACKUPS = "Reliability: automated backups (daily)"
    REPLICA_SET = "Reliability: database replica set"
    PROCESS_MANAGER = "Reliability: process manager"
    AUTO_RESTART = "Reliability: auto-restart on crashes"
    BACKUP_TESTED = "Reliability: backup tested and verified"
    CI_CD = "DevOps: CI/CD pipeline setup"
    AUTOMATED_TESTING = "DevOps: automated testing"
    ENVIRONMENT_CONFIGS = "DevOps: environment-based configs"
    CONTAINERIZATION = "DevOps: Docker containerization"
    ROLLBACK = "DevOps: deployment rollback strategy"
    RESPONSE_TIME = "Metrics: response time (p95 < 500 ms)"
    ERROR_RATE = "Metrics: error rate (< 0.1 %)"
    REQUEST_RATE = "Metrics: requests per second"
    QUERY_TIME = "Metrics: query execution time (< 100 ms)"
    CONNECTIONS = "Metrics: connection pool usage"
    SLOW_QUERIES = "Metrics: slow queries"
    CPU = "Metrics: CPU usage (< 70 %)"
    MEMORY = "Metrics: memory usage (< 80 %)"
    DISK = "Metrics: disk usage (< 75 %)"
    BUSINESS = "Metrics: active users, task creation, retention"
    BASELINE = "Baseline: nothing reachable, lost or paid for that need not be"


class Pitfall(StrEnum):
    """The guide's common pitfalls, in its order."""

    NO_RATE_LIMITING = "1. No rate limiting"
    MISSING_INDEXES = "2. Missing indexes"
    NO_CACHING = "3. No caching"
    SINGLE_REGION = "4. Single region"
    NO_MONITORING = "5. No monitoring"
    HARDCODED_SECRETS = "6. Hardcoded secrets"
    NO_BACKUPS = "7. No backups"
    SINGLE_INSTANCE = "8. Single instance"


class Outcome(StrEnum):
    """What a rule found. PASS is never a default: the rule read every value it needed. SUPPRESSED: an excepted FAIL."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    FAIL = "fail"
    SUPPRESSED = "suppressed"
    NOT_APPLICABLE = "not applicable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: the property's path, what stands there (never a secret's value), and what should."""

    path: str
    found: str
    wanted: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule's answer on one resource. A FAIL has a `reason` too when part of the resource could not be evaluated."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    reason: str = ""


class NotApplicable(Exception):  # noqa: N818 - an answer, not an error
    """Raised by a check when the resource is of the rule's type but not of its kind, e.g. an internal load balancer."""


class Indeterminate(Exception):  # noqa: N818 - an answer, not an error
    """Raised by a check that cannot see what it would have to see, e.g. a web ACL that another stack made."""


@dataclass(frozen=True, slots=True, eq=False)  # comparing properties would read the unknown ones
class Resource:
    """A resource as the engine shows it to policies; keys are the schema's camelCase names and numbers are floats.

    `properties` are its inputs: what the program says of it. `outputs` are what the state holds, which stack rules need
    to see what points where: at preview, everything that a provider would fill in is unknown there. `references` lists,
    by top-level property, the URNs of the resources whose outputs flowed into it; known even where the values are not.
    Only stack rules get these two.
    """

    type: str
    name: str
    urn: str
    properties: Mapping[str, Any]
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    references: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])


class Stack:
    """All resources of one stack, and how they hang together. Whatever is asked twice is looked up, not searched."""

    def __init__(self, resources: tuple[Resource, ...]) -> None:
        self._by_type: dict[str, list[Resource]] = {}
        self._pointing: dict[tuple[str, str], _Pointing] = {}
        for resource in resources:
            self._by_type.setdefault(resource.type, []).append(resource)

    def of(self, types: tuple[str, ...]) -> Iterator[Resource]:
        """The resources of these types, in the engine's order."""
        for token in types:
            yield from self._by_type.get(token, ())

    def referring(self, types: tuple[str, ...], key: str, target: Resource, output: str) -> Iterator[Resource]:
        """The resources of `types` whose property `key` points at `target`, by its `output`'s value or by data flow."""
        for token in types:
            if (token, key) not in self._pointing:
                self._pointing[token, key] = _Pointing(key, self._by_type.get(token, ()))
            yield from self._pointing[token, key].at(target, output)


class _Pointing:
    """Which resources of a type point where with a property."""

    def __init__(self, key: str, resources: Iterable[Resource]) -> None:
        self._by_source: dict[str, list[Resource]] = {}
        self._by_value: dict[str, list[Resource]] = {}
        for resource in resources:
            for source in resource.references.get(key, ()):
                self._by_source.setdefault(source, []).append(resource)
            if isinstance(value := _known(resource.properties, key), str):
                self._by_value.setdefault(value, []).append(resource)

    def at(self, target: Resource, output: str) -> Iterator[Resource]:
        found = self._by_source.get(target.urn, [])
        yield from found
        value = _known(target.outputs, output)
        if isinstance(value, str):
            yield from (each for each in self._by_value.get(value, ()) if each not in found)


def _known(properties: Mapping[str, Any], key: str) -> Any:
    try:
        return properties.get(key)
    except UnknownValue:
        return None


def refers(resource: Resource, key: str, target: Resource, output: str) -> bool:
    """Whether `resource.key` points at `target`: its value flowed from there, or both hold the same plain value."""
    if target.urn in resource.references.get(key, frozenset()):
        return True
    # An unknown value always comes from some resource, and the flow above says from which: not from this one.
    value = _known(resource.properties, key)
    return value is not None and value == _known(target.outputs, output)


@dataclass(frozen=True, slots=True)
class ProjectFiles:
    """The folder that a program stands in (that of Pulumi.yaml), for rules on what only its files show."""

    folder: Path
    stack: str

    def files(self, *patterns: str) -> list[Path]:
        """The files that match any of these patterns, e.g. ".github/workflows/*.yml", sorted."""
        return sorted({file for pattern in patterns for file in self.folder.glob(pattern) if file.is_file()})

    def named(self, file: Path) -> str:
        """How a finding names the file: its path from the project's folder."""
        return file.relative_to(self.folder).as_posix()


Parameters = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A knob of a rule: `schema` is JSON Schema as the engine checks it, `default` holds where nobody sets it, `what`
    says in a sentence what it means and in which unit. Rules that share a knob share the object."""

    name: str
    schema: Mapping[str, Any]
    default: str | int | float | bool | tuple[str, ...]
    what: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One rule's metadata. `id` and `name` are public from the first release: exceptions and policy config name them.

    `title` says what holds when the rule is kept; `remediation` what to do, in one sentence; `example` is Python that
    passes; `source` is where the requirement comes from, `read` the day we read it there; None says "from memory".
    `item` is what it helps to prove, `pitfall` the guide's pitfall that it keeps from; `unproven` says what of the item
    stays open when the rule is kept. `level` is what a broken rule does where nobody says otherwise.
    """

    id: str
    name: str
    title: str
    item: ChecklistItem
    severity: Severity
    applies_to: tuple[str, ...]
    remediation: str
    example: str
    source: str
    read: date | None
    parameters: tuple[Parameter, ...] = ()
    pitfall: Pitfall | None = None
    unproven: str = ""
    level: Level = Level.MANDATORY

    def settings(self, configured: Parameters | None = None) -> Parameters:
        """The rule's parameters: what the policy config sets, the defaults elsewhere."""
        return {p.name: (configured or {}).get(p.name, p.default) for p in self.parameters}


@dataclass(frozen=True, kw_only=True, slots=True)
class ResourceRule(Rule):
    """A rule that needs to see one resource only. At `up` it runs before the resource is made, and so prevents it."""

    check: Callable[[Resource, Parameters], Iterator[Finding]]
    remedy: Callable[[Resource, Parameters], Mapping[str, Any]] | None = None
    """For a rule that can mend what it finds, at level `remediate`: the top-level properties to set, by name. Empty
    where there is nothing to set; an UnknownValue on the way leaves the resource as it is."""

    def evaluate(self, resource: Resource, parameters: Parameters | None = None) -> Verdict:
        """The verdict on `resource`, whatever its type."""
        if resource.type not in self.applies_to:
            return Verdict(Outcome.NOT_APPLICABLE, reason=f"{resource.type} is none of the rule's types")
        return _verdict(self.check(resource, self.settings(parameters)))


@dataclass(frozen=True, kw_only=True, slots=True)
class StackRule(Rule):
    """A rule on how resources relate. The engine runs it on the whole stack, when a preview or an update ends."""

    check: Callable[[Resource, Stack, Parameters], Iterator[Finding]]

    def evaluate(self, resource: Resource, stack: Stack, parameters: Parameters | None = None) -> Verdict:
        """The verdict on `resource` among the resources of `stack`."""
        if resource.type not in self.applies_to:
            return Verdict(Outcome.NOT_APPLICABLE, reason=f"{resource.type} is none of the rule's types")
        return _verdict(self.check(resource, stack, self.settings(parameters)))


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectRule(Rule):
    """A rule on the project's files. `applies_to` is empty: it evaluates the project as a whole."""

    check: Callable[[ProjectFiles, Parameters], Iterator[Finding]]
    applies_to: tuple[str, ...] = ()

    def evaluate(self, project: ProjectFiles, parameters: Parameters | None = None) -> Verdict:
        """The verdict on `project`."""
        return _verdict(self.check(project, self.settings(parameters)))


AnyRule = ResourceRule | StackRule | ProjectRule


def _verdict(findings: Iterator[Finding]) -> Verdict:
    """Runs a check to its end, or as far as what is known carries it."""
    found: list[Finding] = []
    reason = ""
    try:
        found.extend(findings)  # extend keeps what came before an exception
    except NotApplicable as answer:
        return Verdict(Outcome.NOT_APPLICABLE, reason=str(answer))
    except Indeterminate as answer:
        reason = str(answer)
    except UnknownValue as answer:
        reason = str(answer)
    if found:
        return Verdict(Outcome.FAIL, tuple(found), reason)
    return Verdict(Outcome.UNKNOWN, reason=reason) if reason else Verdict(Outcome.PASS)


def declared(properties: Mapping[str, Any], key: str) -> bool:
    """Whether `key` is given at all, even when its value is not known yet: for checks that need no more than that."""
    try:
        return properties.get(key) is not None
    except UnknownValue:
        return True


def block(properties: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The nested object at `key`, empty when it is missing or null (a state's outputs are full of nulls)."""
    return properties.get(key) or NOTHING


def items(properties: Mapping[str, Any], key: str) -> Iterator[tuple[str, Any]]:
    """The elements of the list at `key`, each with its path; none when it is missing or null."""
    values = properties.get(key) or ()
    for index in range(len(values)):
        yield f"{key}[{index}]", values[index]


def shown(value: object) -> str:
    """A value that may be shown, as a reader writes it. Only for enumerations, switches, numbers and CIDRs."""
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return f'"{value}"' if isinstance(value, str) else str(value)
