"""`tierup advise` against moto's CloudWatch and against CSV files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import botocore.retries.standard
import pytest
from typer.testing import CliRunner, Result

from tests.tierup.advise.conftest import LOAD_BALANCER, CloudWatch, cloudwatch, moto_url
from tierup.advise import costs
from tierup.cli.app import app
from tierup.cost.rules import PricedResource
from tierup.preflight.stack_plan import StackPlan

__all__ = ["cloudwatch", "moto_url"]

runner = CliRunner(env={"COLUMNS": "200"})
BUSY = {
    "requests": 30_000.0,
    "p95_ms": 90.0,
    "tasks": 2.0,
    "cpu_percent": 45.0,
    "memory_percent": 45.0,
    "cache_memory_percent": 40.0,
}


def project(folder: Path, *, phase: str = "scale", tier: str = "small") -> Path:
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (folder / "Pulumi.prod.yaml").write_text(
        f"config:\n  aws:region: eu-west-1\n  tierup:phase: {phase}\n  tierup:tier: {tier}\n"
        "  tierup:domain: app.example.com\n  tierup:alertEmail: ops@example.com\n"
        '  tierup:atlasOrgId: "000000000000000000000000"\n'
    )
    return folder


def advise(folder: Path, *arguments: str) -> Result:
    return runner.invoke(app, ["advise", "--stack", "prod", "--cwd", str(folder), *arguments])


def _no_resources(_plan: StackPlan) -> Sequence[PricedResource]:
    return []


def _no_delay(*_arguments: object) -> float:
    return 0.0


def test_a_week_of_cloudwatch_gives_advice_with_numbers_and_the_command(cloudwatch: CloudWatch, tmp_path: Path) -> None:
    cloudwatch.create_stack()
    cloudwatch.serve_week(**BUSY)
    shown = advise(project(tmp_path), "--no-cost")
    assert shown.exit_code == 0, shown.output
    assert "users was above 10,000 users on" in shown.output
    assert "Advice: grow" in shown.output
    assert "  tierup switch --stack prod --tier medium" in shown.output


def test_the_document_has_the_values_of_each_day(cloudwatch: CloudWatch, tmp_path: Path) -> None:
    cloudwatch.create_stack()
    cloudwatch.serve_week(**{**BUSY, "requests": 10_000})
    document = json.loads(advise(project(tmp_path), "--json").stdout)
    assert document["advice"] == "stay"
    assert "command" not in document
    assert len(document["days"]) >= 6
    day = document["days"][1]
    assert {name: round(day[name], 3) for name in BUSY} == {**BUSY, "requests": 10_000}
    assert day["users"] == 5_000


def test_the_cost_before_and_after_is_shown(
    cloudwatch: CloudWatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloudwatch.create_stack()
    cloudwatch.serve_week(**BUSY)
    monkeypatch.setattr(costs, "list_planned_resources", _no_resources)
    assert (
        "- Cost: $0 instead of $0 a month, without usage (+0)." in advise(project(tmp_path), "--users", "20000").output
    )


@pytest.mark.exhaustive
def test_the_cost_is_that_of_the_stacks_resources(cloudwatch: CloudWatch, tmp_path: Path) -> None:
    cloudwatch.create_stack()
    cloudwatch.serve_week(**BUSY)
    usd = json.loads(advise(project(tmp_path), "--json").stdout)["usd_a_month"]
    assert 200 < usd["before"] < usd["after"] < 2_000


def test_alarms_and_points_are_read_from_all_pages(cloudwatch: CloudWatch, tmp_path: Path) -> None:
    cloudwatch.create_stack()
    cloudwatch.serve_week(**BUSY)
    once = json.loads(advise(project(tmp_path), "--json", "--no-cost").stdout)
    cloudwatch.pages = 3
    cloudwatch.calls.clear()
    again = json.loads(advise(project(tmp_path), "--json", "--no-cost").stdout)
    assert again == once
    assert (cloudwatch.calls.count("DescribeAlarms"), cloudwatch.calls.count("GetMetricData")) == (3, 3)


def test_alarms_of_another_stack_are_not_read(cloudwatch: CloudWatch, tmp_path: Path) -> None:
    cloudwatch.alarm("slow-responses-2b", "TargetResponseTime", "AWS/ApplicationELB", LOAD_BALANCER, Stack="dev")
    cloudwatch.serve_week(**BUSY)
    result = advise(project(tmp_path))
    assert result.exit_code == 1
    assert (
        "CloudWatch in eu-west-1: no data of a whole day for stack prod in the last 7 days (got 0 hours with data)."
        in result.output
    )


@pytest.mark.filterwarnings("ignore:.*AccessDenied")
@pytest.mark.parametrize("operation", ["DescribeAlarms", "ListTagsForResource", "GetMetricData"])
def test_a_denied_call_names_the_permission(cloudwatch: CloudWatch, tmp_path: Path, operation: str) -> None:
    cloudwatch.create_stack()
    cloudwatch.errors[operation] = "AccessDenied"
    result = advise(project(tmp_path))
    assert result.exit_code == 1
    assert (
        f"CloudWatch: The credentials may not call {operation} (got AccessDenied). Allow {operation}" in result.output
    )


@pytest.mark.filterwarnings("ignore:.*Throttling")
def test_a_throttled_call_is_retried_and_reported(
    cloudwatch: CloudWatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(botocore.retries.standard.ExponentialBackoff, "delay_amount", _no_delay)
    cloudwatch.create_stack()
    cloudwatch.errors["GetMetricData"] = "Throttling"
    result = advise(project(tmp_path))
    assert result.exit_code == 1
    assert "CloudWatch: AWS throttled GetMetricData in every attempt (got Throttling)." in result.output
    assert cloudwatch.calls.count("GetMetricData") == 5


def test_without_credentials_one_sentence_says_so(
    cloudwatch: CloudWatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    result = advise(project(tmp_path))
    assert result.exit_code == 5
    assert result.output.startswith("AWS credentials: none found")
    assert cloudwatch.calls == []


def write_csv(folder: Path, *, days: int = 7, p95: float = 250) -> Path:
    begin = datetime(2026, 11, 1, tzinfo=UTC)
    rows = [f"{(begin + timedelta(days=day)).isoformat()},1000,{p95},900" for day in range(days)]
    file = folder / "metrics.csv"
    file.write_text("\n".join(["time,requests,p95_ms,users", *rows]) + "\n")
    return file


def test_a_csv_file_needs_no_credentials(tmp_path: Path) -> None:
    folder = project(tmp_path, phase="mvp")
    shown = advise(folder, "--csv", str(write_csv(folder)), "--no-cost").output
    assert 'p95_ms was above 200 ms on 7 of 7 days (guide: "Add Redis when response time > 200ms").' in shown
    assert "tierup switch --stack prod --phase optimization" in shown


def test_few_days_give_no_other_advice_than_to_stay(tmp_path: Path) -> None:
    folder = project(tmp_path, phase="mvp")
    document = json.loads(advise(folder, "--csv", str(write_csv(folder, days=2)), "--json").stdout)
    assert document["advice"] == "stay"
    assert document["reasons"] == ["The metrics cover 2 days. Growing needs 3 days, and shrinking 7."]


def test_a_missing_or_wrong_file_exits_with_2(tmp_path: Path) -> None:
    folder = project(tmp_path)
    missing = advise(folder, "--csv", str(folder / "none.csv"))
    (folder / "wrong.csv").write_text("a,b\n")
    wrong = advise(folder, "--csv", str(folder / "wrong.csv"))
    assert (missing.exit_code, wrong.exit_code) == (2, 2)
    assert "--csv: no such file" in missing.output
    assert "wrong columns" in wrong.output
