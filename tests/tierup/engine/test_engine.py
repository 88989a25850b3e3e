from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tierup.engine.engine import (
    SHIMS,
    TIERUP_HOST,
    Engine,
    is_tierup_host,
    official_language_host,
    version_number,
    version_of,
)

from .conftest import FakeCommand


def _engine(path: Path, *, host: bool) -> Engine:
    return Engine(path=path, version="v3.259.0", origin="built", has_language_host=host)


def test_engine_with_official_host_adds_only_its_folder_to_path(fake_command: FakeCommand) -> None:
    pulumi = fake_command("pulumi", "")
    environment = _engine(pulumi, host=True).environment()
    assert environment["PATH"].split(os.pathsep) == [str(pulumi.parent), "/usr/bin", "/bin"]
    assert "TIERUP_PYTHON" not in environment


def test_engine_without_official_host_gets_the_shims_on_path(fake_command: FakeCommand) -> None:
    environment = _engine(fake_command("pulumi", ""), host=False).environment()
    assert str(SHIMS) in environment["PATH"].split(os.pathsep)
    assert environment["TIERUP_PYTHON"] == sys.executable
    assert Path(environment["TIERUP_LANGUAGE_HOST"]) == TIERUP_HOST


def test_a_host_beside_the_engine_replaces_the_shims_on_path(fake_command: FakeCommand) -> None:
    pulumi = fake_command("pulumi", "")
    fake_command("pulumi-language-python", "exec $TIERUP_LANGUAGE_HOST")
    assert str(SHIMS) not in _engine(pulumi, host=False).environment()["PATH"]


def test_applying_the_environment_twice_changes_nothing(
    fake_command: FakeCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = _engine(fake_command("pulumi", ""), host=False)
    once = engine.environment()
    monkeypatch.setenv("PATH", once["PATH"])
    assert engine.environment() == once


def test_tierups_host_is_not_recognized_as_official(fake_command: FakeCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    pulumi = fake_command("pulumi", "")
    monkeypatch.setenv("PATH", f"{SHIMS}{os.pathsep}{os.environ['PATH']}")
    assert is_tierup_host(SHIMS / "pulumi-language-python")
    assert official_language_host(pulumi) is None
    official = fake_command("pulumi-language-python", "echo official")
    assert official_language_host(pulumi) == official


def test_an_official_host_after_tierups_on_path_is_found(
    tmp_path: Path, fake_command: FakeCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    official = fake_command("pulumi-language-python", "echo official")
    monkeypatch.setenv("PATH", f"{SHIMS}{os.pathsep}{os.environ['PATH']}")
    assert official_language_host(tmp_path / "elsewhere" / "pulumi") == official


@pytest.mark.parametrize(
    ("script", "version"),
    [
        ("echo v3.259.0", "v3.259.0"),
        ("echo 3.300.1", "3.300.1"),
        ("echo nonsense", None),
        ("echo v3.259.0; exit 1", None),
    ],
)
def test_version_is_the_clis_output(fake_command: FakeCommand, script: str, version: str | None) -> None:
    assert version_of(fake_command("pulumi", script)) == version


def test_a_file_that_is_not_executable_has_no_version(tmp_path: Path) -> None:
    assert version_of(tmp_path / "missing") is None


def test_versions_compare_as_numbers() -> None:
    assert version_number("v3.9.0") < version_number("v3.200.0-alpha.1") < version_number("v3.200.1")
    with pytest.raises(ValueError, match=r"'latest' is not a version such as v3\.259\.0"):
        version_number("latest")
