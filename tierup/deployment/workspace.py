"""Where an operation works: the project, the stack, the engine, and the environment it gets."""

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
    folder: Path  # the engine's working folder: the checkout, or the rehearsal's working copy of it
    environment: Mapping[str, str]  # all of it, not laid over ours
    home: Path | None = None  # the rehearsal's data; None on real accounts

    @property
    def rehearses(self) -> bool:
        """Whether the clouds are the sandbox."""
        return self.home is not None

    @property
    def urn_prefix(self) -> str:
        """How each URN of the stack starts."""
        return f"urn:pulumi:{self.stack.rpartition('/')[2]}::{self.project.name}::"

    @property
    def flags(self) -> str:
        """The options that name this workspace again, for a command shown to the user."""
        return f"--stack {self.stack}" + (" --sandbox" if self.rehearses else "")
