"""`tierup explain` for every rule."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console
from typer.testing import CliRunner

from policies.rule import AnyRule
from tierup.check import explain
from tierup.check.pack import RULES
from tierup.cli.app import app

runner = CliRunner()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_shown_completely(rule: AnyRule) -> None:
    file = io.StringIO()
    explain.show(Console(file=file, width=1000), rule)
    text = file.getvalue()
    for part in (rule.id, rule.name, rule.title, rule.item, rule.severity, rule.level, rule.remediation, rule.source):
        assert part in text
    for line in (*rule.example.splitlines(), *rule.applies_to, *(each.name for each in rule.parameters)):
        assert line in text
    assert rule.unproven in text


def test_a_rule_is_found_by_id_in_any_case_and_by_name() -> None:
    by_id = runner.invoke(app, ["explain", "alb-002", "--json"])
    by_name = runner.invoke(app, ["explain", "load-balancer-tls-version", "--json"])
    assert by_id.stdout == by_name.stdout
    (document,) = json.loads(by_id.stdout)
    assert document["parameters"][0]["name"] == "minimumTls"
    assert document["read"] == "2026-11-24"


def test_an_unknown_id_is_rejected_with_the_nearest() -> None:
    result = runner.invoke(app, ["explain", "ALB-02"])
    assert result.exit_code == 2
    assert "ALB-002" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("arguments", [["explain"], ["check", "--list"]])
def test_without_a_rule_all_are_listed(arguments: list[str]) -> None:
    result = runner.invoke(app, arguments, env={"COLUMNS": "200"})
    assert result.exit_code == 0
    for rule in RULES:
        assert rule.id in result.stdout
        assert rule.name in result.stdout


def test_the_list_can_be_limited_and_printed_as_json() -> None:
    result = runner.invoke(app, ["check", "--list", "--rule", "S3-001", "--json"])
    assert [each["id"] for each in json.loads(result.stdout)] == ["S3-001"]
