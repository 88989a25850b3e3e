"""`make app`, the build of the site, and the CPU limit of `make load`."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil
import pytest

from tests.examples.tasks.client import Client
from tests.waiting import wait_until
from tierup.deployment.errors import CommandError
from tools.app import cpu_limit
from tools.app.processes import free_port, health_status
from tools.app.programs import FRONTEND, ROOT, install_packages

pytestmark = pytest.mark.app

API_URL = "https://api.dev.example.com/api"


# --- make app ---


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int, int, Path]]:
    """Return `make app` with its ports and its output."""
    port, site_port, output = free_port(), free_port(), tmp_path / "output"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "tools.app", "run", "--port", str(port), "--site-port", str(site_port)],
            cwd=ROOT,
            stdout=file,
            stderr=subprocess.STDOUT,
            env={name: value for name, value in os.environ.items() if name not in ("MONGODB_URI", "REDIS_URL")},
        )
    wait_until(lambda: b"Press Ctrl-C" in output.read_bytes() or process.poll() is not None, 240)
    yield process, port, site_port, output
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def test_make_app_serves_api_and_site_until_ctrl_c(running: tuple[subprocess.Popen[bytes], int, int, Path]) -> None:
    process, port, site_port, output = running
    assert process.poll() is None, output.read_text()
    site = f"http://localhost:{site_port}"
    page = Client(port=site_port).send("GET", "/").body.decode()
    user = Client(port=port, origin=site).sign_up(f"{os.urandom(8).hex()}@example.com")
    listed = user.send("GET", "/api/tasks")
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    code = process.wait(60)
    assert "<title>Tasks</title>" in page
    assert (listed.status, listed.headers["access-control-allow-origin"]) == (200, site)
    assert code == 0
    assert len(children) >= 5
    assert [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE] == []


def test_make_app_reports_a_port_in_use(running: tuple[subprocess.Popen[bytes], int, int, Path]) -> None:
    _, port, _, _ = running
    done = subprocess.run(
        [sys.executable, "-m", "tools.app", "run", "--port", str(port)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert f"--port: the port is in use (got {port}). Give another one." in done.stderr
    assert health_status(port) == 200


# --- site ---


def build(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    install_packages(FRONTEND, print)
    return subprocess.run(
        [FRONTEND / "node_modules" / ".bin" / "vite", "build", "--outDir", folder, "--emptyOutDir"],
        cwd=FRONTEND,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def files(folder: Path) -> Mapping[str, str]:
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.*")}


def test_site_is_built_for_an_api(tmp_path: Path) -> None:
    done = build(tmp_path, VITE_API_URL=API_URL)
    assert done.returncode == 0, done.stderr
    built = files(tmp_path)
    (script,) = [name for name in built if re.fullmatch(r"assets/index-[\w-]{8}\.js", name)]
    assert API_URL in built[script]
    assert f'src="/{script}"' in built["index.html"]
    # The content security policy of the CDN allows no inline code.
    assert re.findall(r"<script(?![^>]*src=)|<style|\son\w+=|\sstyle=", built["index.html"]) == []


@pytest.mark.parametrize("url", ["", "api.example.com", "https://api.example.com"])
def test_site_is_not_built_without_the_address_of_the_api(tmp_path: Path, url: str) -> None:
    done = build(tmp_path, VITE_API_URL=url)
    assert done.returncode != 0
    assert "VITE_API_URL: not the address of the API" in done.stderr
    assert files(tmp_path) == {}


def test_site_above_its_budget_is_not_built(tmp_path: Path) -> None:
    done = build(tmp_path, VITE_API_URL=API_URL, BUNDLE_BUDGET_KB="1")
    assert done.returncode != 0
    assert "bundle: over its budget" in done.stderr
    assert files(tmp_path) == {}


# --- CPU limit ---


def test_process_of_the_load_run_gets_the_cpu_of_its_task() -> None:
    busy = [sys.executable, "-c", "while True: pass"]
    try:
        with cpu_limit.prioritised() as limits, limits.limited_to(256) as enter:
            process = subprocess.Popen(busy, preexec_fn=enter)
            try:
                time.sleep(3)
                used = sum(psutil.Process(process.pid).cpu_times()[:2])
            finally:
                process.kill()
                process.wait()
        assert 0.3 < used < 1.0  # a quarter of 3 s is 0.75 s
        assert not limits.group.exists()
    except CommandError as error:
        pytest.skip(error.message)
