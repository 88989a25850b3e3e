"""Sets up a checkout: .venv, the locked packages, and tierup itself. `make` runs it first.

It runs with the machine's `python3`, so it uses only the standard library, and a syntax with which a Python that is too
old for tierup can still report that.

Nothing is done if pyproject.toml, requirements.lock, this file and the Python have not changed since the last set-up. A
second set-up at the same time waits for the first.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
STAMP = VENV / "set-up-of-tierup"
LOG = VENV / "set-up-of-tierup.log"
LOCKED = CHECKOUT / "requirements.lock"

OLDEST = (3, 11)
NEWER_PYTHONS = ("python3.14", "python3.13", "python3.12", "python3.11")
PROGRESS_SECONDS = 5.0


class SetUpError(Exception):
    """The set-up cannot continue. The text says what is wrong and what to do."""


def main() -> int:
    """Set up the checkout and return the exit code."""
    if sys.version_info < OLDEST:
        return _with_a_newer_python()
    try:
        with _alone():
            if _is_current():
                return 0
            _set_up()
    except SetUpError as error:
        notify(str(error))
        return 1
    except OSError as error:
        notify(_os_error_message(error))
        return 1
    except KeyboardInterrupt:
        notify("Interrupted. Run the same command again to continue.")
        return 130
    return 0


def notify(text: str) -> None:
    """Print a message on standard error; standard output belongs to the commands that follow."""
    print(text, file=sys.stderr, flush=True)


def _with_a_newer_python() -> int:
    for name in NEWER_PYTHONS:
        found = shutil.which(name)
        if found is not None:
            return subprocess.call([found, "-I", *sys.argv])
    notify(
        "tierup needs Python 3.11 or newer, and {} is Python {}. Install a newer one, or give its path: "
        "make PYTHON=/path/to/python3.11".format(sys.executable, ".".join(map(str, sys.version_info[:3])))
    )
    return 1


@contextlib.contextmanager
def _alone() -> Generator[None]:
    """Lock the checkout against another set-up."""
    import fcntl

    # The lock is on the folder itself, so it needs no file.
    handle = os.open(CHECKOUT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            notify("Waiting for another make that sets up this checkout")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _fingerprint() -> str:
    """Return a digest of what the set-up depends on, including the path, which a virtual environment contains."""
    digest = hashlib.sha256()
    for path in (LOCKED, CHECKOUT / "pyproject.toml", Path(__file__)):
        digest.update(path.read_bytes())
    return f"{digest.hexdigest()} {CHECKOUT} {sys.version_info[0]}.{sys.version_info[1]}\n"


def _is_current() -> bool:
    return STAMP.is_file() and STAMP.read_text() == _fingerprint() and _python().exists()


def _python() -> Path:
    return VENV / "bin" / "python"


def _set_up() -> None:
    started = time.monotonic()
    wanted = _fingerprint()
    previous = STAMP.read_text() if STAMP.is_file() else None
    # Without the stamp, an interrupted set-up starts again; pip skips installed packages.
    STAMP.unlink(missing_ok=True)
    of_this_checkout_and_python = wanted.split(" ", 1)[1]
    if previous is not None and not previous.endswith(of_this_checkout_and_python):
        notify("The checkout was moved or Python was changed: creating .venv again")
        shutil.rmtree(VENV)
    _make_venv()
    packages = sum(1 for line in LOCKED.read_text().splitlines() if line[:1].isalnum())
    _pip(
        ["install", "--require-hashes", "--no-compile", "-r", str(LOCKED)],
        f"Installing {packages} locked packages into .venv (about 850 MB)",
    )
    # The build tools are in the lock as well, so this needs no network.
    _pip(
        ["install", "--no-deps", "--no-build-isolation", "--no-index", "-e", str(CHECKOUT)], "Installing tierup itself"
    )
    STAMP.write_text(wanted)
    notify(f"Set up in {time.monotonic() - started:.0f} s")


def _make_venv() -> None:
    try:
        import ensurepip  # noqa: F401  # pyright: ignore[reportUnusedImport] (only whether it exists)
    except ImportError:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise SetUpError(
            f"This Python {version} cannot make virtual environments, because ensurepip is missing. "
            f"On Debian and Ubuntu: apt install python{version}-venv"
        ) from None
    if _python().exists():
        runs = subprocess.run([_python(), "-m", "pip", "--version"], capture_output=True, check=False)
        if runs.returncode == 0:
            return
        shutil.rmtree(VENV)
    notify("Creating .venv")
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise _failed("Creating .venv", made.stdout + made.stderr)


def _pip(arguments: list[str], what: str) -> None:
    """Run pip with one line of progress at least every PROGRESS_SECONDS; its output goes to a log."""
    notify(what)
    started = last_said = time.monotonic()
    command = [str(_python()), "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]
    command += ["--progress-bar", "off"]
    with LOG.open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        try:
            while process.poll() is None:
                time.sleep(0.1)
                now = time.monotonic()
                if now - last_said >= PROGRESS_SECONDS:
                    last_said = now
                    notify(f"  {now - started:.0f} s  {_last_line(LOG)}")
        except BaseException:
            process.terminate()
            process.wait()
            raise
    if process.returncode != 0:
        raise _failed(what, LOG.read_text(errors="replace"))


def _last_line(path: Path) -> str:
    """Return the last line of pip's log, at most 90 characters of it."""
    lines = path.read_text(errors="replace").strip().splitlines()
    line = lines[-1].strip() if lines else ""
    return line if len(line) <= 90 else line[:89] + "…"


def _failed(what: str, printed: str) -> SetUpError:
    if "No space left on device" in printed:
        return SetUpError(_disk_full())
    if "Permission denied" in printed or "Read-only file system" in printed:
        return SetUpError(_read_only())
    if "DO NOT MATCH THE HASHES" in printed:
        why = "the hash of a package differs from requirements.lock. Do not install it before you know why."
    elif "Could not find a version" in printed or "Connection" in printed or "NewConnectionError" in printed:
        why = "the Python package index cannot be reached, or does not have a package of requirements.lock."
    else:
        why = "see pip's output above."
    tail = "\n".join(printed.strip().splitlines()[-12:])
    return SetUpError(f"{tail}\n\n{what} failed: {why}")


def _os_error_message(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _disk_full()
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return _read_only()
    return f"The set-up failed: {error}"


def _disk_full() -> str:
    return f"{CHECKOUT}: no space left on the disk. The set-up needs about 1 GB; free some space and run this again."


def _read_only() -> str:
    return (
        f"{CHECKOUT}: the folder is not writable, and .venv is created in it. Make it writable, or clone it elsewhere."
    )


if __name__ == "__main__":
    sys.exit(main())
