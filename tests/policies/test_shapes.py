"""Properties of every rule: whatever shape a value has, the rule answers, and it names a value that it cannot read.

Each value that a rule reads in the compliant program is replaced by values of other shapes. So are the values in its
nested objects and JSON documents. The usual run takes one shape for each value, the exhaustive run all of them.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any
from zlib import crc32

import pytest

from policies.registry import RULES
from policies.rule import ProjectRule, Resource, ResourceRule, Stack, StackRule, Verdict
from policies.values import Values
from tests.policies.evaluation import recorded, resources_of, resources_with

UNREADABLE = "has a shape that the rule cannot read"
SHAPES: tuple[Any, ...] = (
    *("", "text", "{", "[[]]", "{}", '{"Statement": ["text"]}', '{"Statement": {"Principal": 7}}', '[{"name": 7}]'),
    *(7.0, -1.0, True, [], ["text"], [7.0], [None], [[]], [{}], {}, {"key": "text"}, {"key": None}, [{"key": []}]),
)
READS_NO_INPUT = {
    "COST-002",  # reads the region in ARNs
    "ECS-022",  # its property is not set in the compliant program
    "REG-001",  # reads which types there are
}
Path_ = tuple[str | int, ...]
ON_RESOURCES = [rule for rule in RULES if not isinstance(rule, ProjectRule)]
by_id = pytest.mark.parametrize("rule", ON_RESOURCES, ids=lambda rule: rule.id)


class NotedReads(Values):
    """Properties that note the names of those that are read."""

    def __init__(self, properties: Values, note: Callable[[str], None]) -> None:
        super().__init__(load=properties.load)
        self._note = note

    def __getitem__(self, key: str) -> Any:
        self._note(key)
        return super().__getitem__(key)


def verdicts(rule: ResourceRule | StackRule, resources: list[Resource]) -> list[Verdict]:
    """Return the verdicts on all subjects of a program."""
    stack = Stack(tuple(resources))
    if isinstance(rule, ResourceRule):
        return [rule.evaluate(subject) for subject in stack.of(rule.applies_to)]
    return [rule.evaluate(subject, stack) for subject in stack.of(rule.applies_to)]


def values_read(rule: ResourceRule | StackRule) -> list[tuple[str, str]]:
    """Return the inputs that a rule reads in the compliant program, as resource name and property."""
    found: set[tuple[str, str]] = set()
    resources: list[Resource] = []
    for each in resources_with({}):
        name = each.name
        if not isinstance(each.properties, Values):
            resources.append(each)  # the stack itself
            continue
        noting = NotedReads(each.properties, lambda key, name=name: found.add((name, key)))
        resources.append(Resource(each.type, name, each.urn, noting, each.outputs, each.references))
    verdicts(rule, resources)
    return sorted(each for each in found if each[0] in recorded() and each[1] in recorded()[each[0]][1])


def places(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Yield the paths of a value and of the values inside it; a step into a JSON document is the text "json"."""
    yield path
    if isinstance(value, Mapping):
        for key in value:
            yield from places(value[key], (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from places(each, (*path, index))
    elif isinstance(value, str) and value[:1] in ("{", "["):
        with suppress(ValueError):
            yield from places(json.loads(value), (*path, "json"))


def with_shape(value: Any, path: Path_, shape: Any) -> Any:
    """Return a copy of the value with another shape at the path."""
    if not path:
        return shape
    step, *rest = path
    if step == "json" and isinstance(value, str):
        return json.dumps(with_shape(json.loads(value), tuple(rest), shape))
    changed = copy.copy(value)
    changed[step] = with_shape(value[step], tuple(rest), shape)
    return changed


@cache
def mutations(rule_id: str) -> list[tuple[str, str, Path_]]:
    rule = next(each for each in ON_RESOURCES if each.id == rule_id)
    return [(name, key, path) for name, key in values_read(rule) for path in places(recorded()[name][1][key])]


def unnamed(rule: ResourceRule | StackRule, name: str, key: str, path: Path_, shape: Any) -> list[str]:
    """Return the reasons of verdicts that leave open which value could not be read."""
    inputs = recorded()[name][1]
    changed = {**inputs, key: with_shape(inputs[key], path, shape)}
    found = verdicts(rule, resources_of({name: changed}))
    assert found, f"{rule.id} has no subject in the compliant program"
    return [each.reason for each in found if UNREADABLE in each.reason and each.reason.startswith("a value")]


@by_id
def test_a_rule_answers_for_a_value_of_another_shape_and_names_the_value(rule: ResourceRule | StackRule) -> None:
    found: list[str] = []
    for name, key, path in mutations(rule.id):
        shape = SHAPES[crc32(repr((rule.id, name, key, path)).encode()) % len(SHAPES)]
        found += unnamed(rule, name, key, path, shape)
    assert found == []


@pytest.mark.exhaustive
@by_id
def test_a_rule_answers_for_a_value_of_every_shape_and_names_the_value(rule: ResourceRule | StackRule) -> None:
    assert [
        reason
        for name, key, path in mutations(rule.id)
        for shape in SHAPES
        for reason in unnamed(rule, name, key, path, shape)
    ] == []


def test_every_rule_reads_some_value_of_the_compliant_program() -> None:
    assert {rule.id for rule in ON_RESOURCES if not mutations(rule.id)} == READS_NO_INPUT
