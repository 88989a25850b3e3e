"""Validates operations against the schema, the behaviour rows and the resources in the cloud.

`plan` validates the inputs alone; `create`, `update` and `delete` validate a call against the cloud. Each yields one
`Rejection` per violation, and nothing if the operation is valid.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from tierup.sandbox import terraform_schemas
from tierup.sandbox.behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Name,
    Quota,
    Reference,
    Rejection,
    SandboxDefectError,
    Stage,
    located,
    values_at,
)
from tierup.sandbox.cloud import CloudResource
from tierup.sandbox.limits import Limit, not_allowed, number
from tierup.sandbox.outputs import add_generated_name
from tierup.sandbox.schema import Property, TypeExpression, TypeSchema
from tierup.sandbox.wire import is_asset


def plan(
    call: Call,
    schema: TypeSchema,
    behaviour: Behaviour | None,
    limits: Mapping[str, Limit] | None = None,
    generated: str | None = None,
) -> Iterator[Rejection]:
    """Yield what a provider rejects before it calls its cloud, at preview and at up.

    `limits` are those of the cloud's API model, by property path. A row that describes an input takes precedence. The
    name that the provider has `generated` for an input follows the provider's own rule.
    """
    converts = behaviour.converts if behaviour is not None else None
    schema_errors = list(_check_object(call.inputs, schema.inputs, schema, "", converts))
    yield from schema_errors
    if schema_errors:
        return
    described = _described(behaviour)
    if generated is not None:
        described |= {generated}
    any_case = terraform_schemas.inputs_in_any_case(call.type)
    rejected = list(_check_limits(call.inputs, limits or {}, described | any_case))
    rejected += _check_row(call, behaviour) if behaviour is not None else ()
    # What a row or a model says is more precise, and often the same in other words.
    yield from rejected or terraform_schemas.violations(call.type, call.inputs, described)


def _check_row(call: Call, behaviour: Behaviour) -> Iterator[Rejection]:
    if behaviour.name is not None:
        yield from _check_name(call, behaviour.name)
    for path, allowed in behaviour.enums.items():
        for at, value in located(call.inputs, path):
            if value is not UNKNOWN and value not in allowed:
                yield Rejection(at, not_allowed(value, allowed), "InvalidValue")
    for path, (low, high) in behaviour.ranges.items():
        for at, value in located(call.inputs, path):
            found = number(value)
            if found is not None and not low <= found <= high:
                yield Rejection(
                    at, f"the value is out of range (got {value}). Allowed are {low:g} to {high:g}.", "InvalidValue"
                )
    yield from _check_combinations(call.inputs, behaviour)
    yield from _run_rules(call, behaviour, Stage.PLAN)


def _described(behaviour: Behaviour | None) -> frozenset[str]:
    """Return the inputs whose values a row describes."""
    if behaviour is None:
        return frozenset()
    name = (behaviour.name.property,) if behaviour.name is not None else ()
    return frozenset((*behaviour.enums, *behaviour.ranges, *name))


def _check_limits(
    inputs: Mapping[str, Any], limits: Mapping[str, Limit], described: frozenset[str]
) -> Iterator[Rejection]:
    for path, limit in limits.items():
        if path in described:
            continue
        for at, value in located(inputs, path):
            if value is not UNKNOWN:
                for message in limit.violations(value):
                    yield Rejection(at, message, "InvalidValue")


def diff(call: Call, behaviour: Behaviour | None) -> Iterator[Rejection]:
    """Yield why a provider fails to plan a change of an existing resource (CustomizeDiff in Terraform)."""
    if behaviour is not None:
        yield from _run_rules(call, behaviour, Stage.DIFF)


def create(call: Call, behaviour: Behaviour | None, index: ReferenceIndex) -> Iterator[Rejection]:
    """Yield why the cloud rejects a create."""
    yield from _check_tags(call)
    if behaviour is None:
        return
    add_generated_name(call, behaviour)
    yield from _check_name_is_free(call, behaviour)
    yield from index.check_targets(call, behaviour)
    for quota in behaviour.quotas:
        yield from _check_quota(call, behaviour, quota)
    yield from _run_rules(call, behaviour, Stage.CREATE)


def update(call: Call, behaviour: Behaviour | None, index: ReferenceIndex) -> Iterator[Rejection]:
    """Yield why the cloud rejects an update."""
    yield from _check_tags(call)
    if behaviour is None:
        return
    add_generated_name(call, behaviour)
    old = call.old or {}
    for path in sorted(behaviour.create_only):
        before, after = list(values_at(old, path)), list(values_at(call.inputs, path))
        if before != after:
            yield Rejection(
                path,
                "it is read only at creation and cannot be changed. Restore the old value, or replace the resource.",
                "InvalidParameter",
            )
    if behaviour.name is not None and old.get(behaviour.name.property) != call.inputs.get(behaviour.name.property):
        yield from _check_name_is_free(call, behaviour)
    yield from index.check_targets(call, behaviour)
    for quota in behaviour.quotas:
        yield from _check_quota(call, behaviour, quota)
    yield from _run_rules(call, behaviour, Stage.UPDATE)


def delete(call: Call, behaviour: Behaviour | None, index: ReferenceIndex) -> Iterator[Rejection]:
    """Yield why the cloud rejects a delete."""
    assert call.this is not None
    yield from index.check_not_in_use(call.this, call)
    if behaviour is not None:
        yield from _run_rules(call, behaviour, Stage.DELETE)


class ReferenceIndex:
    """The references of all behaviour rows, to check that targets exist and that a resource is not in use.

    `partial` are rows of types whose outputs follow their schema alone.
    """

    def __init__(self, behaviours: Collection[Behaviour], partial: Collection[Behaviour] = ()) -> None:
        self._types = frozenset(behaviour.type for behaviour in behaviours)
        self._references_to: dict[str, list[tuple[str, Reference]]] = {}
        for behaviour in (*behaviours, *partial):
            for reference in behaviour.references:
                for target in _targets(reference):
                    self._references_to.setdefault(target, []).append((behaviour.type, reference))

    def outputs_of(self, type: str) -> frozenset[str]:
        """Return the outputs by which references of all types name a resource of a type, apart from its id."""
        return frozenset(reference.by for _, reference in self._references_to.get(type, ())) - {"id"}

    def check_targets(self, call: Call, behaviour: Behaviour) -> Iterator[Rejection]:
        """Yield the references of a call whose target does not exist, or is in another region or place."""
        for reference in behaviour.references:
            for at, value in located(call.inputs, reference.path):
                if value is UNKNOWN or not isinstance(value, str) or value == "":
                    continue
                if reference.external is not None and re.fullmatch(reference.external, value):
                    continue
                yield from self._check_target(call, reference, at, value)

    def _check_target(self, call: Call, reference: Reference, at: str, value: str) -> Iterator[Rejection]:
        found = _lookup(call, reference, value)
        if not found and (owner := _find_owner(call, reference, value)) is not None:
            yield from _check_same_place(call, reference, at, value, owner)
            return
        kinds = " or ".join(_short(target) for target in _targets(reference))
        if not found:
            if not self.is_of_type_without_row(call, value):
                yield Rejection(at, f"the {kinds} '{value}' does not exist", reference.code, reference.retried)
            return
        if reference.same_region and call.region:
            here = [other for other in found if other.region in (call.region, "")]
            if not here:
                yield Rejection(
                    at, f"the {kinds} '{value}' is in {found[0].region}, this resource in {call.region}", reference.code
                )
                return
            found = here
        # A name may exist in several places: one target in the right place is enough.
        yield from min((list(_check_same_place(call, reference, at, value, each)) for each in found), key=len)

    def is_of_type_without_row(self, call: Call, value: str) -> bool:
        """Return whether a resource that works by its schema alone has the value as its id or in an output.

        Such a resource may create others, as mongodbatlas.Cluster creates a network container, and the meaning of its
        outputs is not known, so a reference to it is not checked.
        """
        for resource in call.cloud.all():
            if resource.type not in self._types and (resource.id == value or value in resource.outputs.values()):
                return True
        return False

    def check_not_in_use(self, this: CloudResource, call: Call) -> Iterator[Rejection]:
        """Yield the resources that still refer to a resource which is to be deleted."""
        for pointing_type, reference in self._references_to.get(this.type, ()):
            if not reference.holds:
                continue
            wanted = this.value(reference.by)
            for other in call.cloud.find(pointing_type):
                if other.key == this.key or (reference.same_region and this.region and other.region != this.region):
                    continue
                if not _agrees(reference, other, this):
                    continue
                if any(value == wanted for value in values_at(other.inputs, reference.path)):
                    yield Rejection(
                        "",
                        f"{_short(this.type)} '{this.id}' is in use by {_short(other.type)} '{other.name}' ({other.id})"
                        f" through its {reference.path}",
                        reference.in_use,
                    )


def _lookup(call: Call, reference: Reference, value: str) -> list[CloudResource]:
    if reference.by == "id":
        found = [call.cloud.get(target, value, call.region or None) for target in _targets(reference)]
        found += [call.cloud.get(target, value) for target in _targets(reference)]
        return [each for each in found if each is not None]
    return list(call.cloud.find(_targets(reference), **{reference.by: value}))


def _find_owner(call: Call, reference: Reference, value: str) -> CloudResource | None:
    """Return the resource that has the value among its outputs, as a VPC has its default security group."""
    for owner_type, output in reference.also.items():
        for owner in call.cloud.find(owner_type, **{output: value}):
            return owner
    return None


def _check_same_place(
    call: Call, reference: Reference, at: str, value: str, found: CloudResource
) -> Iterator[Rejection]:
    for pair in reference.same:
        own, _, of_target = pair.partition("=")
        of_target = of_target or own
        got = found.id if found.type in reference.also and of_target == "vpcId" else found.value(of_target)
        wanted = call.get(own)
        if not found.urn and of_target not in found.inputs:
            continue  # the sandbox only assumes the properties of a seeded resource that were not given
        if wanted is not None and wanted is not UNKNOWN and got != wanted:
            yield Rejection(
                at,
                f"the {_short(found.type)} '{value}' has {of_target} {got}, this resource has {own} {wanted}",
                reference.code,
            )


def _agrees(reference: Reference, owner: CloudResource, target: CloudResource) -> bool:
    """Return whether both ends have equal `same` properties; otherwise the reference means another resource."""
    for pair in reference.same:
        own, _, of_target = pair.partition("=")
        wanted = owner.inputs.get(own)
        if wanted is not None and target.value(of_target or own) != wanted:
            return False
    return True


def _targets(reference: Reference) -> tuple[str, ...]:
    return (reference.to,) if isinstance(reference.to, str) else reference.to


def _short(token: str) -> str:
    return token.rpartition(":")[2]


# --- the schema ---


def _check_object(
    values: Mapping[str, Any],
    properties: Mapping[str, Property],
    schema: TypeSchema,
    at: str,
    converts: Callable[[str], bool] | None,
) -> Iterator[Rejection]:
    for name, value in values.items():
        path = f"{at}.{name}" if at else name
        known = properties.get(name)
        if known is None:
            near = difflib.get_close_matches(name, properties, n=1)
            hint = f"Did you mean '{near[0]}'?" if near else f"Allowed are {', '.join(sorted(properties)[:40])}."
            yield Rejection(path, f"there is no input '{name}'. {hint}", "UnknownInput")
        else:
            yield from _check_value(value, known.type, schema, path, converts)
    for name, known in properties.items():
        if known.required and name not in values:
            yield Rejection(
                f"{at}.{name}" if at else name, f"the input '{name}' is required and missing.", "MissingInput"
            )


def _check_value(
    value: Any, wanted: TypeExpression, schema: TypeSchema, at: str, converts: Callable[[str], bool] | None
) -> Iterator[Rejection]:
    if value is UNKNOWN or value is None or wanted == "any":
        return
    if isinstance(wanted, str):
        types = _SCALARS if converts is None or converts(at) else _EXACT_SCALARS
        if not types[wanted](value):
            yield Rejection(at, _wrong_type(value, _TYPE_NAMES[wanted]), "InvalidType")
    elif wanted[0] == "list":
        if not isinstance(value, list):
            yield Rejection(at, _wrong_type(value, "a list"), "InvalidType")
            return
        for index, inner in enumerate(value):
            yield from _check_value(inner, wanted[1], schema, f"{at}[{index}]", converts)
    elif wanted[0] == "map":
        if not isinstance(value, Mapping):
            yield Rejection(at, _wrong_type(value, "a map"), "InvalidType")
            return
        for key, inner in value.items():
            yield from _check_value(inner, wanted[1], schema, f"{at}.{key}", converts)
    elif wanted[0] == "object":
        if not isinstance(value, Mapping):
            yield Rejection(at, _wrong_type(value, "an object"), "InvalidType")
            return
        yield from _check_object(value, schema.objects[wanted[1]], schema, at, converts)
    elif wanted[0] == "json":
        if not isinstance(value, (str, Mapping)):
            yield Rejection(at, _wrong_type(value, "a JSON string or an object"), "InvalidType")
    elif wanted[0] == "enum" and value not in wanted[1]:
        yield Rejection(at, not_allowed(value, wanted[1]), "InvalidValue")


def _is_number(value: Any) -> bool:
    return number(value) is not None


def _is_integer(value: Any) -> bool:
    found = number(value)
    return found is not None and found.is_integer()


def _is_boolean(value: Any) -> bool:
    return isinstance(value, bool) or value in ("true", "false")


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (str, bool, int, float))


# As the bridged providers do, the sandbox converts "5" to 5, "true" to true and 5 to "5".
_SCALARS: Mapping[str, Callable[[Any], bool]] = {
    "string": _is_scalar,
    "integer": _is_integer,
    "number": _is_number,
    "boolean": _is_boolean,
    "asset": is_asset,
}


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_exact_boolean(value: Any) -> bool:
    return isinstance(value, bool)


def _is_exact_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_exact_integer(value: Any) -> bool:
    return _is_exact_number(value) and float(value).is_integer()


_EXACT_SCALARS: Mapping[str, Callable[[Any], bool]] = {
    **_SCALARS,
    "string": _is_text,
    "integer": _is_exact_integer,
    "number": _is_exact_number,
    "boolean": _is_exact_boolean,
}


_TYPE_NAMES: Mapping[str, str] = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "asset": "an asset or archive",
}


def _wrong_type(value: Any, expected: str) -> str:
    return f"the type is wrong (got {_type_of(value)}). Expected {expected}."


def _type_of(value: Any) -> str:
    """Return the name of a value's type. The value itself may be a secret."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return {str: "a string", bool: "a boolean", int: "a number", float: "a number"}.get(type(value), "another type")


