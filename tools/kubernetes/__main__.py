"""`python -m tools.kubernetes build` builds an API server and Pulumi's provider, and `run` starts them."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import typer
from rich.console import Console

from tierup.cli.errors import handle_errors
from tierup.deployment.errors import CommandError
from tools.kubernetes.control_plane import started_control_plane
from tools.kubernetes.nodes import running_pods
from tools.kubernetes.programs import KUBERNETES_VERSION, find_or_build

_POLL_SECONDS = 0.2

app = typer.Typer(help="A Kubernetes API server on this machine, without containers.", no_args_is_help=True)


def _notify(line: str) -> None:
    Console(stderr=True).print(line, highlight=False, soft_wrap=True)


@app.command()
def build() -> None:
    """Build etcd, Kubernetes and Pulumi's provider into the cache: 30 minutes on 2 cores, once."""
    with handle_errors(as_json=False):
        built = find_or_build(_notify)
        print(f"Kubernetes {KUBERNETES_VERSION}: {built.servers}")
        print(f"Pulumi's provider: {built.provider}")


@app.command()
def run() -> None:
    """Run an empty control plane with three nodes until Ctrl-C. Pods are ready at once; no container runs."""
    with handle_errors(as_json=False):
        stopped = threading.Event()

        def stop(_number: int, _frame: FrameType | None) -> None:
            stopped.set()

        programs = find_or_build(_notify)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        with started_control_plane(programs) as control_plane, running_pods(control_plane.api):
            print(f"export KUBECONFIG={control_plane.kubeconfig}")
            print(f"export PATH={programs.provider}:$PATH  # Pulumi's provider")
            print("Press Ctrl-C to stop.", flush=True)
            while not stopped.wait(_POLL_SECONDS):
                ended = next((each for each in control_plane.processes if not each.running), None)
                if ended is not None:
                    raise CommandError(f"{ended.name} exited with code {ended.popen.returncode}.")
            _notify("Stopping")


app()
