"""The installed package: a wheel carries the program below tierup/program, and every command runs from it.

Whenever the tests run, one process resolves every import of the wheel and shows the help of every command, and a new
project is deployed. `make exhaustive` runs every command.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tools.docs.tables import commands

CHECKOUT = Path(__file__).parents[2]
PROGRAM = "tierup/program"


def _build(kind: str, folder: Path) -> Path:
    code = f"from hatchling.build import build_{kind}; build_{kind}({str(folder)!r})"
    subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=True, capture_output=True, timeout=120)
    (wheel,) = folder.glob("*.whl")
    return wheel


def _names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build("wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def wheel(built: Path) -> list[str]:
    return _names(built)


def test_a_wheel_has_no_generic_top_level_packages(wheel: list[str]) -> None:
    assert {name.split("/")[0] for name in wheel} == {"tierup", "tierup-0.1.0.dist-info"}


@pytest.mark.parametrize("folder", ["stacks", "components", "policies", "templates"])
def test_a_wheel_contains_the_whole_program(wheel: list[str], folder: str) -> None:
    files = [path for path in (CHECKOUT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert files
    assert {f"{PROGRAM}/{path.relative_to(CHECKOUT)}" for path in files} <= set(wheel)


def test_a_wheel_contains_no_stack_of_the_checkout(wheel: list[str]) -> None:
    assert not [name for name in wheel if name.startswith(f"{PROGRAM}/Pulumi")]
    assert "tierup-0.1.0.dist-info/licenses/LICENSE" in wheel


def test_the_policy_pack_of_a_wheel_names_no_virtual_environment(built: Path) -> None:
    with zipfile.ZipFile(built) as archive:
        pack = archive.read(f"{PROGRAM}/policies/PulumiPolicy.yaml").decode()
    assert "name: tierup" in pack
    assert "name: python" in pack
    assert "virtualenv" not in pack


def test_a_wheel_contains_the_engines_build_files_but_not_the_set_up_of_a_checkout(wheel: list[str]) -> None:
    shims = {"shims/pulumi-language-python", "shims/pulumi-resource-pulumi-python"}
    needed = {"build/go.mod", "build/go.sum", "build/go.lock", "language_host.py", *shims}
    assert {f"tierup/engine/{name}" for name in needed} <= set(wheel)
    assert "tierup/set_up.py" not in wheel
    assert not [name for name in wheel if name.endswith((".pyc", ".log"))]


def test_a_wheel_contains_the_component_package_and_the_public_components(wheel: list[str]) -> None:
    names = {"component_package/PulumiPlugin.yaml", "component_package/__main__.py", "components/vpc.py"}
    assert {f"tierup/{name}" for name in names} <= set(wheel)


def test_an_editable_install_exposes_tierup_alone(tmp_path: Path) -> None:
    names = [name for name in _names(_build("editable", tmp_path)) if "dist-info" not in name]
    assert sorted(names) == ["_editable_impl_tierup.pth", "_editable_impl_tierup.py"]
    found = subprocess.run(
        [sys.executable, "-c", "import importlib.util as u; print(u.find_spec('tierup') and 1, u.find_spec('stacks'))"],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.split() == ["1", "None"]


# --- every command, from an installed wheel ---


@dataclass(frozen=True, slots=True)
class Installed:
    """A wheel in its own virtual environment, and a project that its `tierup init` has created."""

    folder: Path
    executable: Path
    environment: dict[str, str]

    def evaluate(self, program: str) -> Any:
        """Run a Python program in the virtual environment, and return the JSON document that it prints."""
        python = self.executable.with_name("python")
        done = subprocess.run(
            [python, "-c", program],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def run(self, *arguments: str, code: int = 0) -> str:
        """Run a command in the project, check its exit code, and return what it printed on stdout."""
        done = subprocess.run(
            [self.executable, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == code, f"tierup {' '.join(arguments)}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done.stdout


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    folder = tmp_path_factory.mktemp("installed")
    venv = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True, timeout=60)
    pip = [sys.executable, "-m", "pip", "--python", str(venv / "bin" / "python"), "install", "--quiet", "--no-index"]
    subprocess.run([*pip, "--no-deps", "--disable-pip-version-check", str(built)], check=True, timeout=60)
    # The dependencies come from the environment of the tests. Its own .pth files have no effect from here, so the
    # editable tierup in it is not importable.
    site_packages = venv / Path(sysconfig.get_path("purelib")).relative_to(sys.prefix)
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "PULUMI_", "TIERUP_", "PYTHON", "MONGODB"))
    }
    environment |= {"AWS_EC2_METADATA_DISABLED": "true", "HOME": str(folder)}
    environment["TIERUP_CACHE"] = os.environ.get("TIERUP_CACHE") or str(Path.home() / ".cache" / "tierup")
    project = Installed(folder / "shop", venv / "bin" / "tierup", environment)
    subprocess.run([project.executable, "init", "shop"], cwd=folder, env=environment, check=True, capture_output=True)
    yield project
    project.run("sandbox", "stop")


RESOLVE_IMPORTS = """
import ast, importlib, json, pathlib, sys
import tierup
from tierup.program_loader import import_path

