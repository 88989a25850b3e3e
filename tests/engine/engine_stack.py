"""Runs small programs on the real engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pulumi import automation as auto

Program = Callable[[], None]


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


@dataclass(kw_only=True)
class EngineStack:
    """One stack with its state in a folder."""

    folder: Path
    environment: Mapping[str, str]
    project: str = "trial"
    stack: str = "dev"
    config: Mapping[str, Any] = field(default_factory=dict)
    _stack: auto.Stack | None = None

    def settings(self) -> dict[str, Any]:
        """Return the configuration of the stack."""
        return dict(self.config)

    def _selected(self, program: Program) -> auto.Stack:
        if self._stack is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            state = self.folder / "state"
            state.mkdir(exist_ok=True)
            (self.folder / "Pulumi.yaml").write_text(
                yaml.safe_dump({"name": self.project, "runtime": "python", "backend": {"url": f"file://{state}"}})
            )
            (self.folder / f"Pulumi.{self.stack}.yaml").write_text(yaml.safe_dump({"config": self.settings()}))
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
        """Refresh the state from the cloud."""
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
