"""A copy of the project in a folder with its own sandbox, in which `tierup` runs as a process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psutil
import yaml

from tierup.sandbox import cloud_path, stop
from tierup.sandbox.aws.ecs_vcpu_quotas import SERVICE, VCPU_QUOTAS
from tierup.sandbox.cloud import Cloud, CloudResource, InjectedFault
from tierup.switch.effects import KEPT_TYPES
from tierup.switch.rules import DATA

CHECKOUT: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class CommandResult:
    """The result of one `tierup` command."""

    code: int
    document: Mapping[str, Any]
    """The output of --json."""
    stderr: str

    def __str__(self) -> str:
        diagnostics = [each for each in self.document.get("diagnostics") or () if each.get("severity") == "error"]
        errors = [self.document.get("error") or "", *(each.get("message", "") for each in diagnostics)]
        return f"ended with {self.code}: {' '.join(errors)}\n{self.stderr[-2_000:]}"

    @property
    def changes(self) -> Mapping[str, int]:
        """Return how many resources each operation changed, without unchanged ones: {"create": 3}."""
        counts: Mapping[str, int] = self.document.get("changes") or {}
        return {kind: count for kind, count in counts.items() if kind != "same" and count}


@dataclass(slots=True)
class SandboxProject:
    """The checkout's program in its own folder, with one stack."""

    folder: Path
    stack: str = "dev"
    project: str = "tierup"
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    """The configuration of the stack; that of Pulumi.dev.yaml if it is empty."""
    fargate_vcpus: int | None = 1000
    """The quota of Fargate; None is that of a new account, too small for tier medium."""
    timeout_seconds: float = 1_800
    """How long a command may take."""

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        for name in ("stacks", "components", "policies", ".venv"):
            (self.folder / name).symlink_to(CHECKOUT / name)
        project = (CHECKOUT / "Pulumi.yaml").read_text().replace("name: tierup", f"name: {self.project}", 1)
        (self.folder / "Pulumi.yaml").write_text(project)
        self.settings = self.settings or yaml.safe_load((CHECKOUT / "Pulumi.dev.yaml").read_text())["config"]
        self.set()
        if self.fargate_vcpus is not None:
            with closing(self.cloud()) as cloud:
                for quota in VCPU_QUOTAS:
                    cloud.set_quota(SERVICE, quota.what, self.fargate_vcpus)

    @property
    def home(self) -> Path:
        """The folder of the sandbox and the state."""
        return self.folder / ".tierup"

    @property
    def settings_file(self) -> Path:
        """The settings file of the stack."""
        return self.folder / f"Pulumi.{self.stack}.yaml"

    @property
    def config(self) -> Mapping[str, Any]:
        """The configuration in the settings file."""
        return yaml.safe_load(self.settings_file.read_text())["config"]

    def set(self, **changed: Any) -> None:
        """Change settings: set(phase="optimization")."""
        self.settings.update({f"tierup:{key}": value for key, value in changed.items()})
        self.settings_file.write_text(yaml.safe_dump({"config": self.settings}))

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a `tierup` command on the stack and do not wait for it."""
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
        """Run a `tierup` command on the stack to its end."""
        return self.wait(self.start(*arguments))

    def wait(self, process: subprocess.Popen[str]) -> CommandResult:
        """Wait until a started command ends."""
        out, stderr = process.communicate(timeout=self.timeout_seconds)
        killed = process.returncode < 0  # and may have printed a part of its document
        return CommandResult(process.returncode, {} if killed or not out.strip() else json.loads(out), stderr)

    def cloud(self) -> Cloud:
        """Open the cloud of the sandbox. The caller closes it."""
        return Cloud(cloud_path(self.home))

    def resources(self) -> list[CloudResource]:
        """Return the resources that the program created, oldest first."""
        with closing(self.cloud()) as cloud:
            return [each for each in cloud.all() if each.urn]

    def kept(self) -> dict[str, CloudResource]:
        """Return the resources that a switch must not replace, by URN. Raises LookupError if one exists twice."""
        found = self.resources()
        twice = sorted(urn for urn, count in Counter(each.urn for each in found).items() if count > 1)
        if twice:
            raise LookupError(f"resources exist twice: {', '.join(twice)}")
        return {each.urn: each for each in found if each.type in KEPT_TYPES or each.type in DATA}

    def arm(self, *faults: InjectedFault) -> None:
        """Add faults that the sandbox injects."""
        with closing(self.cloud()) as cloud:
            for fault in faults:
                cloud.add_fault(fault)

    def disarm(self) -> None:
        """Remove all faults."""
        with closing(self.cloud()) as cloud:
            cloud.clear_faults()

    def switch_violations(self, before: Mapping[str, CloudResource], deleted: Collection[str]) -> list[str]:
        """Return what is wrong after a switch: what it lost or replaced of `before`, or a preview with changes.

        `deleted` are the logical names of the data that the switch may delete.
        """
        now = self.kept()
        violations = [f"{name} was replaced" for name in replaced(before, now)]
        violations += [f"{name} was deleted" for name in lost(before, now) if name not in deleted]
        preview = self.run("preview", "--expect-no-changes")
        if preview.code:
            violations.append(f"a preview after the switch {preview}")
        return violations

    def close(self) -> None:
        """Stop the sandbox."""
        stop(self.home)


def deletions(plan: CommandResult) -> list[str]:
    """Return the logical names of the data that a planned switch deletes."""
    return sorted({name for step in plan.document["steps"] for name in step["lost_data"]})


def accepting(names: Collection[str]) -> list[str]:
    """Return the options of `tierup switch` that accept the deletion of data."""
    return [word for name in names for word in ("--delete-data", name)]


def replaced(before: Mapping[str, CloudResource], after: Mapping[str, CloudResource]) -> list[str]:
    """Return the logical names of resources that exist in both and are not the same."""
    return sorted(
        each.name
        for urn, each in before.items()
        if urn in after and (after[urn].id, after[urn].created) != (each.id, each.created)
    )


def lost(before: Mapping[str, CloudResource], after: Mapping[str, CloudResource]) -> list[str]:
    """Return the logical names of resources with data that no longer exist."""
    return sorted(each.name for urn, each in before.items() if each.type in DATA and urn not in after)


def kill_engine(pid: int) -> None:
    """Kill the engine's processes among the children of a `tierup` process."""
    for child in psutil.Process(pid).children(recursive=True):
        if "pulumi" in child.name():
            child.send_signal(signal.SIGKILL)
