"""Run the program of this repository with the `tierup` command, in its own folder and sandbox."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tierup.sandbox import cloud_path, stop
from tierup.sandbox.aws.ecs_vcpu_quotas import SERVICE, VCPU_QUOTAS
from tierup.sandbox.cloud import Cloud, CloudResource, InjectedFault

CHECKOUT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class CommandResult:
    """The result of one `tierup` command."""

    code: int
    document: Mapping[str, Any]  # the output of --json
    stderr: str

    @property
    def changes(self) -> Mapping[str, int]:
        """Return how many resources each operation changed, without unchanged ones: {"create": 3}."""
        counts: Mapping[str, int] = self.document.get("changes") or {}
        return {kind: count for kind, count in counts.items() if kind != "same" and count}


@dataclass(slots=True)
class Program:
    """The checkout's program in a folder of its own, where a test can change the settings."""

    folder: Path
    stack: str = "dev"
    project: str = "tierup"
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    fargate_vcpus: int | None = 1000  # the quota of Fargate; None is that of a new account, too small for tier medium

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        for name in ("stacks", "components", "policies", ".venv"):
            (self.folder / name).symlink_to(CHECKOUT / name)
        project = (CHECKOUT / "Pulumi.yaml").read_text().replace("name: tierup", f"name: {self.project}", 1)
        (self.folder / "Pulumi.yaml").write_text(project)
        self.settings = yaml.safe_load((CHECKOUT / "Pulumi.dev.yaml").read_text())["config"]
        self.set()
        if self.fargate_vcpus is not None:
            cloud = self.cloud()
            for quota in VCPU_QUOTAS:
                cloud.set_quota(SERVICE, quota.what, self.fargate_vcpus)
            cloud.close()

    @property
    def home(self) -> Path:
        """The folder of the program's sandbox and state."""
        return self.folder / ".tierup"

    def set(self, **changed: Any) -> None:
        """Change settings: set(phase="optimization")."""
        self.settings.update({f"tierup:{key}": value for key, value in changed.items()})
        (self.folder / f"Pulumi.{self.stack}.yaml").write_text(yaml.safe_dump({"config": self.settings}))

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a `tierup` command and do not wait for it."""
        return subprocess.Popen(
            [sys.executable, "-m", "tierup.cli", *arguments, "--stack", self.stack, "--sandbox", "--json"],
            cwd=self.folder,
            env={**os.environ, "TIERUP_HOME": str(self.home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> CommandResult:
        """Run a `tierup` command to its end."""
        process = self.start(*arguments)
        out, stderr = process.communicate(timeout=300)
        return CommandResult(process.returncode, json.loads(out) if out.strip() else {}, stderr)

    def cloud(self) -> Cloud:
        """Open the cloud of the program's sandbox. The caller closes it."""
        return Cloud(cloud_path(self.home))

    def resources(self) -> list[CloudResource]:
        """Return the resources that the program created, oldest first."""
        cloud = self.cloud()
        try:
            return [resource for resource in cloud.all() if resource.urn]
        finally:
            cloud.close()

    def arm(self, *faults: InjectedFault) -> None:
        """Add faults that the sandbox injects."""
        cloud = self.cloud()
        for fault in faults:
            cloud.add_fault(fault)
        cloud.close()

    def faults(self) -> Sequence[InjectedFault]:
        """Return the faults that the sandbox has not injected yet."""
        cloud = self.cloud()
        try:
            return cloud.faults()
        finally:
            cloud.close()

    def recorded(self) -> Mapping[str, list[str]]:
        """Return the ids in the engine's state by URN, without components and providers."""
        file = self.home / "pulumi" / "state" / ".pulumi" / "stacks" / self.project / f"{self.stack}.json"
        latest = json.loads(file.read_text())["checkpoint"]["latest"]
        found: dict[str, list[str]] = {}
        for resource in latest.get("resources") or ():
            if resource.get("custom") and not resource["type"].startswith("pulumi:"):
                found.setdefault(resource["urn"], []).append(resource["id"])
        return found

    def complete(self) -> Sequence[str]:
        """Return the URNs of all resources. Fail if one exists twice, or if cloud and state differ."""
        resources = self.resources()
        urns = [resource.urn for resource in resources]
        assert len(urns) == len(set(urns)), f"twice: {sorted({urn for urn in urns if urns.count(urn) > 1})}"
        recorded = self.recorded()
        assert {resource.urn: [resource.id] for resource in resources} == recorded
        return sorted(urns)

    def close(self) -> None:
        """Stop the program's sandbox."""
        stop(self.home)
