"""`tierup init`: the files that it writes, the settings that it rejects, and the project on the real engine.

tests/tierup/test_wheel.py deploys such a project whenever the tests run.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from tests.tierup.deployment.conftest import SandboxProject
from tierup.cli.app import app
from tierup.program_loader import TEMPLATE
from tierup.program_settings import parse_settings

CHECKOUT = Path(__file__).parents[3]


def init(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["init", *arguments])


def settings(folder: Path, stack: str) -> Mapping[str, str]:
    return yaml.safe_load((folder / f"Pulumi.{stack}.yaml").read_text())["config"]


def test_a_project_has_the_settings_that_were_given(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    options = ("--region", "us-east-1", "--phase", "scale", "--tier", "medium", "--domain", "www.shop.example")
    result = init(str(folder), *options, "--alert-email", "ops@shop.example", "--atlas-org-id", "0" * 24)
    assert result.exit_code == 0, result.output
    assert yaml.safe_load((folder / "Pulumi.yaml").read_text())["name"] == "shop"
    prod, dev = settings(folder, "prod"), settings(folder, "dev")
    assert (prod["tierup:phase"], prod["tierup:tier"]) == ("scale", "medium")
    assert (dev["tierup:phase"], dev["tierup:tier"]) == ("mvp", "small")
    assert prod["tierup:domain"] == "www.shop.example"
    assert (prod["tierup:apiDomain"], dev["tierup:domain"]) == ("api.shop.example", "dev.shop.example")
    assert prod["tierup:atlasOrgId"] == "0" * 24, "YAML must not read it as a number"
    for stack in ("dev", "prod"):
        parsed = parse_settings(settings(folder, stack), stack)
        assert parsed.alert_email == "ops@shop.example"


def test_a_domain_of_two_labels_is_the_zone_itself(tmp_path: Path) -> None:
    assert init(str(tmp_path / "shop"), "--domain", "shop.example").exit_code == 0
    assert settings(tmp_path / "shop", "prod")["tierup:apiDomain"] == "api.shop.example"
    assert settings(tmp_path / "shop", "dev")["tierup:domain"] == "dev.shop.example"


def test_on_a_terminal_it_prompts_for_the_options_that_were_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tierup.cli.init._has_terminal", lambda: True)
    answers = ["us-east-1", "scale", "", "", ""]
    arguments = ["init", str(tmp_path / "shop"), "--domain", "www.shop.example"]
    result = CliRunner().invoke(app, arguments, input="\n".join(answers) + "\n")
    assert result.exit_code == 0, result.output
    assert "AWS region [eu-west-1]" in result.stdout
    assert "Domain of the prod" not in result.stdout
    prod = settings(tmp_path / "shop", "prod")
    assert (prod["aws:region"], prod["tierup:phase"], prod["tierup:tier"]) == ("us-east-1", "scale", "small")


def test_json_lists_the_files_that_exist_afterwards(tmp_path: Path) -> None:
    document: dict[str, Any] = json.loads(init(str(tmp_path / "shop"), "--json").stdout)
    assert (document["project"], document["stacks"]) == ("shop", ["dev", "prod"])
    written = [path.relative_to(tmp_path / "shop").as_posix() for path in (tmp_path / "shop").rglob("*")]
    assert document["files"] == sorted(path for path in written if (tmp_path / "shop" / path).is_file())
    assert {".gitignore", ".github/workflows/deploy.yml", "policies/exceptions.yaml"} <= set(document["files"])


def test_existing_files_are_overwritten_with_force_alone(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: mine\n")
    result = init(str(tmp_path), "--name", "shop")
    assert result.exit_code == 2
    assert "files exist already" in result.stderr
    assert "Pulumi.yaml" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["Pulumi.yaml"], "nothing was written"
    assert init(str(tmp_path), "--name", "shop", "--force").exit_code == 0
    assert yaml.safe_load((tmp_path / "Pulumi.yaml").read_text())["name"] == "shop"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--phase", "later"), "tierup:phase"),
        (("--domain", "no domain"), "tierup:domain"),
        (("--atlas-org-id", "short"), "tierup:atlasOrgId"),
        (("--phase", "enterprise", "--tier", "small"), "M30 or larger"),
        (("--name", "a/b"), "--name: not a valid project name (got 'a/b')"),
    ],
)
def test_rejected_settings_exit_with_2_and_write_nothing(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    result = init(str(tmp_path / "shop"), *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not (tmp_path / "shop").exists()


def test_the_templates_stack_defaults_are_valid_settings() -> None:
    template = yaml.safe_load((TEMPLATE / "Pulumi.yaml").read_text())["template"]
    defaults = {key: str(value["default"]) for key, value in template["config"].items()}
    assert parse_settings(defaults, "dev").alert_email == "alerts@example.com"


@pytest.mark.parametrize("name", ["indexes.yaml", "policies/exceptions.yaml", "policies/environments/prod.json"])
def test_the_template_has_the_checkouts_own_file(name: str) -> None:
    assert (TEMPLATE / name).read_text() == (CHECKOUT / name).read_text()


@pytest.mark.engine
@pytest.mark.exhaustive
def test_a_new_project_deploys_to_the_sandbox_and_a_second_preview_is_empty(
    sandbox_project: SandboxProject, tmp_path: Path
) -> None:
    folder = tmp_path / "shop"
    assert init(str(folder)).exit_code == 0
    project = SandboxProject(folder, sandbox_project.home, sandbox_project.environment)
    up = project.run("up", "--sandbox", "--json")
    assert up.code == 0, up.stdout + up.stderr
    assert up.document["changes"]["create"] > 100
    assert project.run("preview", "--sandbox", "--expect-no-changes").code == 0
    assert project.run("preview", "--stack", "prod", "--sandbox").code == 0


@pytest.mark.engine
def test_pulumi_new_creates_a_project_from_the_template(sandbox_project: SandboxProject, tmp_path: Path) -> None:
    from tierup.engine import find_or_install

    folder = tmp_path / "new"
    folder.mkdir()
    engine = find_or_install()
    done = subprocess.run(
        [engine.path, "new", str(TEMPLATE), "--generate-only", "--yes", "--name", "shop", "--description", "A shop"],
        cwd=folder,
        env={**sandbox_project.environment, **engine.environment(), "PULUMI_BACKEND_URL": f"file://{tmp_path}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    project = yaml.safe_load((folder / "Pulumi.yaml").read_text())
    assert (project["name"], project["description"]) == ("shop", "A shop")
    assert "template" not in project
    workflow = ".github/workflows/deploy.yml"
    assert (folder / workflow).read_text() == (TEMPLATE / workflow).read_text()
    assert (folder / "__main__.py").read_text() == (TEMPLATE / "__main__.py").read_text()
    assert (folder / "policies/environments/dev.json").is_file()
