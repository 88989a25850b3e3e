"""The outcome of an operation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from tierup.deployment.errors import ExitCode
from tierup.deployment.progress import Progress

if TYPE_CHECKING:
    from tierup.sandbox.traffic import Timeline

Operation = Literal["up", "preview", "refresh", "destroy"]


@dataclass(frozen=True, kw_only=True, slots=True)
class OperationOutcome:
    """What an operation changed, and its exit code."""

    operation: Operation
    code: ExitCode
    error: str  # why it failed; "" if it succeeded
    seconds: float
    progress: Progress
    notices: Sequence[str] = ()  # messages during the run, such as locks removed and resources adopted
    traffic: Timeline | None = None  # how the stack's traffic went, in the sandbox
    traceback: bool = False  # show the program's whole traceback

    @property
    def outputs(self) -> dict[str, Any]:
        """The stack's outputs; secrets are "[secret]"."""
        return self.progress.outputs
