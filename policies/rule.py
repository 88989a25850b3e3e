"""What a rule is, what it evaluates, and the outcomes that are kept apart everywhere.

A check is a generator: it yields one `Finding` for each violation, and nothing when the resource complies. Properties
are read through `values.Values`, which raises on a value that is unknown at preview. So a check cannot pass such a
value by accident: the rule catches the exception and answers UNKNOWN. A value of a shape that the check does not expect
ends the same way, with the path that was read last. A rule never raises.

Only what a check puts into a finding is ever shown. Policies receive secrets as plain text, so a finding names the path
and the kind of a value, and quotes the value only when it is an enumeration, a switch, a number or a CIDR. A value that
the engine marks as secret is masked in a finding too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .values import UnknownValue, last_path, reset_path

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Severity(StrEnum):
    """How serious a violation of the rule is. The names are the engine's."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Level(StrEnum):
    """What a violation does. The names are the engine's enforcement levels, as a policy config file has them."""

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
    BASELINE = "Baseline: access, data protection and costs"


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
    """One violation: the property's path, the value found (never a secret), and the value wanted."""

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
    """A check raises it for a resource that the rule is not about, e.g. an internal load balancer."""


class Indeterminate(Exception):  # noqa: N818 - an answer, not an error
    """A check raises it when it cannot see what it needs, e.g. a web ACL that another stack created."""


@dataclass(frozen=True, slots=True)
class RegisteredOptions:
    """The resource options that a program registered a resource with, as far as the engine passes them to policies.

    `parent` is a URN, empty for the stack's root. The timeouts are in seconds, 0 where the program sets none.
    """

    protect: bool = False
    parent: str = ""
    ignore_changes: tuple[str, ...] = ()
    delete_before_replace: bool | None = None
    aliases: tuple[str, ...] = ()
    additional_secret_outputs: tuple[str, ...] = ()
    create_timeout: float = 0
    update_timeout: float = 0
    delete_timeout: float = 0


@dataclass(frozen=True, slots=True, eq=False)  # comparing properties would read the unknown ones
class RegisteredProvider:
    """The provider that manages a resource; `properties` are its configuration, e.g. `region`."""

    type: str
    name: str
    urn: str
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)  # comparing properties would read the unknown ones
class Resource:
    """A resource as the engine shows it to policies. Keys are the schema's camelCase names, numbers are floats.

    `properties` are its inputs, as the program declares them. `outputs` are the values in the state, which stack rules
    need to see which resource points at which: at preview, every value that a provider would fill in is unknown there.
    `references` lists, by top-level property, the URNs of the resources whose outputs flowed into it; they are known
    even where the values are not. Only stack rules receive these two. `options` and `provider` are None where the
    source does not give them, e.g. for a resource without a provider.
    """

    type: str
    name: str
    urn: str
    properties: Mapping[str, Any]
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    references: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    options: RegisteredOptions | None = None
    provider: RegisteredProvider | None = None

    @property
    def parent(self) -> str:
        """The parent's URN, empty where the source does not give it."""
        return self.options.parent if self.options else ""


class Stack:
    """All resources of one stack and their references to one another. Look-ups are indexed."""

    def __init__(self, resources: tuple[Resource, ...]) -> None:
        self._by_type: dict[str, list[Resource]] = {}
        self._pointing: dict[tuple[str, str], _Pointing] = {}
        for resource in resources:
            self._by_type.setdefault(resource.type, []).append(resource)

    def of(self, types: tuple[str, ...]) -> Iterator[Resource]:
        """Yield the resources of these types, in the engine's order."""
        for token in types:
            yield from self._by_type.get(token, ())

    def referring(self, types: tuple[str, ...], key: str, target: Resource, output: str) -> Iterator[Resource]:
        """Yield the resources of `types` whose `key` points at `target`: by its `output`'s value or by data flow."""
        for token in types:
            if (token, key) not in self._pointing:
                self._pointing[token, key] = _Pointing(key, self._by_type.get(token, ()))
            yield from self._pointing[token, key].at(target, output)


class _Pointing:
    """An index of the resources of one type by what one of their properties points at."""

    def __init__(self, key: str, resources: Iterable[Resource]) -> None:
        self._by_source: dict[str, list[Resource]] = {}
        self._by_value: dict[str, list[Resource]] = {}
        for resource in resources:
            for source in resource.references.get(key, ()):
                self._by_source.setdefault(source, []).append(resource)
            if isinstance(value := known(resource.properties, key), str):
                self._by_value.setdefault(value, []).append(resource)

    def at(self, target: Resource, output: str) -> Iterator[Resource]:
        found = self._by_source.get(target.urn, [])
        yield from found
        value = known(target.outputs, output)
        if isinstance(value, str):
            yield from (each for each in self._by_value.get(value, ()) if each not in found)


def refers(resource: Resource, key: str, target: Resource, output: str) -> bool:
    """Return whether `resource.key` points at `target`, by data flow or by the same plain value."""
    if target.urn in resource.references.get(key, frozenset()):
        return True
    # An unknown value always comes from some resource, and the flow above says from which: not from this one.
    value = known(resource.properties, key)
    return value is not None and value == known(target.outputs, output)


@dataclass(frozen=True, slots=True)
class ProjectFiles:
    """The program's folder, which holds Pulumi.yaml, for rules on what only its files show."""

    folder: Path
    stack: str

    def files(self, *patterns: str) -> list[Path]:
        """Return the files that match any of these patterns, e.g. ".github/workflows/*.yml", sorted."""
        return sorted({file for pattern in patterns for file in self.folder.glob(pattern) if file.is_file()})

    def named(self, file: Path) -> str:
        """Return the name that a finding uses for the file: its path relative to the project's folder."""
        return file.relative_to(self.folder).as_posix()


