from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import policies
from policies.catalogue import RULES
from policies.rule import AnyRule, ChecklistItem, Outcome, Pitfall, ProjectRule, ResourceRule, Rule, Stack
from tests.policies.judging import judge, resource, resources_with

FOLDER = Path(policies.__file__).parent

# Published ids and names: exceptions and policy config files refer to them, so they are never changed or used again.
PUBLISHED = {
    "ALB-001": "load-balancer-https-only",
    "ALB-002": "load-balancer-tls-version",
    "ALB-003": "load-balancer-http-rules-redirect",
    "ATL-001": "atlas-access-list",
    "CACHE-001": "cache-encrypted",
    "CACHE-002": "cache-authenticated",
    "CDN-001": "cdn-viewer-https",
    "CDN-002": "cdn-viewer-tls-version",
    "CDN-003": "cdn-response-headers-attached",
    "CDN-004": "cdn-security-headers",
    "CDN-005": "cdn-cors-origins",
    "ECS-001": "task-secrets-by-arn",
    "ECS-002": "task-allowed-origins",
    "NET-001": "world-ingress",
    "NET-002": "service-behind-edge",
    "S3-001": "bucket-public-access",
    "WAF-001": "load-balancer-rate-limit",
    "WAF-002": "web-acl-managed-rules",
    "WAF-003": "web-acl-body-size",
}

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
def test_the_compliant_program_breaks_no_rule_and_every_rule_judges_some_of_it(
    rule: AnyRule,
) -> None:
    if isinstance(rule, ProjectRule):
        pytest.skip("judges files: its own test gives it a project")
    subjects = [resource.name for resource in resources_with({}) if resource.type in rule.applies_to]
    outcomes = {judge(rule, subject).outcome for subject in subjects}
    assert Outcome.PASS in outcomes
    assert outcomes <= {Outcome.PASS, Outcome.NOT_APPLICABLE}


@by_id
def test_a_resource_of_another_type_is_not_judged(rule: AnyRule) -> None:
    if isinstance(rule, ProjectRule):
        pytest.skip("judges files, no resources")
    queue = resource("aws:sqs/queue:Queue", {"protocol": "HTTP", "cidrIpv4": "0.0.0.0/0", "port": 80})
    verdict = rule.judge(queue) if isinstance(rule, ResourceRule) else rule.judge(queue, Stack(()))
    assert verdict.outcome is Outcome.NOT_APPLICABLE


def test_the_pack_stands_alone() -> None:
    """It judges any program, so it may need nothing of this one; and it starts on every preview, so nothing slow."""
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