root = pathlib.Path(tierup.__file__).parent
failed, count = [], 0


def resolve(module, name=None):
    try:
        found = importlib.import_module(module)
        if name and not hasattr(found, name):
            importlib.import_module(f"{module}.{name}")
    except Exception as error:
        failed.append(f"{path.relative_to(root)}: {module} {name or ''}: {type(error).__name__}: {error}")


with import_path():
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).parts
        if parts[0] == "program" and parts[1] not in ("stacks", "components", "policies"):
            continue  # templates import what a user's project has
        package = parts[1:-1] if parts[0] == "program" else ("tierup", *parts[:-1])
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names = [(alias.name, None) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                above = package[: len(package) + 1 - node.level] if node.level else ()
                module = ".".join((*above, *filter(None, [node.module])))
                names = [(module, alias.name) for alias in node.names if alias.name != "*"]
            else:
                continue
            for module, name in names:
                if module.partition(".")[0] in ("tierup", "stacks", "components", "policies"):
                    count += 1
                    resolve(module, name)
print(json.dumps({"root": str(root), "count": count, "failed": failed}))
"""
"""Resolves the imports of the project's own packages in all files of an installed wheel, also those in functions."""

SHOW_HELP = """
import json
import typer
from typer.testing import CliRunner
from tierup.cli.app import app
from tierup.cli.sandbox import app as sandbox_app

shown = {}


def show(application, prefix):
    def leaves(group, before=()):
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                leaves(command, (*before, name))
            elif (*prefix, *before, name) != ("sandbox",):
                answer = CliRunner().invoke(application, [*before, name, "--help"])
                shown[" ".join((*prefix, *before, name))] = [answer.exit_code, answer.output]

    leaves(typer.main.get_command(application))


show(app, ())
show(sandbox_app, ("sandbox",))
print(json.dumps(shown))
"""
"""Shows the help of every command in one process."""


def test_every_import_of_an_installed_wheel_resolves(installed: Installed) -> None:
    found = installed.evaluate(RESOLVE_IMPORTS)
    assert Path(found["root"]).is_relative_to(installed.folder.parent)
    assert found["count"] > 1_000
    assert found["failed"] == []


def test_every_command_of_an_installed_wheel_shows_its_help(installed: Installed) -> None:
    shown = installed.evaluate(SHOW_HELP)
    assert set(shown) == set(commands())
    assert {name: code for name, (code, _) in shown.items() if code} == {}
    assert [name for name, (_, text) in shown.items() if "Usage:" not in text] == []


@pytest.mark.engine
def test_a_new_project_of_an_installed_wheel_is_checked_deployed_and_destroyed(installed: Installed) -> None:
    found = json.loads(installed.run("doctor", "--json"))
    assert next(each["status"] for each in found if each["name"] == "engine") == "ok"
    assert json.loads(installed.run("cost", "--phase", "mvp", "--tier", "small", "--json"))["unpriced"] == []
    installed.run("preview", "--stack", "prod", "--sandbox")
    created = json.loads(installed.run("up", "--sandbox", "--json"))
    assert created["changes"]["create"] > 100
    assert created["policies"], "the packaged policy pack has evaluated the stack"
    assert {each["level"] for each in created["policies"]} == {"advisory"}, "policies/environments/dev.json applies"
    installed.run("preview", "--sandbox", "--expect-no-changes")
    checked = json.loads(installed.run("check", "--sandbox", "--json"))
    assert checked["exit_code"] == 0
    assert len(checked["checklist"]) > 10
    assert "api-alb" in installed.run("sandbox", "show", "api-alb")
    assert json.loads(installed.run("sandbox", "traffic", "--json"))
    deleted = json.loads(installed.run("destroy", "--sandbox", "--json"))
    assert deleted["changes"] == {"delete": created["changes"]["create"]}


@pytest.mark.engine
@pytest.mark.exhaustive
def test_every_command_runs_from_an_installed_wheel(installed: Installed) -> None:
    """One sequence in the order of a user's session, because a deployment takes most of the time."""
    ran: set[str] = set()

    def run(*arguments: str, command: int = 1, code: int = 0) -> str:
        """Run a command whose name is the first `command` arguments."""
        ran.add(" ".join(arguments[:command]))
        return installed.run(*arguments, code=code)

    found = json.loads(run("doctor", "--json"))
    assert next(each["status"] for each in found if each["name"] == "engine") == "ok"
    assert json.loads(run("cost", "--phase", "mvp", "--tier", "small", "--json"))["unpriced"] == []
    assert json.loads(run("capacity", "--users", "20000", "--json"))["recommendation"]["fits"] is True
    (installed.folder / "metrics.csv").write_text("time,users\n2026-11-01,900\n")
    assert json.loads(run("advise", "--csv", "metrics.csv", "--json"))["advice"] == "stay"
    assert "ALB-001" in run("explain")
    assert "MONGODB_URI" in installed_error(installed, "indexes", code=2)
    installed_error(installed, "preflight", code=5)
    installed_error(installed, "bootstrap", "--dry-run", code=5)
    installed_error(installed, "deploy", "--image", "registry.example.com/app:v1", "--yes", code=5)
    installed_error(installed, "rollback", "--yes", code=5)
    installed_error(installed, "failover", "--to", "eu-central-1", "--yes", code=5)
    assert "no result" in run("report", "--preview", "preview.json")
    installed_error(installed, "github", "comment", code=2)
    installed_error(installed, "github", "issue", code=2)
    installed_error(installed, "github", "commit", "missing.yaml", "--message", "Release", code=2)
    ran |= {"failover", "indexes", "init", "preflight", "bootstrap", "deploy", "rollback", "releases"}
    ran |= {"github comment", "github issue", "github commit"}
    workload = installed.folder / "copilot" / "api"
    workload.mkdir(parents=True)
    (workload / "manifest.yml").write_text(
        "{name: api, type: Load Balanced Web Service, image: {location: app:v1, port: 80}}"
    )
    assert "tierup:backend.port" in run("import", "copilot", "--stack", "test", "--dry-run", command=2)
    for name in ("releases", "logs", "pause"):
        installed_error(installed, name, *(["--yes"] if name == "pause" else []), code=5)
    installed_error(installed, "exec", "--", "sh", code=5)
    installed_error(installed, "connect", "database", code=5)
    installed_error(installed, "restore", "database", code=5)
    service = ("add", "service", "reports", "--image", "reports:v1", "--path", "/reports", "--dry-run")
    assert "tierup:services" in installed_error(installed, *service, code=2)  # phase mvp has one service
    ran |= {"logs", "pause", "exec", "connect", "add service", "restore database"}

    run("sandbox", "start", command=2)
    created = json.loads(run("up", "--sandbox", "--json"))
    assert created["changes"]["create"] > 100
    assert created["policies"], "the packaged policy pack has evaluated the stack"
    assert {each["level"] for each in created["policies"]} == {"advisory"}, "policies/environments/dev.json applies"
    run("preview", "--sandbox", "--expect-no-changes")
    assert "above the limit" in installed_error(
        installed, "review", "up", "--pull-request", "1", "--max-usd", "1", "--sandbox", code=2
    )
    assert "no review stack" in run("review", "destroy", "--pull-request", "1", "--sandbox", command=2)
    assert json.loads(run("review", "sweep", "--sandbox", "--json", command=2))["ended"] == []
    ran.add("review up")
    assert json.loads(run("drift", "--sandbox", "--json"))["resources"] == []
    assert json.loads(run("status", "--sandbox", "--json"))["healthy"] is True
    assert json.loads(run("run", "--sandbox", "--json", "--", "node", "seed.js"))["exit_code"] == 0
    run("restart", "--sandbox")
    assert json.loads(run("resume", "--sandbox", "--json"))["services"] == {}
    checked = json.loads(run("check", "--sandbox", "--json"))
    assert checked["exit_code"] == 0
    assert len(checked["checklist"]) > 10

    (installed.folder / "dist").mkdir()
    for text in ("first", "second"):
        (installed.folder / "dist" / "index.html").write_text(text)
        run("site", "deploy", "dist", "--sandbox", "--json", command=2)
    assert not json.loads(run("site", "deploy", "dist", "--sandbox", "--json", command=2))["changed"]
    assert json.loads(run("site", "rollback", "--sandbox", "--json", command=2))["release"] == 1
    assert [each["current"] for each in json.loads(run("site", "releases", "--sandbox", "--json", command=2))] == [
        False,
        True,
    ]
    run("site", "purge", "--tag", "images", "--sandbox", command=2, code=2)

    assert "running" in json.loads(run("sandbox", "status", "--json", command=2))
    assert len(json.loads(run("sandbox", "ls", "--json", command=2))) > 100
    assert "api-alb" in run("sandbox", "show", "api-alb", command=2)
    run("sandbox", "edit", "api-alb", "idleTimeout=5", command=2)
    assert json.loads(run("refresh", "--sandbox", "--json"))["changes"] == {"update": 1}
    assert "PULUMI_BACKEND_URL" in run("sandbox", "env", command=2)
    assert "aws:lb/loadBalancer:LoadBalancer" in run("sandbox", "coverage", "--used", "--json", command=2)
    run("sandbox", "faults", "add", "delete", "slow", command=3)
    (installed.folder / "faults.yaml").write_text("[{operation: delete, kind: slow}]")
    run("sandbox", "faults", "load", "faults.yaml", command=3)
    assert len(json.loads(run("sandbox", "faults", "ls", "--json", command=3))) == 2
    run("sandbox", "faults", "clear", command=3)
    run("sandbox", "quotas", "ls", command=3)
    run("sandbox", "quotas", "set", "aws:ec2/vpc:Vpc", "9", command=3)
    run("sandbox", "delegate", "example.com", "--to", "route53", command=2)
    run("sandbox", "seed", "aws:ec2/vpc:Vpc", "vpc-0a1b2c3d", "--input", "cidrBlock=10.9.0.0/16", command=2)
    assert json.loads(run("sandbox", "traffic", "--json", command=2))
    run("sandbox", "trace", "--from-task", "backend", "--to", "database", command=2)
    run("sandbox", "timeline", command=2)
    run("sandbox", "problems", command=2)
    run("sandbox", "conditions", "add", "task-stopped", "backend", command=3)
    run("sandbox", "conditions", "ls", command=3)
    run("sandbox", "conditions", "clear", command=3)
    (installed.folder / "policy.json").write_text(
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
    )
    run("sandbox", "deployer", "set", "policy.json", command=3)
    run("sandbox", "deployer", "show", command=3)
    run("sandbox", "deployer", "clear", command=3)
    run("switch", "--sandbox", "--phase", "optimization", "--dry-run", "--json")
    run("rotate", "database", "--sandbox", "--dry-run", "--json", command=2)
    run("rotate", "cache", "--sandbox", "--dry-run", command=2, code=2)  # phase mvp has no cache
    run("rotate", "origin-key", "--sandbox", "--dry-run", command=2, code=2)
    # Disk autoscaling is disabled in phase mvp.
    run("sandbox", "autoscale", "database-cluster", "--disk-gb", "20", command=2, code=1)
    run("sandbox", "rm", "site-bucket", command=2)
    deleted = json.loads(run("destroy", "--sandbox", "--json"))
    assert deleted["changes"] == {"delete": created["changes"]["create"]}
    run("sandbox", "reset", "--yes", command=2)
    run("sandbox", "stop", command=2)
    assert ran == set(commands())


def installed_error(installed: Installed, *arguments: str, code: int) -> str:
    done = subprocess.run(
        [installed.executable, *arguments],
        cwd=installed.folder,
        env=installed.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    return done.stderr
