"""What the source of the Terraform providers states about the inputs of their resource types.

A behaviour row describes one type in full. These facts cover the inputs and types that no row describes: which inputs
replace the resource, exclude or require each other, and which values the provider refuses at plan. The tables are
generated from the providers' source by `tools/terraform_schemas`, one line a type.

The facts of AWS are those of the latest state of the provider that a stored copy contains whole, of 2024. Enumerations
are those of botocore. `_CHANGED` lists what the provider has changed since then.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from ..behaviour import UNKNOWN, Behaviour, Rejection, Source, documented, located, values_at
from ..limits import Limit
from ..schema import schema
from .changed import CHANGED
from .formats import FORMATS

FOLDER = Path(__file__).parent

SOURCES: Mapping[str, Source] = {
    "aws": documented(
        "https://github.com/hashicorp/terraform-provider-aws at 1a5174b137bbdefdebd6e5c2fc033f829057e283 (2024-04-17),"
        " the schema of each resource",
        read="2026-11-28",
    ),
    "mongodbatlas": documented(
        "https://github.com/mongodb/terraform-provider-mongodbatlas at 468253dbf681e3de490d5c8c1fced537a66e2ae9"
        " (2026-08-21), the schema of each resource",
        read="2026-11-28",
    ),
    "cloudflare": documented(
        "https://github.com/cloudflare/terraform-provider-cloudflare at a2efdc5786ae9726d56928dbfe91933bd92404ca"
        " (2026-07-10), the schema of each resource",
        read="2026-11-28",
    ),
}
"""The source of each provider's table."""


@dataclass(frozen=True, slots=True)
class Group:
    """Inputs of one object that exclude or require each other. `within` is the object's path, or ""."""

    within: str
    paths: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """The facts of one type. Paths of `replaces`, `keeps` and `defaults` have no indexes, as those of a row."""

    framework: bool = False
    """Whether the type is written with the Terraform plugin framework, where an absent value is not an empty one."""
    replaces: frozenset[str] = frozenset()
    replaces_as_whole: frozenset[str] = frozenset()
    """Blocks of the Terraform plugin SDK: it compares their number, and their fields by the schema of each."""
    fixed: frozenset[str] = frozenset()
    keeps: frozenset[str] = frozenset()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    conflicts: tuple[Group, ...] = ()
    exactly_one: tuple[Group, ...] = ()
    at_least_one: tuple[Group, ...] = ()
    requires: tuple[Group, ...] = ()
    """The first input of each group requires the others."""
    limits: Mapping[str, tuple[Limit, tuple[str, ...]]] = field(default_factory=dict)
    """The limit of an input and the names of its formats."""
    counts: Mapping[str, tuple[float, float | None]] = field(default_factory=dict)
    """The least and the largest number of elements of a list."""


@cache
def facts_of(token: str) -> Facts:
    """Return the facts of a type; empty if its provider has no table or the table lacks the type."""
    package = token.partition(":")[0]
    raw: Mapping[str, Any] = _table(package).get(token, {}) if package in SOURCES else {}
    changed = CHANGED.get(token, frozenset[str]())
    framework = raw.get("framework", False)
    replaces = frozenset(raw.get("replaces", ())) - changed
    blocks = frozenset(path for path in replaces if not framework and package == "aws" and _is_block(token, path))
    return Facts(
        framework=framework,
        replaces=replaces - blocks,
        replaces_as_whole=blocks,
        fixed=frozenset(raw.get("fixed", ())) - changed,
        keeps=frozenset(raw.get("keeps", ())) - changed,
        defaults=raw.get("defaults", {}),
        conflicts=_groups(raw, "conflicts", changed),
        exactly_one=_groups(raw, "exactlyOne", changed),
        at_least_one=_groups(raw, "atLeastOne", changed),
        requires=_groups(raw, "requires", changed),
        limits={path: _limit(limit) for path, limit in raw.get("limits", {}).items() if not _is_in(path, changed)},
        counts={
            path: (minimum, maximum)
            for path, (minimum, maximum) in raw.get("counts", {}).items()
            if not _is_in(path, changed)
        },
    )


def _is_block(token: str, path: str) -> bool:
    """Return whether an input is an object or a list of objects."""
    type = schema(token)
    properties = type.inputs
    found: Any = None
    for name in path.split("."):
        if name not in properties:
            return False
        found = properties[name].type
        while found[0] == "list":
            found = found[1]
        properties = type.objects[found[1]] if found[0] == "object" else {}
    return found is not None and found[0] == "object"


def _is_in(path: str, changed: Iterable[str]) -> bool:
    """Return whether a path is one of `changed`, or ends with it: statements of WAF contain each other."""
    return any(path == each or path.endswith(f".{each}") for each in changed)


def _groups(raw: Mapping[str, Any], kind: str, changed: Iterable[str]) -> tuple[Group, ...]:
    groups = (Group(each.get("in", ""), tuple(each["paths"])) for each in raw.get(kind, ()))
    return tuple(each for each in groups if not set(each.paths) & set(changed))


def _limit(raw: Mapping[str, Any]) -> tuple[Limit, tuple[str, ...]]:
    return (
        Limit(
            values=tuple(map(str, raw.get("values", ()))),
            exact_case=not raw.get("anyCase", False),
            low=raw.get("low"),
            high=raw.get("high"),
            shortest=raw.get("shortest"),
            longest=raw.get("longest"),
            searched=tuple(raw.get("patterns", ())),
        ),
        tuple(raw.get("formats", ())),
    )


