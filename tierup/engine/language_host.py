"""A stand-in for Pulumi's Python language host, for machines that have only the CLI we built.

The engine starts it through `shims/pulumi-language-python`, reads a port from its first line of output, and then asks
it by gRPC to run programs (`Run`) and policy packs (`RunPlugin`). It behaves as the official host does:

- the program runs with the Python of the virtual environment that `runtime.options.virtualenv` names in Pulumi.yaml or
  PulumiPolicy.yaml (a relative path counts from that file's folder). When this process already is that Python, the
  usual case, the program runs right here, which saves every preview a second start of Python and import of Pulumi;
- without that option it runs with PULUMI_PYTHON_CMD, else with this Python;
- what the program prints reaches the engine's log, and an exception is reported by the program's own traceback alone.

What it does not do: install dependencies (`pulumi install`), generate SDKs, attach debuggers. The engine is told
"unimplemented" and says so. Providers' plugins are found by the engine itself when a resource needs one.

What it does beyond: where TIERUP_SOURCE_MAP names a file, it writes there which lines of the program made which
resource (`SourceMap`). A state tells that too, a preview does not.

This file is run by its path, and imports nothing of tierup: the Python that runs it may have only Pulumi.
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
from pulumi.runtime.proto import LanguageRuntimeServicer, language_pb2, language_pb2_grpc, plugin_pb2, resource_pb2
from pulumi.runtime.settings import get_monitor, reset_options

from tierup.pulumi_protocol import GRPC_OPTIONS

_RUN_ONE_REQUEST = "--run-one-request"
SOURCE_MAP = "TIERUP_SOURCE_MAP"
"""The environment variable that names the file for the source map of a program's run."""


class LanguageHost(LanguageRuntimeServicer):
    """Serves the engine. Programs run on the main thread, where their own signal handlers may be set."""

    def __init__(self, engine_address: str, spare: SparePython | None = None) -> None:
        self.engine_address = engine_address
        self.children: set[Child] = set()
        self._spare = spare
        self._programs: queue.SimpleQueue[tuple[language_pb2.RunRequest, Future[language_pb2.RunResponse]]] = (
            queue.SimpleQueue()
        )

    def run_programs(self) -> None:
        """Run each program that the engine asks for, one after the other, until the process is ended."""
        while True:
            request, response = self._programs.get()
            response.set_result(contextvars.copy_context().run(run_program, request))

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
        """Run the program in a process of another Python; its output goes where ours goes."""
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
                return self._ended_with_us(spare)
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
        with self._ended_with_us(process):
            yield process

    @contextlib.contextmanager
    def _ended_with_us(self, process: Child) -> Generator[Child]:
        self.children.add(process)
        try:
            yield process
        finally:
            process.terminate()
            process.wait()
            self.children.discard(process)


class Child(Protocol):
    """What we ask of a process that we started."""

    @property
    def stdout(self) -> IO[bytes] | None: ...
    @property
    def stderr(self) -> IO[bytes] | None: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...
    def wait(self) -> int: ...


class SparePython:
    """A copy of this process that waits to become the first policy pack.

    It has Pulumi imported already, and that is most of the half second a policy pack takes to start. It must be made
    before any thread runs and before gRPC does anything, neither of which survives a fork.
    """

    def __init__(self) -> None:
        context = multiprocessing.get_context("fork")
        orders, self._order = context.Pipe(duplex=False)
        stdout, stdout_end = os.pipe()
        stderr, stderr_end = os.pipe()
        self._process = context.Process(target=self._wait_for_order, args=(orders, stdout_end, stderr_end))
        self._process.start()
        orders.close()
        os.close(stdout_end)
        os.close(stderr_end)
        self.stdout: IO[bytes] = os.fdopen(stdout, "rb", buffering=0)
        self.stderr: IO[bytes] = os.fdopen(stderr, "rb", buffering=0)

    def become_policy_pack(self, arguments: list[str], folder: str, environment: Mapping[str, str]) -> None:
        """Run `python -m pulumi.policy ARGUMENTS` in this folder and environment."""
        self._order.send((arguments, folder, dict(environment)))
        self._order.close()

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()

    def wait(self) -> int:
        self._process.join()
        return self._process.exitcode or 0

    def _wait_for_order(self, orders: Connection, stdout: int, stderr: int) -> None:
        self._order.close()
        os.dup2(stdout, 1)
        os.dup2(stderr, 2)
        for module in ("pulumi_policy", "yaml"):  # what packs import; whichever of them is there
            with contextlib.suppress(ImportError):
                importlib.import_module(module)
        try:
            arguments, folder, environment = orders.recv()
        except EOFError:
            return  # the host is gone
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = ["pulumi.policy", *arguments]
        sys.path.insert(0, folder)
        runpy.run_module("pulumi.policy", run_name="__main__", alter_sys=True)


class NoSuchPythonError(Exception):
    """The virtual environment that a project names is not there. The text is for the user."""


