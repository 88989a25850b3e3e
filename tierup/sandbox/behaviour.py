"""How one resource type of a real cloud behaves: the row a behaviour table is made of.

The schema (which inputs exist, which are required, of which type) comes from the Pulumi SDKs, see `schema.py`. A row
adds what no schema says: the shape of ids and computed outputs, which changes replace, what a name may be, what must
exist, what is refused. Every fact carries a `Source`: *documented* with the page it was read from, or *assumed* with
the reason.

A row is data. What data cannot say is a `BehaviourRule`: one small function that yields a `Rejection` for each fault.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .cloud import Cloud, CloudResource

Plain = Any
"""A value as it travels: None, bool, int, float, str, list or dict of the same, or `UNKNOWN`."""


class _UnknownType:
    """The one value that is not known before an update runs."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        return False


UNKNOWN: Final = _UnknownType()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact is from. `documented` facts name a page; `assumed` ones say why we believe them."""

    documented: bool
    text: str


def documented(where: str, *, read: str) -> Source:
    """A fact that somebody read at `where` on the day `read` (ISO date).

    `where` is what was read: a page (a stored copy of it counts), a provider's source, an API model, a docstring. What
    was not read, however well known, is `assumed`, with the page to check.
    """
    return Source(True, f"{where} (read {read})")


def assumed(why: str) -> Source:
    """A fact nobody wrote down, or not where we could read it; `why` says what makes it likely."""
    return Source(False, why)


class Stage(enum.StrEnum):
    """When a rule is asked. A real provider refuses at PLAN what it can see alone, the cloud's API refuses the rest."""

    PLAN = "plan"  # Check: at preview and at up; values may be UNKNOWN; must not look at the cloud
    CREATE = "create"  # the API call that makes it; every value is known
    UPDATE = "update"  # the API call that changes it; `call.old` holds the inputs before
    DELETE = "delete"  # the API call that removes it; `call.this` is the resource


@dataclass(frozen=True, slots=True)
class Rejection:
    """One reason why the cloud says no. `path` is the input's property path ("" = the resource as a whole)."""

    path: str
    message: str
    code: str = "ValidationException"  # the API's error code, as its documents give it


@dataclass(slots=True)
class Call:
    """One operation, as rules and outputs see it.

    `inputs` are the plain inputs (secrets opened, assets as their marker dict). At PLAN they may hold `UNKNOWN`
    anywhere. `old` are the inputs of the resource before an update, `this` the resource that is updated or deleted.
    """

    type: str
    urn: str
    region: str
    account: str
    inputs: Mapping[str, Plain]
    cloud: Cloud
    seed: str  # stable for one create: what the random parts of ids are made from
    old: Mapping[str, Plain] | None = None
    this: CloudResource | None = None
    id: str = ""  # set before outputs are made
    default_tags: Mapping[str, str] = field(default_factory=dict)  # of the AWS provider
    outputs: dict[str, Plain] = field(default_factory=dict)  # what is made so far; later rows may read earlier ones

    @property
    def name(self) -> str:
        """The Pulumi logical name."""
        return self.urn.rpartition("::")[2]

    def nearby(self, type: str | tuple[str, ...], /, **properties: Plain) -> Iterator[CloudResource]:
        """As `cloud.find`, in this call's account and region (or global)."""
        for found in self.cloud.find(type, **properties):
            if found.account == self.account and found.region in (self.region, ""):
                yield found

    def get(self, path: str, default: Plain = None) -> Plain:
        """The input at a dotted path ("rules[0].action", "defaultCacheBehavior.compress"); `default` where absent."""
        return first(values_at(self.inputs, path), default)

    def hex(self, digits: int, salt: str = "") -> str:
        """`digits` lower-case hex digits that stay the same for this resource."""
        return digest(f"{self.seed}/{self.type}/{salt}", digits)


