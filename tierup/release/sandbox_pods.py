"""Pods in the sandbox, which runs no containers: its rows have what the engine has deployed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any, Final

from tierup.deployment.errors import CommandError, ExitCode
from tierup.release.compute import Notify, TaskResult
from tierup.release.sandbox_services import SandboxServices
from tierup.release.service_status import ServiceStatus
from tierup.release.stack_services import DEPLOYMENT, StackService
from tierup.sandbox.cloud import Cloud, CloudResource

JOB: Final = "kubernetes:batch/v1:Job"
"""The type with which `tierup sandbox faults` fails a job that runs once."""


class SandboxPods(SandboxServices):
    """The pods of a stack in the sandbox."""

    def run_task(self, request: Mapping[str, Any], container: str, notify: Notify) -> TaskResult:
        """Return that a job succeeds, unless a fault was injected."""
        with closing(Cloud(self._file)) as cloud:
            fault = cloud.take_fault("create", JOB, container)
        if fault is not None:
            return TaskResult(exit_code=1, reason=fault.message or "An injected fault made the job exit with 1.")
        notify(f"The sandbox runs no containers: job {request['cronJob']} would start.")
        return TaskResult(exit_code=0, reason="")

    def status(self, services: Sequence[StackService]) -> Sequence[ServiceStatus]:
        """Return the status of services, all of whose pods run."""
        found: list[ServiceStatus] = []
        with closing(Cloud(self._file)) as cloud:
            for service in services:
                spec: Mapping[str, Any] = _row(cloud, service).value("spec") or {}
                wanted = int(spec.get("replicas") or 0)
                image = str(spec["template"]["spec"]["containers"][0]["image"])
                found.append(
                    ServiceStatus(
                        name=service.name,
                        desired=wanted,
                        running=wanted,
                        pending=0,
                        deployment="completed",
                        image=image,
                        targets={"healthy": wanted} if wanted and service.target_groups else {},
                    )
                )
        return found

    def task_request(self, service: StackService, command: Sequence[str]) -> Mapping[str, Any]:
        """Raise CommandError: `tierup run` runs tasks of ECS."""
        raise CommandError(
            f"--service: `tierup run` runs tasks of ECS (got {service.name}, whose pods run on EKS, and the command "
            f"{' '.join(command)}). Add a task to tierup:scheduledTasks.",
            ExitCode.SETTINGS,
        )

    def restart(self, service: StackService) -> None:
        """Check that the service exists: pods of the sandbox do not run."""
        with closing(Cloud(self._file)) as cloud:
            _row(cloud, service)

    def desired_count(self, service: StackService) -> int:
        """Return the desired number of pods."""
        with closing(Cloud(self._file)) as cloud:
            return int((_row(cloud, service).value("spec") or {}).get("replicas") or 0)

    def scale(self, service: StackService, count: int, *, suspended: bool) -> None:
        """Set the desired number of pods."""
        del suspended
        with closing(Cloud(self._file)) as cloud, cloud.alone():
            row = _row(cloud, service)
            spec = {**(row.value("spec") or {}), "replicas": count}
            cloud.change(replace(row, outputs={**row.outputs, "spec": spec}))


def _row(cloud: Cloud, service: StackService) -> CloudResource:
    row = cloud.get(DEPLOYMENT, service.arn)
    if row is None:
        raise CommandError(
            f"--service: the deployment is not in the sandbox (got {service.name}). Run `tierup refresh --sandbox`, "
            "then `tierup up --sandbox`."
        )
    return row
