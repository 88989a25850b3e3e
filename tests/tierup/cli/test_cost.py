"""`tierup cost`: tables, the JSON document, and errors that name the allowed values."""

from __future__ import annotations

import json
from pathlib import Path

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
    assert "ingestion of logs: 0.5 per GB" in shown
    assert "Not included:" in shown
    assert "usage-based cost, such as" not in shown
    assert "Fixed and usage-based: " in shown
    assert "Atlas snapshots: 0.14 per GB a month *" in shown
    assert "* The price was not read at its source" in shown
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


def by_use(*arguments: str) -> dict[str, float]:
    document = json.loads(cost("--phase", "mvp", "--tier", "small", "--json", *arguments).stdout)
    return {line["what"]: line["usd_a_month"]["expected"] for line in document["by_use"]}


def test_the_document_has_the_cost_by_use_with_a_range_and_marks_unread_prices() -> None:
    document = json.loads(cost("--phase", "scale", "--tier", "medium", "--json").stdout)
    total = document["by_use_usd_a_month"]
    assert 0 < total["low"] < total["expected"] < total["high"]
    by_name = {line["what"]: line for line in document["by_use"]}
    assert (by_name["ingestion of logs"]["from_memory"], by_name["ingestion of logs"]["read"]) == (False, "2026-11-24")
    assert by_name["Atlas snapshots"]["from_memory"] is True
    assert sum(line["usd_a_month"]["expected"] for line in by_name.values()) == pytest.approx(
        total["expected"], abs=0.2
    )


def test_a_file_changes_assumptions_and_the_defaults_can_be_written(tmp_path: Path) -> None:
    file = tmp_path / "usage.yaml"
    assert cost("--write-usage", str(file)).exit_code == 0
    assert by_use("--usage", str(file)) == by_use()
    file.write_text("small: {users: 0}\n")
    changed, default = by_use("--usage", str(file)), by_use()
    assert default["requests that a web ACL inspects"] > 0
    assert "requests that a web ACL inspects" not in changed, "a line without a quantity is left out"
    assert changed["images in ECR"] == default["images in ECR"]
    again = cost("--write-usage", str(file))
    assert again.exit_code == 2
    assert "--write-usage: the file exists" in again.output


def test_the_free_tier_is_subtracted_once() -> None:
    document = json.loads(cost("--phase", "mvp", "--tier", "small", "--json", "--free-tier").stdout)
    logs = next(line for line in document["by_use"] if line["what"] == "ingestion of logs")
    assert logs["free"]["expected"] == 5
    assert document["free_tier"]["fixed_usd_a_month"] == 0.5
    assert document["by_use_usd_a_month"]["expected"] < sum(by_use().values())


