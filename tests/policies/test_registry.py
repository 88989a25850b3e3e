from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest

import policies
from policies.registry import RULES
from policies.rule import (
    AnyRule,
    ChecklistItem,
    Outcome,
    Pitfall,
    ProjectRule,
    Resource,
    ResourceRule,
    Rule,
    Stack,
    StackRule,
    Verdict,
)
from policies.values import Values, from_state
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, recorded, resource, resources_with

FOLDER = Path(policies.__file__).parent

PUBLISHED: dict[str, str] = json.loads((Path(__file__).parent / "published.json").read_text(encoding="utf-8"))
"""Ids and names that are out: exceptions and policy config files refer to them, so they never change or come again."""

KEY = ("kmsKeyId", "kmsKeyArn", "kmsMasterKeyId")
PROJECT = ("projectId",)
CALLED = ("loadBalancers",)
ENOUGH_THAT_IT_IS_GIVEN: dict[str, tuple[str, ...]] = {
    # That it is given is what the rule asks: whatever it turns out to be, it is not the default.
    "BCK-006": KEY,
    "CACHE-002": ("authToken",),
    "CACHE-008": ("maintenanceWindow",),
    "LOG-002": KEY,
    "MON-002": ("alarmActions",),
    "MON-015": KEY,
    # Given at all, it says that clients call the service.
    "MON-005": CALLED,
    "MON-009": CALLED,
    "MON-012": CALLED,
    # The data flow says which resource it will name, and the rule reads that one.
    **dict.fromkeys(("ATL-009", "ATL-010", "ATL-011", "ATL-012", "ATL-013", "ATL-015", "ATL-018"), PROJECT),
    "CDN-007": ("webAclId",),
    "CF-010": ("content",),
    "MON-010": KEY,
    "NET-002": ("networkConfiguration",),
    "WAF-008": ("resourceArn",),
    # A composite alarm's own rule says whose state it reads, which is nothing to whether somebody hears it.
    "MON-001": ("alarmRule",),
}
"""By rule, the properties of its subject that it may pass without knowing them, and why."""

by_id = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def rules_in_files() -> Iterator[Rule]:
    for module in walk_packages(policies.__path__, "policies."):
        if not module.name.endswith("__main__") and isinstance(
            rule := getattr(import_module(module.name), "RULE", None), Rule
        ):
            yield rule


def test_every_rule_that_stands_in_a_file_runs() -> None:
    assert {rule.id for rule in rules_in_files()} == {rule.id for rule in RULES}


def test_published_ids_and_names_stay() -> None:
    assert {rule.id: rule.name for rule in RULES} == PUBLISHED
    assert len(RULES) == len(PUBLISHED)
    assert len(set(PUBLISHED.values())) == len(PUBLISHED)


def test_every_item_of_the_guide_has_a_rule() -> None:
    assert {rule.item for rule in RULES} == set(ChecklistItem)


def test_every_pitfall_of_the_guide_has_a_rule() -> None:
    assert {rule.pitfall for rule in RULES} - {None} == set(Pitfall)


@by_id
def test_a_rule_says_what_it_wants_and_where_that_comes_from(rule: Rule) -> None:
    for text in (rule.title, rule.remediation):
        assert text.endswith(".")
        assert "\n" not in text
    assert rule.source.startswith("https://")
    assert rule.read is None or date(2026, 1, 1) <= rule.read <= date.today()
    assert bool(rule.applies_to) is not isinstance(rule, ProjectRule)
    assert all(token.count(":") == 2 for token in rule.applies_to)


@by_id
def test_a_rules_example_is_python(rule: Rule) -> None:
    ast.parse(rule.example)


@by_id
def test_a_rules_default_parameters_are_allowed_values(rule: Rule) -> None:
    for parameter in rule.parameters:
        assert "enum" not in parameter.schema or parameter.default in parameter.schema["enum"]
        kinds = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": tuple}
        assert isinstance(parameter.default, kinds[parameter.schema["type"]])
        assert parameter.what.endswith(".")


