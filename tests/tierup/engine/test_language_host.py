"""tierup's language host on the real engine, with programs that need no provider."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import venv
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.waiting import wait_until
from tierup.engine import Engine, find_or_install
from tierup.engine.engine import SHIMS

pytestmark = pytest.mark.engine

PROGRAM = """
import sys
import pulumi

class Thing(pulumi.ComponentResource):
    def __init__(self, name: str) -> None:
        super().__init__("probe:index:Thing", name, {"size": 3})
        self.register_outputs({})

print("printed by the program")
print("printed to stderr", file=sys.stderr)
Thing("one")
Thing("two")
pulumi.export("prefix", sys.prefix)
pulumi.export("project", pulumi.get_project())
pulumi.export("greeting", pulumi.Config().get("greeting"))
"""

PACK = """
import sys
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

def check(args, report):
    if args.name == "two":
        report(f"two is one too many, says {sys.prefix}")

PolicyPack("probe", policies=[
    ResourceValidationPolicy("no-two", "No two.", check, enforcement_level=EnforcementLevel.MANDATORY)
])
"""


@dataclass
class Project:
    """A project in its own folder, with its own backend."""

    folder: Path
    environment: dict[str, str]
    engine: Engine

    def write(self, program: str, options: str = "") -> None:
        (self.folder / "program").mkdir(exist_ok=True)
        (self.folder / "program" / "__main__.py").write_text(program)
        (self.folder / "Pulumi.yaml").write_text(
            f"name: probe\nmain: program\nruntime: {{name: python, options: {{{options}}}}}\n"
        )

    def pack(self, options: str = "") -> Path:
        folder = self.folder / "pack"
        folder.mkdir(exist_ok=True)
        (folder / "__main__.py").write_text(PACK)
        (folder / "PulumiPolicy.yaml").write_text(
            f"runtime: {{name: python, options: {{{options}}}}}\nversion: 0.0.1\n"
        )
        return folder

    def pulumi(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["pulumi", *arguments, "--non-interactive", "--color=never"],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def preview(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.pulumi("preview", "--stack=dev", *arguments)


@pytest.fixture(scope="module")
def engine() -> Engine:
    """Return this machine's engine, set to use tierup's language host even if it has the official one."""
    found = find_or_install()
    return Engine(path=found.path, version=found.version, origin=found.origin, has_language_host=False)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Project:
    return _make_project(tmp_path_factory.mktemp("shared"), engine)


@pytest.fixture
def project(shared: Project) -> Project:
    """Return the project of all tests that only preview, which changes no state."""
    shared.write(PROGRAM)
    return shared


@pytest.fixture
def own_project(tmp_path: Path, engine: Engine) -> Project:
    """Return a project for one test."""
    return _make_project(tmp_path, engine)


def _make_project(tmp_path: Path, engine: Engine) -> Project:
    state = tmp_path / "state"
    state.mkdir()
    folder = tmp_path / "a project"  # with a space, which a path may contain
    folder.mkdir()
    environment = {**os.environ, **engine.environment()}
    environment["PATH"] = f"{SHIMS}{os.pathsep}{environment['PATH']}"
    environment |= {
        "PULUMI_BACKEND_URL": state.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "x",
        "PULUMI_HOME": str(tmp_path / "home"),
    }
    project = Project(folder, environment, engine)
    project.write(PROGRAM)
    created = project.pulumi("stack", "init", "dev")
    assert created.returncode == 0, created.stderr
    return project


@pytest.fixture(scope="module")
def other_venv(shared: Project) -> Path:
    """Create a virtual environment in the project, other than that of the tests, with the same packages."""
    folder = shared.folder / "other"
    venv.create(folder, with_pip=False, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    site_packages = next(path for path in sys.path if path.endswith("site-packages"))
    (site / "packages.pth").write_text(site_packages)
    return folder


def test_a_program_is_previewed_and_its_output_reaches_the_log(project: Project) -> None:
    done = project.preview("--config=greeting=hello")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "+ 3 to create" in done.stdout
    assert "printed by the program" in done.stdout
    assert "printed to stderr" in done.stdout
    assert f'prefix  : "{sys.prefix}"' in done.stdout
    assert 'project : "probe"' in done.stdout
    assert 'greeting: "hello"' in done.stdout


def test_a_preview_after_up_shows_no_changes(own_project: Project) -> None:
    done = own_project.pulumi("up", "--stack=dev", "--yes", "--skip-preview")
    assert done.returncode == 0, done.stdout + done.stderr
    again = own_project.preview("--expect-no-changes")
    assert again.returncode == 0, again.stdout + again.stderr


def test_a_mandatory_policy_stops_the_preview(project: Project) -> None:
    done = project.preview("--policy-pack", str(project.pack()))
    assert done.returncode != 0
    assert "[mandatory]  no-two  (probe:index:Thing: two)" in done.stdout
    assert f"two is one too many, says {sys.prefix}" in done.stdout


def test_program_and_policies_run_in_the_virtual_environments_of_their_project_files(
    project: Project, other_venv: Path
) -> None:
    project.write(PROGRAM, "virtualenv: other")
    done = project.preview("--policy-pack", str(project.pack("virtualenv: ../other")))
    assert f"says {other_venv}" in done.stdout
    assert f'"{other_venv}"' in done.stdout  # the program's output `prefix`
    assert "printed by the program" in done.stdout


def test_a_missing_virtual_environment_is_reported(project: Project) -> None:
    project.write(PROGRAM, "virtualenv: missing")
    done = project.preview()
    assert done.returncode != 0
    assert "'missing'" in done.stdout
    assert "not a virtual environment" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


FAILS_DEEP = """
import pulumi

