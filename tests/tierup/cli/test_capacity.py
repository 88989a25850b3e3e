"""`tierup capacity`: plan, stack, simulation, plots, and errors that name the allowed values."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner, Result

from tierup.capacity.assumptions import Assumptions
from tierup.cli.app import app

runner = CliRunner(env={"COLUMNS": "200"})

STACK = """config:
  aws:region: eu-west-1
  tierup:phase: scale
  tierup:tier: small
  tierup:domain: app.example.com
  tierup:alertEmail: ops@example.com
  tierup:atlasOrgId: "000000000000000000000000"
"""


def capacity(*arguments: str) -> Result:
    return runner.invoke(app, ["capacity", *arguments])


def project(folder: Path) -> Path:
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (folder / "Pulumi.prod.yaml").write_text(STACK)
    return folder


def test_users_give_settings_with_every_assumption_and_calculation() -> None:
    shown = capacity("--users", "50000", "--peak-factor", "4").output
    assert all(key in shown for key in Assumptions.described())
    assert "27.8 requests/s on average, 111.1 at the peak." in shown
    assert "  tierup:phase: scale\n  tierup:tier: medium\n" in shown


def test_a_stack_is_compared_with_what_fits(tmp_path: Path) -> None:
    result = capacity("--users", "500000", "--stack", "prod", "--cwd", str(project(tmp_path)))
    assert result.exit_code == 0
    assert "Phase scale, tier small" in result.output
    assert "not enough" in result.output
    assert "The stack does not fit. These settings fit:" in result.output
    assert "tierup:tier: large" in result.output


def test_the_document_has_the_plan_and_each_simulation(tmp_path: Path) -> None:
    svg = tmp_path / "plots.svg"
    arguments = ("--phase", "scale", "--tier", "medium", "--users", "100000", "--simulate", "spike", "--svg", str(svg))
    result = capacity(*arguments, "--json")
    document = json.loads(result.stdout)
    assert document["stack"]["fits"] is True
    assert document["recommendation"]["settings"] == {"tierup:phase": "scale", "tierup:tier": "medium"}
    spike = document["simulations"]["spike"]
    assert len(spike["minutes"]) == 120
    assert spike["most_tasks"] == 10
    assert json.loads(capacity(*arguments, "--json").stdout) == document, "the seed is fixed"
    root = ElementTree.fromstring(svg.read_text())  # noqa: S314 (written by the command)
    assert len(root.findall("{http://www.w3.org/2000/svg}polyline")) == 4


def test_a_simulation_is_plotted_in_the_terminal() -> None:
    shown = capacity("--phase", "scale", "--tier", "small", "--users", "9000", "--simulate", "spike").output
    assert "A spike of 10 times the average, scale / small" in shown
    assert "requests/s" in shown
    assert "┌" in shown
    assert "\x1b" not in shown


def test_assumptions_are_written_and_read(tmp_path: Path) -> None:
    file = tmp_path / "assumptions.yaml"
    assert capacity("--users", "77", "--write-assumptions", str(file)).exit_code == 0
    assert "users: 77" in file.read_text()
    document = json.loads(capacity("--assumptions", str(file), "--json").stdout)
    assert document["assumptions"]["users"] == 77
    again = capacity("--write-assumptions", str(file))
    assert again.exit_code == 2
    assert "--write-assumptions: the file exists" in again.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--users", "0"), "users: input should be greater than or equal to 1 (got 0)."),
        (("--simulate", "weekly"), "--simulate: not a load (got weekly). Allowed: daily, spike, growth, all."),
        (("--svg", "x.svg"), "--svg: there is no plot without a simulation."),
        (("--tier", "small"), "--phase: missing together with --tier. Give both."),
        (("--phase", "later", "--tier", "small"), "--phase: not supported (got later)."),
        (("--stack", "prod", "--tier", "small"), "--stack: not allowed together with --phase or --tier"),
    ],
)
def test_wrong_options_exit_with_2(arguments: tuple[str, ...], message: str) -> None:
    result = capacity(*arguments)
    assert result.exit_code == 2
    assert message in result.output
