"""Tasks in the sandbox: it runs no containers, so the traffic model says whether a task would start and connect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from tierup.release.compute import Notify, TaskResult
from tierup.release.stack_services import StackService
from tierup.sandbox import cloud_path
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.traffic.hop import Verdict
from tierup.sandbox.traffic.one_off_tasks import trace_run_task

TASK: Final = "aws:ecs/task:Task"
"""The type with which `tierup sandbox faults` fails a task that runs once."""


class SandboxCompute:
    """The tasks of a stack in the sandbox."""

    def __init__(self, home: Path) -> None:
        self._file = cloud_path(home)

    def run_task(self, request: Mapping[str, Any], container: str, notify: Notify) -> TaskResult:
        """Return whether the task would start and reach what it connects to."""
        with closing(Cloud(self._file)) as cloud:
            fault = cloud.take_fault("create", TASK, container)
            if fault is not None:
                return TaskResult(exit_code=1, reason=fault.message or "An injected fault made the task exit with 1.")
            results = trace_run_task(cloud, request, container)
        for result in results:
            hop = result.decisive
            if result.verdict is Verdict.FAIL and hop is not None:
                return TaskResult(exit_code=None, reason=hop.reason)
        notify(
            f"The sandbox runs no containers: task {container} would start, and {len(results) - 1} of its connections "
            "arrive."
        )
        return TaskResult(exit_code=0, reason="")

    def news(self, services: Sequence[StackService]) -> Sequence[str]:
        """Return nothing: a deployment in the sandbox ends at once."""
        del services
        return ()

    def failure(self, services: Sequence[StackService]) -> Sequence[str]:
        """Return nothing: the engine has reported what the sandbox rejected."""
        del services
        return ()
