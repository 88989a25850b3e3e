"""`tierup add service` writes valid settings, keeps the file's comments, and refuses what the program rejects."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from tierup.cli.app import app

TEXT = """\
config:
  aws:region: eu-west-1
  tierup:phase: {phase} # the features
  tierup:tier: medium
  tierup:domain: app.example.com
  tierup:alertEmail: ops@example.com
  tierup:atlasOrgId: 0123456789abcdef01234567
  tierup:image: app:v1
  tierup:sizeOverrides:
    databaseMaxPoolSize: 40
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "Pulumi.prod.yaml").write_text(TEXT.format(phase="enterprise"))
    return tmp_path


def add(folder: Path, name: str, *options: str) -> Result:
    required = ("--image", f"{name}:v1", "--path", f"/{name}", "--path", f"/{name}/*")
    return CliRunner().invoke(
        app, ["add", "service", name, "--stack", "prod", "--cwd", str(folder), *required, *options]
    )


def services(folder: Path) -> dict[str, dict[str, object]]:
    return yaml.safe_load((folder / "Pulumi.prod.yaml").read_text())["config"].get("tierup:services", {})


def test_each_service_gets_a_free_priority(folder: Path) -> None:
    first = add(folder, "reports", "--port", "8080", "--tasks", "3")
    second = add(folder, "shop", "--json")
    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    assert services(folder) == {
        "reports": {
            "image": "reports:v1", "paths": ["/reports", "/reports/*"], "priority": 100, "port": 8080, "tasks": 3,
        },
        "shop": {"image": "shop:v1", "paths": ["/shop", "/shop/*"], "priority": 110},
    }  # fmt: skip
    assert "# the features" in (folder / "Pulumi.prod.yaml").read_text()
    assert json.loads(second.stdout)["changes"]["tierup:services.shop"]["priority"] == 110


def test_services_as_text_are_extended(folder: Path) -> None:
    entry = {"image": "reports:v1", "paths": ["/reports"], "priority": 205}
    file = folder / "Pulumi.prod.yaml"
    file.write_text(file.read_text() + f"  tierup:services: '{json.dumps({'reports': entry})}'\n")
    assert add(folder, "shop").exit_code == 0
    written = json.loads(str(services(folder)))
    assert (written["reports"], written["shop"]["priority"]) == (entry, 210)


def test_a_dry_run_writes_nothing(folder: Path) -> None:
    result = add(folder, "reports", "--dry-run")
    assert (result.exit_code, services(folder)) == (0, {})
    assert "Would add service reports" in result.stdout


@pytest.mark.parametrize(
    ("name", "options", "reason"),
    [
        ("reports", ("--priority", "0"), "priority"),
        ("reports", ("--cpu", "300"), "300"),
        ("reports", ("--tasks", "9"), "maxTasks"),
        ("backend", (), "backend"),
        ("Re ports", (), "Re ports"),
    ],
)
def test_what_the_program_rejects_is_not_written(
    folder: Path, name: str, options: tuple[str, ...], reason: str
) -> None:
    before = (folder / "Pulumi.prod.yaml").read_text()
    result = add(folder, name, *options)
    assert result.exit_code == 2
    assert reason in result.stderr
    assert (folder / "Pulumi.prod.yaml").read_text() == before


def test_a_service_needs_its_phase(folder: Path) -> None:
    (folder / "Pulumi.prod.yaml").write_text(TEXT.format(phase="scale"))
    result = add(folder, "reports")
    assert result.exit_code == 2
    assert "tierup:services" in result.stderr
    assert services(folder) == {}


def test_an_existing_service_is_not_replaced(folder: Path) -> None:
    assert add(folder, "reports").exit_code == 0
    again = add(folder, "reports", "--port", "1")
    assert (again.exit_code, "has this service already" in again.stderr) == (2, True)
    assert "port" not in services(folder)["reports"]
