"""The report of a pull request: its parts, missing results, its size, and text from a fork's program."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tierup.ci.github import MAX_CHARACTERS
from tierup.ci.pull_request_report import ReportSources, compose, sources_in
from tierup.cli.app import app
from tierup.deployment.errors import CommandError


def write(folder: Path, name: str, document: Any) -> Path:
    path = folder / name
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def step(operation: str, name: str = "api", **more: Any) -> dict[str, Any]:
    return {"operation": operation, "name": name, "type": "aws:ecs/service:Service", "properties": [], **more}


def preview(*steps: dict[str, Any]) -> dict[str, Any]:
    counts: dict[str, int] = {}
    for each in steps:
        counts[each["operation"]] = counts.get(each["operation"], 0) + 1
    return {"stack": "prod", "sandbox": True, "error": None, "changes": counts, "steps": list(steps)}


def finding(**more: Any) -> dict[str, Any]:
    return {
        "rule": "ALB-002", "name": "alb-tls", "type": "aws:lb/listener:Listener", "resource": "https", "path": "port",
        "found": "80", "remediation": "Use 443.", "exception": None, "fails": True, **more,
    }  # fmt: skip


COST: dict[str, Any] = {
    "before": {"source": "base/Pulumi.prod.yaml", "region": "eu-west-1", "usd_a_month": 100.0},
    "after": {"source": "Pulumi.prod.yaml", "region": "eu-west-1", "usd_a_month": 112.5},
    "usd_a_month": 12.5,
    "lines": [
        {
            "component": "tierup:aws:EcsService", "name": "backend", "what": "vCPU",
            "before": {"quantity": 1.0, "usd_a_month": 29.0}, "after": {"quantity": 2.0, "usd_a_month": 58.0},
            "usd_a_month": 29.0,
        }
    ],
    "by_use_added": [], "by_use_removed": [], "unpriced": [],
}  # fmt: skip


def test_the_report_has_a_line_for_each_result_and_details_below(tmp_path: Path) -> None:
    check = {
        "exit_code": 3,
        "verdict": "1 mandatory policy violated: alb-tls.",
        "sections": [{"findings": [finding(), finding(rule="X-1", fails=False)]}],
    }
    report = compose(
        "Changes",
        ReportSources(
            previews=[write(tmp_path, "p.json", preview(step("update", properties=["desiredCount"]), step("create")))],
            costs=[write(tmp_path, "c.json", COST)],
            checks=[write(tmp_path, "k.json", check)],
        ),
        run_url="https://github.example/acme/shop/actions/runs/1",
    )
    lines = report.splitlines()
    assert lines[0] == "## Changes"
    assert lines[2] == "- ✅ Preview of stack `prod` in the sandbox: 1 to update, 1 to create"
    assert lines[3] == "- 💰 Fixed monthly cost (`base/Pulumi.prod.yaml` → `Pulumi.prod.yaml`): +12.50 USD a month"
    assert lines[4] == "- ❌ Policies: 1 mandatory policy violated: alb-tls."
    assert "- `~` update `api` (`aws:ecs/service:Service`): `desiredCount`" in lines
    assert "| backend | vCPU | 1 | 2 | +29.00 |" in lines
    assert "| ALB-002 alb-tls | `https` | port is 80 | Use 443. |" in lines
    assert "<details><summary>Other findings (1)</summary>" in lines
    assert lines[-1] == "[Workflow run](https://github.example/acme/shop/actions/runs/1)"


def test_replaced_and_deleted_resources_are_shown_first(tmp_path: Path) -> None:
    document = preview(step("replace", "database"), step("delete", "cache"), step("update"))
    report = compose("Changes", ReportSources(previews=[write(tmp_path, "p.json", document)]))
    assert "- ⚠️ Preview of stack" in report
    assert report.index("deletes or replaces resources") < report.index("`database`") < report.index("<details>")


def test_a_missing_or_empty_file_is_a_step_without_a_result(tmp_path: Path) -> None:
    sources = ReportSources(
        previews=[tmp_path / "prod.json"], costs=[write(tmp_path, "c.json", "")], checks=[tmp_path / "none.json"]
    )
    report = compose("Changes", sources)
    assert report.count("no result, because the step did not run or did not complete") == 3
    assert "Preview of stack `prod`" in report


def test_the_error_of_a_command_is_shown_in_a_block_that_it_cannot_close(tmp_path: Path) -> None:
    document = {"result": "settings", "exit_code": 2, "error": "tierup:phase: wrong\n```\n# heading"}
    report = compose("Changes", ReportSources(previews=[write(tmp_path, "dev.json", document)]))
    assert "- ❌ Preview of stack `dev`: exit code 2" in report
    assert "````\ntierup:phase: wrong\n```\n# heading\n````" in report


def test_text_of_a_fork_mentions_no_user_and_contains_no_html(tmp_path: Path) -> None:
    evil = "x`@team ![i](http://h/i) <img src=x> #12"
    check = {"exit_code": 0, "verdict": evil, "sections": [{"findings": [finding(found=evil, resource=evil)]}]}
    document = preview(step("delete", evil))
    report = compose(
        "Changes",
        ReportSources(previews=[write(tmp_path, "p.json", document)], checks=[write(tmp_path, "k.json", check)]),
    )
    outside = re.sub(r"(?<!\\)`[^`]*`", "", report)
    assert "@team" not in outside
    assert "<img" not in outside.replace("\\<img", "")
    assert "![i]" not in outside.replace("\\!\\[i\\]", "")
    assert "#12" not in outside


def test_a_folder_gives_the_results_of_each_stack_and_names_missing_ones(tmp_path: Path) -> None:
    write(tmp_path, "dev.preview.json", preview(step("create")))
    write(tmp_path, "prod.check.json", {"exit_code": 0, "verdict": "No policy violated.", "sections": []})
    write(tmp_path, "dev.cost.json", COST)
    report = compose("Changes", sources_in(tmp_path))
    assert report.count("no result") == 2
    assert "Preview of stack `prod`: no result" in report
    assert report.count("Fixed monthly cost") == 2
    with pytest.raises(CommandError, match="FOLDER: no results of a stack"):
        sources_in(tmp_path / "none")


@pytest.mark.parametrize("steps", [400, 5_000])
def test_a_long_report_fits_into_a_comment_and_keeps_its_first_lines(tmp_path: Path, steps: int) -> None:
    document = preview(*(step("create", f"{'resource-' * 20}{number}") for number in range(steps)))
    paths = [write(tmp_path, f"{stack}.json", document) for stack in ("dev", "prod")]
    report = compose("Changes", ReportSources(previews=paths))
    assert len(report) <= MAX_CHARACTERS
    assert report.count("to create") == 2
    assert "The details are longer than a comment allows." in report
    assert report.count("<details>") == report.count("</details>")


def test_a_report_without_room_for_its_first_lines_is_cut(tmp_path: Path) -> None:
    path = write(tmp_path, "p.json", preview(step("create")))
    report = compose("Changes", ReportSources(previews=[path] * 50), limit=1000)
    assert len(report) <= 1000
    assert report.endswith(
        "_The details are longer than a comment allows. The log of the workflow run contains them._\n"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [("{", "--preview: not JSON"), ("[]", "--preview: not a JSON object")],
)
def test_a_file_of_another_kind_is_rejected(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        compose("Changes", ReportSources(previews=[write(tmp_path, "p.json", content)]))


def test_the_command_writes_the_file_and_links_to_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.example")
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/shop")
    monkeypatch.setenv("GITHUB_RUN_ID", "9")
    path, output = write(tmp_path, "p.json", preview()), tmp_path / "out" / "report.md"
    arguments = ["report", "--preview", str(path), "--output", str(output)]
    assert CliRunner().invoke(app, arguments).output == ""
    written = output.read_text()
    assert "Preview of stack `prod` in the sandbox: no changes" in written
    assert written.endswith("[Workflow run](https://github.example/acme/shop/actions/runs/9)\n")
    shown = CliRunner().invoke(app, ["report", "--preview", str(path), "--json"])
    assert json.loads(shown.output)["markdown"] == written
