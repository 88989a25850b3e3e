from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import wait_until
from tierup.engine import EngineError, source_build
from tierup.engine.source_build import VERSION

from .conftest import FakeCommand

pytestmark = pytest.mark.usefixtures("cache_folder")

# Prints what Go prints, and writes a `pulumi` that prints its version to the path after -o.
GO = """
if [ "$1" = version ]; then echo go version go1.26.8 linux/amd64; exit; fi
env > "$LOGS/env-$$"; ls > "$LOGS/sources-$$"
echo "go: downloading example.org/module v1.0.0" >&2
echo example.org/module >&2
{before}
for argument; do
    case $argument in *version.Version=*) version=${{argument##*=}};; esac
    [ "$previous" = -o ] && output=$argument
    previous=$argument
done
printf '#!/bin/sh\\necho %s\\n' "$version" > "$output"; chmod +x "$output"
{after}
"""


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    monkeypatch.setenv("LOGS", str(folder))
    return folder


def _go(fake_command: FakeCommand, *, before: str = "", after: str = "") -> None:
    fake_command("go", GO.format(before=before, after=after))


def _silent(_: str) -> None: ...


def test_build_leaves_only_the_engine_in_the_cache(fake_command: FakeCommand, logs: Path) -> None:
    _go(fake_command)
    messages: list[str] = []
    built = source_build.build(messages.append)
    assert built == source_build.executable()
    assert subprocess.check_output([built, "version"], text=True) == f"{VERSION}\n"
    assert [path.name for path in built.parent.iterdir()] == ["pulumi"]
    assert "go1.26.8" in messages[0]
    (sources,) = logs.glob("sources-*")
    assert sources.read_text().split() == ["go.mod", "go.sum"]


def test_the_users_go_settings_do_not_affect_the_build(
    fake_command: FakeCommand, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"GOFLAGS": "-mod=vendor", "GOTOOLCHAIN": "go1.99", "GOOS": "plan9", "GOWORK": "/w"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GOPROXY", "the-users-own")
    _go(fake_command)
    source_build.build(_silent)
    (seen,) = logs.glob("env-*")
    variables = {name: value for name, _, value in (line.partition("=") for line in seen.read_text().splitlines())}
    assert variables["GOFLAGS"].split()[0] == "-mod=readonly"
    assert (variables["GOTOOLCHAIN"], variables["GOWORK"], variables["CGO_ENABLED"]) == ("local", "off", "0")
    assert "GOOS" not in variables
    # A company's network may only allow downloads through its own proxy.
    assert variables["GOPROXY"] == "the-users-own"


def test_a_second_build_reuses_the_first(fake_command: FakeCommand, logs: Path) -> None:
    _go(fake_command)
    source_build.build(_silent)
    source_build.build(_silent)
    assert len(list(logs.glob("env-*"))) == 1


@pytest.mark.parametrize(
    ("after", "problem"),
    [
        ("echo 'undefined: thing' >&2; exit 1", r"go exited with 1\):\n(.*\n)*undefined: thing"),
        ("echo 'write x: no space left on device' >&2; exit 1", "no space left on the disk"),
        ("printf '#!/bin/sh\\necho v1.0.0\\n' > $output", "does not report version"),
    ],
)
def test_a_failed_build_reports_the_cause_and_leaves_nothing(
    fake_command: FakeCommand, logs: Path, after: str, problem: str
) -> None:
    _go(fake_command, after=after)
    with pytest.raises(EngineError, match=problem) as caught:
        source_build.build(_silent)
    assert caught.value.remedy
    assert [path.name for path in source_build.executable().parent.parent.iterdir()] == [f"{VERSION}.lock"]


def test_a_long_build_reports_progress_within_ten_seconds(
    fake_command: FakeCommand, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert source_build.PROGRESS_SECONDS < 10
    monkeypatch.setattr(source_build, "PROGRESS_SECONDS", 0.4)
    _go(fake_command, before="sleep 2")
    messages: list[str] = []
    source_build.build(messages.append)
    while_building = [sentence for sentence in messages if "1 modules downloaded, 1 packages compiled" in sentence]
    assert len(while_building) >= 2


@pytest.mark.parametrize("kill_signal", [signal.SIGINT, signal.SIGKILL])
def test_a_killed_build_leaves_no_engine_and_the_next_build_succeeds(
    fake_command: FakeCommand, logs: Path, kill_signal: signal.Signals
) -> None:
    _go(fake_command, after='if [ -e "$LOGS/slow" ]; then sleep 30; fi')
    (logs / "slow").touch()
    code = "from tierup.engine import source_build; source_build.build(lambda _: None)"
    with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL) as building:
        builds = source_build.executable().parent.parent
        wait_until(lambda: list(builds.glob(f"{VERSION}.unfinished-*/pulumi")), seconds=240)
        building.send_signal(kill_signal)
    assert not source_build.executable().exists()
    (logs / "slow").unlink()
    assert os.access(source_build.build(_silent), os.X_OK)
    assert sorted(path.name for path in source_build.executable().parent.parent.iterdir()) == [
        VERSION,
        f"{VERSION}.lock",
    ]


def test_too_little_disk_space_is_reported_before_the_build(
    fake_command: FakeCommand, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _go(fake_command)
    monkeypatch.setattr(source_build, "NEEDED_BYTES", 10**18)
    with pytest.raises(EngineError, match=r"got [\d.]+ GB free"):
        source_build.build(_silent)
    assert not list(logs.glob("env-*"))


def test_the_module_file_names_the_version_that_is_built() -> None:
    modules = (Path(source_build.__file__).parent / "build" / "go.mod").read_text()
    for module in ("pkg", "sdk"):
        assert re.search(rf"^\tgithub\.com/pulumi/pulumi/{module}/v3 {re.escape(VERSION)}( |$)", modules, re.MULTILINE)
