"""Where an operation runs: the engine, its working folder, and its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tierup.deployment.project import Project
from tierup.engine import Engine


@dataclass(frozen=True, kw_only=True, slots=True)
class Workspace:
    """What the engine is started with."""

    project: Project
    stack: str
    engine: Engine
    folder: Path  # the engine's working folder: the checkout, or the sandbox's working copy of it
    environment: Mapping[str, str]  # the whole environment, not an addition to os.environ
    home: Path | None = None  # the sandbox's data folder; None on real accounts

    @property
    def in_sandbox(self) -> bool:
        """Whether the operation runs in the sandbox."""
        return self.home is not None

    @property
    def urn_prefix(self) -> str:
        """The prefix of every URN of the stack."""
        return f"urn:pulumi:{self.stack.rpartition('/')[2]}::{self.project.name}::"

    @property
    def flags(self) -> str:
        """The options that select this workspace, for commands shown to the user."""
        return f"--stack {self.stack}" + (" --sandbox" if self.in_sandbox else "")