def test_a_usage_file_adds_the_range_to_all_phases(tmp_path: Path) -> None:
    file = tmp_path / "usage.yaml"
    file.write_text("every: {}\n")
    shown = cost("--phase", "mvp", "--usage", str(file)).output
    assert "with use: low" in shown.splitlines()[0]
    row = next(line.split() for line in shown.splitlines() if line.startswith("mvp    small"))
    assert float(row[4]) < float(row[6]) < float(row[7]) < float(row[8])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("huge: {}", "huge is not a tier. Allowed: every, large, medium, small."),
        ("small: {visitors: 1}", "small.visitors is not an assumption. Allowed: "),
        ("small: {users: many}", "small.users: not a number of 0 or more, or three in ascending order (got many)."),
        ("small: {users: [3, 2, 1]}", "three in ascending order (got [3, 2, 1])."),
        ("small: 5", "small must be a mapping (got 5)."),
        ("[]", "must contain a mapping (got list)."),
        ("{", "not valid YAML"),
    ],
)
def test_a_wrong_usage_file_exits_with_2(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "usage.yaml"
    file.write_text(text)
    result = cost("--usage", str(file))
    assert result.exit_code == 2
    assert f"{file}: " in result.output
    assert message in result.output


def test_a_missing_usage_file_exits_with_2(tmp_path: Path) -> None:
    result = cost("--usage", str(tmp_path / "none.yaml"))
    assert result.exit_code == 2
    assert "--usage: no such file" in result.output


@pytest.mark.parametrize(
    ("tier", "guide_usd", "phase", "other"),
    [
        ("small", 117, "mvp", ("frontendHost=vercel", "backendHost=railway")),
        pytest.param("large", 3_686, "scale", ("orchestrator=eks",), marks=pytest.mark.exhaustive),
    ],
)
def test_the_guides_table_of_a_tier_is_compared_part_by_part(
    tier: str, guide_usd: int, phase: str, other: tuple[str, ...]
) -> None:
    shown = cost("--guide", "--tier", tier).output
    assert f"Tier {tier} of the guide, and tierup with phase {phase}, tier {tier};" in shown
    assert f"tier {tier}, {', '.join(other).replace('=', ' ')};" in shown
    documents = json.loads(cost("--guide", "--tier", tier, "--json").stdout)
    for document, settings in zip(documents, ((), other), strict=True):
        assert sum(part["guide_usd"] for part in document["parts"]) == guide_usd
        given = [argument for setting in settings for argument in ("--set", setting)]
        whole = json.loads(cost("--phase", phase, "--tier", tier, "--json", *given).stdout)["usd_a_month"]["all"]
        assert sum(part["usd"] for part in document["parts"]) == pytest.approx(whole, abs=0.05)
        assert all(part["why"] for part in document["parts"])


def usd(phase: str, tier: str, *settings: str) -> float:
    given = [argument for setting in settings for argument in ("--set", setting)]
    document = json.loads(cost("--phase", phase, "--tier", tier, "--json", *given).stdout)
    assert document["unpriced"] == []
    return document["usd_a_month"]["all"]


@pytest.mark.parametrize(
    ("settings", "more"),
    [
        (("orchestrator=eks",), (70, 85)),  # a control plane; nodes cost about as much as Fargate tasks
        pytest.param(("orchestrator=ecs-and-eks",), (200, 300), marks=pytest.mark.exhaustive),  # both run
        pytest.param(("sizeOverrides.tasks=5",), (25, 35), marks=pytest.mark.exhaustive),
        # The vendors' own prices depend on their plans.
        pytest.param(('monitoring=["newrelic"]',), (0.3, 1), marks=pytest.mark.exhaustive),
        pytest.param(('monitoring=["datadog","sentry"]',), (0.7, 1), marks=pytest.mark.exhaustive),
    ],
)
def test_other_settings_change_the_cost(settings: tuple[str, ...], more: tuple[float, float]) -> None:
    assert more[0] <= usd("scale", "medium", *settings) - usd("scale", "medium") <= more[1]


@pytest.mark.exhaustive
def test_a_further_region_costs_its_network_cache_and_tasks() -> None:
    further = usd("enterprise", "medium", 'regions=["us-east-2"]') - usd("enterprise", "medium")

    assert 300 <= further <= 700


@pytest.mark.exhaustive
def test_the_metric_stream_of_new_relic_is_billed_by_use() -> None:
    given = ("--set", 'monitoring=["newrelic"]')
    document = json.loads(cost("--phase", "scale", "--tier", "medium", "--json", *given).stdout)

    by_use = {line["what"]: line["usd_a_month"]["expected"] for line in document["by_use"]}
    assert by_use["data through Firehose"] > 0


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("tier=large", "--set: not a setting of tierup that can be changed here (got tierup:tier)."),
        ("aws:region=eu-west-1", "--set: not a setting of tierup that can be changed here (got aws:region)."),
        ("orchestrator", "--set: not a key and a value (got 'orchestrator')."),
        ("sentryDsn=x", "--set: the value of a secret must not be given on the command line"),
        ("orchestrator=nomad", "tierup:orchestrator: "),
    ],
)
def test_a_setting_that_cannot_be_priced_exits_with_2(setting: str, message: str) -> None:
    result = cost("--phase", "scale", "--tier", "medium", "--set", setting)
    assert result.exit_code == 2
    assert message in result.output
