"""How an operation ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tierup.deployment.failure import ExitCode
from tierup.deployment.progress import Progress

Operation = Literal["up", "preview", "refresh", "destroy"]


@dataclass(frozen=True, kw_only=True, slots=True)
class OperationOutcome:
    """What an operation did, and whether that is good."""

    operation: Operation
    code: ExitCode
    sentence: str  # why it did not end well; "" when it did
    seconds: float
    progress: Progress
    notices: Sequence[str] = ()  # what was said on the way: locks taken away, resources taken over
    traceback: bool = False  # the user wants to see the program's traceback
    shown_violations: bool = True  # the display has shown them as they came

    @property
    def outputs(self) -> dict[str, Any]:
        """The stack's outputs; secrets are "[secret]"."""
        return self.progress.outputs
