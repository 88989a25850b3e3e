"""A small project on disk, and `tierup` as a user starts it: a process of its own, on the real engine and sandbox."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tierup.sandbox import cloud_path, stop
from tierup.sandbox.cloud import Cloud, CloudResource, InjectedFault

# Raw resources: the SDK's classes cost seconds to import, and these tests are about what runs a program, not about it.
PROGRAM = """
import pulumi


class Topic(pulumi.CustomResource):
    def __init__(self, name, properties=None, opts=None):
        super().__init__("aws:sns/topic:Topic", name, {"arn": None, **(properties or {})}, opts)


class Pair(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("tierup:aws:Pair", name)
        child = pulumi.ResourceOptions(parent=self)
        self.first = Topic(f"{name}-first", {"displayName": "one"}, child)
        self.second = Topic(f"{name}-second", {"displayName": self.first.id.apply(lambda _: "two")}, child)
        self.register_outputs({})


pair = Pair("pair")
pulumi.export("first", pair.first.id)
pulumi.export("hidden", pulumi.Output.secret("hush"))
"""


@dataclass(frozen=True, slots=True)
class CommandResult:
    """How a `tierup` ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def document(self) -> Any:
        """What --json printed."""
        return json.loads(self.stdout)


@dataclass(frozen=True, slots=True)
class SandboxProject:
    """A project of its own with a rehearsal of its own."""

    folder: Path
    home: Path
    environment: Mapping[str, str]

    @property
    def state(self) -> Path:
        return self.home / "pulumi" / "state"

    def write_program(self, text: str) -> None:
        (self.folder / "stacks" / "__main__.py").write_text(textwrap.dedent(text))

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tierup.cli", *arguments],
            cwd=self.folder,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> CommandResult:
        process = self.start(*arguments)
        try:
            out, err = process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            raise
        return CommandResult(process.returncode, out, err)

    def resources(self) -> list[CloudResource]:
        """What this project has made in the cloud."""
        cloud = Cloud(cloud_path(self.home))
        try:
            return [resource for resource in cloud.all() if resource.urn]
        finally:
            cloud.close()

    def fault(self, **chosen: Any) -> None:
        cloud = Cloud(cloud_path(self.home))
        cloud.add_fault(InjectedFault(**chosen))
        cloud.close()

    def faults_triggered(self) -> bool:
        """Whether every accident has happened: the cloud works on what it hits."""
        cloud = Cloud(cloud_path(self.home))
        try:
            return not cloud.faults()
        finally:
            cloud.close()


@pytest.fixture
def make_sandbox_project(tmp_path: Path) -> Generator[Callable[[], SandboxProject]]:
    """Makes a project; its sandbox is stopped at the end."""
    made: list[SandboxProject] = []

    def make() -> SandboxProject:
        folder = tmp_path / f"project{len(made)}"
        (folder / "stacks").mkdir(parents=True)
        document = {
            "name": "trial",
            "main": "stacks",
            "runtime": {"name": "python", "options": {"virtualenv": sys.prefix}},
        }
        (folder / "Pulumi.yaml").write_text(yaml.safe_dump(document))
        (folder / "Pulumi.dev.yaml").write_text("config:\n  aws:region: eu-west-1\n")
        home = folder / ".tierup"
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_", "TIERUP_HOME"))
        }
        environment |= {"AWS_EC2_METADATA_DISABLED": "true", "HOME": str(tmp_path)}
        # The engine's cache is the machine's, not this test's HOME.
        environment["TIERUP_CACHE"] = os.environ.get("TIERUP_CACHE") or str(Path.home() / ".cache" / "tierup")
        sandbox_project = SandboxProject(folder, home, environment)
        sandbox_project.write_program(PROGRAM)
        made.append(sandbox_project)
        return sandbox_project

    yield make
    for sandbox_project in made:
        stop(sandbox_project.home)


@pytest.fixture
def sandbox_project(make_sandbox_project: Callable[[], SandboxProject]) -> SandboxProject:
    """One project."""
    return make_sandbox_project()