# --- the rows ---


def _check_name(call: Call, name: Name) -> Iterator[Rejection]:
    value = call.inputs.get(name.property)
    if isinstance(value, str):
        for violation in name.violations(value):
            yield Rejection(name.property, violation, "InvalidName")


def _check_combinations(inputs: Mapping[str, Any], behaviour: Behaviour) -> Iterator[Rejection]:
    def given(paths: Iterable[str]) -> list[str]:
        return [path for path in paths if any(True for _ in values_at(inputs, path))]

    for group in behaviour.conflicts:
        if len(both := given(group)) > 1:
            yield Rejection(
                both[1], f"{' and '.join(both)} conflict. Set only one of them.", "InvalidParameterCombination"
            )
    for group in behaviour.exactly_one:
        found = given(group)
        if len(found) != 1:
            got = " and ".join(found) if found else "none"
            yield Rejection(
                group[0], f"exactly one of {', '.join(group)} must be set (got {got}).", "InvalidParameterCombination"
            )
    for path, others in behaviour.requires.items():
        if given((path,)) and (absent := [other for other in others if not given((other,))]):
            yield Rejection(
                path,
                f"it requires {', '.join(absent)}. Set {'it' if len(absent) == 1 else 'them'} too.",
                "InvalidParameterCombination",
            )


