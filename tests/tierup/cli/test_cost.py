"""`tierup cost`: tables for people, a document for machines, refusals that say what is allowed."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner, Result

from tierup.cli.app import app

runner = CliRunner()


def cost(*arguments: str) -> Result:
    return runner.invoke(app, ["cost", *arguments])


def test_a_combination_is_shown_line_by_line_beside_the_guide() -> None:
    shown = cost("--phase", "mvp", "--tier", "small").output
    assert "application load balancer" in shown
    assert "The guide says about 120 for the tier." in shown
    assert "logs taken in: 0.5 per GB" in shown
    assert "Not counted:" in shown
    assert "no price known" not in shown


def test_a_document_has_the_source_of_each_price_and_adds_up() -> None:
    (document,) = [json.loads(cost("--phase", "mvp", "--tier", "small", "--json").output)]
    assert document["unpriced"] == []
    assert all(line["source"] for line in document["lines"])
    lines = sum(line["usd_a_month"] for line in document["lines"])
    assert document["usd_a_month"]["all"] == pytest.approx(lines, abs=0.05)
    assert document["usd_a_month"]["aws"] + document["usd_a_month"]["mongodb_atlas"] == pytest.approx(lines, abs=0.05)


def test_a_tier_is_shown_in_all_phases_with_what_is_refused() -> None:
    rows = [line.split() for line in cost("--tier", "small").output.splitlines() if " small " in f"{line} "]
    assert [row[0] for row in rows if len(row) > 2][:4] == ["mvp", "optimization", "scale", "enterprise"]
    assert next(row for row in rows if row[0] == "enterprise")[2] == "refused"
    sums = [float(row[4]) for row in rows if len(row) == 6]
    assert len(sums) == 3
    assert sums == sorted(sums)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--phase", "later"), "--phase: got later, allowed mvp or optimization or scale or enterprise"),
        (("--tier", "huge"), "--tier: got huge, allowed small or medium or large"),
        (("--region", "mars-1"), "--region: got mars-1, allowed us-east-1 or eu-west-1"),
        (("--phase", "enterprise", "--tier", "small"), "M30 or larger"),
    ],
)
def test_what_cannot_be_priced_is_refused(arguments: tuple[str, ...], said: str) -> None:
    result = cost(*arguments)
    assert result.exit_code == 2
    assert said in result.output
