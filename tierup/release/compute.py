"""What release commands need of the place where tasks and pods run: ECS, EKS, or the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tierup.release.service_status import ServiceStatus
from tierup.release.stack_services import StackService

Notify = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskResult:
    """How a task ended that ran once."""

    exit_code: int | None
    """The exit code of its container; None if the container did not start."""
    reason: str
    """Why it stopped, or "" after exit code 0."""
    log_lines: Sequence[str] = ()
    """The last lines of its log, oldest first."""

    @property
    def succeeded(self) -> bool:
        """Whether the command exited with 0."""
        return self.exit_code == 0


class Compute(Protocol):
    """Where the tasks of a stack run."""

    def run_task(self, request: Mapping[str, Any], container: str, notify: Notify) -> TaskResult:
        """Run a task and wait until it stops. Raises CommandError.

        `request` is the stack output `release_task`: the input of RunTask, or a job template of pods.
        """
        ...

    def news(self, services: Sequence[StackService]) -> Sequence[str]:
        """Return what has changed in the deployments of services since the last call, one sentence each."""
        ...

    def failure(self, services: Sequence[StackService]) -> Sequence[str]:
        """Return why the deployments of services failed: reasons, alarms, then the last log lines."""
        ...

    def status(self, services: Sequence[StackService]) -> Sequence[ServiceStatus]:
        """Return the status of services. Raises CommandError."""
        ...

    def fired_alarms(self, names: Sequence[str]) -> Sequence[str]:
        """Return those of the alarms that are in state ALARM. Raises CommandError."""
        ...

    def task_request(self, service: StackService, command: Sequence[str]) -> Mapping[str, Any]:
        """Return the input of RunTask for a task like those of a service with another command. Raises CommandError."""
        ...

    def restart(self, service: StackService) -> None:
        """Replace all tasks of a service by new ones. Raises CommandError."""
        ...

    def desired_count(self, service: StackService) -> int:
        """Return the desired number of tasks. Raises CommandError."""
        ...

    def scale(self, service: StackService, count: int, *, suspended: bool) -> None:
        """Set the desired number of tasks, and suspend or resume autoscaling. Raises CommandError."""
        ...
