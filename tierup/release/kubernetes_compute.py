"""Pods on EKS: jobs that run once, the progress of rollouts, and why a rollout failed."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from tierup.deployment.errors import CommandError, ExitCode
from tierup.release.compute import Notify, TaskResult
from tierup.release.kubernetes_api import MERGE, STRATEGIC, KubernetesApi, path_of
from tierup.release.service_status import ServiceStatus
from tierup.release.stack_services import StackService

_APPS: Final = "apis/apps/v1"
_BATCH: Final = "apis/batch/v1"
_CORE: Final = "api/v1"
_POLL_SECONDS: Final = 5.0
_LONGEST_JOB_SECONDS: Final = 24 * 3600.0
_KEPT_SECONDS: Final = 24 * 3600
_LOG_LINES: Final = 20
_RESTARTED: Final = "kubectl.kubernetes.io/restartedAt"
"""The annotation of pods that `kubectl rollout restart` sets. An `up` leaves it: the program does not set it."""

Targets = Callable[[Sequence[str]], dict[str, int]]
"""Returns the number of targets in each state in target groups."""


class KubernetesCompute:
    """The pods of a stack."""

    def __init__(self, api: KubernetesApi, targets: Targets, *, poll_seconds: float = _POLL_SECONDS) -> None:
        self._api = api
        self._targets = targets
        self._poll_seconds = poll_seconds
        self._states: dict[str, str] = {}

    # --- jobs ---

    def run_task(self, request: Mapping[str, Any], container: str, notify: Notify) -> TaskResult:
        """Run a Job of a CronJob's template, and wait until it ends. `request` names both, as the output
        `release_task` does. Raises CommandError."""
        namespace, cron_job = str(request["namespace"]), str(request["cronJob"])
        template = self._api.get(path_of(_BATCH, namespace, "cronjobs", cron_job))["spec"]["jobTemplate"]
        name = f"{cron_job}-{secrets.token_hex(4)}"
        body = {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {
                "name": name,
                "labels": dict((template.get("metadata") or {}).get("labels") or {}),
                # As `kubectl create job --from` marks its jobs
                "annotations": {"cronjob.kubernetes.io/instantiate": "manual"},
            },
            "spec": {**template["spec"], "ttlSecondsAfterFinished": _KEPT_SECONDS},
        }
        self._api.create(path_of(_BATCH, namespace, "jobs"), body)
        notify(f"Job {name} of {container} was started.")
        job = self._wait(namespace, name, notify)
        return self._result(namespace, name, job)

    def _wait(self, namespace: str, name: str, notify: Notify) -> Mapping[str, Any]:
        last = ""
        deadline = time.monotonic() + _LONGEST_JOB_SECONDS
        while time.monotonic() < deadline:
            job = self._api.get(path_of(_BATCH, namespace, "jobs", name))
            if _job_end(job) is not None:
                return job
            found = [text for pod in self._pods_of_job(namespace, name) if (text := _pod_state(pod))]
            state = "; ".join(dict.fromkeys(found))
            if state and state != last:
                notify(f"Job {name}: {state}.")
                last = state
            time.sleep(self._poll_seconds)
        raise CommandError(f"Job {name}: it still runs after {_LONGEST_JOB_SECONDS / 3600:.0f} h. Delete it first.")

    def _result(self, namespace: str, name: str, job: Mapping[str, Any]) -> TaskResult:
        pods = self._pods_of_job(namespace, name)
        last = max(pods, key=lambda pod: str(pod["metadata"].get("creationTimestamp")), default=None)
        lines = self._log(namespace, last) if last is not None else ()
        end = _job_end(job)
        if end is not None and end["type"] == "Complete":
            return TaskResult(exit_code=0, reason="", log_lines=lines)
        code = next((state["exitCode"] for state in _terminated(last) if state.get("exitCode")), None) if last else None
        reasons = [f"its container exited with {code}"] if code else []
        if end is not None and end.get("message"):
            reasons.append(str(end["message"]))
        return TaskResult(exit_code=code, reason="; ".join(reasons) or "the pod did not start", log_lines=lines)

    def _pods_of_job(self, namespace: str, name: str) -> list[Mapping[str, Any]]:
        return self._pods(namespace, f"batch.kubernetes.io/job-name={name}")

    # --- rollouts ---

    def news(self, services: Sequence[StackService]) -> Sequence[str]:
        """Return what has changed in the rollouts of services since the last call. Raises CommandError."""
        lines: list[str] = []
        for service in services:
            deployment = self._deployment(service)
            lines += self._changed(service.name, _rollout_text(service.name, deployment))
            for text in self._problems(service):
                lines += self._changed(f"{service.name} {text}", f"{service.name}: {text}.")
        return lines

    def failure(self, services: Sequence[StackService]) -> Sequence[str]:
        """Return why rollouts failed, and the last log lines of a pod of each."""
        lines: list[str] = []
        try:
            for service in services:
                deployment = self._deployment(service)
                failed = [
                    str(each.get("message") or each.get("reason"))
                    for each in _conditions(deployment)
                    if each["type"] in ("Progressing", "ReplicaFailure") and _failed(each)
                ]
                reasons = dict.fromkeys([*failed, *self._problems(service)])
                lines += [f"{service.name}: {each.rstrip('.')}." for each in reasons]
                broken = next((pod for pod in self._pods_of(service) if _pod_problem(pod)), None)
                log = self._log(service.namespace, broken) if broken is not None else ()
                if log:
                    lines += [f"{service.name}: last log lines of a pod:", *(f"  {each}" for each in log)]
        except CommandError as error:
            lines.append(error.message)
        return lines

    def _problems(self, service: StackService) -> list[str]:
        """Return the distinct problems of a service's pods."""
        return list(dict.fromkeys(text for pod in self._pods_of(service) if (text := _pod_problem(pod))))

    def _changed(self, key: str, text: str) -> list[str]:
        if not text or self._states.get(key) == text:
            return []
        self._states[key] = text
        return [text]

    def _log(self, namespace: str, pod: Mapping[str, Any]) -> Sequence[str]:
        """Return the last lines of a pod's container: of the run that failed, if it was restarted."""
        name = str(pod["metadata"]["name"])
        statuses = _containers(pod)
        restarted = any(each.get("restartCount") and not (each.get("state") or {}).get("running") for each in statuses)
        try:
            text = self._api.text(
                path_of(_CORE, namespace, "pods", name, "log"),
                tailLines=str(_LOG_LINES),
                previous=str(restarted).lower(),
            )
        except CommandError:
            return ()  # the container has not started
        return text.splitlines()

    # --- services ---

    def status(self, services: Sequence[StackService]) -> Sequence[ServiceStatus]:
        """Return the status of services. Raises CommandError."""
        return [self._status(each) for each in services]

    def _status(self, service: StackService) -> ServiceStatus:
        found = self._deployment(service)
        status: Mapping[str, Any] = found.get("status") or {}
        desired, ready = int(found["spec"].get("replicas") or 0), int(status.get("readyReplicas") or 0)
        return ServiceStatus(
            name=service.name,
            desired=desired,
            running=ready,
            pending=max(int(status.get("replicas") or 0) - ready, 0),
            deployment=_rollout_state(found),
            image=str(found["spec"]["template"]["spec"]["containers"][0]["image"]),
            targets=self._targets(service.target_groups) if service.target_groups else {},
            events=self._problems(service),
        )

    def fired_alarms(self, names: Sequence[str]) -> Sequence[str]:
        """Return nothing: CloudWatch has the alarms, also those of pods."""
        del names
        return ()

    def task_request(self, service: StackService, command: Sequence[str]) -> Mapping[str, Any]:
        """Raise CommandError: a pod with the labels of a service would get its requests."""
        raise CommandError(
            f"--service: `tierup run` runs tasks of ECS (got {service.name}, whose pods run on EKS, and the command "
            f"{' '.join(command)}). Add it to tierup:scheduledTasks, and start it with `kubectl create job --from`.",
            ExitCode.SETTINGS,
        )

    def restart(self, service: StackService) -> None:
        """Replace all pods of a service by new ones, the new ones first. Raises CommandError."""
        annotations = {_RESTARTED: datetime.now(UTC).isoformat(timespec="seconds")}
        body = {"spec": {"template": {"metadata": {"annotations": annotations}}}}
        self._api.patch(path_of(_APPS, service.namespace, "deployments", service.service_name), body, STRATEGIC)

    def desired_count(self, service: StackService) -> int:
        """Return the desired number of pods. Raises CommandError."""
        return int(self._deployment(service)["spec"].get("replicas") or 0)

    def scale(self, service: StackService, count: int, *, suspended: bool) -> None:
        """Set the desired number of pods. An autoscaler does not change a deployment with 0 pods, so nothing has to be
        suspended. Raises CommandError.

        https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/ (read 2026-11-28), "Implicit
        maintenance-mode deactivation"
        """
        del suspended
        path = path_of(_APPS, service.namespace, "deployments", service.service_name, "scale")
        self._api.patch(path, {"spec": {"replicas": count}}, MERGE)

    def _deployment(self, service: StackService) -> Mapping[str, Any]:
        return self._api.get(path_of(_APPS, service.namespace, "deployments", service.service_name))

    def _pods_of(self, service: StackService) -> list[Mapping[str, Any]]:
        """Return the pods of a service, the newest first, so that those of the newest version come first."""
        pods = self._pods(service.namespace, f"app.kubernetes.io/name={service.workload}")
        return sorted(pods, key=lambda pod: str(pod["metadata"].get("creationTimestamp")), reverse=True)

    def _pods(self, namespace: str, selector: str) -> list[Mapping[str, Any]]:
        return list(self._api.get(path_of(_CORE, namespace, "pods"), labelSelector=selector)["items"])