def deep():
    raise LookupError("nothing there")

deep()
"""
FAILS_IN_APPLY = """
import pulumi

pulumi.export("out", pulumi.Output.from_input(1).apply(lambda one: one / 0))
"""


FAILURES: dict[str, tuple[str, list[str], str]] = {
    "exception": (
        FAILS_DEEP,
        ["Program failed with an unhandled exception", "in deep", "LookupError: nothing there"],
        "runpy",
    ),
    "in apply": (FAILS_IN_APPLY, ["ZeroDivisionError"], "language_host.py"),
    "syntax": ("import pulumi\nx = = 1\n", ["SyntaxError: invalid syntax", "x = = 1"], "language_host.py"),
    "import": ("import absent_module\n", ["No module named 'absent_module'"], "language_host.py"),
    "RunError": ("import pulumi\nraise pulumi.RunError('wrong setting')\n", ["error: wrong setting"], "Traceback"),
    "exit text": ("raise SystemExit('gave up')\n", ["gave up", "non-zero exit code: 1"], "Traceback"),
    "exit code": ("import sys\nsys.exit(3)\n", ["Program exited with non-zero exit code: 3"], "Traceback"),
    "dies": ("import os\nos._exit(7)\n", [], "Traceback"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failing_program_is_reported_with_its_own_message(project: Project, failure: str) -> None:
    _assert_own_message_is_printed(project, failure, "")


@pytest.mark.parametrize("failure", ["exception", "exit code", "dies"])
@pytest.mark.usefixtures("other_venv")
def test_a_failing_program_in_another_virtual_environment_is_reported_with_its_own_message(
    project: Project, failure: str
) -> None:
    _assert_own_message_is_printed(project, failure, "virtualenv: other")


def _assert_own_message_is_printed(project: Project, failure: str, options: str) -> None:
    program, wanted, unwanted = FAILURES[failure]
    project.write(program, options)
    done = project.preview()
    assert done.returncode != 0
    printed = done.stdout + done.stderr
    for text in wanted:
        assert text in printed, printed
    assert unwanted not in printed, printed


def _processes(of: Project) -> list[psutil.Process]:
    """Return the Python processes that the engine of this project started."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("PULUMI_HOME") == of.environment["PULUMI_HOME"]:
                found.append(process)
        except psutil.Error:
            continue
    return [process for process in found if process.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.parametrize("kill_signal", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_running_or_printed_when_the_engine_is_stopped(
    own_project: Project, kill_signal: signal.Signals
) -> None:
    own_project.write(
        f"import pathlib, time\npathlib.Path({str(own_project.folder / 'running')!r}).touch()\ntime.sleep(60)\n"
    )
    pack = own_project.pack()
    with subprocess.Popen(
        ["pulumi", "preview", "--stack=dev", "--non-interactive", "--policy-pack", pack],
        cwd=own_project.folder,
        env=own_project.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as engine:
        wait_until((own_project.folder / "running").exists, seconds=240)
        assert len(_processes(own_project)) >= 3  # the engine, the host and the policy pack
        os.killpg(engine.pid, kill_signal)
        if kill_signal == signal.SIGINT:
            # The engine waits for the program at the first interrupt, and ends it at the second.
            time.sleep(0.5)
            os.killpg(engine.pid, kill_signal)
        printed, _ = engine.communicate(timeout=240)
    assert "Traceback" not in printed
    wait_until(lambda: not _processes(own_project), seconds=240)
