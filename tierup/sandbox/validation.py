"""Says no: what the schema, the behaviour rows and the cloud's contents have against an operation.

Four questions, one function each: is the program's input well-formed (`plan`), may it be created (`create`), changed
(`update`), deleted (`delete`)? Each yields `Rejection`s; none means yes.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from tierup.sandbox.behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Name,
    Quota,
    Reference,
    Rejection,
    Stage,
    located,
    values_at,
)
from tierup.sandbox.cloud import CloudResource
from tierup.sandbox.schema import Property, TypeExpression, TypeSchema
from tierup.sandbox.wire import is_asset


def plan(call: Call, schema: TypeSchema, behaviour: Behaviour | None) -> Iterator[Rejection]:
    """What a provider refuses before it calls its cloud: at preview as well as at up."""
    unfit = list(_object(call.inputs, schema.inputs, schema, ""))
    yield from unfit
    if behaviour is None or unfit:
        return
    if behaviour.name is not None:
        yield from _named(call, behaviour.name)
    for path, allowed in behaviour.enums.items():
        for at, value in located(call.inputs, path):
            if value is not UNKNOWN and value not in allowed:
                yield Rejection(at, f"got {value!r}; allowed are {', '.join(str(a) for a in allowed)}", "InvalidValue")
    for path, (low, high) in behaviour.ranges.items():
        for at, value in located(call.inputs, path):
            number = _number(value)
            if number is not None and not low <= number <= high:
                yield Rejection(at, f"got {value}; allowed is {low:g} to {high:g}", "InvalidValue")
    yield from _together(call.inputs, behaviour)
    yield from _asked(call, behaviour, Stage.PLAN)


def create(call: Call, behaviour: Behaviour | None, index: ReferenceIndex) -> Iterator[Rejection]:
    """What the cloud refuses to make."""
    if behaviour is None:
        return
    yield from _taken(call, behaviour)
    yield from index.missing(call, behaviour)
    for quota in behaviour.quotas:
        yield from _over(call, behaviour, quota)
    yield from _asked(call, behaviour, Stage.CREATE)


def update(call: Call, behaviour: Behaviour | None, index: ReferenceIndex) -> Iterator[Rejection]:
    """What the cloud refuses to change."""
    if behaviour is None:
        return
    old = call.old or {}
    for path in sorted(behaviour.create_only):
        before, after = list(values_at(old, path)), list(values_at(call.inputs, path))
        if before != after:
            yield Rejection(path, "it is read at creation alone and can't be changed afterwards", "InvalidParameter")
    if behaviour.name is not None and old.get(behaviour.name.property) != call.inputs.get(behaviour.name.property):
        yield from _taken(call, behaviour)
    yield from index.missing(call, behaviour)
    yield from _asked(call, behaviour, Stage.UPDATE)


def delete(call: Call, behaviour: Behaviour | None, index: ReferenceIndex) -> Iterator[Rejection]:
    """What the cloud refuses to remove."""
    assert call.this is not None
    yield from index.holders(call.this, call)
    if behaviour is not None:
        yield from _asked(call, behaviour, Stage.DELETE)


class ReferenceIndex:
    """Which types point at which, from all behaviour rows: who must exist, and who is in use."""

    def __init__(self, behaviours: Iterable[Behaviour]) -> None:
        self._pointing: dict[str, list[tuple[str, Reference]]] = {}
        for behaviour in behaviours:
            for reference in behaviour.references:
                for target in _targets(reference):
                    self._pointing.setdefault(target, []).append((behaviour.type, reference))

    def missing(self, call: Call, behaviour: Behaviour) -> Iterator[Rejection]:
        """References of a call that lead nowhere, into another region, or to something of another place."""
        for reference in behaviour.references:
            for at, value in located(call.inputs, reference.path):
                if value is UNKNOWN or not isinstance(value, str) or value == "":
                    continue
                if reference.external is not None and re.fullmatch(reference.external, value):
                    continue
                yield from self._unfit(call, reference, at, value)

    def _unfit(self, call: Call, reference: Reference, at: str, value: str) -> Iterator[Rejection]:
        found = _lookup(call, reference, value)
        if not found and (owner := _owner(call, reference, value)) is not None:
            yield from _elsewhere(call, reference, at, value, owner)
            return
        kinds = " or ".join(_short(target) for target in _targets(reference))
        if not found:
            yield Rejection(at, f"the {kinds} '{value}' does not exist", reference.code)
            return
        if reference.same_region and call.region:
            here = [other for other in found if other.region in (call.region, "")]
            if not here:
                yield Rejection(
                    at, f"the {kinds} '{value}' is in {found[0].region}, this resource in {call.region}", reference.code
                )
                return
            found = here
        # A name may stand in several places: one of them being the right one is enough.
        yield from min((list(_elsewhere(call, reference, at, value, each)) for each in found), key=len)

    def holders(self, this: CloudResource, call: Call) -> Iterator[Rejection]:
        """What still points at a resource that is to be deleted."""
        for pointing_type, reference in self._pointing.get(this.type, ()):
            if not reference.holds:
                continue
            wanted = this.value(reference.by)
            for other in call.cloud.find(pointing_type):
                if other.key == this.key or (reference.same_region and this.region and other.region != this.region):
                    continue
                if not _meets(reference, other, this):
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


def _owner(call: Call, reference: Reference, value: str) -> CloudResource | None:
    """The resource that has the value as its part: a VPC its default security group."""
    for owner_type, output in reference.also.items():
        for owner in call.cloud.find(owner_type, **{output: value}):
            return owner
    return None


def _elsewhere(call: Call, reference: Reference, at: str, value: str, found: CloudResource) -> Iterator[Rejection]:
    for pair in reference.same:
        mine, _, theirs = pair.partition("=")
        theirs = theirs or mine
        got = found.id if found.type in reference.also and theirs == "vpcId" else found.value(theirs)
        wanted = call.get(mine)
        if wanted is not None and wanted is not UNKNOWN and got != wanted:
            yield Rejection(
                at,
                f"the {_short(found.type)} '{value}' has {theirs} {got}, this resource has {mine} {wanted}",
                reference.code,
            )


def _meets(reference: Reference, mine: CloudResource, theirs: CloudResource) -> bool:
    """Whether two agree on what both ends of a reference must: else it means a namesake elsewhere."""
    for pair in reference.same:
        here, _, there = pair.partition("=")
        wanted = mine.inputs.get(here)
        if wanted is not None and theirs.value(there or here) != wanted:
            return False
    return True


def _targets(reference: Reference) -> tuple[str, ...]:
    return (reference.to,) if isinstance(reference.to, str) else reference.to


def _short(token: str) -> str:
    return token.rpartition(":")[2]


# --- the schema ---


def _object(
    values: Mapping[str, Any], properties: Mapping[str, Property], schema: TypeSchema, at: str
) -> Iterator[Rejection]:
    for name, value in values.items():
        path = f"{at}.{name}" if at else name
        known = properties.get(name)
        if known is None:
            near = difflib.get_close_matches(name, properties, n=1)
            hint = f"; did you mean '{near[0]}'?" if near else f"; allowed are {', '.join(sorted(properties)[:40])}"
            yield Rejection(path, f"there is no input '{name}'{hint}", "UnknownInput")
        else:
            yield from _value(value, known.type, schema, path)
    for name, known in properties.items():
        if known.required and name not in values:
            yield Rejection(
                f"{at}.{name}" if at else name, f"the input '{name}' is required and missing", "MissingInput"
            )


def _value(value: Any, wanted: TypeExpression, schema: TypeSchema, at: str) -> Iterator[Rejection]:
    if value is UNKNOWN or value is None or wanted == "any":
        return
    if isinstance(wanted, str):
        if not _SCALARS[wanted](value):
            yield Rejection(at, f"got {_described(value)}; wanted is {_ARTICLES[wanted]}", "InvalidType")
    elif wanted[0] == "list":
        if not isinstance(value, list):
            yield Rejection(at, f"got {_described(value)}; wanted is a list", "InvalidType")
            return
        for index, inner in enumerate(value):
            yield from _value(inner, wanted[1], schema, f"{at}[{index}]")
    elif wanted[0] == "map":
        if not isinstance(value, Mapping):
            yield Rejection(at, f"got {_described(value)}; wanted is a map", "InvalidType")
            return
        for key, inner in value.items():
            yield from _value(inner, wanted[1], schema, f"{at}.{key}")
    elif wanted[0] == "object":
        if not isinstance(value, Mapping):
            yield Rejection(at, f"got {_described(value)}; wanted is an object", "InvalidType")
            return
        yield from _object(value, schema.objects[wanted[1]], schema, at)
    elif wanted[0] == "enum" and value not in wanted[1]:
        yield Rejection(at, f"got {value!r}; allowed are {', '.join(str(v) for v in wanted[1])}", "InvalidValue")


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is UNKNOWN:
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _is_number(value: Any) -> bool:
    return _number(value) is not None


def _is_integer(value: Any) -> bool:
    number = _number(value)
    return number is not None and number.is_integer()


def _is_boolean(value: Any) -> bool:
    return isinstance(value, bool) or value in ("true", "false")


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (str, bool, int, float))


# The bridged providers turn "5" into 5, "true" into true and 5 into "5"; so does the sandbox.
_SCALARS: Mapping[str, Callable[[Any], bool]] = {
    "string": _is_scalar,
    "integer": _is_integer,
    "number": _is_number,
    "boolean": _is_boolean,
    "asset": is_asset,
}


_ARTICLES: Mapping[str, str] = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "asset": "an asset or archive",
}


def _described(value: Any) -> str:
    """What a value is, without the value: it may be a secret."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return {str: "a text", bool: "a boolean", int: "a number", float: "a number"}.get(type(value), "something else")