@cache
def _table(package: str) -> Mapping[str, Any]:
    return json.loads((FOLDER / f"{package}.json").read_text(encoding="utf-8"))


@cache
def inputs_in_any_case(token: str) -> frozenset[str]:
    """Return the inputs whose values the provider compares without regard to case before it calls the API."""
    return frozenset(
        path for path, (limit, _) in facts_of(token).limits.items() if limit.values and not limit.exact_case
    )


@cache
def row_of(token: str) -> Behaviour | None:
    """Return what decides on changes of a type without a row; None if nothing is known."""
    facts = facts_of(token)
    if facts == Facts():
        return None
    return Behaviour(
        type=token,
        source=SOURCES[token.partition(":")[0]],
        replaces=facts.replaces,
        replaces_as_whole=facts.replaces_as_whole,
        fixed=facts.fixed,
        keeps=facts.keeps,
        defaults=facts.defaults,
        empty_is_absent=not facts.framework,
    )


def completed(row: Behaviour) -> Behaviour:
    """Return a row with the inputs that replace, keep their value or have a default by its provider's schema alone."""
    facts = facts_of(row.type)
    decided = row.replaces | row.patches_old | row.fixed | row.create_only
    return replace(
        row,
        replaces=row.replaces | (facts.replaces - row.patches_old - row.fixed - row.create_only),
        replaces_as_whole=row.replaces_as_whole | (facts.replaces_as_whole - decided),
        fixed=row.fixed | (facts.fixed - decided),
        keeps=row.keeps | facts.keeps,
        defaults={**facts.defaults, **row.defaults},
        empty_is_absent=row.empty_is_absent
        or (facts != Facts() and not facts.framework and row.type.startswith("aws:")),
    )


def violations(token: str, inputs: Mapping[str, Any], described: frozenset[str] = frozenset()) -> Iterator[Rejection]:
    """Yield what the provider refuses at plan, except for values of the inputs that a row has `described`."""
    facts = facts_of(token)
    for path, (limit, formats) in facts.limits.items():
        if path in described:
            continue
        for at, value in located(inputs, path):
            if value is UNKNOWN or isinstance(value, (dict, list)):
                continue
            for message in limit.violations(value):
                yield Rejection(at, message, "InvalidValue")
            for name in formats:
                check, allowed = FORMATS[name]
                if value != "" and isinstance(value, (str, int, float)) and not check(str(value)):
                    yield Rejection(at, f"invalid value (got {value!r}). It must be {allowed}.", "InvalidValue")
    for path, (minimum, maximum) in facts.counts.items():
        for at, value in located(inputs, path):
            if value == [] and not _is_required(token, path):
                continue  # an optional block that is left out
            if isinstance(value, list) and (len(value) < minimum or (maximum is not None and len(value) > maximum)):
                allowed = f"{minimum:g} or more" if maximum is None else f"{minimum:g} to {maximum:g}"
                yield Rejection(at, f"it has {len(value)} elements. Allowed are {allowed}.", "InvalidValue")
    yield from _combinations(facts, inputs)


def _is_required(token: str, path: str) -> bool:
    known = schema(token).inputs.get(path)
    return known is not None and known.required


def _combinations(facts: Facts, inputs: Mapping[str, Any]) -> Iterator[Rejection]:
    for at, (_, found, _) in _given(facts.conflicts, inputs):
        if len(found) > 1:
            yield _rejected(at, found[1], f"{' and '.join(found)} conflict. Set only one of them.")
    for at, (group, found, unknown) in _given(facts.exactly_one, inputs):
        if len(found) > 1 or not (found or unknown):
            got = " and ".join(found) if found else "none"
            message = f"exactly one of {', '.join(group.paths)} must be set (got {got})."
            yield _rejected(at, group.paths[0], message)
    for at, (group, found, unknown) in _given(facts.at_least_one, inputs):
        if not found and not unknown:
            yield _rejected(at, group.paths[0], f"at least one of {', '.join(group.paths)} must be set (got none).")
    for at, (group, found, unknown) in _given(facts.requires, inputs):
        if group.paths[0] in found:
            absent = [each for each in group.paths if each not in found and each not in unknown]
            if absent:
                them = "it" if len(absent) == 1 else "them"
                yield _rejected(at, group.paths[0], f"it requires {', '.join(absent)}. Set {them} too.")


def _rejected(at: str, path: str, message: str) -> Rejection:
    return Rejection(f"{at}.{path}" if at else path, message, "InvalidParameterCombination")


def _given(
    groups: Iterable[Group], inputs: Mapping[str, Any]
) -> Iterator[tuple[str, tuple[Group, list[str], list[str]]]]:
    """Yield each object that a group speaks of, with the inputs that it sets and those that are unknown."""
    for group in groups:
        for at, parent in located(inputs, group.within) if group.within else [("", inputs)]:
            if not isinstance(parent, Mapping):
                continue
            values = {path: next(values_at(parent, path), None) for path in group.paths}
            unknown = [path for path, value in values.items() if value is UNKNOWN]
            found = [path for path, value in values.items() if value is not UNKNOWN and value not in (None, [])]
            yield at, (group, found, unknown)