@by_id
def test_the_compliant_program_breaks_no_rule_and_every_rule_evaluates_some_of_it(
    rule: AnyRule,
) -> None:
    if isinstance(rule, ProjectRule):
        pytest.skip("evaluates files: its own test gives it a project")
    subjects = [resource.name for resource in resources_with({}) if resource.type in rule.applies_to]
    outcomes = {evaluate(rule, subject).outcome for subject in subjects}
    assert Outcome.PASS in outcomes
    assert outcomes <= {Outcome.PASS, Outcome.NOT_APPLICABLE}


class Watched(Values):
    """Properties that note which of them are read."""

    def __init__(self, properties: Values) -> None:
        super().__init__(load=properties.load)
        self.read: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self.read.add(key)
        return super().__getitem__(key)


def with_each_property_that_is_read(rule: AnyRule, value: object) -> Iterator[tuple[str, Outcome]]:
    """The outcomes when one property that the rule reads on a passing resource is `value` instead."""
    for subject in resources_with({}):
        if subject.type not in rule.applies_to or not isinstance(subject.properties, Values):
            continue
        watched = Watched(subject.properties)
        if verdict_on(rule, replace(subject, properties=watched)).outcome is not Outcome.PASS:
            continue
        for key in sorted(watched.read & set(watched)):
            properties = dict(recorded()[subject.name][1])
            if value is ABSENT:
                del properties[key]
            else:
                properties[key] = value
            changed = replace(subject, properties=from_state(properties))
            yield f"{subject.name}.{key}", verdict_on(rule, changed).outcome


def verdict_on(rule: AnyRule, subject: Resource) -> Verdict:
    if isinstance(rule, ResourceRule):
        return rule.evaluate(subject)
    assert isinstance(rule, StackRule)
    others = (other for other in resources_with({}) if other.urn != subject.urn)
    return rule.evaluate(subject, Stack((subject, *others)))


@by_id
def test_what_is_not_known_is_never_passed_in_silence(rule: AnyRule) -> None:
    if isinstance(rule, ProjectRule):
        pytest.skip("evaluates files, which are known")
    passed = [key for key, outcome in with_each_property_that_is_read(rule, UNKNOWN) if outcome is Outcome.PASS]
    assert [key for key in passed if key.partition(".")[2] not in ENOUGH_THAT_IT_IS_GIVEN.get(rule.id, ())] == []


@by_id
@pytest.mark.parametrize("value", [ABSENT, None], ids=["missing", "null"])
def test_a_value_that_is_missing_is_evaluated(rule: AnyRule, value: object) -> None:
    """No check stumbles over what is not there, or over the nulls that states are full of."""
    if isinstance(rule, ProjectRule):
        pytest.skip("evaluates files, no values")
    for _key, outcome in with_each_property_that_is_read(rule, value):
        assert outcome in Outcome


@by_id
def test_a_resource_of_another_type_is_not_evaluated(rule: AnyRule) -> None:
    if isinstance(rule, ProjectRule):
        pytest.skip("evaluates files, no resources")
    thing = resource("aws:iot/thing:Thing", {"protocol": "HTTP", "cidrIpv4": "0.0.0.0/0", "port": 80})
    verdict = rule.evaluate(thing) if isinstance(rule, ResourceRule) else rule.evaluate(thing, Stack(()))
    assert verdict.outcome is Outcome.NOT_APPLICABLE


def test_the_pack_stands_alone() -> None:
    """It evaluates any program, so it may need nothing of this one; and it starts on every preview, so nothing slow."""
    allowed = {*sys.stdlib_module_names, "google", "grpc", "jsonschema", "pulumi", "yaml"}
    for file in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported = {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                imported = {str(node.module).split(".")[0]}
            else:
                continue
            assert imported <= allowed, f"{file.relative_to(FOLDER)} imports {imported - allowed}"
