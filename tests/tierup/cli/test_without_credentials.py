"""Every command that reads or changes a cloud ends with one sentence without credentials, and changes nothing."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from tests.tierup.preflight.conftest import environment
from tierup.cli.app import app
from tierup.deployment.errors import ExitCode
from tools.docs.tables import commands

__all__ = ["environment"]

SETTINGS = {
    "aws:region": "eu-west-1",
    "tierup:phase": "scale",
    "tierup:tier": "small",
    "tierup:domain": "app.example.com",
    "tierup:alertEmail": "ops@example.com",
    "tierup:atlasOrgId": "0123456789abcdef01234567",
}
ON_A_STACK: Mapping[str, tuple[str, ...]] = {
    "advise": (),
    "bootstrap": ("--bucket", "state", "--yes"),
    "connect": ("database",),
    "deploy": ("--image", "app:v1", "--yes"),
    "destroy": ("--yes",),
    "drift": (),
    "exec": ("--", "sh"),
    "failover": ("--to", "eu-central-1", "--yes"),
    "logs": (),
    "pause": ("--yes",),
    "preflight": (),
    "preview": (),
    "refresh": ("--yes",),
    "releases": (),
    "restart": (),
    "restore database": ("--snapshot", "latest", "--yes"),
    "resume": (),
    "rollback": ("--yes",),
    "rotate cache": ("--yes",),
    "rotate database": ("--yes",),
    "rotate origin-key": ("--yes",),
    "run": ("--", "sh"),
    "site deploy": ("dist",),
    "site purge": ("--tag", "news"),
    "site releases": (),
    "site rollback": (),
    "status": (),
    "switch": ("--phase", "enterprise", "--yes"),
    "up": ("--yes",),
}
"""Commands on a stack, with the arguments that they need."""
OTHERS: Mapping[str, tuple[str, ...]] = {
    "github comment": ("--pull-request", "1", "--body", "report.md", "--repository", "example/shop"),
    "github commit": (
        "Pulumi.prod.yaml",
        "--message",
        "Release",
        "--branch",
        "main",
        "--base",
        "0" * 40,
        "--repository",
        "example/shop",
    ),
    "github issue": ("--body", "report.md", "--repository", "example/shop"),
    "indexes": (),
    "review destroy": ("--pull-request", "1", "--from", "prod", "--yes"),
    "review sweep": ("--from", "prod", "--yes"),
    "review up": ("--pull-request", "1", "--from", "prod", "--yes"),
}
LOCAL = {
    "add service", "capacity", "check", "cost", "doctor", "explain", "import copilot", "init", "report",
}  # fmt: skip
"""Commands that read and change files of this machine only."""


def one_dollar(*_: object) -> Decimal:
    return Decimal(1)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project with a built site, and unset the credentials of all clouds."""
    for name in ("GITHUB_TOKEN", "GITHUB_REPOSITORY", "MONGODB_URI"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "project"
    (folder / "dist").mkdir(parents=True)
    (folder / "dist" / "index.html").write_text("<h1>Tasks</h1>")
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (folder / "Pulumi.prod.yaml").write_text(yaml.safe_dump({"config": SETTINGS}))
    (folder / "report.md").write_text("No changes.\n")
    (folder / "indexes.yaml").write_text((Path(__file__).parents[3] / "indexes.yaml").read_text())
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    monkeypatch.chdir(folder)
    # The cost needs the whole program, which takes seconds; tests/tierup/ci/test_review_stacks.py tests it.
    monkeypatch.setattr("tierup.ci.review_stacks.check_cost", one_dollar)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_command_is_listed() -> None:
    listed = {*ON_A_STACK, *OTHERS, *LOCAL}
    assert listed == {name for name in commands() if not name.startswith("sandbox ")}
    assert not LOCAL & {*ON_A_STACK, *OTHERS}


@pytest.mark.parametrize("command", sorted({*ON_A_STACK, *OTHERS}))
def test_without_credentials_a_command_ends_with_one_sentence(project: Path, command: str) -> None:
    before = contents(project)
    stack = ("--stack", "prod") if command in ON_A_STACK else ()
    given = ON_A_STACK.get(command) or OTHERS.get(command) or ()
    result = CliRunner().invoke(app, [*command.split(), *stack, *given])
    assert result.exit_code >= ExitCode.SETTINGS, result.output
    assert len(result.stderr.strip().splitlines()) == 1, result.stderr
    assert re.match(r"(AWS credentials: none found|GITHUB_TOKEN: must be set|MONGODB_URI: must be set)", result.stderr)
    assert contents(project) == before
