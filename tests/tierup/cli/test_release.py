"""`tierup deploy`, `rollback` and `releases`: what they refuse before anything starts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from tests.tierup.preflight.conftest import environment
from tierup.cli.app import app
from tierup.deployment.errors import ExitCode

__all__ = ["environment"]

SETTINGS = {
    "aws:region": "eu-west-1",
    "tierup:phase": "mvp",
    "tierup:tier": "small",
    "tierup:domain": "app.example.com",
    "tierup:alertEmail": "ops@example.com",
    "tierup:atlasOrgId": "0123456789abcdef01234567",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project that is not deployed, and unset all credentials."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (folder / "Pulumi.prod.yaml").write_text(yaml.safe_dump({"config": SETTINGS}))
    return folder


def run(project: Path, *arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [*arguments, "--stack", "prod", "--cwd", str(project)])
    return result.exit_code, result.stdout, result.stderr


COMMANDS = (
    ("deploy", "--image", "app:v1", "--yes"),
    ("rollback", "--yes"),
    ("releases",),
    ("status",),
    ("logs",),
    ("restart",),
    ("pause", "--yes"),
    ("resume",),
)
SESSIONS = (("exec", "--", "sh"), ("run", "--", "sh"), ("connect", "database"))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: each[0])
def test_without_credentials_a_command_changes_nothing(project: Path, command: tuple[str, ...]) -> None:
    before = (project / "Pulumi.prod.yaml").read_text()
    code, out, err = run(project, *command, "--json")
    assert code == ExitCode.CREDENTIALS
    assert json.loads(out)["error"] == err.strip()
    assert err.startswith("AWS credentials: none found")
    assert len(err.strip().splitlines()) == 1
    assert (project / "Pulumi.prod.yaml").read_text() == before


@pytest.mark.parametrize("command", SESSIONS, ids=lambda each: each[0])
def test_without_credentials_a_session_is_one_sentence(project: Path, command: tuple[str, ...]) -> None:
    name, *rest = command
    result = CliRunner().invoke(app, [name, "--stack", "prod", "--cwd", str(project), *rest])
    assert result.exit_code == ExitCode.CREDENTIALS
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "command", [("deploy", "--image", "app:v1"), ("rollback",), ("pause",)], ids=lambda each: each[0]
)
def test_without_a_terminal_a_command_needs_yes(project: Path, command: tuple[str, ...]) -> None:
    code, _, err = run(project, *command)
    assert (code, err.startswith("--yes: must be set")) == (ExitCode.SETTINGS, True)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ((), "--image, --build: exactly one must be set"),
        (("--image", "app:v1", "--dockerfile", "Dockerfile"), "--dockerfile: needs --build"),
        (("--image", "app:v1", "--build", "."), "--image, --build: exactly one must be set"),
        (("--build", ".", "--sandbox"), "--build: not possible in the sandbox"),
    ],
)
def test_wrong_options_are_refused(project: Path, options: tuple[str, ...], reason: str) -> None:
    code, _, err = run(project, "deploy", "--yes", *options)
    assert (code, err.startswith(reason)) == (ExitCode.SETTINGS, True)
