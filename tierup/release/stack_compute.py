"""Tasks and pods of one stack: each service and each job is passed to the orchestrator and region that runs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from tierup.release.compute import Compute, Notify, TaskResult
from tierup.release.service_status import ServiceStatus
from tierup.release.stack_services import StackService


class StackCompute:
    """What runs the tasks and pods of a stack."""

    def __init__(
        self, tasks: Compute, open_pods: Callable[[], Compute], in_region: Callable[[str], Compute] | None = None
    ) -> None:
        """`open_pods` connects to the Kubernetes API, which a stack without pods does not have.

        `in_region` returns what runs the tasks of a region. Without it, `tasks` runs those of all regions.
        """
        self.tasks = tasks
        self._open_pods = open_pods
        self._in_region = in_region
        self._regions: dict[str, Compute] = {}

    @cached_property
    def pods(self) -> Compute:
        """What runs the pods. Raises CommandError."""
        return self._open_pods()

    def _of(self, service: StackService) -> Compute:
        return self.pods if service.runs_pods else self.tasks_in(service.region)

    def tasks_in(self, region: str) -> Compute:
        """Return what runs the tasks of a region."""
        if self._in_region is None:
            return self.tasks
        if region not in self._regions:
            self._regions[region] = self._in_region(region)
        return self._regions[region]

    def _divided(self, services: Sequence[StackService]) -> list[tuple[Compute, list[StackService]]]:
        parts: dict[tuple[bool, str], list[StackService]] = {}
        for each in services:
            parts.setdefault((each.runs_pods, each.region), []).append(each)
        return [(self._of(part[0]), part) for part in parts.values()]

    def run_task(self, request: Mapping[str, Any], container: str, notify: Notify) -> TaskResult:
        """Run a task, or a job if `request` names a CronJob, and wait until it ends. Raises CommandError."""
        compute = self.pods if "cronJob" in request else self.tasks
        return compute.run_task(request, container, notify)

    def news(self, services: Sequence[StackService]) -> Sequence[str]:
        """Return what has changed in the deployments of services since the last call, one sentence each."""
        return [line for compute, part in self._divided(services) for line in compute.news(part)]

    def failure(self, services: Sequence[StackService]) -> Sequence[str]:
        """Return why the deployments of services failed: reasons, alarms, then the last log lines."""
        return [line for compute, part in self._divided(services) for line in compute.failure(part)]

    def status(self, services: Sequence[StackService]) -> Sequence[ServiceStatus]:
        """Return the status of services, in their order. Raises CommandError."""
        found = {each.name: each for compute, part in self._divided(services) for each in compute.status(part)}
        return [found[each.name] for each in services]

    def fired_alarms(self, names: Sequence[str]) -> Sequence[str]:
        """Return those of the alarms that are in state ALARM. Raises CommandError."""
        return self.tasks.fired_alarms(names)

    def task_request(self, service: StackService, command: Sequence[str]) -> Mapping[str, Any]:
        """Return the input of RunTask for a task like those of a service with another command. Raises CommandError."""
        return self._of(service).task_request(service, command)

    def restart(self, service: StackService) -> None:
        """Replace all tasks or pods of a service by new ones. Raises CommandError."""
        self._of(service).restart(service)

    def desired_count(self, service: StackService) -> int:
        """Return the desired number of tasks or pods. Raises CommandError."""
        return self._of(service).desired_count(service)

    def scale(self, service: StackService, count: int, *, suspended: bool) -> None:
        """Set the desired number of tasks or pods, and suspend or resume autoscaling. Raises CommandError."""
        self._of(service).scale(service, count, suspended=suspended)
