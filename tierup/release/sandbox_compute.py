"""Tasks in the sandbox: it runs no containers, so the traffic model says whether a task would start and connect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any, Final

from tierup.deployment.errors import CommandError
from tierup.release.compute import Notify, TaskResult
from tierup.release.sandbox_services import SandboxServices
from tierup.release.service_status import ServiceStatus
from tierup.release.stack_services import SERVICE, StackService
from tierup.sandbox.cloud import Cloud, CloudResource
from tierup.sandbox.traffic import world_of
from tierup.sandbox.traffic.hop import Verdict
from tierup.sandbox.traffic.hops.ecs import definition_of, running
from tierup.sandbox.traffic.memory import containers
from tierup.sandbox.traffic.one_off_tasks import trace_run_task
from tierup.sandbox.traffic.rows import Rows
from tierup.sandbox.traffic.store import observe_service

TASK: Final = "aws:ecs/task:Task"
"""The type with which `tierup sandbox faults` fails a task that runs once."""

_TARGET: Final = "aws:appautoscaling/target:Target"
_SUSPENDED_STATE: Final = ("dynamicScalingInSuspended", "dynamicScalingOutSuspended", "scheduledScalingSuspended")


class SandboxCompute(SandboxServices):
    """The tasks of a stack in the sandbox."""

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

    def status(self, services: Sequence[StackService]) -> Sequence[ServiceStatus]:
        """Return the status of services, whose tasks run if the traffic model says so."""
        found: list[ServiceStatus] = []
        with closing(Cloud(self._file)) as cloud:
            world = world_of(cloud)
            for service in services:
                row = _row(cloud, service)
                wanted = int(row.value("desiredCount") or 0)
                hop = running(world, row)
                runs = wanted if hop.verdict is not Verdict.FAIL else 0
                found.append(
                    ServiceStatus(
                        name=service.name,
                        desired=wanted,
                        running=runs,
                        pending=0,
                        deployment="completed",
                        image=", ".join(_images(world.rows, row, service.name)),
                        targets={"healthy": runs} if runs and row.value("loadBalancers") else {},
                        events=() if runs or not wanted else (hop.reason,),
                    )
                )
        return found

    def task_request(self, service: StackService, command: Sequence[str]) -> Mapping[str, Any]:
        """Return the input of RunTask for a task like those of a service with another command."""
        with closing(Cloud(self._file)) as cloud:
            row = _row(cloud, service)
        network: Mapping[str, Any] = row.value("networkConfiguration") or {}
        return {
            "cluster": service.cluster,
            "taskDefinition": row.value("taskDefinition"),
            "networkConfiguration": {
                "awsvpcConfiguration": {
                    "subnets": list(network.get("subnets") or ()),
                    "securityGroups": list(network.get("securityGroups") or ()),
                    "assignPublicIp": "ENABLED" if network.get("assignPublicIp") else "DISABLED",
                }
            },
            "overrides": {"containerOverrides": [{"name": service.name, "command": list(command)}]},
        }

    def restart(self, service: StackService) -> None:
        """Let the tasks of a service start again, with the current values of their secrets."""
        with closing(Cloud(self._file)) as cloud, cloud.alone():
            row = _row(cloud, service)
            observe_service(cloud, row, replace(row, inputs={**row.inputs, "forceNewDeployment": True}))

    def desired_count(self, service: StackService) -> int:
        """Return the desired number of tasks."""
        with closing(Cloud(self._file)) as cloud:
            return int(_row(cloud, service).value("desiredCount") or 0)

    def scale(self, service: StackService, count: int, *, suspended: bool) -> None:
        """Set the desired number of tasks, and suspend or resume autoscaling."""
        paused = dict.fromkeys(_SUSPENDED_STATE, suspended)
        with closing(Cloud(self._file)) as cloud, cloud.alone():
            row = _row(cloud, service)
            cloud.change(replace(row, outputs={**row.outputs, "desiredCount": count}))
            for target in list(cloud.find(_TARGET, resourceId=service.scaling_id)):
                cloud.change(replace(target, outputs={**target.outputs, "suspendedState": paused}))


def _row(cloud: Cloud, service: StackService) -> CloudResource:
    row = cloud.get(SERVICE, service.arn)
    if row is None:
        raise CommandError(
            f"--service: the service is not in the sandbox (got {service.name}). Run `tierup refresh --sandbox`, then "
            "`tierup up --sandbox`."
        )
    return row


def _images(rows: Rows, service: CloudResource, container: str) -> list[str]:
    definition = definition_of(rows, service)
    return [str(each.get("image")) for each in containers(definition) if each.get("name") == container]
