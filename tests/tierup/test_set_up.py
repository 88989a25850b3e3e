"""The set-up of small checkouts: each test starts `python3 -I tierup/set_up.py` as make does."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tierup import set_up

SCRIPT = Path(set_up.__file__)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create a checkout that is set up. It needs no network: neither lock nor build name a package."""
    folder = tmp_path_factory.mktemp("finished") / "check out"  # with a space, which a path may contain
    (folder / "tierup").mkdir(parents=True)
    shutil.copy(SCRIPT, folder / "tierup")
    (folder / "requirements.lock").write_text("")
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "small"\nversion = "0.1.0"\n'
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )
    (folder / "backend.py").write_text(BACKEND)
    code, messages = _set_up(folder)
    assert (code, messages.splitlines()[0]) == (0, "Creating .venv"), messages
    return folder


@pytest.fixture
def checkout(tmp_path: Path, finished: Path) -> Iterator[Path]:
    """Create a checkout that is not set up yet, with a .venv of an earlier run, because creating one takes seconds."""
    folder = tmp_path / "check out"
    shutil.copytree(finished, folder, symlinks=True)
    (folder / ".venv" / set_up.STAMP.name).unlink()
    yield folder
    shutil.rmtree(folder)


# The smallest build backend that PEP 660 allows.
BACKEND = """
import pathlib, zipfile

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    name = "small-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(wheel_directory, name), "w") as wheel:
        wheel.writestr("small.pth", str(pathlib.Path.cwd()))
        info = "small-0.1.0.dist-info"
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: small\\nVersion: 0.1.0\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return name

build_wheel = build_editable
"""


def _start(checkout: Path, before: str = "", path: str | None = None) -> subprocess.Popen[str]:
    """Start the set-up as make does; `before` is Python code that runs first, to break something."""
    script = checkout / "tierup" / "set_up.py"
    run = f"import runpy, sys; {before}\nrunpy.run_path({str(script)!r}, run_name='__main__')"
    return subprocess.Popen(
        [sys.executable, "-I", "-c", run] if before else [sys.executable, "-I", str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ if path is None else {**os.environ, "PATH": path},
    )


def _set_up(checkout: Path, before: str = "", path: str | None = None) -> tuple[int, str]:
    with _start(checkout, before, path) as process:
        _, messages = process.communicate(timeout=120)
    assert "Traceback" not in messages
    return process.returncode, messages


def test_a_second_run_does_nothing(finished: Path) -> None:
    assert _set_up(finished) == (0, "")


def test_a_changed_input_installs_again(checkout: Path) -> None:
    assert _set_up(checkout)[0] == 0
    (checkout / "requirements.lock").write_text("# another\n")
    code, messages = _set_up(checkout)
    assert (code, messages.splitlines()[0]) == (0, "Installing 0 locked packages into .venv (about 850 MB)")


def test_a_moved_checkout_gets_a_new_environment(checkout: Path) -> None:
    stamp = checkout / ".venv" / set_up.STAMP.name
    assert _set_up(checkout)[0] == 0
    stamp.write_text(stamp.read_text().replace("check out", "an older place"))
    (checkout / ".venv" / "of the old place").touch()
    code, messages = _set_up(checkout)
    assert (code, messages.splitlines()[0]) == (0, "The checkout was moved or Python was changed: creating .venv again")
    assert not (checkout / ".venv" / "of the old place").exists()


def test_an_interrupted_set_up_is_repeated(checkout: Path) -> None:
    (checkout / "backend.py").write_text("raise SystemExit('cut short')")
    code, messages = _set_up(checkout)
    assert code == 1
    assert "Installing tierup itself failed" in messages
    (checkout / "backend.py").write_text(BACKEND)
    code, messages = _set_up(checkout)
    assert code == 0, messages
    assert "Installing tierup itself" in messages


def test_a_second_set_up_waits_for_the_first(checkout: Path) -> None:
    handle = os.open(checkout, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with _start(checkout) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "Waiting for another make that sets up this checkout\n"
        assert process.poll() is None
        os.close(handle)
        assert process.stderr.readline().startswith("Installing 0 locked packages")
        process.communicate(timeout=120)
    assert process.returncode == 0


def test_a_python_that_is_too_old_is_reported(checkout: Path, tmp_path: Path) -> None:
    code, messages = _set_up(checkout, "sys.version_info = (3, 9, 2)", path=str(tmp_path))
    assert code == 1
    assert messages.startswith("tierup needs Python 3.11 or newer, and ")
    assert "is Python 3.9.2" in messages
    assert len(messages.splitlines()) == 1


def test_a_newer_python_on_path_is_used(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    newer = tmp_path / "bin" / "python3.12"
    newer.write_text('#!/bin/sh\necho "newer: $1" >&2\n')
    newer.chmod(0o755)
    code, messages = _set_up(checkout, "sys.version_info = (3, 9, 2)", path=f"{newer.parent}:/usr/bin:/bin")
    assert (code, messages) == (0, "newer: -I\n")


def test_a_python_without_ensurepip_is_reported_with_the_package_to_install(checkout: Path) -> None:
    code, messages = _set_up(checkout, "sys.modules['ensurepip'] = None")
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert code == 1
    assert messages.endswith(f"On Debian and Ubuntu: apt install python{version}-venv\n")
    assert len(messages.splitlines()) == 1


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "{}: no space left on the disk."),
        (errno.EROFS, "{}: the folder is not writable"),
        (errno.EACCES, "{}: the folder is not writable"),
    ],
)
def test_errors_of_the_operating_system_are_one_line(checkout: Path, number: int, sentence: str) -> None:
    # Root may write anywhere, so a replacement of the first call that would fail raises the error.
    shutil.rmtree(checkout / ".venv")
    raises_error = f"import subprocess; e = OSError({number}, 'refused')\ndef no(*a, **k): raise e\nsubprocess.run = no"
    code, messages = _set_up(checkout, raises_error)
    assert code == 1
    assert messages.splitlines()[-1].startswith(sentence.format(checkout))


def test_a_disk_that_fills_while_pip_installs_is_one_line(checkout: Path) -> None:
    (checkout / "backend.py").write_text("raise OSError(28, 'No space left on device')")
    code, messages = _set_up(checkout)
    assert code == 1
    assert messages.splitlines()[-1].startswith(f"{checkout}: no space left on the disk")
