"""Run the program of this repository with the `tierup` command, in its own folder and sandbox."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from tierup.sandbox.cloud import InjectedFault
from tools.switching.sandbox_project import CHECKOUT, CommandResult, SandboxProject

__all__ = ["CHECKOUT", "CommandResult", "Program"]


@dataclass(slots=True)
class Program(SandboxProject):
    """The checkout's program in its own folder, with checks of its state."""

    timeout_seconds: float = 900

    def faults(self) -> Sequence[InjectedFault]:
        """Return the faults that the sandbox has not injected yet."""
        with closing(self.cloud()) as cloud:
            return cloud.faults()

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
