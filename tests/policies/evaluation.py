"""Evaluates the compliant program after one change, as the engine would show it to a rule.

evaluate(https_only.RULE, "http", {"defaultActions[0].type": "forward"})   # a resource rule: its own properties
evaluate(rate_limit.RULE, "balancer", {"acl: rules[0].action": {"count": {}}})   # a stack rule: any resource's
evaluate(rate_limit.RULE, "balancer", {"association": ABSENT})   # without that resource
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
"""The engine's encoding of a text that is not known before `up`."""
REFERENCE = re.compile(r'[":]([\w.-]+?)(?:-id)?"(?!:)')
"""A mock's id, logical name or ARN, as the whole or the end of a JSON text that is not a key."""
ABSENT = object()
"""As a value: the property, or the resource, is removed."""


def evaluate(
    rule: ResourceRule | StackRule,
    subject: str,
    changes: Mapping[str, Any] | None = None,
    *,
    parameters: Mapping[str, Any] | None = None,
) -> Verdict:
    """Return the verdict of `rule` on the compliant program's resource `subject` after `changes`."""
    resources = {resource.name: resource for resource in resources_with(changes or {}, subject)}
    if isinstance(rule, ResourceRule):
        return rule.evaluate(resources[subject], parameters)
    return rule.evaluate(resources[subject], Stack(tuple(resources.values())), parameters)


def resources_with(changes: Mapping[str, Any], subject: str = "") -> list[Resource]:
    """Return the compliant program's resources after changes: `path`, `resource: path` or `resource` to value."""
    changed: dict[str, dict[str, Any] | None] = {}
    for key, value in changes.items():
        if key in recorded():
            assert value is ABSENT, f"{key} is a resource: it can only be removed"
            changed[key] = None
            continue
        name, _, path = key.rpartition(": ")
        name = name or subject
        properties = changed.setdefault(name, copy.deepcopy(recorded()[name][1]))
        put(properties, path, value)
    return resources_of(changed)


def resources_of(changes: Mapping[str, Mapping[str, Any] | None]) -> list[Resource]:
    """Return the compliant program's resources, with other inputs for those named; None removes one."""
    removed = frozenset(urn(recorded()[name][0], name) for name, given in changes.items() if given is None)
    resources: list[Resource] = [STACK]
    for name, unchanged in _unchanged().items():
        given = changes.get(name, recorded()[name][1])
        if given is None:
            continue
        resource = unchanged if name not in changes else _resource(name, unchanged.type, dict(given), recorded())
        if any(sources & removed for sources in resource.references.values()):
            flows = {key: sources - removed for key, sources in resource.references.items()}
            resource = replace(resource, references=flows)
        resources.append(resource)
    return resources


def resource(type_: str, properties: Mapping[str, Any], name: str = "other") -> Resource:
    """Return a resource of any type, for types that the compliant program lacks."""
    return _resource(name, type_, dict(properties), {})


def urn(type_: str, name: str) -> str:
    """Return the URN of a resource of the program, in the stack `dev` and inside a component."""
    return f"urn:pulumi:dev::tests::tierup:aws:Anything${type_}::{name}"


STACK = Resource("pulumi:pulumi:Stack", "tests-dev", "urn:pulumi:dev::tests::pulumi:pulumi:Stack::tests-dev", {})


@cache
def _unchanged() -> Mapping[str, Resource]:
    return {name: _resource(name, type_, inputs, recorded()) for name, (type_, inputs) in recorded().items()}


@cache
def recorded() -> Mapping[str, tuple[str, dict[str, Any]]]:
    """Return the type and the inputs of the compliant program's resources, by name."""
    recording = record(compliant.deploy)
    return {r.name: (r.type, dict(r.inputs)) for r in recording.resources if r.custom}


def _resource(
    name: str, type_: str, properties: dict[str, Any], others: Mapping[str, tuple[str, dict[str, Any]]]
) -> Resource:
    """Return the resource with the outputs of the mocks and, by property, the resources whose outputs it holds."""
    references = {
        key: frozenset(
            urn(others[other][0], other)
            for other in REFERENCE.findall(json.dumps(value, default=str))
            if other in others and other != name
        )
        for key, value in properties.items()
    }
    outputs = {"arn": f"arn:aws:{type_.split(':')[1].split('/')[0]}:eu-west-1:111122223333:{name}"}
    known = from_state({**outputs, **properties})
    return Resource(type_, name, urn(type_, name), from_state(properties), known, references)


def put(properties: Any, path: str, value: Any) -> None:
    """Set or remove the value at `a.b[0].c`, creating objects on the way; a function receives the current value."""
    *way, last = [int(step) if step.isdigit() else step for step in re.findall(r"\w+", path)]
    for step in way:
        properties = properties[step] if isinstance(step, int) else properties.setdefault(step, {})
    if value is ABSENT:
        del properties[last]
    elif callable(value):
        properties[last] = value(properties[last])
    else:
        properties[last] = value
