"""The behaviour of one resource type of a real cloud: the row type of the behaviour tables.

The schema (which inputs exist, which are required, of which type) comes from the Pulumi SDKs, see `schema.py`. A row
adds what the schema does not contain: the shape of ids and computed outputs, the inputs whose change replaces the
resource, naming rules, references, quotas and validation rules. Every fact carries a `Source`: *documented*, with the
page it was read from, or *assumed*, with the reason.

A row is data. What data cannot express is a `BehaviourRule`: a small function that yields a `Rejection` per violation.
"""

from __future__ import annotations

import enum
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from .cloud import Cloud, CloudResource

Plain = Any
"""A plain value: None, bool, int, float, str, a list or dict of plain values, or `UNKNOWN`."""


class SandboxDefectError(Exception):
    """The sandbox itself failed: a rule or an output template raised an unexpected exception.

    The message never contains the exception's own message, which may contain an input's value.
    """

    def __init__(self, step: str, error: Exception) -> None:
        frame = error.__traceback__
        while frame is not None and frame.tb_next is not None:
            frame = frame.tb_next
        place = f" at {'/'.join(frame.tb_frame.f_code.co_filename.split('/')[-2:])}:{frame.tb_lineno}" if frame else ""
        path = getattr(_last_read, "path", "")
        reading = f" while it read '{path}'" if path else ""
        super().__init__(
            f"error in the sandbox, not in your program: {step} raised {type(error).__name__}{place}{reading}."
            " Please report this defect."
        )


_last_read = threading.local()
"""The input path that the current thread read last, for the message of a SandboxDefectError."""


class _UnknownType:
    """The type of `UNKNOWN`, the value that is not known before an update runs."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        return False


UNKNOWN: Final = _UnknownType()


@dataclass(frozen=True, slots=True)
class Source:
    """The source of a fact. `documented` facts name a page; `assumed` facts give the reason."""

    documented: bool
    text: str


def documented(where: str, *, read: str) -> Source:
    """Return the source of a fact that was read at `where` on the day `read` (ISO date).

    `where` is what was read: a page (a stored copy counts), a provider's source, an API model, a docstring. A fact that
    was not read, however well known, is `assumed`, with the page to check.
    """
    return Source(True, f"{where} (read {read})")


def assumed(why: str) -> Source:
    """Return the source of a fact that was not read in a document; `why` says what makes it likely."""
    return Source(False, why)


class Stage(enum.StrEnum):
    """When a rule is evaluated: at PLAN by the provider, from the inputs alone; else by the cloud's API."""

    PLAN = "plan"  # Check: at preview and at up; values may be UNKNOWN; must not look at the cloud
    CREATE = "create"  # the API call that creates the resource; every value is known
    UPDATE = "update"  # the API call that updates it; `call.old` holds the previous inputs
    DIFF = "diff"  # at preview and at up, if the inputs of an existing resource change; values may be UNKNOWN
    DELETE = "delete"  # the API call that deletes it; `call.this` is the resource


Operation = Literal["create", "update", "delete"]


@dataclass(frozen=True, slots=True)
class Rejection:
    """A reason why the cloud rejects a call. `path` is the input's property path, or "" for the whole resource."""

    path: str
    message: str
    code: str = "ValidationException"  # the API's error code, as documented
    retried: bool = False  # whether the provider retries the call after this error


@dataclass(slots=True)
class Call:
    """One operation on a resource, as rules and output templates see it.

    `inputs` are the plain inputs (secrets decrypted, assets as marker dicts). At PLAN they may contain `UNKNOWN`
    anywhere. `old` are the inputs of the resource before an update; `this` is the resource to update or delete.
    """

    type: str
    urn: str
    region: str
    account: str
    inputs: Mapping[str, Plain]
    cloud: Cloud
    seed: str  # stable for one create: the random parts of ids are derived from it
    old: Mapping[str, Plain] | None = None
    this: CloudResource | None = None
    id: str = ""  # set before the outputs are computed
    default_tags: Mapping[str, str] = field(default_factory=dict)  # of the AWS provider
    outputs: dict[str, Plain] = field(default_factory=dict)  # computed so far; later templates may read earlier ones
    preview: bool = False

    @property
    def name(self) -> str:
        """The Pulumi logical name."""
        return self.urn.rpartition("::")[2]

    def nearby(self, type: str | tuple[str, ...], /, **properties: Plain) -> Iterator[CloudResource]:
        """Yield what `cloud.find` finds in this call's account and region, global resources included."""
        for found in self.cloud.find(type, **properties):
            if found.account == self.account and found.region in (self.region, ""):
                yield found

    def get(self, path: str, default: Plain = None) -> Plain:
        """Return the input at a dotted path ("rules[0].action"), or `default` if it is absent."""
        return first(values_at(self.inputs, path), default)

    def hex(self, digits: int, salt: str = "") -> str:
        """Return `digits` lower-case hex digits that stay the same for this resource."""
        return digest(f"{self.seed}/{self.type}/{salt}", digits)


