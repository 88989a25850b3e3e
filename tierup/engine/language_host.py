"""tierup's own Python language host, for an engine without the official one, and for the process of `tierup` itself.

The engine starts it through `shims/pulumi-language-python`, reads a port from its first line of output, and then calls
it by gRPC to run programs (`Run`) and policy packs (`RunPlugin`). It behaves like the official host:

- the program runs with the Python of the virtual environment that `runtime.options.virtualenv` names in Pulumi.yaml or
  PulumiPolicy.yaml (a relative path is relative to that file's folder). If this process already is that Python, the
  usual case, the program runs in it, which saves a second start of Python and import of Pulumi for each preview;
- without that option it runs with PULUMI_PYTHON_CMD, else with this Python;
- the program's output reaches the engine's log, and an exception is reported with the program's own traceback alone.

It does not install dependencies (`pulumi install`), generate SDKs or attach debuggers: it answers "unimplemented",
which the engine reports. The engine finds the plugins of providers itself.

In addition, if TIERUP_SOURCE_MAP names a file, it writes to it which lines of the program register which resource
(`SourceMap`). A state contains that as well, but a preview does not.

This file is run by its path, and imports no other module of tierup: the Python that runs it may have only Pulumi. It
therefore has its own copy of the largest message size in tierup/pulumi_protocol.py.
docs/adr/0010-own-language-host.md has the reasons for this host.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import importlib
import json
import logging
import multiprocessing
import os
import queue
import runpy
import selectors
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Protocol

import grpc
import pulumi
from google.protobuf import empty_pb2
from pulumi import log
from pulumi.runtime import run_in_stack, set_all_config
from pulumi.runtime.proto import (
    LanguageRuntimeServicer,
    engine_pb2,
    language_pb2,
    language_pb2_grpc,
    plugin_pb2,
    resource_pb2,
)
from pulumi.runtime.proto.engine_pb2_grpc import EngineStub
from pulumi.runtime.settings import get_engine, get_monitor, reset_options

_MESSAGE_BYTES = 400 * 1024 * 1024
_RUN_ONE_REQUEST = "--run-one-request"
SOURCE_MAP = "TIERUP_SOURCE_MAP"
"""The environment variable that names the file for the source map of a program's run."""