def python_for(info: language_pb2.ProgramInfo) -> str | None:
    """The Python that this project asks for, or None where that is the one that runs this.

    Raises:
        NoSuchPythonError: the project's virtual environment is not there.
    """
    options: Mapping[str, object] = dict(info.options.items())
    named = options.get("virtualenv")
    if not isinstance(named, str) or not named:
        return os.environ.get("PULUMI_PYTHON_CMD") or None
    environment = Path(info.root_directory, named)
    if not (environment / "pyvenv.cfg").is_file():
        raise NoSuchPythonError(
            f"The 'virtualenv' option of {info.root_directory} is {named!r}, but {environment} is not a virtual "
            "environment. Create it (in a checkout of tierup: `make up`), or correct the option."
        )
    if environment.resolve() == Path(sys.prefix).resolve():
        return None
    folder, name = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return str(environment / folder / name)


def run_program(request: language_pb2.RunRequest) -> language_pb2.RunResponse:
    """Run one Pulumi program in this process and say how it ended. `request.args` starts with the engine's address."""
    # Parts of the dependency graph stay unevaluated when a program fails; asyncio would report each of them.
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
        log.error(str(error))
        return language_pb2.RunResponse(bail=True)
    except SystemExit as leaving:
        return _exited(leaving.code)
    except Exception as error:
        if not _says_the_engine_is_gone(error):  # else nobody is left to tell
            log.error(f"Program failed with an unhandled exception:\n{_users_traceback(error, program)}")
        return language_pb2.RunResponse(bail=True)
    finally:
        _end(loop)
        if source_map is not None:
            source_map.write()
        sys.stdout.flush()
        sys.stderr.flush()
    return language_pb2.RunResponse()


_Registration = resource_pb2.RegisterResourceRequest | resource_pb2.ReadResourceRequest
_Registered = resource_pb2.RegisterResourceResponse | resource_pb2.ReadResourceResponse


class SourceMap:
    """Which lines of a program made which resource, as the SDK tells the engine with each registration.

    The file is JSON: by URN the frames of the call stack, innermost first, each `["file:///x/y.py", 12]`. The frames of
    the SDK's own constructors are not among them.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._frames: dict[str, list[tuple[str, int]]] = {}

    def watch(self, monitor: object) -> None:
        """Note what goes through this client of the engine's resource monitor."""
        for name in ("RegisterResource", "ReadResource"):
            setattr(monitor, name, self._noting(getattr(monitor, name)))

    def _noting(self, call: Callable[[_Registration], _Registered]) -> Callable[[_Registration], _Registered]:
        def note(request: _Registration) -> _Registered:
            response = call(request)
            self._frames[response.urn] = [
                (frame.pc.uri, frame.pc.line) for frame in request.stackTrace.frames if frame.pc.uri
            ]
            return response

        return note

    def write(self) -> None:
        """Write the file; a run that failed leaves what it came to."""
        self.path.write_text(json.dumps(self._frames), encoding="utf-8")


def _run_main(program: str) -> None:
    runpy.run_path(program, run_name="__main__")


def _exited(code: object) -> language_pb2.RunResponse:
    """What Python makes of `sys.exit(code)`: nothing is success, a number is itself, and a text is printed."""
    if code is None or code == 0:
        return language_pb2.RunResponse()
    if not isinstance(code, int):
        print(code, file=sys.stderr)
        code = 1
    return language_pb2.RunResponse(error=f"Program exited with non-zero exit code: {code}")


def _says_the_engine_is_gone(error: Exception) -> bool:
    if not isinstance(error, grpc.RpcError):
        return False
    code: Callable[[], grpc.StatusCode] | None = getattr(error, "code", None)
    return code is not None and code() == grpc.StatusCode.UNAVAILABLE


def _users_traceback(error: BaseException, program: str) -> str:
    """The traceback from the user's program on: the frames before it are this file, runpy and Pulumi."""
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
    """What a plugin prints, as it prints it, until it closes both streams."""
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
    """End this process and its children when the engine is gone: a killed engine tells nobody."""
    engine = os.getppid()
    while os.getppid() == engine:
        time.sleep(0.5)
    for child in list(host.children):
        with contextlib.suppress(OSError):
            child.kill()
    os._exit(1)


def serve(engine_address: str) -> None:
    """Serve the engine at this address until it ends this process."""
    # Elsewhere than on Linux a fork without an exec is not safe.
    host = LanguageHost(engine_address, SparePython() if sys.platform == "linux" else None)
    # A policy pack holds its thread for as long as it lives.
    server = grpc.server(
        ThreadPoolExecutor(max_workers=32),
        options=GRPC_OPTIONS,
    )
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    threading.Thread(target=_end_with_the_engine, args=(host,), daemon=True).start()
    host.run_programs()


def main(arguments: list[str]) -> None:
    """Start as the engine starts a language host, or to run one program for a host that runs on another Python."""
    # The engine ends its plugins with an interrupt; Python's own answer to that would be a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if arguments[:1] == [_RUN_ONE_REQUEST]:
        response = run_program(language_pb2.RunRequest.FromString(sys.stdin.buffer.read()))
        with os.fdopen(int(arguments[1]), "wb") as answer:
            answer.write(b"\0" + response.SerializeToString())  # an empty response has no bytes of its own
        return
    serve(arguments[-1])


if __name__ == "__main__":
    main(sys.argv[1:])
