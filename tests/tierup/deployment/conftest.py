"""A small project on disk, and `tierup` as a separate process on the real engine and the sandbox."""

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

# Raw resources: importing the SDK's classes takes seconds, and these tests need no particular type.
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
pulumi.export("hidden", pulumi.Output.secret("secret-value"))
"""


@dataclass(frozen=True, slots=True)
class CommandResult:
    """The result of a `tierup` process."""

    code: int
    stdout: str
    stderr: str

    @property
    def document(self) -> Any:
        """The document that --json printed."""
        return json.loads(self.stdout)


@dataclass(frozen=True, slots=True)
class SandboxProject:
    """A project with its own sandbox."""

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
            out, err = process.communicate(timeout=300)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            raise
        return CommandResult(process.returncode, out, err)

    def resources(self) -> list[CloudResource]:
        """Return the resources that this project has created in the sandbox."""
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
        """Return whether every injected fault has been triggered."""
        cloud = Cloud(cloud_path(self.home))
        try:
            return not cloud.faults()
        finally:
            cloud.close()


@pytest.fixture
def make_sandbox_project(tmp_path: Path) -> Generator[Callable[[], SandboxProject]]:
    """Return a function that creates projects, whose sandboxes are stopped at the end."""
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
        # The engine comes from the machine's cache, not from this test's HOME.
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
    """Return one project."""
    return make_sandbox_project()
