"""Starts, finds and stops the sandbox's server process.

The process serves each provider on its own port of 127.0.0.1 and writes the ports to `<home>/sandbox/server.json`.
`<home>` is the project's `.tierup` folder, or `TIERUP_HOME` if it is set.
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

from tierup import atomic_file
from tierup.pulumi_protocol import GRPC_OPTIONS

from .behaviour import digest
from .cloud import Cloud, CloudError
from .host_apis.server import HostApiServer
from .host_apis.store import HostStore
from .schema import PACKAGES

if TYPE_CHECKING:
    import grpc

_START_SECONDS = 20.0
_THREADS = 64  # an engine runs up to 16 operations at once; an injected slow fault blocks a thread


class SandboxError(Exception):
    """The sandbox cannot be started or stopped; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class SandboxProcess:
    """A running sandbox."""

    pid: int
    ports: Mapping[str, int]  # "aws" -> port of 127.0.0.1
    started: float  # Unix time
    version: str  # of the sandbox's code
    host_api_port: int = 0  # of 127.0.0.1, for the APIs of hosts without a Pulumi provider

    @property
    def debug_providers(self) -> str:
        """The value of PULUMI_DEBUG_PROVIDERS that makes an engine use this sandbox."""
        return ",".join(f"{package}:{port}" for package, port in self.ports.items())


def _version() -> str:
    """Return a version that changes with every file of the sandbox, so that no server runs outdated code."""
    folder = Path(__file__).parent
    files = sorted(folder.rglob("*.py"))
    listing = "".join(f"{file.relative_to(folder)}{file.stat().st_mtime_ns}" for file in files)
    return digest(listing, 16)


def default_home(project: Path | None = None) -> Path:
    """Return the folder of a project's sandbox: `TIERUP_HOME`, or `.tierup` in the project's folder."""
    return Path(os.environ.get("TIERUP_HOME") or (project or Path.cwd()) / ".tierup").absolute()


def cloud_path(home: Path) -> Path:
    """Return the file that stores the sandbox's resources."""
    return home / "sandbox" / "cloud.db"


def hosts_path(home: Path) -> Path:
    """Return the file that stores what the program has created on hosts without a Pulumi provider."""
    return home / "sandbox" / "hosts.json"


def _state_path(home: Path) -> Path:
    return home / "sandbox" / "server.json"


def running(home: Path) -> SandboxProcess | None:
    """Return the running sandbox of a home, or None."""
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
    """Return the sandbox of a home and start it if it does not run. Raises SandboxError.

    `port` is the first of the ports, one for each provider. Without it a restarted sandbox uses its previous ports,
    else free ports.
    """
    folder = home / "sandbox"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "server.lock", timeout=_START_SECONDS * 2):
            found = running(home)
            if found is not None and found.version != _version():
                stop(home)  # tierup has changed since the start; the resources are kept
                found = None
            if found is not None:
                if port is not None and min(found.ports.values()) != port:
                    raise SandboxError(
                        f"--port: the sandbox runs on other ports (got {port}, running: {found.debug_providers})."
                        " Run `tierup sandbox stop` first."
                    )
                return found
            return _start(home, port)
    except LockTimeout as error:
        raise SandboxError(
            f"{folder}: another start of the sandbox does not finish. See server.log in that folder."
        ) from error
    except OSError as error:
        raise SandboxError(
            f"{folder}: the sandbox cannot write to this folder (got {error.strerror or error}). Make it writable."
        ) from error


def _start(home: Path, port: int | None) -> SandboxProcess:
    folder = home / "sandbox"
    command = [sys.executable, "-m", "tierup.sandbox", "--home", str(home)]
    if port is not None:
        command += ["--port", str(port)]
    # The package's parent comes first, so that the working directory does not decide what is imported.
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "GRPC_VERBOSITY": "NONE"}
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            env=environment,
            start_new_session=True,  # Ctrl-C in the terminal of the engine must not stop the sandbox
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
    """Stop the sandbox of a home; return False if none was running. Its resources are kept."""
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
        # An ended process is a zombie until its parent waits for it, which may take seconds in a container.
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


# --- the server process ---


def serve(home: Path, port: int | None = None) -> None:
    """Serve until a signal stops the process. Raises SandboxError."""
    version = _version()  # taken before the tables are imported, so that a later change is noticed
    try:
        cloud = Cloud(cloud_path(home))
    except CloudError as error:
        raise SandboxError(str(error)) from error
    requested = {package: port + position for position, package in enumerate(PACKAGES)} if port is not None else None
    servers, ports = _start_servers(cloud, requested or _previous_ports(home), strict=requested is not None)
    state = _state_path(home)
    host_apis = _start_host_apis(home)
    this = SandboxProcess(
        pid=os.getpid(), ports=ports, started=time.time(), version=version, host_api_port=host_apis.port
    )
    atomic_file.write_text(state, json.dumps(asdict(this)))
    _wait_for_signal()
    for server in servers:
        server.stop(grace=0.5)
    host_apis.close()
    if (after := running(home)) is None or after.pid == os.getpid():
        state.unlink(missing_ok=True)  # otherwise a newer server has written it
    cloud.close()


def _start_servers(
    cloud: Cloud, wanted: Mapping[str, int], *, strict: bool
) -> tuple[list[grpc.Server], dict[str, int]]:
    """Start one server per provider on the ports in `wanted`; with `strict`, on no other ports."""
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
                ("grpc.so_reuseport", 0),  # a port in use must be an error
                *GRPC_OPTIONS,
            ],
        )
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(package, cloud, registry()), server)
        ports[package] = _bind(server, wanted.get(package, 0), strict=strict)
        server.start()
        servers.append(server)
    return servers, ports


def _start_host_apis(home: Path) -> HostApiServer:
    """Serve the hosts' APIs on the previous port of a killed sandbox, or on a free one."""
    store = HostStore(hosts_path(home))
    try:
        previous = int(json.loads(_state_path(home).read_text())["host_api_port"])
    except (OSError, ValueError, KeyError):
        previous = 0
    try:
        return HostApiServer(store, previous)
    except OSError:
        return HostApiServer(store)


def _wait_for_signal() -> None:
    stopping = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    stopping.wait()


def _previous_ports(home: Path) -> Mapping[str, int]:
    """Return the ports of a killed sandbox, so that shells with PULUMI_DEBUG_PROVIDERS keep working."""
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
        f"--port: in use on 127.0.0.1 (got {wanted}). Choose another port, or omit --port for a free one."
    )


def main() -> None:
    """Run the server process."""
    parser = argparse.ArgumentParser(description="The sandbox's server; `tierup sandbox start` starts it.")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--port", type=int)
    arguments = parser.parse_args()
    try:
        serve(arguments.home, arguments.port)
    except SandboxError as error:
        print(error, file=sys.stderr, flush=True)
        # Threads of grpc may still run; there is nothing to save.
        os._exit(1)
