from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tierup.engine import EngineError, find_or_install
from tierup.engine.source_build import VERSION

from .conftest import FakeCommand

pytestmark = pytest.mark.usefixtures("cache_folder")


def _cached(cache_folder: Path) -> Path:
    engine = cache_folder / "engine" / VERSION / "pulumi"
    engine.parent.mkdir(parents=True)
    engine.write_text(f"#!/bin/sh\necho {VERSION}\n")
    engine.chmod(0o755)
    return engine


def test_pulumi_on_path_is_preferred(fake_command: FakeCommand, cache_folder: Path) -> None:
    _cached(cache_folder)
    pulumi = fake_command("pulumi", "echo v3.250.0")
    fake_command("pulumi-language-python", "echo official")
    engine = find_or_install(allow_build=False)
    assert (engine.path, engine.version, engine.origin, engine.has_language_host) == (pulumi, "v3.250.0", "path", True)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo v3.199.9", "is v3.199.9, older than the v3.200.0 that tierup needs"),
        ("exit 1", "does not run `pulumi version`"),
    ],
)
def test_an_unusable_pulumi_is_skipped_with_a_message(
    fake_command: FakeCommand, cache_folder: Path, script: str, reason: str
) -> None:
    cached = _cached(cache_folder)
    fake_command("pulumi", script)
    messages: list[str] = []
    engine = find_or_install(messages.append, allow_build=False)
    assert (engine.path, engine.origin, engine.version) == (cached, "built", VERSION)
    assert len(messages) == 1
    assert reason in messages[0]


def test_an_engine_on_path_from_the_cache_has_the_caches_origin(
    fake_command: FakeCommand, cache_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached = _cached(cache_folder)
    fake_command("unrelated", "")
    monkeypatch.setenv("PATH", f"{cached.parent}{os.pathsep}{os.environ['PATH']}")
    assert find_or_install(allow_build=False).origin == "built"


def test_a_built_engine_gets_the_shims_beside_it(fake_command: FakeCommand, cache_folder: Path) -> None:
    cached = _cached(cache_folder)
    fake_command("unrelated", "")
    engine = find_or_install(allow_build=False)
    assert not engine.has_language_host
    # Without tierup's environment variables it reports which one is missing, instead of a Python traceback.
    started = subprocess.run([cached.parent / "pulumi-language-python"], capture_output=True, text=True, check=False)
    assert started.returncode == 1
    assert 'eval "$(tierup sandbox env)"' in started.stderr


def test_a_missing_engine_is_reported_with_the_remedy(fake_command: FakeCommand) -> None:
    fake_command("unrelated", "")
    with pytest.raises(EngineError, match=r"there is no Pulumi CLI") as caught:
        find_or_install(allow_build=False)
    assert "Install the Pulumi CLI" in caught.value.remedy