def _check_name_is_free(call: Call, behaviour: Behaviour) -> Iterator[Rejection]:
    name = behaviour.name
    if name is None or name.unique is None:
        return
    value = call.inputs.get(name.property)
    if not isinstance(value, str):
        return
    for other in call.cloud.find(behaviour.type, **{name.property: value}):
        if call.this is not None and other.key == call.this.key:
            continue
        if _same_scope(call, other.region, other.account, other.inputs, name.unique):
            yield Rejection(name.property, f"the name '{value}' is already used by {other.id}.", name.taken)


def _same_scope(call: Call, region: str, account: str, inputs: Mapping[str, Any], scope: str) -> bool:
    match scope:
        case "global":
            return True
        case "account":
            return account == call.account
        case "region":
            return account == call.account and region == call.region
        case _:
            return all(inputs.get(each) == call.inputs.get(each) for each in scope.split("+"))


def _check_quota(call: Call, behaviour: Behaviour, quota: Quota) -> Iterator[Rejection]:
    limit = call.cloud.quotas().get((behaviour.type, quota.what), quota.limit)
    if quota.needs is not None:
        try:
            needed = quota.needs(call)
        except Exception as error:
            raise SandboxDefectError(f"quota '{quota.what}' of {behaviour.type}", error) from error
        if needed <= limit:
            return
        problem = f"the quota of {limit} {quota.what} is exceeded (needs {needed:g})."
    elif call.this is not None or _existing(call, behaviour, quota, limit) < limit:
        return
    else:
        problem = f"the quota of {limit} {quota.what} is exhausted. Delete one, or"
    request = "equest a quota increase (in the sandbox: `tierup sandbox quotas set`)."
    yield Rejection(
        quota.path,
        f"{f'{quota.reason} ' if quota.reason else ''}{problem} {'R' if problem.endswith('.') else 'r'}{request}",
        quota.code,
    )


