"""Runs small programs on the real engine against the sandbox."""

from __future__ import annotations

import itertools
import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pulumi import automation as auto

from tierup.sandbox import SandboxProcess, cloud_path
from tierup.sandbox.cloud import Cloud, CloudResource

Program = Callable[[], None]
_counter = itertools.count(100_000_000_000 + os.getpid())


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one engine operation."""

    changes: Mapping[str, int]  # {"create": 3, "same": 1}
    outputs: Mapping[str, Any]
    error: str  # "" if it succeeded

    @property
    def empty(self) -> bool:
        """Whether the operation succeeded and changed nothing."""
        return not self.error and not {k: v for k, v in self.changes.items() if k != "same" and v}


@dataclass(slots=True)
class SandboxStack:
    """One stack in its own AWS account, so that tests share a sandbox but no quota."""

    folder: Path
    sandbox: SandboxProcess
    home: Path
    environment: Mapping[str, str]
    project: str = "trial"
    stack: str = "dev"
    region: str = "eu-west-1"
    config: Mapping[str, Any] = field(default_factory=dict)
    account: str = ""
    began: float = field(default_factory=time.time)
    _stack: auto.Stack | None = None

    def __post_init__(self) -> None:
        self.account = self.account or str(next(_counter))[-12:]

    def _selected(self, program: Program) -> auto.Stack:
        if self._stack is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            state = self.folder / "state"
            state.mkdir(exist_ok=True)
            (self.folder / "Pulumi.yaml").write_text(
                yaml.safe_dump({"name": self.project, "runtime": "python", "backend": {"url": f"file://{state}"}})
            )
            config = {"aws:region": self.region, "aws:allowedAccountIds": [self.account], **self.config}
            (self.folder / f"Pulumi.{self.stack}.yaml").write_text(yaml.safe_dump({"config": config}))
            workspace = auto.LocalWorkspace(work_dir=str(self.folder), program=program, env_vars=dict(self.environment))
            self._stack = auto.Stack.create(self.stack, workspace)
        self._stack.workspace.program = program
        return self._stack

    def preview(self, program: Program, **options: Any) -> Outcome:
        """Preview the program."""
        stack = self._selected(program)
        return self._outcome(lambda: stack.preview(**options))

    def up(self, program: Program, **options: Any) -> Outcome:
        """Deploy the program."""
        stack = self._selected(program)
        return self._outcome(lambda: stack.up(**options))

    def refresh(self, program: Program) -> Outcome:
        """Refresh the state from the sandbox."""
        stack = self._selected(program)
        return self._outcome(lambda: stack.refresh())

    def destroy(self, program: Program) -> Outcome:
        """Delete all resources."""
        stack = self._selected(program)
        return self._outcome(lambda: stack.destroy())

    def export(self) -> Any:
        """Return the state as it is on disk, with encrypted secrets."""
        file = self.folder / "state" / ".pulumi" / "stacks" / self.project / f"{self.stack}.json"
        return json.loads(file.read_text())["checkpoint"]["latest"]

    def resources(self) -> list[CloudResource]:
        """Return the resources of this stack in the sandbox."""
        cloud = Cloud(cloud_path(self.home))
        try:
            return [r for r in cloud.all() if r.stack == f"urn:pulumi:{self.stack}::{self.project}" and self._own(r)]
        finally:
            cloud.close()

    def _own(self, resource: CloudResource) -> bool:
        """Whether the stack created a resource. Those of Atlas and Cloudflare have no account: their age decides."""
        if resource.type.startswith("aws:"):
            return resource.account == self.account
        return resource.created >= self.began

    @staticmethod
    def _outcome(run: Callable[[], Any]) -> Outcome:
        try:
            result = run()
        except auto.CommandError as error:
            return Outcome({}, {}, str(error))
        if isinstance(result, auto.PreviewResult):
            return Outcome({str(getattr(k, "value", k)): count for k, count in result.change_summary.items()}, {}, "")
        outputs = {name: value.value for name, value in (getattr(result, "outputs", None) or {}).items()}
        return Outcome(dict(result.summary.resource_changes or {}), outputs, "")


CreateStack = Callable[..., SandboxStack]
"""The fixture `create_stack`: creates a stack with the given fields of SandboxStack."""
