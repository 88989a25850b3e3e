"""`tierup import copilot`: the files that it writes, its report, its errors, and a deployment to the sandbox."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from tests.tierup.deployment.conftest import SandboxProject
from tierup.cli.app import app
from tierup.sandbox import stop

WORKSPACE = Path(__file__).parents[1] / "copilot_import" / "workspace"


def imported(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["import", "copilot", str(WORKSPACE), "--cwd", str(folder), *arguments])


def test_it_writes_a_settings_file_for_each_environment(tmp_path: Path) -> None:
    result = imported(tmp_path, "--alert-email", "ops@shop.example")
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Pulumi.prod.yaml", "Pulumi.test.yaml"]
    prod = yaml.safe_load((tmp_path / "Pulumi.prod.yaml").read_text())["config"]
    assert prod["tierup:alertEmail"] == "ops@shop.example"
    assert "# Placeholder: tierup:atlasOrgId." in (tmp_path / "Pulumi.prod.yaml").read_text()
    assert f"Wrote {tmp_path / 'Pulumi.prod.yaml'}" in result.stdout
    assert "has no Pulumi.yaml" in result.stdout


def test_the_report_lists_what_maps_what_differs_and_what_does_not(tmp_path: Path) -> None:
    output = imported(tmp_path, "--stack", "test").stdout
    maps, differs, unmapped = (
        output.index(f"\n{title}") for title in ("What differs (", "What does not map (", "Wrote ")
    )
    assert "frontend/manifest.yml:6 image.port -> tierup:backend.port" in output[:maps]
    assert "frontend/manifest.yml:27 exec -> tierup:ecsExec" in output[maps:differs]
    assert "frontend/manifest.yml:17 http.stickiness: Phases with" in output[differs:unmapped]


def test_existing_settings_are_overwritten_with_force_alone(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.prod.yaml").write_text("config: {}\n")
    result = imported(tmp_path)
    assert result.exit_code == 2
    assert "settings files exist already" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["Pulumi.prod.yaml"], "it wrote one of two files"
    result = imported(tmp_path, "--force")
    assert result.exit_code == 0
    assert f"Overwrote {tmp_path / 'Pulumi.prod.yaml'}" in result.stdout
    assert f"Wrote {tmp_path / 'Pulumi.test.yaml'}" in result.stdout


def test_a_dry_run_prints_the_settings_and_writes_nothing(tmp_path: Path) -> None:
    result = imported(tmp_path, "--dry-run", "--stack", "prod")
    assert result.exit_code == 0
    assert "Pulumi.prod.yaml (not written):" in result.stdout
    assert "tierup:phase: enterprise" in result.stdout
    assert list(tmp_path.iterdir()) == []


def test_json_is_one_document_with_findings_by_file_and_line(tmp_path: Path) -> None:
    document: dict[str, Any] = json.loads(imported(tmp_path, "--json").stdout)
    assert document["application"] == "shop"
    assert document["written"] == ["Pulumi.prod.yaml", "Pulumi.test.yaml"]
    assert [stack["name"] for stack in document["stacks"]] == ["prod", "test"]
    prod = document["stacks"][0]
    port = next(finding for finding in prod["findings"] if finding["field"] == "image.port")
    assert port == {
        "file": "copilot/frontend/manifest.yml",
        "line": 6,
        "field": "image.port",
        "outcome": "maps",
        "setting": "tierup:backend.port",
        "note": None,
    }
    assert sum(prod["counts"].values()) == len(prod["findings"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--account", "12"), "--account: not the id of an AWS account (got '12')"),
        (("--phase", "huge"), "--phase: not a phase (got 'huge')"),
        (("--tier", "huge"), "--tier: not a tier (got 'huge')"),
        (("--image", "frontend"), "--image: not a pair (got 'frontend')"),
        (("--domain", "shop.example"), "--domain: several stacks cannot share a host name (got prod, test)"),
        (("--stack", "staging"), "--stack: not an environment of the workspace (got staging)"),
    ],
)
def test_wrong_options_are_errors(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    result = imported(tmp_path, *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_no_value_of_a_variable_that_looks_like_a_secret_is_printed_or_written(tmp_path: Path) -> None:
    output = imported(tmp_path).output
    files = "".join(path.read_text() for path in tmp_path.iterdir())
    assert "not-a-real-key" not in output + files
    assert "not-a-real-secret" not in output + files


@pytest.mark.engine
@pytest.mark.exhaustive
def test_an_imported_environment_deploys_to_the_sandbox(sandbox_project: SandboxProject, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    assert CliRunner().invoke(app, ["init", str(folder), "--yes"]).exit_code == 0
    queue = "arn:aws:sqs:eu-west-1:123456789012:jobs"
    secret = "mysql=arn:aws:secretsmanager:eu-west-1:123456789012:secret:mysql-AbCdEf"
    options = ("--account", "123456789012", "--queue", queue, "--secret", secret, "--force")
    assert imported(folder, "--stack", "prod", *options).exit_code == 0
    project = SandboxProject(folder, sandbox_project.home, sandbox_project.environment)
    try:
        # The secrets exist before the stack, in a real account as in the sandbox.
        parameter = "arn:aws:ssm:eu-west-1:123456789012:parameter/copilot/shop/prod/secrets/GITHUB_TOKEN"
        for type_, arn, known in (
            ("aws:ssm/parameter:Parameter", parameter, f"arn={parameter}"),
            ("aws:secretsmanager/secret:Secret", secret.partition("=")[2], "name=mysql"),
        ):
            seeded = project.run("sandbox", "seed", type_, arn, "--input", known)
            assert seeded.code == 0, seeded.stderr
        # Sidecars of users violate task-user and task-read-only-root, which are mandatory for prod.
        up = project.run("up", "--stack", "prod", "--sandbox", "--no-policies", "--json")
        assert up.code == 0, up.stdout + up.stderr
        assert up.document["changes"]["create"] > 200
        assert project.run("preview", "--stack", "prod", "--sandbox", "--no-policies", "--expect-no-changes").code == 0
    finally:
        stop(folder / ".tierup")
