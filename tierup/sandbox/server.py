"""The sandbox's one process: starts, finds and stops it.

It serves each provider on a port of 127.0.0.1 of its own, and says in `<home>/sandbox/server.json` where. `<home>` is
the checkout's `.tierup` folder unless `TIERUP_HOME` names another.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import psutil
from filelock import FileLock
from filelock import Timeout as LockTimeout

from .behaviour import digest
from .cloud import Cloud, CloudError
from .schema import PACKAGES

if TYPE_CHECKING:
    import grpc

_START_SECONDS = 20.0
_THREADS = 64  # an engine asks for up to 16 operations at once; a rehearsed slow one holds a thread


class SandboxError(Exception):
    """The sandbox can't be had; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class SandboxProcess:
    """A sandbox that serves."""

    pid: int
    ports: Mapping[str, int]  # "aws" -> port of 127.0.0.1
    started: float  # Unix time
    version: str  # of the sandbox's own code

    @property
    def debug_providers(self) -> str:
        """The value of PULUMI_DEBUG_PROVIDERS that makes an engine use it."""
        return ",".join(f"{package}:{port}" for package, port in self.ports.items())


def _version() -> str:
    """Changes whenever a file of the sandbox does: a server must not serve with last week's behaviour."""
    folder = Path(__file__).parent
    files = sorted(folder.rglob("*.py"))
    listing = "".join(f"{file.relative_to(folder)}{file.stat().st_mtime_ns}" for file in files)
    return digest(listing, 16)


def default_home(project: Path | None = None) -> Path:
    """Where a checkout keeps its rehearsal: `TIERUP_HOME`, or `.tierup` in the project's folder."""
    return Path(os.environ.get("TIERUP_HOME") or (project or Path.cwd()) / ".tierup").absolute()


def cloud_path(home: Path) -> Path:
    """The rehearsal cloud's file."""
    return home / "sandbox" / "cloud.db"


def _state_path(home: Path) -> Path:
    return home / "sandbox" / "server.json"


def running(home: Path) -> SandboxProcess | None:
    """The sandbox of a home that serves now, if one does."""
    try:
        found = SandboxProcess(**json.loads(_state_path(home).read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return found if _listens(found) else None


def _listens(found: SandboxProcess) -> bool:
    try:
        os.kill(found.pid, 0)
    except OSError:
        return False
    try:
        for port in found.ports.values():
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def ensure_running(home: Path, port: int | None = None) -> SandboxProcess:
    """The sandbox of a home, started if need be. Raises SandboxError.

    `port` is the first of three wanted ones; without it a restarted sandbox takes the ports it had, else free ones.
    """
    folder = home / "sandbox"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "server.lock", timeout=_START_SECONDS * 2):
            found = running(home)
            if found is not None and found.version != _version():
                stop(home)  # tierup was upgraded under it; what stands in its cloud stays
                found = None
            if found is not None:
                if port is not None and min(found.ports.values()) != port:
                    raise SandboxError(
                        f"the sandbox runs already on {found.debug_providers}: `tierup sandbox stop` it first"
                    )
                return found
            return _start(home, port)
    except LockTimeout as error:
        raise SandboxError(f"another start of the sandbox in {folder} does not finish; look into server.log") from error
    except OSError as error:
        raise SandboxError(f"the sandbox can't write to {folder}: {error.strerror or error}") from error


def _start(home: Path, port: int | None) -> SandboxProcess:
    folder = home / "sandbox"
    command = [sys.executable, "-m", "tierup.sandbox", "--home", str(home)]
    if port is not None:
        command += ["--port", str(port)]
    # A foreign clone's checkout must not decide what is imported: the package's own parent comes first.
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "GRPC_VERBOSITY": "NONE"}
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            env=environment,
            start_new_session=True,  # Ctrl-C at the engine must not stop the cloud
        )
    waited_until = time.monotonic() + _START_SECONDS
    while time.monotonic() < waited_until:
        found = running(home)
        if found is not None and found.pid == process.pid:
            return found
        if process.poll() is not None:
            break
        time.sleep(0.02)
    else:
        process.kill()
    raise SandboxError(f"the sandbox did not start: {_last_line(folder / 'server.log')}")


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"see {log}"


