"""A copy of the project in a folder with its own sandbox, in which `tierup` runs as a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from tierup.sandbox import cloud_path, stop
from tierup.sandbox.cloud import Cloud, CloudResource, InjectedFault
from tierup.switch.effects import KEPT_TYPES
from tierup.switch.rules import DATA

_CHECKOUT: Final = Path(__file__).parents[2]
_TIMEOUT_SECONDS: Final = 1_800


@dataclass(frozen=True, slots=True)
class CommandResult:
    """The result of one `tierup` command."""

    code: int
    document: Mapping[str, Any]
    """The output of --json."""
    error: str
    """The end of stderr."""


@dataclass(frozen=True, slots=True)
class SandboxProject:
    """The project with the stack dev."""

    folder: Path

    @classmethod
    def create(cls, folder: Path, config: Mapping[str, Any]) -> SandboxProject:
        """Create the project with a configuration."""
        folder.mkdir(parents=True)
        for name in ("stacks", "components", "policies", ".venv"):
            (folder / name).symlink_to(_CHECKOUT / name)
        (folder / "Pulumi.yaml").write_text((_CHECKOUT / "Pulumi.yaml").read_text())
        (folder / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": dict(config)}))
        return cls(folder)

    @property
    def home(self) -> Path:
        """The folder of the sandbox."""
        return self.folder / ".tierup"

    @property
    def config(self) -> Mapping[str, Any]:
        """The configuration in the settings file."""
        return yaml.safe_load((self.folder / "Pulumi.dev.yaml").read_text())["config"]

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `tierup` on the stack."""
        return subprocess.Popen(
            [sys.executable, "-m", "tierup.cli", *arguments, "--stack", "dev", "--sandbox", "--json"],
            cwd=self.folder,
            env={**os.environ, "TIERUP_HOME": str(self.home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> CommandResult:
        """Run `tierup` on the stack."""
        process = self.start(*arguments)
        out, error = process.communicate(timeout=_TIMEOUT_SECONDS)
        return CommandResult(process.returncode, json.loads(out) if out.strip() else {}, error[-2_000:])

    def resources(self) -> dict[str, CloudResource]:
        """Return the stack's resources in the sandbox by URN. Raises LookupError if one exists twice."""
        cloud = Cloud(cloud_path(self.home))
        try:
            found = [each for each in cloud.all() if each.urn]
        finally:
            cloud.close()
        urns = [each.urn for each in found]
        twice = sorted({urn for urn in urns if urns.count(urn) > 1})
        if twice:
            raise LookupError(f"resources exist twice: {', '.join(twice)}")
        return {each.urn: each for each in found}

    def kept(self) -> dict[str, CloudResource]:
        """Return the resources that a switch must not replace, by URN."""
        return {urn: each for urn, each in self.resources().items() if each.type in KEPT_TYPES or each.type in DATA}

    def arm(self, fault: InjectedFault) -> None:
        """Arm a fault."""
        cloud = Cloud(cloud_path(self.home))
        try:
            cloud.add_fault(fault)
        finally:
            cloud.close()

    def disarm(self) -> None:
        """Remove all faults."""
        cloud = Cloud(cloud_path(self.home))
        try:
            cloud.clear_faults()
        finally:
            cloud.close()

    def close(self) -> None:
        """Stop the sandbox."""
        stop(self.home)


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
