from __future__ import annotations

import ast
import json
import subprocess
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
"""The published ids and names. Exceptions and policy config files refer to them, so they never change or return."""

KEY = ("kmsKeyId", "kmsKeyArn", "kmsMasterKeyId")
PROJECT = ("projectId",)
CALLED = ("loadBalancers",)
UNKNOWN_ALLOWED: dict[str, tuple[str, ...]] = {
    # The rule requires only that the property is given: no given value is the default.
    "BCK-006": KEY,
    "CACHE-002": ("authToken",),
    "CACHE-008": ("maintenanceWindow",),
    "LOG-002": KEY,
    "MON-002": ("alarmActions",),
    "MON-015": KEY,
    # A given value says that clients call the service.
    "MON-005": CALLED,
    "MON-009": CALLED,
    "MON-012": CALLED,
    # The data flow gives the resource that the value will name, and the rule reads that resource.
    **dict.fromkeys(("ATL-009", "ATL-010", "ATL-011", "ATL-012", "ATL-013", "ATL-015", "ATL-018"), PROJECT),
    "CDN-007": ("webAclId",),
    "CF-010": ("content",),
    "MON-010": KEY,
    "NET-002": ("networkConfiguration",),
    "WAF-008": ("resourceArn",),
    "REG-003": ("globalReplicationGroupId",),
    "REG-004": ("dimensions", "metricQueries", "alarmActions", "okActions"),
    # A composite alarm's alarmRule names the alarms that it reads, which does not concern its actions.
    "MON-001": ("alarmRule",),
}
"""By rule, the properties of its subject that may be unknown when it passes, with the reason."""

SHAPE = "has a shape that the rule cannot read"
by_id = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def rules_in_files() -> Iterator[Rule]:
    for module in walk_packages(policies.__path__, "policies."):
        if not module.name.endswith("__main__") and isinstance(
            rule := getattr(import_module(module.name), "RULE", None), Rule
        ):
            yield rule


def test_the_registry_has_the_rule_of_every_module() -> None:
    assert {rule.id for rule in rules_in_files()} == {rule.id for rule in RULES}


def test_published_ids_and_names_do_not_change() -> None:
    assert {rule.id: rule.name for rule in RULES} == PUBLISHED
    assert len(RULES) == len(PUBLISHED)
    assert len(set(PUBLISHED.values())) == len(PUBLISHED)


def test_every_item_of_the_guide_has_a_rule() -> None:
    assert {rule.item for rule in RULES} == set(ChecklistItem)


def test_every_pitfall_of_the_guide_has_a_rule() -> None:
    assert {rule.pitfall for rule in RULES} - {None} == set(Pitfall)


@by_id
def test_a_rule_has_title_remediation_source_and_types(rule: Rule) -> None:
    for text in (rule.title, rule.remediation):
        assert text.endswith(".")
        assert "\n" not in text
    assert rule.source.startswith("https://")
    assert rule.read is None or date(2026, 1, 1) <= rule.read <= date.today()
    assert bool(rule.applies_to) is not isinstance(rule, ProjectRule)
    assert all(token.count(":") == 2 for token in rule.applies_to)


@by_id
def test_a_rules_example_is_valid_python_or_a_comment(rule: Rule) -> None:
    """A rule on files shows part of a file in comments."""
    assert ast.parse(rule.example).body or (isinstance(rule, ProjectRule) and rule.example.startswith("# "))


@by_id
def test_a_rules_default_parameters_match_their_schemas(rule: Rule) -> None:
    for parameter in rule.parameters:
        assert "enum" not in parameter.schema or parameter.default in parameter.schema["enum"]
        kinds = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": tuple}
        assert isinstance(parameter.default, kinds[parameter.schema["type"]])
        assert parameter.what.endswith(".")