def _conditions(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list((found.get("status") or {}).get("conditions") or ())


def _failed(condition: Mapping[str, Any]) -> bool:
    """Return whether a condition of a Deployment says that its rollout failed."""
    positive = condition["type"] == "Progressing"
    return condition.get("status") == ("False" if positive else "True")


def _rollout_state(found: Mapping[str, Any]) -> str:
    """Return the state of a rollout, as `kubectl rollout status` decides it."""
    if any(_failed(each) for each in _conditions(found) if each["type"] == "Progressing"):
        return "failed"
    status: Mapping[str, Any] = found.get("status") or {}
    wanted = int(found["spec"].get("replicas") or 0)
    seen = int(status.get("observedGeneration") or 0) >= int(found["metadata"].get("generation") or 0)
    counts = [int(status.get(key) or 0) for key in ("updatedReplicas", "availableReplicas", "replicas")]
    return "completed" if seen and counts == [wanted] * 3 else "in progress"


def _rollout_text(name: str, found: Mapping[str, Any]) -> str:
    status: Mapping[str, Any] = found.get("status") or {}
    updated, wanted = int(status.get("updatedReplicas") or 0), int(found["spec"].get("replicas") or 0)
    available = int(status.get("availableReplicas") or 0)
    return f"{name}: {updated} of {wanted} new pods run, {available} pods are available ({_rollout_state(found)})."


def _containers(pod: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list((pod.get("status") or {}).get("containerStatuses") or ())


def _terminated(pod: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return how the containers of a pod ended, in the current run or the one before."""
    states = [each.get(key) or {} for each in _containers(pod) for key in ("state", "lastState")]
    return [each["terminated"] for each in states if each.get("terminated")]


def _pod_problem(pod: Mapping[str, Any]) -> str:
    """Return why a pod does not run, or ""."""
    unscheduled = [
        f"a pod has no node: {each.get('message') or each.get('reason')}"
        for each in _conditions(pod)
        if each["type"] == "PodScheduled" and each.get("status") == "False"
    ]
    waiting = [
        f"a pod waits: {state['reason']}" + (f" ({state['message']})" if state.get("message") else "")
        for each in _containers(pod)
        if (state := (each.get("state") or {}).get("waiting") or {}).get("reason") not in (None, "ContainerCreating")
    ]
    ended = [
        f"a container exited with {state.get('exitCode')} ({state.get('reason') or 'no reason'})"
        for state in _terminated(pod)
        if state.get("exitCode")
    ]
    return "; ".join([*unscheduled, *waiting, *ended]).rstrip(".")


def _pod_state(pod: Mapping[str, Any]) -> str:
    return _pod_problem(pod) or str((pod.get("status") or {}).get("phase") or "").lower()


def _job_end(job: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the condition with which a job ended, or None while it runs."""
    ends = [
        each for each in _conditions(job) if each["type"] in ("Complete", "Failed") and each.get("status") == "True"
    ]
    return ends[0] if ends else None