Template = str | Callable[[Call], Plain]
"""A value computed at create: a function of the call, or a string with {placeholders}.

Placeholders are {id}, {name} (the physical name if the type has one, else the logical name), {region}, {account},
{hex8}, {hex17} (any number of digits), {uuid}, any top-level input or earlier output such as {cidrBlock}, and
{input|fallback} where an input may be absent.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Name:
    """The rules for the property that names a resource in its cloud.

    If the program omits it, it is filled as the bridged providers do: logical name + "-" + 7 hex digits. A name longer
    than `longest` is rejected.
    """

    property: str = "name"
    longest: int = 255
    shortest: int = 1
    pattern: str = r".*"  # full match
    allowed: str = "any characters"  # describes the pattern in messages
    automatic: bool = True  # whether the provider fills it when it is absent
    shape: Callable[[str], str] | None = None  # the provider's change to an autoname: lower case, "alias/" prefix
    suffix: Callable[[Mapping[str, Plain]], str] | None = None  # what the provider appends to an autoname
    unique: str | None = (
        "region"  # "account", "region", "global", inputs that scope it ("projectId+clusterName"), or None
    )
    taken: str = "AlreadyExistsException"  # error code when the name is in use
    source: Source

    def violations(self, value: str) -> Iterator[str]:
        """Yield a message for each violation of the naming rules by `value`."""
        if not self.shortest <= len(value) <= self.longest:
            yield (
                f"the name has {len(value)} characters (got '{value}')."
                f" Allowed are {self.shortest} to {self.longest} characters."
            )
        if not re.fullmatch(self.pattern, value, re.DOTALL):
            yield f"the name has characters that are not allowed (got '{value}'). Allowed are {self.allowed}."


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """An input that refers to another resource, which must exist when the call is made.

    While the reference exists, its target cannot be deleted (`holds`). `external` matches values that no stack creates
    (AWS managed policies, `AWS_SERVICE`). `same` names properties that must be equal on both resources, each as
    "own=target" or one name for both: ("vpcId",) rejects a security group of another VPC.
    """

    path: str  # "vpcId", "subnetIds[*]", "loadBalancers[*].targetGroupArn"
    to: str | tuple[str, ...]  # type token(s)
    by: str = "id"  # "id", or the output the value equals: "arn", "name", "bucket"
    external: str | None = None  # full-match pattern of values that need not exist in the sandbox
    same: tuple[str, ...] = ()
    same_region: bool = True
    also: Mapping[str, str] = field(default_factory=dict)
    """Other types with such a value, each with its output: a VPC has a defaultSecurityGroupId."""
    holds: bool = True
    code: str = "ResourceNotFoundException"
    in_use: str = "DependencyViolation"  # error code when the target is deleted first
    retried: bool = False  # whether the provider retries the call while the target does not exist
    source: Source


@dataclass(frozen=True, kw_only=True, slots=True)
class Quota:
    """The default quota of a type: how many of it an account may have without a quota increase."""

    limit: int
    per: str  # "region", "account", or an input ("vpcId")
    what: str  # "VPCs per Region"
    code: str = "LimitExceededException"
    needs: Callable[[Call], float] | None = None
    """Returns how much of the quota is in use after the call, this resource included; None counts the resources."""
    path: str = ""  # the input that the rejection names
    reason: str = ""  # the cloud's own message, if it is known
    source: Source


@dataclass(frozen=True, kw_only=True, slots=True)
class BehaviourRule:
    """One validation rule that data cannot express. `check` yields nothing when the call is valid."""

    id: str  # kebab-case; the message ends with it, so that a reader can look it up
    stages: frozenset[Stage]
    check: Callable[[Call], Iterable[Rejection]]
    source: Source


@dataclass(frozen=True, kw_only=True, slots=True)
class Behaviour:
    """Everything that the sandbox knows about one resource type beyond its schema."""

    type: str
    source: Source  # of id, outputs and defaults
    id: Template = "{name}-{hex7}"
    outputs: Mapping[str, Template | Plain] = field(default_factory=dict)
    """Computed outputs, in order of computation at create. An input of the same name takes precedence."""
    derived: Mapping[str, Template | Plain] = field(default_factory=dict)
    """Outputs that follow the inputs and are recomputed on update (a revision, a version id, tagsAll)."""
    replaces: frozenset[str] = frozenset()
    """Inputs (property paths without indexes) whose change replaces the resource. Nested inputs follow their parent."""
    replaces_as_whole: frozenset[str] = frozenset()
    """Objects and lists of objects whose addition or removal replaces. A change within one follows its own inputs."""
    replaces_when: Callable[[Call], Iterable[str]] | None = None
    """Returns input paths that replace only under conditions on `call.old` and `call.inputs` (may contain UNKNOWN)."""
    create_only: frozenset[str] = frozenset()
    """Inputs that are read only at create: the update that changes them is rejected."""
    fixed: frozenset[str] = frozenset()
    """Inputs whose change the provider rejects before it calls the cloud, so that a preview fails."""
    keeps: frozenset[str] = frozenset()
    """Optional and computed inputs (property paths without indexes): one that the program removes keeps its value."""
    defaults: Mapping[str, Plain] = field(default_factory=dict)
    """Default values of optional inputs (property paths without indexes): to add or remove one is no change."""
    converts: Callable[[str], bool] | None = None
    """Returns whether the provider converts the scalar at a path to the type of its input (5 to "5"). Without it, the
    provider converts all of them, as the bridged ones do."""
    empty_is_absent: bool = False
    """Whether the provider compares an absent input as its default or empty value, as the Terraform plugin SDK does."""
    json_inputs: frozenset[str] = frozenset()
    """Inputs whose JSON text the provider compares by value."""
    normal_forms: Mapping[str, Callable[[Plain, Call], Plain]] = field(default_factory=dict)
    """By input with JSON text, what returns the form in which the provider compares its value."""
    policy_inputs: frozenset[str] = frozenset()
    """Inputs that the provider compares as IAM policies."""
    patches_old: frozenset[str] = frozenset()
    """Inputs that identify the object but do not replace it: an update changes the old object instead."""
    enums: Mapping[str, tuple[Plain, ...]] = field(default_factory=dict)
    """Allowed values by property path: {"targetType": ("instance", "ip", "lambda", "alb")}; lists as "cipher[*]"."""
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Minimum and maximum by property path, inclusive."""
    conflicts: tuple[tuple[str, ...], ...] = ()
    """Sets of inputs of which at most one may be set."""
    exactly_one: tuple[tuple[str, ...], ...] = ()
    """Sets of inputs of which exactly one must be set."""
    requires: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Inputs that require other inputs: {"multiAzEnabled": ("automaticFailoverEnabled",)}."""
    secrets: frozenset[str] = frozenset()
    """Properties that are secret even if the program does not mark them."""
    name: Name | None = None
    references: tuple[Reference, ...] = ()
    quotas: tuple[Quota, ...] = ()
    rules: tuple[BehaviourRule, ...] = ()
    rolls_back: Callable[[Call], str] | None = None
    """Returns why the cloud undoes an update that it has accepted, as a failed deployment; "" if it does not."""
    overwrites: Callable[[Call, CloudResource], bool] | None = None
    """Returns whether a create updates the given resource, which has the same id, instead of being rejected."""
    replace_source: Source | None = None
    """The source of `replaces`, if it differs from `source`."""
    regional: bool = True
    """False for global services (IAM, CloudFront, Route 53), which have no region and one namespace per account."""


def rule(
    rule_id: str, *stages: Stage, source: Source
) -> Callable[[Callable[[Call], Iterable[Rejection]]], BehaviourRule]:
    """Return a decorator that turns a function into a `BehaviourRule` which is evaluated at `stages`."""

    def wrap(check: Callable[[Call], Iterable[Rejection]]) -> BehaviourRule:
        return BehaviourRule(id=rule_id, stages=frozenset(stages), check=check, source=source)

    return wrap


def one_for_each(*scope: str, code: str, source: Source, of_stacks: bool = False) -> BehaviourRule:
    """Return a rule that allows one resource of a type per value of `scope`: a second would overwrite the first.

    With `of_stacks`, a resource that belongs to no stack does not count: a delete may have left it in the cloud.
    """

    @rule(f"one-for-each-{'-'.join(scope).lower()}", Stage.CREATE, source=source)
    def check(call: Call) -> Iterator[Rejection]:
        wanted = {path: call.get(path) for path in scope}
        for other in call.cloud.find(call.type, **wanted):
            if other.urn != call.urn and (other.urn or not of_stacks):
                yield Rejection(
                    scope[-1],
                    f"a resource for {', '.join(f'{k} {v}' for k, v in wanted.items())} already exists: '{other.name}'",
                    code,
                )

    return check


def digest(text: str, digits: int) -> str:
    """Return `digits` hex digits that depend only on `text`."""
    import hashlib

    return hashlib.shake_128(text.encode()).hexdigest((digits + 1) // 2)[:digits]


def first(values: Iterable[Plain], default: Plain = None) -> Plain:
    """Return the first of `values`, or `default` if there is none."""
    return next(iter(values), default)


_STEP = re.compile(r"([^.\[\]]+)|\[(\*|\d+)\]")


def values_at(value: Plain, path: str) -> Iterator[Plain]:
    """Yield the values at a property path; `[*]` walks a list. Absent and null values are skipped, UNKNOWN is not."""
    for _, found in located(value, path):
        yield found


def located(value: Plain, path: str) -> Iterator[tuple[str, Plain]]:
    """Yield the values at a property path, each with its exact path ("subnetIds[1]")."""
    _last_read.path = path
    for at, found in _walk(value, _STEP.findall(path), ""):
        _last_read.path = at or path
        yield at, found


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
