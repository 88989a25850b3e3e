"""Starts the Pulumi CLI, forwards its events one by one, and passes Ctrl-C to it."""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, ModuleType
from typing import IO, Any, cast

from tierup.deployment.error_messages import explain_engine_error
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.workspace import Workspace
from tierup.pulumi_protocol import GRPC_OPTIONS

_TICK_SECONDS = 0.1
# A policy pack occupies a thread of the language host as long as it runs.
_HOST_THREADS = 16
# An engine that fails ends before the program does, which still has to write its source map.
_PROGRAM_END_SECONDS = 2.0
# The SDK's debug messages, and what a policy pack found on each resource besides its violations. These are most lines
# of a large stack. In a text the quotes would be escaped.
_UNUSED_EVENTS = ('"severity":"debug"', '"policyAnalyzeSummaryEvent"', '"policyRemediateSummaryEvent"')
# Go collects garbage when the heap has grown by this percentage; the default, 100, takes a fifth of the engine's time.
_SANDBOX_GOGC = "400"

OnEvent = Callable[[Mapping[str, Any]], None]
OnTick = Callable[[], None]
Notify = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class EngineResult:
    """The result of a run of the engine."""

    code: int
    text: str  # its output besides events
    interrupted: bool


def run_engine_command(workspace: Workspace, arguments: Sequence[str], stdin: str | None = None) -> str:
    """Run a short engine command and return its output.

    Raises:
        CommandError: the command failed.
    """
    done = subprocess.run(
        [str(workspace.engine.path), *arguments, "--non-interactive", "--color", "never"],
        cwd=workspace.folder,
        env=dict(workspace.environment),
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise explain_engine_error(done.stderr + done.stdout, workspace)
    return done.stdout


def stream_operation(
    workspace: Workspace,
    arguments: Sequence[str],
    *,
    on_event: OnEvent,
    on_tick: OnTick,
    notify: Notify,
    runs_program: bool,
    must_end: Callable[[], bool] = lambda: False,
) -> EngineResult:
    """Run an operation of the engine and forward each event as it happens.

    Args:
        workspace: where the engine runs, and with which environment.
        arguments: the CLI's arguments, without the options of every run.
        on_event: called with each event of the engine (apitype.EngineEvent as JSON), on the caller's thread.
        on_tick: called ten times a second, on the same thread.
        notify: called with a message when a signal was passed on.
        runs_program: whether the engine runs the Pulumi program (up, preview) or only works on the state.
        must_end: called before `on_tick`; when it returns True, the engine cancels the operation.
    """
    event_lock = threading.Lock()

    def take(event: Mapping[str, Any]) -> None:
        with event_lock:  # the output of the program arrives on another thread
            on_event(event)

    command = [str(workspace.engine.path), *arguments, "--json", "--non-interactive", "--color", "never"]
    with _language_host(workspace, runs_program=runs_program) as host:
        environment = {
            # On real accounts the engine starts the providers, which inherit this variable, and their heaps are large.
            **({"GOGC": _SANDBOX_GOGC} if workspace.in_sandbox else {}),
            **workspace.environment,
            "PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true",
            **host,
        }
        with _Signals(notify) as signals, _without_credentials(workspace), _program_output(take):
            process = subprocess.Popen(
                command,
                cwd=workspace.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,  # so that it receives Ctrl-C once, from this process
            )
            signals.process = process

            def tick() -> None:
                signals.notify_once()
                if must_end():
                    process.send_signal(signal.SIGINT)
                on_tick()

            text = _forward_events(process, take, tick)
    return EngineResult(code=process.returncode, text=text, interrupted=signals.count > 0)


def _forward_events(process: subprocess.Popen[str], on_event: OnEvent, on_tick: OnTick) -> str:
    assert process.stdout is not None
    assert process.stderr is not None
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    errors: list[str] = []
    readers = [
        threading.Thread(target=_read, args=(process.stdout, lines.put, lambda: lines.put(None)), daemon=True),
        threading.Thread(target=_read, args=(process.stderr, errors.append, lambda: None), daemon=True),
    ]
    for reader in readers:
        reader.start()
    printed: list[str] = []
    while True:
        try:
            line = lines.get(timeout=_TICK_SECONDS)
        except queue.Empty:
            on_tick()
            continue
        if line is None:
            break
        if any(mark in line for mark in _UNUSED_EVENTS):
            continue
        event = _event(line)
        if event is None:
            printed.append(line)
        else:
            on_event(event)
            on_tick()
    while process.poll() is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_TICK_SECONDS)
        on_tick()
    readers[1].join(5)
    return "".join(printed) + "".join(errors)


def _read(pipe: IO[str], take: Callable[[str], object], end: Callable[[], object]) -> None:
    try:
        for line in pipe:
            take(line)
    finally:
        end()


