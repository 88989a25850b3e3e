"""Evaluates the compliant program after one change, as the engine would show it to a rule.

evaluate(https_only.RULE, "http", {"defaultActions[0].type": "forward"})   # a resource rule: its own properties
evaluate(rate_limit.RULE, "balancer", {"acl: rules[0].action": {"count": {}}})   # a stack rule: any resource's
evaluate(rate_limit.RULE, "balancer", {"association": ABSENT})   # a resource that is not there
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from policies.rule import Resource, ResourceRule, Stack, StackRule, Verdict
from policies.values import from_state
from tests.engine_recorder import record
from tests.policies import compliant

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine shows instead of a value that is not known before `up`."""
REFERENCE = re.compile(r'[":]([\w.-]+?)(?:-id)?"(?!:)')
"""A mock's id, logical name or ARN, as the whole or the end of a text in JSON, not as a key."""
ABSENT = object()
"""As a value: the property, or the resource, is not there."""


def evaluate(
    rule: ResourceRule | StackRule,
    subject: str,
    changes: Mapping[str, Any] | None = None,
    *,
    parameters: Mapping[str, Any] | None = None,
) -> Verdict:
    """The verdict of `rule` on the compliant program's resource `subject`, with `changes` made."""
    resources = {resource.name: resource for resource in resources_with(changes or {}, subject)}
    if isinstance(rule, ResourceRule):
        return rule.evaluate(resources[subject], parameters)
    return rule.evaluate(resources[subject], Stack(tuple(resources.values())), parameters)


def resources_with(changes: Mapping[str, Any], subject: str = "") -> list[Resource]:
    """The compliant program's resources with changes: `path`, `resource: path` or `resource` to value."""
    changed: dict[str, dict[str, Any] | None] = {}
    for key, value in changes.items():
        if key in recorded():
            assert value is ABSENT, f"{key} is a resource: it can only be taken away"
            changed[key] = None
            continue
        name, _, path = key.rpartition(": ")
        name = name or subject
        properties = changed.setdefault(name, copy.deepcopy(recorded()[name][1]))
        put(properties, path, value)
    return resources_of(changed)


def resources_of(changes: Mapping[str, Mapping[str, Any] | None]) -> list[Resource]:
    """The compliant program's resources, with other inputs for those named; None takes one away."""
    gone = frozenset(urn(recorded()[name][0], name) for name, given in changes.items() if given is None)
    made: list[Resource] = [STACK]
    for name, unchanged in _unchanged().items():
        given = changes.get(name, recorded()[name][1])
        if given is None:
            continue
        resource = unchanged if name not in changes else _resource(name, unchanged.type, dict(given), recorded())
        if any(sources & gone for sources in resource.references.values()):
            flows = {key: sources - gone for key, sources in resource.references.items()}
            resource = replace(resource, references=flows)
        made.append(resource)
    return made


def resource(type_: str, properties: Mapping[str, Any], name: str = "other") -> Resource:
    """A resource of any type, for what the compliant program has not."""
    return _resource(name, type_, dict(properties), {})


def urn(type_: str, name: str) -> str:
    """The URN of a resource of the program, in the stack `dev` and inside a component."""
    return f"urn:pulumi:dev::tests::tierup:aws:Anything${type_}::{name}"


STACK = Resource("pulumi:pulumi:Stack", "tests-dev", "urn:pulumi:dev::tests::pulumi:pulumi:Stack::tests-dev", {})


@cache
def _unchanged() -> Mapping[str, Resource]:
    return {name: _resource(name, type_, inputs, recorded()) for name, (type_, inputs) in recorded().items()}


@cache
def recorded() -> Mapping[str, tuple[str, dict[str, Any]]]:
    """The compliant program's resources by name: type and inputs."""
    recording = record(compliant.deploy)
    return {r.name: (r.type, dict(r.inputs)) for r in recording.resources if r.custom}


def _resource(
    name: str, type_: str, properties: dict[str, Any], others: Mapping[str, tuple[str, dict[str, Any]]]
) -> Resource:
    """The resource with the outputs that the mocks gave it, and by property the resources whose outputs stand in it."""
    references = {
        key: frozenset(
            urn(others[other][0], other)
            for other in REFERENCE.findall(json.dumps(value, default=str))
            if other in others and other != name
        )
        for key, value in properties.items()
    }
    outputs = {"arn": f"arn:aws:{type_.split(':')[1].split('/')[0]}:eu-west-1:111122223333:{name}"}
    made = from_state({**outputs, **properties})
    return Resource(type_, name, urn(type_, name), from_state(properties), made, references)


def put(properties: Any, path: str, value: Any) -> None:
    """Sets, or takes away, the value at `a.b[0].c`, making objects on the way; a function gets what stands there."""
    *way, last = [int(step) if step.isdigit() else step for step in re.findall(r"\w+", path)]
    for step in way:
        properties = properties[step] if isinstance(step, int) else properties.setdefault(step, {})
    if value is ABSENT:
        del properties[last]
    elif callable(value):
        properties[last] = value(properties[last])
    else:
        properties[last] = value