def stop(home: Path) -> bool:
    """Stops the sandbox of a home; False if none ran. What stands in its cloud stays."""
    found = running(home)
    if found is None:
        return False
    os.kill(found.pid, signal.SIGTERM)
    for _ in range(500):
        if not _alive(found.pid):
            return True
        time.sleep(0.01)
    os.kill(found.pid, signal.SIGKILL)
    return True


def _alive(pid: int) -> bool:
    try:
        # One that has ended stays a zombie until its parent waits for it; a container's first process may take seconds.
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


# --- inside the process ---


def serve(home: Path, port: int | None = None) -> None:
    """Serves until it is told to stop. Raises SandboxError where it can't."""
    version = _version()  # before the tables are read: a change in between must not go unseen
    try:
        cloud = Cloud(cloud_path(home))
    except CloudError as error:
        raise SandboxError(str(error)) from error
    asked = {package: port + position for position, package in enumerate(PACKAGES)} if port is not None else None
    servers, ports = _start_servers(cloud, asked or _ports_before(home), strict=asked is not None)
    state = _state_path(home)
    part = state.with_suffix(".part")
    serving = SandboxProcess(pid=os.getpid(), ports=ports, started=time.time(), version=version)
    part.write_text(json.dumps(asdict(serving)))
    part.replace(state)
    _wait_for_signal()
    for server in servers:
        server.stop(grace=0.5)
    if (after := running(home)) is None or after.pid == os.getpid():
        state.unlink(missing_ok=True)  # else a newer server has written it
    cloud.close()


def _start_servers(
    cloud: Cloud, wanted: Mapping[str, int], *, strict: bool
) -> tuple[list[grpc.Server], dict[str, int]]:
    """One a provider. `wanted`: their ports, where there are any; `strict`: no others will do."""
    import grpc
    from pulumi.runtime.proto import provider_pb2_grpc

    from tierup.sandbox.registry import registry

    from .provider import Provider

    pool = ThreadPoolExecutor(max_workers=_THREADS)
    servers: list[grpc.Server] = []
    ports: dict[str, int] = {}
    for package in PACKAGES:
        server = grpc.server(
            pool,
            options=[
                ("grpc.so_reuseport", 0),  # a port in use must be an error, not shared
                ("grpc.max_receive_message_length", -1),
                ("grpc.max_send_message_length", -1),
            ],
        )
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(package, cloud, registry()), server)
        ports[package] = _bind(server, wanted.get(package, 0), strict=strict)
        server.start()
        servers.append(server)
    return servers, ports


def _wait_for_signal() -> None:
    stopping = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    stopping.wait()


def _ports_before(home: Path) -> Mapping[str, int]:
    """The ports of a sandbox that was killed: taking them again keeps shells that know them going."""
    try:
        return json.loads(_state_path(home).read_text())["ports"]
    except (OSError, ValueError, KeyError):
        return {}


def _bind(server: grpc.Server, wanted: int, *, strict: bool) -> int:
    for candidate in (wanted,) if strict or not wanted else (wanted, 0):
        try:
            bound = server.add_insecure_port(f"127.0.0.1:{candidate}")
        except RuntimeError:
            bound = 0
        if bound:
            return bound
    raise SandboxError(
        f"port {wanted} of 127.0.0.1 is in use: name another with --port, or leave it out for a free one"
    )


def main() -> None:
    """Entry of the server's own process."""
    parser = argparse.ArgumentParser(description="The rehearsal cloud's server; `tierup sandbox start` starts it.")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--port", type=int)
    arguments = parser.parse_args()
    try:
        serve(arguments.home, arguments.port)
    except SandboxError as error:
        print(error, file=sys.stderr, flush=True)
        # Threads of grpc may still run; nothing is left to save.
        os._exit(1)
