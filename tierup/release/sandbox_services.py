"""What tasks and pods of the sandbox have in common: it runs no containers, so they have no news and no alarms."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tierup.release.stack_services import StackService
from tierup.sandbox import cloud_path


class SandboxServices:
    """The services of a stack in the sandbox."""

    def __init__(self, home: Path) -> None:
        self._file = cloud_path(home)

    def news(self, services: Sequence[StackService]) -> Sequence[str]:
        """Return nothing: a deployment in the sandbox ends at once."""
        del services
        return ()

    def failure(self, services: Sequence[StackService]) -> Sequence[str]:
        """Return nothing: the engine has reported what the sandbox rejected."""
        del services
        return ()

    def fired_alarms(self, names: Sequence[str]) -> Sequence[str]:
        """Return nothing: alarms in the sandbox have no metrics."""
        del names
        return ()