Parameters = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A setting of a rule. `schema` is JSON Schema as the engine checks it, `default` the value where none is set, and
    `what` one sentence on its meaning and unit. Rules that share a parameter share the object."""

    name: str
    schema: Mapping[str, Any]
    default: str | int | float | bool | tuple[str, ...]
    what: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One rule's metadata. `id` and `name` are public from the first release: exceptions and policy config name them.

    `title` states what holds when a resource complies, `remediation` what to do otherwise, in one sentence. `example`
    is Python that complies. `source` is the origin of the requirement and `read` the day on which we read it, None for
    "from memory". `item` is the checklist item that the rule helps to prove, `pitfall` the guide's pitfall that it
    prevents, `unproven` what remains open about the item when a resource complies. `level` is the enforcement level
    where nothing else is configured.
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
        """Return the rule's parameters: the policy config's values, and the defaults for the rest."""
        return {p.name: (configured or {}).get(p.name, p.default) for p in self.parameters}


@dataclass(frozen=True, kw_only=True, slots=True)
class ResourceRule(Rule):
    """A rule on one resource alone. At `up` it runs before the resource is created, so a violation prevents it."""

    check: Callable[[Resource, Parameters], Iterator[Finding]]
    remedy: Callable[[Resource, Parameters], Mapping[str, Any]] | None = None
    """Return the top-level properties to set at level `remediate`, by name, for a rule that can correct a violation. An
    empty mapping changes nothing; an UnknownValue leaves the resource as it is."""

    def evaluate(self, resource: Resource, parameters: Parameters | None = None) -> Verdict:
        """Return the verdict on `resource`, whatever its type."""
        if resource.type not in self.applies_to:
            return Verdict(Outcome.NOT_APPLICABLE, reason=f"the rule does not apply to {resource.type}")
        return _verdict(self.check(resource, self.settings(parameters)))

    def corrections(self, resource: Resource, parameters: Parameters | None = None) -> Mapping[str, Any]:
        """Return the properties of the remedy if `resource` has a violation that it can correct, otherwise none."""
        if self.remedy is None or self.evaluate(resource, parameters).outcome is not Outcome.FAIL:
            return NOTHING
        try:
            return self.remedy(resource, self.settings(parameters))
        except Exception:  # the remedy needs a value that is not known yet, or that it cannot read: the violation stays
            return NOTHING


@dataclass(frozen=True, kw_only=True, slots=True)
class StackRule(Rule):
    """A rule on the relations of resources. The engine runs it on the whole stack, when a preview or an update ends."""

    check: Callable[[Resource, Stack, Parameters], Iterator[Finding]]

    def evaluate(self, resource: Resource, stack: Stack, parameters: Parameters | None = None) -> Verdict:
        """Return the verdict on `resource` among the resources of `stack`."""
        if resource.type not in self.applies_to:
            return Verdict(Outcome.NOT_APPLICABLE, reason=f"the rule does not apply to {resource.type}")
        return _verdict(self.check(resource, stack, self.settings(parameters)))


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectRule(Rule):
    """A rule on the project's files. `applies_to` is empty, because it evaluates the project as a whole."""

    check: Callable[[ProjectFiles, Parameters], Iterator[Finding]]
    applies_to: tuple[str, ...] = ()

    def evaluate(self, project: ProjectFiles, parameters: Parameters | None = None) -> Verdict:
        """Return the verdict on `project`."""
        return _verdict(self.check(project, self.settings(parameters)))


AnyRule = ResourceRule | StackRule | ProjectRule


def _verdict(findings: Iterator[Finding]) -> Verdict:
    """Run a check to its end, or until a value that it cannot read."""
    found: list[Finding] = []
    reason = ""
    reset_path()
    try:
        found.extend(findings)  # extend keeps what came before an exception
    except NotApplicable as answer:
        return Verdict(Outcome.NOT_APPLICABLE, reason=str(answer))
    except (Indeterminate, UnknownValue) as answer:
        reason = str(answer)
    except Exception as error:  # a value of a shape that the check does not expect must not stop the other rules
        reason = f"{last_path() or 'a value'} has a shape that the rule cannot read ({type(error).__name__})"
    if found:
        return Verdict(Outcome.FAIL, tuple(found), reason)
    return Verdict(Outcome.UNKNOWN, reason=reason) if reason else Verdict(Outcome.PASS)


def declared(properties: Mapping[str, Any], key: str) -> bool:
    """Return whether `key` is given, even when its value is not known yet: for checks that need no more than that."""
    try:
        return properties.get(key) is not None
    except UnknownValue:
        return True


def known(properties: Mapping[str, Any], key: str) -> Any:
    """Return the value at `key`, None where it is missing or not known yet."""
    try:
        return properties.get(key)
    except UnknownValue:
        return None


def block(properties: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return the nested object at `key`, empty when it is missing or null (a state's outputs hold many nulls)."""
    return properties.get(key) or NOTHING


def items(properties: Mapping[str, Any], key: str) -> Iterator[tuple[str, Any]]:
    """Yield the elements of the list at `key`, each with its path; none when it is missing or null."""
    values = properties.get(key) or ()
    for index in range(len(values)):
        yield f"{key}[{index}]", values[index]


def shown(value: object) -> str:
    """Return a value as a finding shows it. Use it only for enumerations, switches, numbers and CIDRs."""
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return f'"{value}"' if isinstance(value, str) else str(value)
