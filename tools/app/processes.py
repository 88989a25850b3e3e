"""Processes of the sample application on loopback: the database, Redis, the API and the worker."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tierup.deployment.errors import CommandError
from tierup.engine.watched_process import last_lines
from tools.app import programs

HOST = "127.0.0.1"
ORIGIN = "http://localhost:5173"  # of Vite's development server
_START_SECONDS = 30.0
_STOP_SECONDS = 30.0


@dataclass(kw_only=True)
class Process:
    """A running program with a log file."""

    name: str
    log: Path
    popen: subprocess.Popen[bytes]

    @classmethod
    def start(
        cls,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
        before_exec: Callable[[], None] | None = None,
    ) -> Process:
        """Start a command in its own session, so that Ctrl-C of the terminal does not reach it first."""
        with log.open("ab") as output:
            popen = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=cwd,
                env=None if environment is None else dict(environment),
                start_new_session=True,
                preexec_fn=before_exec,
            )
        return cls(name=name, log=log, popen=popen)

    @property
    def running(self) -> bool:
        """Whether the process has not exited."""
        return self.popen.poll() is None

    @property
    def text(self) -> str:
        """The output so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process and its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, number)

    def stop(self) -> int:
        """Send SIGTERM, wait, and return the exit code. The process is killed after 30 seconds."""
        if self.running:
            self.send(signal.SIGCONT)
            self.send(signal.SIGTERM)
            try:
                self.popen.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.popen.wait()

    def kill(self) -> None:
        """Send SIGKILL and wait."""
        self.send(signal.SIGKILL)
        self.popen.wait()

    def wait_until(self, ready: Callable[[], bool], what: str, seconds: float = _START_SECONDS) -> None:
        """Wait until `ready` returns True.

        Raises:
            CommandError: the process exited, or `seconds` have passed.
        """
        until = time.monotonic() + seconds
        while not ready():
            if not self.running:
                code = self.popen.returncode
                raise CommandError(f"{self.name} exited with code {code} before {what}:\n{last_lines(self.log)}")
            if time.monotonic() > until:
                raise CommandError(f"{self.name}: not {what} after {seconds:.0f} s:\n{last_lines(self.log)}")
            time.sleep(0.05)


def free_port() -> int:
    """Return a TCP port of loopback that no process listens on.

    It is below the ports that Linux gives to outgoing connections (32768 and above), so it stays free for a while.
    """
    while True:
        port = secrets.randbelow(10_000) + 20_000
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((HOST, port))
            return port


def listens(port: int) -> bool:
    """Return whether a process accepts connections on a port of loopback."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((HOST, port)) == 0


def health_status(port: int) -> int:
    """Return the status of /health, or 0 without a response."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/health", timeout=3) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def start_redis(folder: Path, notify: programs.Notify, *options: str, port: int | None = None) -> tuple[Process, str]:
    """Start Redis or Valkey without persistence, and return it with its URL."""
    port = port or free_port()
    command = [str(programs.redis_server(notify)), "--port", str(port), "--bind", HOST, "--save", "", *options]
    # The eviction policy is that of the stack's cache.
    policy = ["--maxmemory", "256mb", "--maxmemory-policy", "volatile-lru", "--dir", str(folder)]
    process = Process.start("redis", [*command, *policy], log=folder / f"redis-{port}.log")
    process.wait_until(lambda: listens(port), "accepting connections")
    return process, f"redis://{HOST}:{port}"


def start_database(folder: Path, notify: programs.Notify, port: int | None = None) -> tuple[Process, str]:
    """Start FerretDB, and return it with its connection string. Its data is in `folder`."""
    port = port or free_port()
    data = folder / "database"
    data.mkdir(exist_ok=True)
    command = [str(programs.built("ferretdb", notify)), "-listen", f"{HOST}:{port}", "-folder", f"{data}/"]
    process = Process.start("ferretdb", command, log=folder / f"ferretdb-{port}.log")
    process.wait_until(lambda: listens(port), "accepting connections")
    return process, f"mongodb://{HOST}:{port}/tasks"


@dataclass(kw_only=True)
class Application:
    """The API and workers against one database and one Redis."""

    folder: Path
    database_url: str
    redis_url: str | None
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    """Further environment variables."""
    signing_key: str = field(default_factory=lambda: secrets.token_hex(32))
    processes: list[Process] = field(default_factory=list[Process])

    def environment(self, **variables: str) -> dict[str, str]:
        """Return the environment of a process."""
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "NODE_ENV": "development",
            "MONGODB_URI": self.database_url,
            "JWT_SECRET": self.signing_key,
            "ALLOWED_ORIGINS": ORIGIN,
            **({"REDIS_URL": self.redis_url} if self.redis_url else {}),
            **self.variables,
            **variables,
        }

    def start_api(
        self,
        port: int | None = None,
        *,
        wait: Literal["healthy", "listening"] = "healthy",
        before_exec: Callable[[], None] | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> tuple[Process, int]:
        """Start the API, wait until it is healthy or listens, and return it with its port."""
        port = port or free_port()
        process = self.start(
            "server.js", f"api-{port}", before_exec=before_exec, variables={"PORT": str(port), **(variables or {})}
        )
        if wait == "healthy":
            process.wait_until(lambda: health_status(port) == 200, "healthy")
        else:
            process.wait_until(lambda: listens(port), "listening")
        return process, port

    def start_worker(self, variables: Mapping[str, str] | None = None) -> Process:
        """Start a worker, and wait until it takes jobs."""
        process = self.start("worker.js", f"worker-{len(self.processes)}", variables=variables)
        process.wait_until(lambda: '"working"' in process.text, "taking jobs")
        return process

    def stop(self, first: int = 0) -> None:
        """Stop all processes, or those from index `first` on."""
        stopped = [process for process in self.processes[first:] if process.running]
        for process in stopped:
            process.send(signal.SIGCONT)
            process.send(signal.SIGTERM)
        for process in stopped:
            process.stop()

    @contextlib.contextmanager
    def stopped_at_end(self) -> Generator[None]:
        """Stop the processes that are started in the block at its end."""
        first = len(self.processes)
        try:
            yield
        finally:
            self.stop(first)

    def start(
        self,
        script: str,
        name: str,
        *,
        before_exec: Callable[[], None] | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> Process:
        """Start a script of the backend, and do not wait for it."""
        process = Process.start(
            name,
            [programs.node(), script],
            log=self.folder / f"{name}.log",
            cwd=programs.BACKEND,
            environment=self.environment(**(variables or {})),
            before_exec=before_exec,
        )
        self.processes.append(process)
        return process


@contextlib.contextmanager
def started_services(notify: programs.Notify) -> Generator[Application]:
    """Start a database and Redis in a temporary folder, and yield an application on them without processes yet."""
    programs.install_packages(programs.BACKEND, notify)
    with tempfile.TemporaryDirectory(prefix="tierup-app-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        database, database_url = start_database(folder, notify)
        stack.callback(database.stop)
        redis, redis_url = start_redis(folder, notify)
        stack.callback(redis.stop)
        application = Application(folder=folder, database_url=database_url, redis_url=redis_url)
        stack.callback(application.stop)
        yield application