@by_id
def test_the_compliant_program_passes_every_rule_and_exercises_each(
    rule: AnyRule,
) -> None:
    if isinstance(rule, ProjectRule):
        pytest.skip("this rule evaluates files; its own test has a project")
    subjects = [resource.name for resource in resources_with({}) if resource.type in rule.applies_to]
    outcomes = {evaluate(rule, subject).outcome for subject in subjects}
    assert Outcome.PASS in outcomes
    assert outcomes <= {Outcome.PASS, Outcome.NOT_APPLICABLE}


class RecordedReads(Values):
    """Properties that record which of them are read."""

    def __init__(self, properties: Values) -> None:
        super().__init__(load=properties.load)
        self.read: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self.read.add(key)
        return super().__getitem__(key)


def after_changing_each_read_property(rule: AnyRule, value: object) -> Iterator[tuple[str, Verdict]]:
    """Yield the verdicts after each property that the rule reads on a passing resource was set to `value`."""
    for subject in resources_with({}):
        if subject.type not in rule.applies_to or not isinstance(subject.properties, Values):
            continue
        recorded_reads = RecordedReads(subject.properties)
        if verdict_on(rule, replace(subject, properties=recorded_reads)).outcome is not Outcome.PASS:
            continue
        for key in sorted(recorded_reads.read & set(recorded_reads)):
            properties = dict(recorded()[subject.name][1])
            if value is ABSENT:
                del properties[key]
            else:
                properties[key] = value
            changed = replace(subject, properties=from_state(properties))
            yield f"{subject.name}.{key}", verdict_on(rule, changed)


def verdict_on(rule: AnyRule, subject: Resource) -> Verdict:
    if isinstance(rule, ResourceRule):
        return rule.evaluate(subject)
    assert isinstance(rule, StackRule)
    others = (other for other in resources_with({}) if other.urn != subject.urn)
    return rule.evaluate(subject, Stack((subject, *others)))


@by_id
def test_a_rule_does_not_pass_on_an_unknown_value(rule: AnyRule) -> None:
    if isinstance(rule, ProjectRule):
        pytest.skip("this rule evaluates files, which are known")
    passed = [k for k, v in after_changing_each_read_property(rule, UNKNOWN) if v.outcome is Outcome.PASS]
    assert [key for key in passed if key.partition(".")[2] not in UNKNOWN_ALLOWED.get(rule.id, ())] == []


@by_id
@pytest.mark.parametrize("value", [ABSENT, None], ids=["missing", "null"])
def test_a_rule_evaluates_missing_and_null_values(rule: AnyRule, value: object) -> None:
    """A state's outputs hold many nulls, so a check expects them."""
    if isinstance(rule, ProjectRule):
        pytest.skip("this rule evaluates files")
    unreadable = [(key, v.reason) for key, v in after_changing_each_read_property(rule, value) if SHAPE in v.reason]
    assert unreadable == []


@by_id
def test_a_rule_does_not_apply_to_a_resource_of_another_type(rule: AnyRule) -> None:
    if isinstance(rule, ProjectRule):
        pytest.skip("this rule evaluates files")
    thing = resource("aws:iot/thing:Thing", {"protocol": "HTTP", "cidrIpv4": "0.0.0.0/0", "port": 80})
    verdict = rule.evaluate(thing) if isinstance(rule, ResourceRule) else rule.evaluate(thing, Stack(()))
    assert verdict.outcome is Outcome.NOT_APPLICABLE


def test_the_pack_imports_only_its_dependencies() -> None:
    """The pack evaluates programs that do not use tierup, and it starts on every preview, so its imports are few."""
    allowed = {*sys.stdlib_module_names, "google", "grpc", "jsonschema", "pulumi", "yaml"}
    imported = {file: set(imports(file)) - allowed for file in FOLDER.rglob("*.py")}
    assert len(imported) > len(RULES)
    assert {file.name: found for file, found in imported.items() if found} == {"official_sdk.py": {"pulumi_policy"}}


def test_the_official_sdk_is_imported_only_on_use() -> None:
    code = "import sys, policies.official_sdk; sys.exit('pulumi_policy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield str(node.module).split(".")[0]
