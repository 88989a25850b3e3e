"""`python -m tools.app run` runs the sample application, and `python -m tools.app load` measures it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from tierup.cli.errors import handle_errors
from tierup.cli.options import AsJson
from tierup.deployment.errors import CommandError, ExitCode
from tools.app import load_report, load_run, processes, programs
from tools.app.processes import Application, Process

_POLL_SECONDS = 0.2
_FOLDER = programs.ROOT / ".tierup" / "app"

app = typer.Typer(help="The sample application of examples/tasks on this machine.", no_args_is_help=True)


@app.command()
def run(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port of the API.")] = 5000,
    site_port: Annotated[int, typer.Option("--site-port", min=1, max=65535, help="Port of the site.")] = 5173,
) -> None:
    """Run the API, a worker and the site until Ctrl-C.

    MONGODB_URI and REDIS_URL name servers that run already. Without them FerretDB and Redis are started, with their
    data in .tierup/app.
    """
    with handle_errors(as_json=False):
        console = Console(stderr=True)

        def notify(line: str) -> None:
            console.print(line, highlight=False, soft_wrap=True)

        for name, taken in (("--port", port), ("--site-port", site_port)):
            if processes.listens(taken):
                raise CommandError(f"{name}: the port is in use (got {taken}). Give another one.", ExitCode.SETTINGS)
        _run(port, site_port, notify)


def _run(port: int, site_port: int, notify: programs.Notify) -> None:
    programs.install_packages(programs.BACKEND, notify)
    programs.install_packages(programs.FRONTEND, notify)
    _FOLDER.mkdir(parents=True, exist_ok=True)
    for old in _FOLDER.glob("*.log"):
        old.unlink()
    with contextlib.ExitStack() as stack:
        watched: list[Process] = []
        database_url, redis_url = os.environ.get("MONGODB_URI"), os.environ.get("REDIS_URL")
        if not database_url:
            database, database_url = processes.start_database(_FOLDER, notify)
            stack.callback(database.stop)
            watched.append(database)
        if not redis_url:
            redis, redis_url = processes.start_redis(_FOLDER, notify)
            stack.callback(redis.stop)
            watched.append(redis)
        application = Application(
            folder=_FOLDER,
            database_url=database_url,
            redis_url=redis_url,
            signing_key=_signing_key(),
            variables={
                "ALLOWED_ORIGINS": f"http://localhost:{site_port}",
                "BUSINESS_METRICS_NAMESPACE": "tierup/business",
                "BUSINESS_METRICS_STACK": "tasks/local",
                "DRAIN_SECONDS": "0",
            },
        )
        stack.callback(application.stop)
        application.start_api(port)
        application.start_worker()
        vite = str(programs.FRONTEND / "node_modules" / ".bin" / "vite")
        site = Process.start(
            "site",
            [vite, "--host", processes.HOST, "--port", str(site_port), "--strictPort"],
            log=_FOLDER / "site.log",
            cwd=programs.FRONTEND,
            environment={**os.environ, "VITE_API_URL": f"http://localhost:{port}/api"},
        )
        stack.callback(site.stop)
        site.wait_until(lambda: f":{site_port}/" in site.text, "serving the site")
        print(f"Site:   http://localhost:{site_port}/")
        print(f"API:    http://localhost:{port}/api (health: http://localhost:{port}/health)")
        print(f"Logs:   {_FOLDER.relative_to(programs.ROOT)}/*.log")
        print("Press Ctrl-C to stop.", flush=True)
        _wait([*watched, *application.processes, site])
        notify("Stopping")


def _signing_key() -> str:
    """Return the signing key of earlier runs, so that sessions survive a restart."""
    file = _FOLDER / "signing-key"
    if not file.is_file():
        file.touch(mode=0o600)
        file.write_text(os.urandom(32).hex(), encoding="ascii")
    return file.read_text(encoding="ascii")


def _wait(watched: list[Process]) -> None:
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    while not stopped.wait(_POLL_SECONDS):
        for process in watched:
            if not process.running:
                raise CommandError(f"{process.name} exited with code {process.popen.returncode}; see {process.log}.")


@app.command()
def load(
    as_json: AsJson = False,
    seconds: Annotated[int, typer.Option("--seconds", min=3, max=120, help="Seconds of each step of the load.")] = 10,
    sizes: Annotated[
        list[int] | None, typer.Option("--cpu", help="CPU units of a task to measure; repeat it for several sizes.")
    ] = None,
    save: Annotated[
        bool, typer.Option("--save", help="Save the results, from which `make docs` makes tables.")
    ] = False,
) -> None:
    """Measure requests per second, response times and memory of one API process for each task size.

    The load goes to loopback only. It needs Linux with a writable cgroup of the CPU controller, usually as root.
    """
    with handle_errors(as_json=as_json):
        console = Console(stderr=True)
        for number in (signal.SIGINT, signal.SIGTERM):  # both end the processes and remove the cgroup
            signal.signal(number, signal.default_int_handler)
        started = time.monotonic()
        report = load_run.measure(
            sizes or list(load_report.TASK_SIZES),
            seconds=seconds,
            notify=lambda line: console.print(line, highlight=False, soft_wrap=True),
        )
        console.print(f"Measured in {time.monotonic() - started:.0f} s", highlight=False)
        document = json.dumps(report.as_document(), indent=2)
        if save:
            load_report.SAVED.write_text(f"{document}\n", encoding="utf-8")
        print(document if as_json else f"{load_report.steps_table(report)}\n\n{load_report.tiers_table(report)}")


app()
