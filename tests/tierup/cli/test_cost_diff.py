"""`tierup cost --diff`: settings files, stacks and saved states as sides, and its formats and errors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tierup.cli.app import app

NAT = "aws:ec2/natGateway:NatGateway"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["cost", *arguments])


def state(folder: Path, name: str, **resources: dict[str, Any]) -> Path:
    """Write a saved state with one component, which has the resources (name → type and inputs)."""
    root = "urn:pulumi:dev::trial::pulumi:pulumi:Stack::trial-dev"
    component = "urn:pulumi:dev::trial::tierup:aws:Network::net"
    states: list[dict[str, Any]] = [
        {"urn": root, "type": "pulumi:pulumi:Stack"},
        {"urn": component, "type": "tierup:aws:Network", "parent": root},
        {
            "urn": "urn:pulumi:dev::trial::pulumi:providers:aws::default",
            "type": "pulumi:providers:aws",
            "inputs": {"region": "eu-west-1"},
        },
    ]
    for key, each in resources.items():
        urn = f"urn:pulumi:dev::trial::tierup:aws:Network${each['type']}::{key}"
        states.append({"urn": urn, "parent": component, "custom": True, **each})
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"version": 3, "deployment": {"resources": states}}))
    return path


def test_saved_states_are_compared_at_the_prices_of_their_region(tmp_path: Path) -> None:
    before = state(tmp_path, "before", nat={"type": NAT, "inputs": {}})
    after = state(tmp_path, "after", nat={"type": NAT, "inputs": {}}, other={"type": NAT, "inputs": {}})
    result = run("--diff", str(before), str(after), "--json")
    assert result.exit_code == 0, result.output
    document = json.loads(result.output)
    assert document["before"]["region"] == "eu-west-1"
    assert [(each["component"], each["name"]) for each in document["lines"]] == [("tierup:aws:Network", "net")]
    assert document["lines"][0]["before"]["quantity"] == 1
    assert document["lines"][0]["after"]["quantity"] == 2
    table = run("--diff", str(before), str(after)).output
    assert "1 → 2" in table
    assert f"difference {document['usd_a_month']:+.2f} USD a month" in table
    markdown = run("--diff", str(before), str(after), "--format", "markdown").output
    assert markdown.startswith("### Cost: +")


def test_two_settings_files_are_compared(tmp_path: Path) -> None:
    project = tmp_path / "shop"
    made = CliRunner().invoke(app, ["init", str(project), "--yes"])
    assert made.exit_code == 0, made.output
    settings = project / "Pulumi.prod.yaml"
    base = tmp_path / "base"
    base.mkdir()
    (base / "Pulumi.yaml").write_text((project / "Pulumi.yaml").read_text())
    (base / settings.name).write_text(settings.read_text())
    settings.write_text(settings.read_text() + "  tierup:sizeOverrides:\n    tasks: 5\n")
    result = run("--diff", str(base / settings.name), "prod", "--json", "--cwd", str(project))
    assert result.exit_code == 0, result.output
    document = json.loads(result.output)
    assert document["usd_a_month"] > 0
    assert {each["name"] for each in document["lines"]} == {"backend"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--diff", "missing.json", "missing.json"), "--diff: no such file (got missing.json)."),
        (("--diff", "settings.yaml", "settings.yaml"), "--diff: not a settings file (got settings.yaml)."),
        (("--format", "json"), "--format: only allowed with --diff (got json)."),
        (("--diff", "a", "b", "--tier", "small"), "--diff: not allowed with --tier"),
        (("--diff", "a", "b", "--format", "pdf"), "--format: not supported (got pdf). Allowed: table, json, markdown."),
        (("--diff", "a", "b", "--format", "markdown", "--json"), "--json: not allowed with another format"),
    ],
)
def test_a_wrong_side_or_option_exits_with_2(arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.output


def test_a_file_without_a_stack_exits_with_2(tmp_path: Path) -> None:
    file = tmp_path / "none.json"
    file.write_text("{}")
    result = run("--diff", str(file), str(file))
    assert result.exit_code == 2
    assert "contains no stack" in result.output