def _existing(call: Call, behaviour: Behaviour, quota: Quota, limit: int) -> int:
    if call.cloud.count(behaviour.type) < limit:
        return 0
    return sum(
        1
        for other in call.cloud.find(behaviour.type)
        if _same_scope(call, other.region, other.account, other.inputs, quota.per)
    )


_MAX_TAGS, _MAX_TAG_KEY, _MAX_TAG_VALUE = 50, 128, 256
"""The restrictions of tags that API models state, such as that of ECS (botocore, read 2026-11-28)."""


def _check_tags(call: Call) -> Iterator[Rejection]:
    """Yield the tags that AWS rejects on any type. The provider's default tags count too."""
    if not call.type.startswith("aws:"):
        return
    own = call.inputs.get("tags")
    tags: dict[str, Any] = {**call.default_tags, **own} if isinstance(own, Mapping) else dict(call.default_tags)
    if len(tags) > _MAX_TAGS and isinstance(own, Mapping):
        yield Rejection("tags", f"too many tags (got {len(tags)}). Allowed are {_MAX_TAGS}.", "TooManyTags")
    for key, value in own.items() if isinstance(own, Mapping) else ():
        at = f"tags.{key}"
        if not 1 <= len(key) <= _MAX_TAG_KEY:
            message = f"the key has {len(key)} characters. Allowed are 1 to {_MAX_TAG_KEY}."
            yield Rejection(at, message, "InvalidTag")
        if key.lower().startswith("aws:"):
            yield Rejection(at, "the prefix aws: is reserved. Use another key.", "InvalidTag")
        if isinstance(value, str) and len(value) > _MAX_TAG_VALUE:
            message = f"the value has {len(value)} characters. Allowed are {_MAX_TAG_VALUE} at most."
            yield Rejection(at, message, "InvalidTag")


def _run_rules(call: Call, behaviour: Behaviour, stage: Stage) -> Iterator[Rejection]:
    for rule in behaviour.rules:
        if stage in rule.stages:
            try:
                rejections = list(rule.check(call))
            except Exception as error:
                raise SandboxDefectError(f"rule '{rule.id}' of {behaviour.type}", error) from error
            for rejection in rejections:
                yield Rejection(
                    rejection.path, f"{rejection.message} (rule {rule.id})", rejection.code, rejection.retried
                )
