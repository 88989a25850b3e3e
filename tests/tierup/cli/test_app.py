"""The command line: its options, and the errors that it reports before anything is started."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tierup.cli.app import app
from tierup.sandbox import SandboxProcess

runner = CliRunner()

RUNNING = SandboxProcess(pid=1, ports={"aws": 1}, started=0.0, version="0")  # no process listens


def already_running(_: Path) -> SandboxProcess:
    """Return a running sandbox without starting one."""
    return RUNNING


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: trial\nmain: stacks\nruntime: python\n")
    (folder / "Pulumi.dev.yaml").write_text("config: {}\n")
    for name in list(os.environ):
        if name.startswith(("AWS_", "PULUMI_", "TIERUP_HOME")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TIERUP_CACHE", os.environ.get("TIERUP_CACHE") or str(tmp_path / "cache"))
    # The commands of these tests end before they start the engine.
    engine = tmp_path / "bin" / "pulumi"
    engine.parent.mkdir()
    engine.write_text("#!/bin/sh\necho v3.259.0\n")
    engine.chmod(0o755)
    monkeypatch.setenv("PATH", f"{engine.parent}:{os.environ['PATH']}")
    return folder


def invoke(*arguments: str) -> Result:
    return runner.invoke(app, list(arguments))


def test_help_imports_no_slow_packages() -> None:
    script = (
        "import sys\nfrom typer.testing import CliRunner\nfrom tierup.cli.app import app\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        "slow = ('pulumi', 'grpc', 'boto3', 'botocore', 'yaml', 'tierup.sandbox', 'tierup.deployment')\n"
        "print([name for name in slow if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_documents_each_exit_code() -> None:
    text = " ".join(invoke("--help").stdout.split())
    for code in (
        "0 success",
        "2 wrong options",
        "3 a mandatory policy",
        "4 no engine",
        "5 no credentials",
        "130 interrupted",
    ):
        assert code in text


@pytest.mark.parametrize("command", ["up", "preview", "refresh", "destroy"])
def test_missing_credentials_are_reported_with_both_remedies(command: str, project: Path) -> None:
    result = (
        invoke(command, "--cwd", str(project), "--yes") if command != "preview" else invoke(command, "-C", str(project))
    )
    assert result.exit_code == 5
    assert "--sandbox" in result.stderr
    assert "AWS_ACCESS_KEY_ID" in result.stderr


def test_with_json_an_error_is_a_document(project: Path) -> None:
    result = invoke("up", "--json", "--cwd", str(project))
    document = json.loads(result.stdout)
    assert (document["result"], document["exit_code"]) == ("credentials", 5)
    assert document["error"] in result.stderr


def test_real_accounts_need_a_terminal_or_yes(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    for command in ("up", "refresh", "destroy"):
        result = invoke(command, "--cwd", str(project))
        assert result.exit_code == 2
        assert "Add --yes" in " ".join(result.stderr.split())


def test_a_shell_for_the_sandbox_is_rejected_for_real_accounts(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_DEBUG_PROVIDERS", "aws:1")
    result = invoke("up", "--cwd", str(project), "--yes")
    assert result.exit_code == 2
    assert "add --sandbox" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--stack", "prod"), "Stacks with settings: dev"),
        (("--stack", "a b"), "not a valid name"),
        (("--cwd", "/"), "no Pulumi.yaml"),
        (("--cwd", "/does/not/exist"), "not a folder"),
    ],
)
def test_wrong_options_exit_with_2_before_anything_is_started(
    project: Path, arguments: tuple[str, ...], message: str
) -> None:
    where = () if "--cwd" in arguments else ("--cwd", str(project))
    result = invoke("up", "--sandbox", *arguments, *where)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not (project / ".tierup").exists()


def test_a_missing_stack_cannot_be_destroyed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tierup import sandbox

    monkeypatch.setattr(sandbox, "ensure_running", already_running)
    result = invoke("destroy", "--sandbox", "--cwd", str(project))
    assert result.exit_code == 2
    assert "no such stack in the sandbox" in result.stderr


def test_a_missing_engine_exits_with_4_and_the_remedy(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tierup.engine

    def raise_error(*_: object) -> None:
        raise tierup.engine.EngineError("There is no engine.", "Install one.")

    monkeypatch.setattr(tierup.engine, "find_or_install", raise_error)
    result = invoke("up", "--sandbox", "--cwd", str(project))
    assert (result.exit_code, result.stderr.strip()) == (4, "There is no engine. Install one.")


def test_a_sandbox_that_does_not_start_exits_with_4(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tierup import sandbox

    def raise_error(_: Path) -> None:
        raise sandbox.SandboxError("--port: in use on 127.0.0.1 (got 4711).")

    monkeypatch.setattr(sandbox, "ensure_running", raise_error)
    result = invoke("up", "--sandbox", "--cwd", str(project))
    assert result.exit_code == 4
    assert "--port: in use on 127.0.0.1 (got 4711)." in result.stderr


@pytest.mark.parametrize(
    ("number", "message"), [(28, "no space left on the disk"), (30, "may not write"), (13, "may not write")]
)
def test_disk_errors_are_reported_with_the_path(
    project: Path, monkeypatch: pytest.MonkeyPatch, number: int, message: str
) -> None:
    from tierup import sandbox
    from tierup.deployment import sandbox_backend

    def raise_error(*_: object) -> None:
        raise OSError(number, os.strerror(number), str(project / ".tierup"))

    monkeypatch.setattr(sandbox, "ensure_running", already_running)
    monkeypatch.setattr(sandbox_backend, "write_if_changed", raise_error)
    result = invoke("up", "--sandbox", "--cwd", str(project))
    assert result.exit_code == 1
    assert message in result.stderr
    assert str(project / ".tierup") in result.stderr


def test_adopt_requires_a_urn_and_an_id(project: Path) -> None:
    result = invoke("up", "--adopt", "no-urn", "--cwd", str(project))
    assert result.exit_code == 2
    assert "URN=ID" in result.stderr


def test_sandbox_help_lists_its_commands() -> None:
    result = invoke("sandbox", "--help")
    assert result.exit_code == 0
    for command in ("start", "env", "ls", "faults", "coverage"):
        assert command in result.stdout


def test_version_prints_the_packages_version() -> None:
    assert invoke("--version").stdout.startswith("tierup ")
