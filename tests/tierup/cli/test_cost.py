"""`tierup cost`: tables, the JSON document, and errors that name the allowed values."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner, Result

from tierup.cli.app import app

runner = CliRunner()


def cost(*arguments: str) -> Result:
    return runner.invoke(app, ["cost", *arguments])


def test_one_phase_and_tier_shows_each_line_and_the_guides_estimate() -> None:
    shown = cost("--phase", "mvp", "--tier", "small").output
    assert "application load balancer" in shown
    assert "The guide estimates about 120 for the tier." in shown
    assert "logs taken in: 0.5 per GB" in shown
    assert "Not included:" in shown
    assert "no price available" not in shown


def test_the_document_names_each_prices_source_and_its_lines_sum_to_the_total() -> None:
    (document,) = [json.loads(cost("--phase", "mvp", "--tier", "small", "--json").output)]
    assert document["unpriced"] == []
    assert all(line["source"] for line in document["lines"])
    lines = sum(line["usd_a_month"] for line in document["lines"])
    assert document["usd_a_month"]["all"] == pytest.approx(lines, abs=0.05)
    assert document["usd_a_month"]["aws"] + document["usd_a_month"]["mongodb_atlas"] == pytest.approx(lines, abs=0.05)


def test_a_tier_is_shown_in_every_phase_with_rejected_combinations() -> None:
    rows = [line.split() for line in cost("--tier", "small").output.splitlines() if " small " in f"{line} "]
    assert [row[0] for row in rows if len(row) > 2][:4] == ["mvp", "optimization", "scale", "enterprise"]
    assert next(row for row in rows if row[0] == "enterprise")[2] == "rejected"
    sums = [float(row[4]) for row in rows if len(row) == 6]
    assert len(sums) == 3
    assert sums == sorted(sums)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--phase", "later"), "--phase: not supported (got later). Allowed: mvp, optimization, scale, enterprise."),
        (("--tier", "huge"), "--tier: not supported (got huge). Allowed: small, medium, large."),
        (("--region", "mars-1"), "--region: not supported (got mars-1). Allowed: us-east-1, eu-west-1."),
        (("--phase", "enterprise", "--tier", "small"), "M30 or larger"),
    ],
)
def test_an_unsupported_option_or_combination_exits_with_2(arguments: tuple[str, ...], message: str) -> None:
    result = cost(*arguments)
    assert result.exit_code == 2
    assert message in result.output