Template = str | Callable[[Call], Plain]
"""A value made at create: a function of the call, or a text with {braces}.

In a text stand: {id}, {name} (the physical name where the type has one, else the logical one), {region}, {account},
{hex8}, {hex17} (any number), {uuid}, any top-level input or output made so far as {cidrBlock}, and {input|fallback}
where an input may be absent.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Name:
    """The rule for the property that names a resource in its cloud.

    Left out by the program, it is filled as the bridged providers do: logical name + "-" + 7 hex digits, refused when
    that is longer than `longest`.
    """

    property: str = "name"
    longest: int = 255
    shortest: int = 1
    pattern: str = r".*"  # full match
    allowed: str = "any characters"  # the pattern in words, for the message
    automatic: bool = True  # filled when absent
    shape: Callable[[str], str] | None = None  # what the provider makes of an automatic name: lower case, "alias/"
    unique: str | None = "region"  # "account", "region", "global", an input that scopes it ("vpcId"), or None
    taken: str = "AlreadyExistsException"  # error code when taken
    source: Source

    def faults(self, value: str) -> Iterator[str]:
        """Sentences on what is wrong with `value` as a name."""
        if not self.shortest <= len(value) <= self.longest:
            yield (
                f"{self.property} '{value}' has {len(value)} characters; allowed are {self.shortest} to {self.longest}"
            )
        if not re.fullmatch(self.pattern, value, re.DOTALL):
            yield f"{self.property} '{value}' may hold only {self.allowed}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """An input that points at another resource, which must exist when the call is made.

    While it does, the one it points at cannot be deleted (`holds`). `external` matches values that are not made by a
    stack (AWS-managed policies, `AWS_SERVICE` ...). `same` names properties that both ends must agree on, each as
    "mine=theirs" or one word for both: ("vpcId",) refuses a security group of another VPC.
    """

    path: str  # "vpcId", "subnetIds[*]", "loadBalancers[*].targetGroupArn"
    to: str | tuple[str, ...]  # type token(s)
    by: str = "id"  # "id", or the output the value equals: "arn", "name", "bucket"
    external: str | None = None  # full-match pattern of values that need not exist here
    same: tuple[str, ...] = ()
    same_region: bool = True
    also: Mapping[str, str] = field(default_factory=dict)
    """Other types that own such a value, each with the output it stands in: a VPC has its defaultSecurityGroupId."""
    holds: bool = True
    code: str = "ResourceNotFoundException"
    in_use: str = "DependencyViolation"  # error code when the other end is deleted first
    source: Source


@dataclass(frozen=True, kw_only=True, slots=True)
class Quota:
    """How many of a type an account may have before it asks for more: the default, not the highest, quota."""

    limit: int
    per: str  # "region", "account", or an input ("vpcId")
    what: str  # "VPCs per Region"
    code: str = "LimitExceededException"
    source: Source


@dataclass(frozen=True, kw_only=True, slots=True)
class BehaviourRule:
    """One refusal that data cannot say. `check` yields nothing when all is well."""

    id: str  # kebab-case; stands in the message's end, so that a reader can look it up
    stages: frozenset[Stage]
    check: Callable[[Call], Iterable[Rejection]]
    source: Source


@dataclass(frozen=True, kw_only=True, slots=True)
class Behaviour:
    """All that the sandbox knows of one resource type beyond its schema."""

    type: str
    source: Source  # of id, outputs and defaults
    id: Template = "{name}-{hex7}"
    outputs: Mapping[str, Template | Plain] = field(default_factory=dict)
    """Computed outputs, made in this order at create. An input of the same name wins over it."""
    derived: Mapping[str, Template | Plain] = field(default_factory=dict)
    """Outputs that follow the inputs and are made anew on update (a revision, a version id, a tagsAll)."""
    replaces: frozenset[str] = frozenset()
    """Inputs (property paths without indexes) whose change replaces. Nested ones follow their parent."""
    replaces_when: Callable[[Call], Iterable[str]] | None = None
    """Input paths that replace only sometimes, given `call.old` and `call.inputs` (which may hold UNKNOWN)."""
    create_only: frozenset[str] = frozenset()
    """Inputs read at create alone: a later change is refused."""
    enums: Mapping[str, tuple[Plain, ...]] = field(default_factory=dict)
    """Allowed values by property path: {"targetType": ("instance", "ip", "lambda", "alb")}; lists as "cipher[*]"."""
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Lowest and highest number by property path, both allowed."""
    conflicts: tuple[tuple[str, ...], ...] = ()
    """Sets of inputs of which at most one may be given."""
    exactly_one: tuple[tuple[str, ...], ...] = ()
    """Sets of inputs of which one and only one must be given."""
    requires: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Inputs that need others beside them: {"multiAzEnabled": ("automaticFailoverEnabled",)}."""
    secrets: frozenset[str] = frozenset()
    """Outputs that are secret though no input made them so."""
    name: Name | None = None
    references: tuple[Reference, ...] = ()
    quotas: tuple[Quota, ...] = ()
    rules: tuple[BehaviourRule, ...] = ()
    replace_source: Source | None = None
    """Where `replaces` is from, when not from `source`."""
    regional: bool = True
    """False for global services (IAM, CloudFront, Route 53): no region in their ids, one name space an account."""


def rule(
    rule_id: str, *stages: Stage, source: Source
) -> Callable[[Callable[[Call], Iterable[Rejection]]], BehaviourRule]:
    """Decorator that makes a `BehaviourRule` of a function, asked at `stages`."""

    def wrap(check: Callable[[Call], Iterable[Rejection]]) -> BehaviourRule:
        return BehaviourRule(id=rule_id, stages=frozenset(stages), check=check, source=source)

    return wrap


def one_for_each(*scope: str, code: str, source: Source) -> BehaviourRule:
    """The rule that of a type one stands for each value of `scope`: a second would overwrite the first."""

    @rule(f"one-for-each-{'-'.join(scope).lower()}", Stage.CREATE, source=source)
    def check(call: Call) -> Iterator[Rejection]:
        wanted = {path: call.get(path) for path in scope}
        for other in call.cloud.find(call.type, **wanted):
            if other.urn != call.urn:
                yield Rejection(
                    scope[-1],
                    f"there is one for {', '.join(f'{k} {v}' for k, v in wanted.items())} already: '{other.name}'",
                    code,
                )

    return check


def digest(text: str, digits: int) -> str:
    """`digits` hex digits that depend on `text` alone."""
    import hashlib

    return hashlib.shake_128(text.encode()).hexdigest((digits + 1) // 2)[:digits]


def first(values: Iterable[Plain], default: Plain = None) -> Plain:
    """The first of `values`, else `default`."""
    return next(iter(values), default)


_STEP = re.compile(r"([^.\[\]]+)|\[(\*|\d+)\]")


def values_at(value: Plain, path: str) -> Iterator[Plain]:
    """All that stands at a property path; `[*]` walks a list. Absent and null values are left out; UNKNOWN is given."""
    for _, found in located(value, path):
        yield found


def located(value: Plain, path: str) -> Iterator[tuple[str, Plain]]:
    """As `values_at`, each with the exact path it was found at ("subnetIds[1]")."""
    yield from _walk(value, _STEP.findall(path), "")


def _walk(value: Plain, steps: list[tuple[str, str]], at: str) -> Iterator[tuple[str, Plain]]:
    if value is None:
        return
    if value is UNKNOWN or not steps:
        yield at, value
        return
    (key, index), rest = steps[0], steps[1:]
    if key:
        if isinstance(value, Mapping) and key in value:
            yield from _walk(value[key], rest, f"{at}.{key}" if at else key)
    elif isinstance(value, list):
        wanted = range(len(value)) if index == "*" else [int(index)]
        for position in wanted:
            if position < len(value):
                yield from _walk(value[position], rest, f"{at}[{position}]")