# --- the rows ---


def _named(call: Call, name: Name) -> Iterator[Rejection]:
    value = call.inputs.get(name.property)
    if isinstance(value, str):
        for fault in name.faults(value):
            yield Rejection(name.property, fault, "InvalidName")


def _together(inputs: Mapping[str, Any], behaviour: Behaviour) -> Iterator[Rejection]:
    def given(paths: Iterable[str]) -> list[str]:
        return [path for path in paths if any(True for _ in values_at(inputs, path))]

    for group in behaviour.conflicts:
        if len(both := given(group)) > 1:
            yield Rejection(both[1], f"{' and '.join(both)} exclude each other", "InvalidParameterCombination")
    for group in behaviour.exactly_one:
        found = given(group)
        if len(found) != 1:
            got = " and ".join(found) if found else "none"
            yield Rejection(
                group[0], f"exactly one of {', '.join(group)} is wanted; got {got}", "InvalidParameterCombination"
            )
    for path, others in behaviour.requires.items():
        if given((path,)) and (absent := [other for other in others if not given((other,))]):
            yield Rejection(path, f"it needs {', '.join(absent)} beside it", "InvalidParameterCombination")


def _taken(call: Call, behaviour: Behaviour) -> Iterator[Rejection]:
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
            yield Rejection(name.property, f"'{value}' is taken by {other.id}", name.taken)


def _same_scope(call: Call, region: str, account: str, inputs: Mapping[str, Any], scope: str) -> bool:
    match scope:
        case "global":
            return True
        case "account":
            return account == call.account
        case "region":
            return account == call.account and region == call.region
        case _:
            return inputs.get(scope) == call.inputs.get(scope)


def _over(call: Call, behaviour: Behaviour, quota: Quota) -> Iterator[Rejection]:
    if call.cloud.count(behaviour.type) < quota.limit:
        return
    standing = sum(
        1
        for other in call.cloud.find(behaviour.type)
        if _same_scope(call, other.region, other.account, other.inputs, quota.per)
    )
    if standing >= quota.limit:
        yield Rejection(
            "", f"the quota of {quota.limit} {quota.what} is used up: delete one or ask the cloud for more", quota.code
        )


def _asked(call: Call, behaviour: Behaviour, stage: Stage) -> Iterator[Rejection]:
    for rule in behaviour.rules:
        if stage in rule.stages:
            for refusal in rule.check(call):
                yield Rejection(refusal.path, f"{refusal.message} (rule {rule.id})", refusal.code)