def _event(line: str) -> Mapping[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and "sequence" in event else None


# --- the program ---


@contextlib.contextmanager
def _language_host(workspace: Workspace, *, runs_program: bool) -> Generator[Mapping[str, str]]:
    """Serve the program from this process, and yield the environment variables that connect the engine to it."""
    if not runs_program:
        yield {}
        return
    import grpc
    from pulumi.runtime.proto import language_pb2, language_pb2_grpc

    from tierup.engine.language_host import LanguageHost

    early = _EarlyImports(workspace)
    idle = threading.Event()
    idle.set()

    class Host(LanguageHost):
        def Run(  # noqa: N802 (gRPC's name)
            self, request: language_pb2.RunRequest, context: grpc.ServicerContext
        ) -> language_pb2.RunResponse:
            early.wait()
            idle.clear()
            try:
                return super().Run(request, context)
            finally:
                idle.set()

    host = Host("", sends_debug=False)  # no command of tierup shows debug messages
    server = grpc.server(
        ThreadPoolExecutor(max_workers=_HOST_THREADS),
        options=GRPC_OPTIONS,
    )
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    threading.Thread(target=host.run_programs, daemon=True).start()
    early.start()
    previous = Path.cwd()
    try:
        yield {"PULUMI_DEBUG_LANGUAGES": f"python:{port}"}
    finally:
        idle.wait(_PROGRAM_END_SECONDS)
        server.stop(grace=None)
        early.remember()
        os.chdir(previous)  # a program changes to its own folder
        for child in list(host.children):
            with contextlib.suppress(OSError):
                child.kill()


class _EarlyImports:
    """Imports the parts of the providers' SDKs that the last run used, while the engine starts.

    They take most of a program's time (EC2's part alone has 250 types), and the engine needs a second to start. The
    SDKs load their parts on first use, which is not safe from two threads, so the program waits until the import has
    ended. The modules stay loaded, so they are hidden from the garbage collector.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._path = None if workspace.home is None else workspace.home / "pulumi" / "imports.json"
        self._thread = threading.Thread(target=self._import, daemon=True)

    def start(self) -> None:
        """Start the import."""
        self._thread.start()

    def wait(self) -> None:
        """Wait until the import has ended."""
        self._thread.join()

    def _import(self) -> None:
        gc.disable()
        with contextlib.suppress(Exception):  # without a valid list the program imports them itself
            for name in json.loads(self._path.read_text()) if self._path is not None else ():
                # Reading an attribute makes a lazy module load.
                getattr(importlib.import_module(name), "load", None)
        gc.freeze()
        gc.enable()

    def remember(self) -> None:
        """Write the list of the parts that this run used."""
        if self._path is None:
            return
        used = sorted(
            name
            for name, module in sys.modules.items()
            # A module that is not loaded yet has a subclass; reading an attribute would load it.
            if name.startswith("pulumi_") and name.count(".") <= 1 and type(module) is ModuleType
            if hasattr(module, "__path__")
        )
        with contextlib.suppress(OSError, ValueError):
            if not self._path.is_file() or json.loads(self._path.read_text()) != used:
                self._path.write_text(json.dumps(used))


class _ProgramOutput:
    """Turns the program's output into events, because this process writes its own output to stdout."""

    def __init__(self, on_line: Callable[[str], None]) -> None:
        self._on_line = on_line
        self._part = ""
        self._lock = threading.Lock()

    def write(self, text: str) -> int:
        with self._lock:
            *lines, self._part = (self._part + text).split("\n")
        for line in lines:
            self._on_line(line)
        return len(text)

    def flush(self) -> None:
        """Do nothing, because only whole lines become events."""

    def isatty(self) -> bool:
        return False


@contextlib.contextmanager
def _program_output(on_event: OnEvent) -> Generator[None]:
    def on_line(line: str) -> None:
        if line.strip():
            on_event({"diagnosticEvent": {"severity": "info", "message": line}})

    with contextlib.redirect_stdout(_ProgramOutput(on_line)):  # pyright: ignore[reportArgumentType] (all that print needs)
        yield


@contextlib.contextmanager
def _without_credentials(workspace: Workspace) -> Generator[None]:
    """Hide the credentials from a program in the sandbox, because it runs in this process."""
    if not workspace.in_sandbox:
        yield
        return
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(workspace.environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


# --- Ctrl-C ---


class _Signals:
    """Passes SIGINT and SIGTERM on: the first cancels the operation, the second terminates the engine at once."""

    process: subprocess.Popen[str] | None = None
    count = 0

    def __init__(self, notify: Notify) -> None:
        self._print_line = notify
        self._notified = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> _Signals:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def notify_once(self) -> None:
        """Report once that a signal arrived. The handler does not: it may interrupt any code, printing included."""
        if self.count and not self._notified:
            self._notified = True
            self._print_line(
                "Cancelling: waiting for operations in progress. Press Ctrl-C again to terminate the engine at once."
            )

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.count += 1
        if self.process is None:
            raise CommandError("Interrupted before the engine was started; nothing was changed.", ExitCode.INTERRUPTED)
        with contextlib.suppress(OSError):
            if self.count < 3:
                self.process.send_signal(signal.SIGINT)
            else:
                self.process.kill()


def _file_of(module: object) -> str | None:
    """Return the file of a module, without loading one that loads at the first use of an attribute."""
    try:
        attributes = object.__getattribute__(module, "__dict__")
    except AttributeError:  # an object of another kind is in sys.modules
        return None
    return cast("Mapping[str, Any]", attributes).get("__file__")


def drop_program_modules(folder: Path) -> None:
    """Remove the program's modules from sys.modules, so that a second run in this process imports them again."""
    below = f"{folder}{os.sep}"
    for name, module in list(sys.modules.items()):
        file = _file_of(module)
        if file and file.startswith(below) and not name.startswith("tierup") and ".venv" not in Path(file).parts:
            del sys.modules[name]