class LanguageHost(LanguageRuntimeServicer):
    """Serves the engine. Programs run on the main thread, where they may set signal handlers."""

    def __init__(self, engine_address: str, spare: SparePython | None = None, *, sends_debug: bool = True) -> None:
        """`sends_debug` is whether the SDK's debug messages are sent, which the engine shows only with `--debug`."""
        self.engine_address = engine_address
        self.children: set[Child] = set()
        self._spare = spare
        self._sends_debug = sends_debug
        self._programs: queue.SimpleQueue[tuple[language_pb2.RunRequest, Future[language_pb2.RunResponse]]] = (
            queue.SimpleQueue()
        )

    def run_programs(self) -> None:
        """Run each program that the engine requests, one after the other, until the process ends."""
        while True:
            request, response = self._programs.get()
            response.set_result(contextvars.copy_context().run(run_program, request, self._sends_debug))

    def Handshake(
        self, request: language_pb2.LanguageHandshakeRequest, context: grpc.ServicerContext
    ) -> language_pb2.LanguageHandshakeResponse:
        self.engine_address = request.engine_address or self.engine_address
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo()

    def GetRequiredPackages(
        self, request: language_pb2.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPackagesResponse:
        return language_pb2.GetRequiredPackagesResponse()

    def GetRequiredPlugins(
        self, request: language_pb2.GetRequiredPluginsRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPluginsResponse:
        return language_pb2.GetRequiredPluginsResponse()

    def About(self, request: language_pb2.AboutRequest, context: grpc.ServicerContext) -> language_pb2.AboutResponse:
        return language_pb2.AboutResponse(
            executable=sys.executable, version=".".join(str(part) for part in sys.version_info[:3])
        )

    def Run(self, request: language_pb2.RunRequest, context: grpc.ServicerContext) -> language_pb2.RunResponse:
        request.args.insert(0, self.engine_address)
        try:
            python = python_for(request.info)
        except NoSuchPythonError as error:
            return language_pb2.RunResponse(error=str(error))
        if python is not None:
            return self._run_elsewhere(python, request)
        response: Future[language_pb2.RunResponse] = Future()
        self._programs.put((request, response))
        return response.result()

    def _run_elsewhere(self, python: str, request: language_pb2.RunRequest) -> language_pb2.RunResponse:
        """Run the program in a process of another Python, which inherits the output streams."""
        answer, answer_end = os.pipe()
        with os.fdopen(answer, "rb") as answers:
            command = [python, "-u", "-P", __file__, _RUN_ONE_REQUEST, str(answer_end)]
            with self._child(command, stdin=subprocess.PIPE, pass_fds=(answer_end,)) as process:
                os.close(answer_end)
                with contextlib.suppress(BrokenPipeError):
                    process.communicate(request.SerializeToString())
                received = answers.read()
                code = process.wait()
        if not received:
            return language_pb2.RunResponse(error=f"Program exited with non-zero exit code: {code}")
        return language_pb2.RunResponse.FromString(received[1:])

    def RunPlugin(
        self, request: language_pb2.RunPluginRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.RunPluginResponse]:
        try:
            python = python_for(request.info) or sys.executable
        except NoSuchPythonError as error:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        with self._plugin(python, request) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            context.add_callback(process.terminate)
            yield from _output_of(process.stdout, process.stderr)
            yield language_pb2.RunPluginResponse(exitcode=process.wait())

    def _plugin(self, python: str, request: language_pb2.RunPluginRequest) -> contextlib.AbstractContextManager[Child]:
        program = request.info.program_directory
        environment = {name: value for name, _, value in (entry.partition("=") for entry in request.env)}
        if request.kind == "analyzer":
            spare, self._spare = self._spare, None
            if spare is not None and python == sys.executable:
                spare.become_policy_pack([*request.args, program], request.pwd, environment)
                return self._terminated_afterwards(spare)
            command = [python, "-u", "-m", "pulumi.policy", *request.args, program]
        else:
            command = [python, "-u", program, *request.args]
        return self._child(
            command,
            cwd=request.pwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    @contextlib.contextmanager
    def _child(self, command: list[str], **options: object) -> Generator[subprocess.Popen[bytes]]:
        process: subprocess.Popen[bytes] = subprocess.Popen(command, **options)  # pyright: ignore[reportCallIssue, reportArgumentType] (options are Popen's own)
        with self._terminated_afterwards(process):
            yield process

    @contextlib.contextmanager
    def _terminated_afterwards(self, process: Child) -> Generator[Child]:
        self.children.add(process)
        try:
            yield process
        finally:
            process.terminate()
            process.wait()
            self.children.discard(process)


class Child(Protocol):
    """The interface of a child process."""

    @property
    def stdout(self) -> IO[bytes] | None: ...
    @property
    def stderr(self) -> IO[bytes] | None: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...
    def wait(self) -> int: ...


class SparePython:
    """A fork of this process that waits to become the first policy pack.

    It has imported Pulumi already, which takes most of the half second that a policy pack needs to start. It must be
    created before any thread and before the first use of gRPC, because neither survives a fork.
    """

    def __init__(self) -> None:
        context = multiprocessing.get_context("fork")
        requests, self._request = context.Pipe(duplex=False)
        stdout, stdout_end = os.pipe()
        stderr, stderr_end = os.pipe()
        self._process = context.Process(target=self._wait_for_request, args=(requests, stdout_end, stderr_end))
        self._process.start()
        requests.close()
        os.close(stdout_end)
        os.close(stderr_end)
        self.stdout: IO[bytes] = os.fdopen(stdout, "rb", buffering=0)
        self.stderr: IO[bytes] = os.fdopen(stderr, "rb", buffering=0)

    def become_policy_pack(self, arguments: list[str], folder: str, environment: Mapping[str, str]) -> None:
        """Run `python -m pulumi.policy ARGUMENTS` in this folder and environment."""
        self._request.send((arguments, folder, dict(environment)))
        self._request.close()

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()

    def wait(self) -> int:
        self._process.join()
        return self._process.exitcode or 0

    def _wait_for_request(self, requests: Connection, stdout: int, stderr: int) -> None:
        self._request.close()
        os.dup2(stdout, 1)
        os.dup2(stderr, 2)
        for module in ("pulumi_policy", "yaml"):  # modules that packs import; each may be missing
            with contextlib.suppress(ImportError):
                importlib.import_module(module)
        try:
            arguments, folder, environment = requests.recv()
        except EOFError:
            return  # the host has ended
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = ["pulumi.policy", *arguments]
        sys.path.insert(0, folder)
        runpy.run_module("pulumi.policy", run_name="__main__", alter_sys=True)


class NoSuchPythonError(Exception):
    """The virtual environment of a project does not exist. The text is an error message for the user."""


def python_for(info: language_pb2.ProgramInfo) -> str | None:
    """Return the Python of a project, or None if it is the one that runs this process.

    Raises:
        NoSuchPythonError: the project's virtual environment does not exist.
    """
    options: Mapping[str, object] = dict(info.options.items())
    named = options.get("virtualenv")
    if not isinstance(named, str) or not named:
        return os.environ.get("PULUMI_PYTHON_CMD") or None
    environment = Path(info.root_directory, named)
    if not (environment / "pyvenv.cfg").is_file():
        raise NoSuchPythonError(
            f"virtualenv: not a virtual environment (got {named!r} in {info.root_directory}, which is {environment}). "
            "Create it (in a checkout of tierup: `make set-up`), or correct the option."
        )
    if environment.resolve() == Path(sys.prefix).resolve():
        return None
    folder, name = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return str(environment / folder / name)


def run_program(request: language_pb2.RunRequest, sends_debug: bool = True) -> language_pb2.RunResponse:
    """Run one Pulumi program in this process and return the result. `request.args` starts with the engine's address."""
    # If a program fails, asyncio would report every part of the dependency graph that was not evaluated.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    engine_address, *arguments = request.args
    reset_options(
        project=request.project,
        stack=request.stack,
        root_directory=request.info.root_directory,
        parallel=request.parallel,
        engine_address=engine_address,
        monitor_address=request.monitor_address,
        preview=request.dryRun,
        organization=request.organization or "organization",
    )
    set_all_config(dict(request.config), list(request.configSecretKeys))
    if not sends_debug:
        drop_debug_messages(get_engine())
    source_map = SourceMap(Path(os.environ[SOURCE_MAP])) if os.environ.get(SOURCE_MAP) else None
    if source_map is not None:
        source_map.watch(get_monitor())
    os.chdir(request.pwd)
    program = str(Path(request.info.program_directory, request.info.entry_point).resolve())
    sys.argv = [program, *arguments]

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    executor = ThreadPoolExecutor(max_workers=max(request.parallel, 1) * 4)
    loop.set_default_executor(executor)
    try:
        loop.run_until_complete(run_in_stack(lambda: _run_main(program)))
    except pulumi.RunError as error:
        _log_error(str(error))
        return language_pb2.RunResponse(bail=True)
    except SystemExit as leaving:
        return _exited(leaving.code)
    except Exception as error:
        _log_error(f"Program failed with an unhandled exception:\n{_program_traceback(error, program)}")
        return language_pb2.RunResponse(bail=True)
    finally:
        _end(loop)
        if source_map is not None:
            source_map.write()
        sys.stdout.flush()
        sys.stderr.flush()
    return language_pb2.RunResponse()


def _log_error(message: str) -> None:
    """Send an error message to the engine, unless it has ended: then nothing can receive the message."""
    try:
        log.error(message)
    except grpc.RpcError as error:
        if not _is_engine_unavailable(error):
            raise


def drop_debug_messages(engine: EngineStub | None) -> None:
    """Let this client of the engine send no debug messages: each is a call that the program waits for."""
    if engine is None:
        return
    send = engine.Log

    def send_others(message: engine_pb2.LogRequest) -> empty_pb2.Empty:
        return empty_pb2.Empty() if message.severity == engine_pb2.DEBUG else send(message)

    engine.Log = send_others  # pyright: ignore[reportAttributeAccessIssue] (the SDK only calls it)


_Registration = resource_pb2.RegisterResourceRequest | resource_pb2.ReadResourceRequest
_Registered = resource_pb2.RegisterResourceResponse | resource_pb2.ReadResourceResponse


class SourceMap:
    """Records which lines of a program register which resource, as the SDK reports them to the engine.

    The file is JSON: the frames of the call stack by URN, innermost first, each as `["file:///x/y.py", 12]`, without
    the frames of the SDK's own constructors.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._frames: dict[str, list[tuple[str, int]]] = {}

    def watch(self, monitor: object) -> None:
        """Record the registrations that pass through this client of the engine's resource monitor."""
        for name in ("RegisterResource", "ReadResource"):
            setattr(monitor, name, self._recording(getattr(monitor, name)))

    def _recording(self, call: Callable[[_Registration], _Registered]) -> Callable[[_Registration], _Registered]:
        def record(request: _Registration) -> _Registered:
            response = call(request)
            self._frames[response.urn] = [
                (frame.pc.uri, frame.pc.line) for frame in request.stackTrace.frames if frame.pc.uri
            ]
            return response

        return record

    def write(self) -> None:
        """Write the file. After a run that failed it contains the registrations up to the error."""
        self.path.write_text(json.dumps(self._frames), encoding="utf-8")


def _run_main(program: str) -> None:
    runpy.run_path(program, run_name="__main__")


def _exited(code: object) -> language_pb2.RunResponse:
    """Return the response for `sys.exit(code)`, as Python treats it: None is success, and a text is printed."""
    if code is None or code == 0:
        return language_pb2.RunResponse()
    if not isinstance(code, int):
        print(code, file=sys.stderr)
        code = 1
    return language_pb2.RunResponse(error=f"Program exited with non-zero exit code: {code}")


def _is_engine_unavailable(error: grpc.RpcError) -> bool:
    code: Callable[[], grpc.StatusCode] | None = getattr(error, "code", None)
    return code is not None and code() == grpc.StatusCode.UNAVAILABLE


def _program_traceback(error: BaseException, program: str) -> str:
    """Return the traceback from the program's first frame on, without those of this file, runpy and Pulumi."""
    main = {program, str(Path(program, "__main__.py"))}
    frame = error.__traceback__
    while frame is not None and frame.tb_frame.f_code.co_filename not in main:
        frame = frame.tb_next
    # A SyntaxError in the program itself, or an error in a callback, has no frame of the main program.
    if frame is None and isinstance(error, SyntaxError):
        return "".join(traceback.format_exception_only(error))
    return "".join(traceback.format_exception(type(error), error, frame or error.__traceback__))


def _end(loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            loop.run_until_complete(task)
    loop.close()


def _output_of(stdout: IO[bytes], stderr: IO[bytes]) -> Iterator[language_pb2.RunPluginResponse]:
    """Yield the output of a plugin as it arrives, until the plugin closes both streams."""
    with selectors.DefaultSelector() as selector:
        selector.register(stdout, selectors.EVENT_READ, "stdout")
        selector.register(stderr, selectors.EVENT_READ, "stderr")
        while selector.get_map():
            for key, _ in selector.select():
                text = os.read(key.fd, 65536)
                if not text:
                    selector.unregister(key.fileobj)
                elif key.data == "stdout":
                    yield language_pb2.RunPluginResponse(stdout=text)
                else:
                    yield language_pb2.RunPluginResponse(stderr=text)


def _end_with_the_engine(host: LanguageHost) -> None:
    """End this process and its children when the engine has ended, as a killed engine sends no message."""
    engine = os.getppid()
    while os.getppid() == engine:
        time.sleep(0.5)
    for child in list(host.children):
        with contextlib.suppress(OSError):
            child.kill()
    os._exit(1)


def serve(engine_address: str) -> None:
    """Serve the engine at an address until it ends this process."""
    # A fork without an exec is safe on Linux only.
    host = LanguageHost(engine_address, SparePython() if sys.platform == "linux" else None)
    # A policy pack occupies a thread as long as it runs.
    server = grpc.server(
        ThreadPoolExecutor(max_workers=32),
        options=[
            ("grpc.max_receive_message_length", _MESSAGE_BYTES),
            ("grpc.max_send_message_length", _MESSAGE_BYTES),
        ],
    )
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    threading.Thread(target=_end_with_the_engine, args=(host,), daemon=True).start()
    host.run_programs()


def main(arguments: list[str]) -> None:
    """Serve the engine, or run one program for a language host that runs on another Python."""
    # The engine ends its plugins with SIGINT, for which Python would print a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if arguments[:1] == [_RUN_ONE_REQUEST]:
        response = run_program(language_pb2.RunRequest.FromString(sys.stdin.buffer.read()))
        with os.fdopen(int(arguments[1]), "wb") as answer:
            answer.write(b"\0" + response.SerializeToString())  # an empty response has no bytes of its own
        return
    serve(arguments[-1])


if __name__ == "__main__":
    main(sys.argv[1:])
