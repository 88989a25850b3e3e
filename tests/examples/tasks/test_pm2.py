"""The sample application under PM2, as on a machine without containers: start, crash, reload, stop."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.examples.tasks.client import Client
from tests.waiting import wait_until
from tools.app import programs
from tools.app.processes import Application, free_port, health_status

pytestmark = pytest.mark.app

_LINKED = ("server.js", "worker.js", "package.json", "environment.json", "src", "node_modules")


@dataclass
class Pm2:
    """PM2 with its own home, in a folder with the files of the backend."""

    folder: Path
    port: int
    environment: dict[str, str]

    def run(self, *arguments: str) -> str:
        """Run a command of PM2 and return its output."""
        done = subprocess.run(
            [programs.node(), str(programs.pm2(print)), *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        assert done.returncode == 0, f"pm2 {' '.join(arguments)}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done.stdout

    def processes(self, name: str) -> list[dict[str, Any]]:
        """Return the processes of an application, each with `pid` and `pm2_env`."""
        listed = self.run("jlist")
        found: list[dict[str, Any]] = json.loads(listed[listed.index("[") :])
        return [each for each in found if each["name"] == name]

    def online(self, name: str) -> list[int]:
        """Return the process ids of an application that run."""
        return [each["pid"] for each in self.processes(name) if each["pm2_env"]["status"] == "online"]


@pytest.fixture
def pm2(application: Application, tmp_path: Path) -> Iterator[Pm2]:
    """Return PM2 with the API and the worker of ecosystem.config.cjs."""
    for name in _LINKED:
        (tmp_path / name).symlink_to(programs.BACKEND / name)
    shutil.copyfile(programs.BACKEND / "ecosystem.config.cjs", tmp_path / "ecosystem.config.cjs")
    port = free_port()
    environment = application.environment(PORT=str(port), DRAIN_SECONDS="1", PM2_HOME=str(tmp_path / "pm2-home"))
    found = Pm2(tmp_path, port, environment | {"HOME": str(tmp_path)})
    found.run("start", "ecosystem.config.cjs")
    try:
        wait_until(lambda: health_status(port) == 200, 30)
        yield found
    finally:
        found.run("kill")


def test_pm2_runs_the_api_restarts_it_and_reloads_it_without_losing_a_request(pm2: Pm2) -> None:
    count = len(pm2.online("api"))
    assert count == psutil.cpu_count()
    assert len(pm2.online("worker")) == 1
    assert (pm2.folder / "logs" / "combined.log").is_file()
    user = Client(port=pm2.port).sign_up(f"{uuid.uuid4().hex}@example.com")

    killed = pm2.online("api")[0]
    psutil.Process(killed).kill()
    wait_until(lambda: len(pm2.online("api")) == count and killed not in pm2.online("api"), 30)

    before = set(pm2.online("api"))
    statuses: list[int] = []
    errors: list[str] = []
    stopped = threading.Event()

    def send_requests() -> None:
        while not stopped.is_set():
            client = Client(port=pm2.port, cookie=user.cookie)
            try:
                statuses.append(client.send("GET", "/api/tasks").status)
            except OSError as error:
                errors.append(repr(error))

    sender = threading.Thread(target=send_requests)
    sender.start()
    try:
        pm2.run("reload", "api")
        wait_until(lambda: len(pm2.online("api")) == count, 30)
    finally:
        stopped.set()
        sender.join()
    assert before.isdisjoint(pm2.online("api"))
    assert errors == []
    assert set(statuses) == {200}
    assert len(statuses) > 20
