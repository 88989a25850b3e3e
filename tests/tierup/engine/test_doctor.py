from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tierup.engine import doctor
from tierup.engine.doctor import DoctorFinding, FindingStatus, NeededFor, diagnose

from .conftest import FakeCommand

SECRET = "hunter2"


@pytest.fixture(autouse=True)
def bare_machine(
    tmp_path: Path, fake_command: FakeCommand, cache_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Remove engine, Go, login and credentials."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "MONGODB_ATLAS_", "CLOUDFLARE_", "PULUMI_")):
            monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "PULUMI_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))


def _finding(project: Path, name: str) -> DoctorFinding:
    (found,) = [finding for finding in diagnose(project) if finding.name == name]
    return found


def test_a_bare_machine_lacks_the_engine_and_what_real_accounts_need(tmp_path: Path) -> None:
    findings = diagnose(tmp_path)
    missing = {finding.name: finding.needed for finding in findings if finding.status == FindingStatus.MISSING}
    assert missing == {
        "engine": NeededFor.ALWAYS,
        "language host": NeededFor.ALWAYS,
        "state backend": NeededFor.REAL_ACCOUNT,
        "AWS credentials": NeededFor.REAL_ACCOUNT,
        "MongoDB Atlas credentials": NeededFor.REAL_ACCOUNT,
    }
    for finding in findings:
        assert (finding.status == FindingStatus.OK) == (finding.remedy == ""), finding


@pytest.mark.parametrize(("kept", "status"), [(True, FindingStatus.OK), (False, FindingStatus.WARNING)])
def test_python_without_bytecode_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: bool, status: FindingStatus
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", not kept)
    found = _finding(tmp_path, "Python")
    assert found.status == status
    assert ("PYTHONDONTWRITEBYTECODE" in found.remedy) == (not kept)


def test_doctor_installs_nothing(tmp_path: Path, cache_folder: Path) -> None:
    diagnose(tmp_path)
    assert not cache_folder.exists()


def test_an_engine_that_is_too_old_is_reported_with_its_version(tmp_path: Path, fake_command: FakeCommand) -> None:
    pulumi = fake_command("pulumi", "echo v3.100.0")
    found = _finding(tmp_path, "engine")
    assert found.status == FindingStatus.MISSING
    assert f"{pulumi} is v3.100.0" in found.found


def test_engine_on_path_and_official_host_are_reported(tmp_path: Path, fake_command: FakeCommand) -> None:
    pulumi = fake_command("pulumi", "echo v3.260.0")
    host = fake_command("pulumi-language-python", "echo official")
    assert _finding(tmp_path, "engine").found == f"Pulumi v3.260.0 on PATH ({pulumi})."
    assert _finding(tmp_path, "language host").found == f"official ({host})"


def test_backend_is_found_in_the_engines_order_of_precedence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "PULUMI_HOME"
    home.mkdir()
    (home / "credentials.json").write_text(json.dumps({"current": "https://api.pulumi.com"}))
    assert _finding(tmp_path, "state backend").found == "https://api.pulumi.com (pulumi login)"
    (tmp_path / "Pulumi.yaml").write_text("name: x\nbackend: {url: 's3://team-state?region=eu-west-1'}\n")
    assert _finding(tmp_path, "state backend").found == "s3://team-state (Pulumi.yaml)"
    monkeypatch.setenv("PULUMI_BACKEND_URL", "file:///tmp/state")
    found = _finding(tmp_path, "state backend")
    assert found.found == "file:///tmp/state (PULUMI_BACKEND_URL)"
    assert found.status == FindingStatus.WARNING


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (f"postgres://user:{SECRET}@host/db", "postgres://host/db"),
        (f"azblob://box?storage_key={SECRET}", "azblob://box"),
        ("s3://plain/path", "s3://plain/path"),
    ],
)
def test_backend_url_is_shown_without_secrets(url: str, shown: str) -> None:
    assert doctor.without_secrets(url) == shown


def test_report_contains_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "MONGODB_ATLAS_PUBLIC_KEY",
        "MONGODB_ATLAS_PRIVATE_KEY",
        "CLOUDFLARE_API_TOKEN",
        "PULUMI_ACCESS_TOKEN",
        "PULUMI_CONFIG_PASSPHRASE",
    ):
        monkeypatch.setenv(name, SECRET)
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"postgres://user:{SECRET}@host/db")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setattr("sys.dont_write_bytecode", False)  # the doctor would report it
    findings = diagnose(tmp_path)
    assert SECRET not in repr(findings)
    assert {finding.name for finding in findings if finding.status != FindingStatus.OK} == {"engine", "language host"}


def test_an_unwritable_cache_is_reported_by_the_doctor(tmp_path: Path, cache_folder: Path) -> None:
    cache_folder.write_text("a file where a folder belongs")
    found = _finding(tmp_path, "cache folder")
    assert found.status == FindingStatus.MISSING
    assert "TIERUP_CACHE" in found.remedy
