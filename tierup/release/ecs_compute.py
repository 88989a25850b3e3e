"""Tasks on ECS: one-off tasks, the progress of deployments, and why a deployment failed."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

import botocore.exceptions

from tierup.counting import counted
from tierup.deployment.errors import CommandError
from tierup.preflight.aws_clients import AwsClients, pages
from tierup.release.aws_errors import aws_errors
from tierup.release.compute import Notify, TaskResult
from tierup.release.service_status import ServiceStatus
from tierup.release.stack_services import StackService

_POLL_SECONDS: Final = 5.0
_LONGEST_TASK_SECONDS: Final = 6 * 3600.0
_LOG_LINES: Final = 20
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html: at most 10 services a call
# (botocore's model of ecs, read 2026-11-28).
_MAX_SERVICES: Final = 10
# DescribeAlarms takes at most 100 names (botocore's model of cloudwatch, read 2026-11-28).
_MAX_ALARMS: Final = 100
_SHOWN_EVENTS: Final = 3
# DescribeTasks takes at most 100 tasks (botocore's model of ecs, read 2026-11-28).
_MAX_TASKS: Final = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class LogEvent:
    """One event of a log group."""

    id: str
    time: datetime
    stream: str
    """Prefix, container and task: `backend/backend/0123456789abcdef`; `pods/` and the pod on EKS."""
    message: str

    @property
    def task(self) -> str:
        """The id of the task, or the name of the pod."""
        return self.stream.rpartition("/")[2]


class EcsCompute:
    """The tasks of a stack on ECS."""

    def __init__(self, clients: AwsClients, *, region: str | None = None, poll_seconds: float = _POLL_SECONDS) -> None:
        """`region` is that of the tasks; None is the stack's first region."""
        self._clients = clients
        self._region = region
        self._poll_seconds = poll_seconds
        self._seen: set[str] = set()
        self._states: dict[str, str] = {}
        self._began = datetime.now(UTC)

    def client(self, service: str, region: str | None = None) -> Any:
        """Return a client of AWS. Raises CommandError."""
        with aws_errors():
            return self._clients.client(service, region or self._region)

    def describe(self, services: Sequence[StackService]) -> dict[str, Mapping[str, Any]]:
        """Return what DescribeServices says about services, by their ARN. Raises CommandError."""
        found: dict[str, Mapping[str, Any]] = {}
        by_cluster: dict[str, list[StackService]] = {}
        for each in services:
            by_cluster.setdefault(each.cluster, []).append(each)
        with aws_errors():
            for cluster, members in by_cluster.items():
                names = [each.service_name for each in members]
                for start in range(0, len(names), _MAX_SERVICES):
                    answer = self.client("ecs").describe_services(
                        cluster=cluster, services=names[start : start + _MAX_SERVICES]
                    )
                    found.update({each["serviceArn"]: each for each in answer["services"]})
        return found

    # --- one-off tasks ---

    def run_task(self, request: Mapping[str, Any], container: str, notify: Notify) -> TaskResult:
        """Run a task and wait until it stops. Raises CommandError if ECS does not start it."""
        ecs = self.client("ecs")
        with aws_errors():
            answer = ecs.run_task(**request)
        if not answer["tasks"]:
            reasons = ", ".join(sorted({str(each.get("reason")) for each in answer.get("failures", ())}))
            raise CommandError(f"RunTask: ECS did not start the task (got {reasons or 'no task'}). Try again.")
        arn = str(answer["tasks"][0]["taskArn"])
        task_id = arn.rpartition("/")[2]
        notify(f"Task {task_id} of {container} was started.")
        cluster = str(request.get("cluster") or answer["tasks"][0]["clusterArn"])
        task = self._wait_until_stopped(cluster, arn, notify)
        lines = self._task_log(str(task.get("taskDefinitionArn")), container, task_id)
        return _task_result(task, container, lines)

    def _wait_until_stopped(self, cluster: str, arn: str, notify: Notify) -> Mapping[str, Any]:
        last = ""
        deadline = time.monotonic() + _LONGEST_TASK_SECONDS
        while time.monotonic() < deadline:
            with aws_errors():
                tasks = self.client("ecs").describe_tasks(cluster=cluster, tasks=[arn])["tasks"]
            # A new task may not be visible yet: DescribeTasks is eventually consistent.
            status = str(tasks[0]["lastStatus"]) if tasks else last
            if status != last:
                notify(f"Task {arn.rpartition('/')[2]}: {status}.")
                last = status
            if tasks and status == "STOPPED":
                return tasks[0]
            time.sleep(self._poll_seconds)
        raise CommandError(f"RunTask: the task still runs after {_LONGEST_TASK_SECONDS / 3600:.0f} h (got {arn}).")

    def _task_log(self, definition: str, container: str, task_id: str) -> list[str]:
        """Return the last log lines of a container, from the log group of its definition; none if it has no such."""
        try:
            answer = self.client("ecs").describe_task_definition(taskDefinition=definition)["taskDefinition"]
            for each in answer["containerDefinitions"]:
                options = (each.get("logConfiguration") or {}).get("options") or {}
                group, prefix = options.get("awslogs-group"), options.get("awslogs-stream-prefix")
                if each["name"] == container and group and prefix:
                    return self._last_lines(group, f"{prefix}/{container}/{task_id}")
        except (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError, CommandError):
            return []  # the reason of the task is reported all the same
        return []

    def _last_lines(self, group: str, stream: str) -> list[str]:
        answer = self.client("logs").get_log_events(
            logGroupName=group, logStreamName=stream, limit=_LOG_LINES, startFromHead=False
        )
        return [str(event["message"]).rstrip() for event in answer["events"]][-_LOG_LINES:]

    # --- deployments ---

    def news(self, services: Sequence[StackService]) -> Sequence[str]:
        """Return the new events, rollout states, targets, stopped tasks and alarms of services. Raises CommandError."""
        lines: list[str] = []
        described = self.describe(services)
        for service in services:
            found = described.get(service.arn)
            if found is None:
                continue
            for event in reversed(found.get("events") or ()):
                if event["createdAt"] >= self._began and event["id"] not in self._seen:
                    self._seen.add(event["id"])
                    lines.append(f"{service.name}: {_event_text(str(event['message']))}")
            lines += self._changed(f"{service.name} rollout", _rollout_text(service.name, found))
            lines += self._changed(f"{service.name} targets", _targets_text(service.name, self._targets(found)))
            for text in self._stopped(service):
                lines += self._changed(f"{service.name} {text}", text)
            for alarm in self._fired_alarms(found):
                lines += self._changed(f"{service.name} {alarm}", f"{service.name}: alarm {alarm} is in state ALARM.")
        return lines

    def failure(self, services: Sequence[StackService]) -> Sequence[str]:
        """Return why deployments failed. What AWS does not answer is left out: the engine's error is reported too."""
        lines: list[str] = []
        try:
            described = self.describe(services)
            for service in services:
                found = described.get(service.arn) or {}
                reasons = [
                    str(each["rolloutStateReason"])
                    for each in found.get("deployments") or ()
                    if each.get("rolloutState") == "FAILED" and each.get("rolloutStateReason")
                ]
                reasons += [f"alarm {each} is in state ALARM" for each in self._fired_alarms(found)]
                reasons += self._stopped(service)
                lines += [f"{service.name}: {each.rstrip('.')}." for each in dict.fromkeys(reasons)]
                log = self._failed_task_log(service)
                if log:
                    lines += [f"{service.name}: last log lines of a stopped task:", *(f"  {each}" for each in log)]
        except CommandError as error:
            lines.append(error.message)
        return lines

    def _changed(self, key: str, text: str) -> list[str]:
        if not text or self._states.get(key) == text:
            return []
        self._states[key] = text
        return [text]

    def stopped_tasks(self, service: StackService) -> list[Mapping[str, Any]]:
        """Return the tasks of a service that stopped since this command began. ECS shows them for about an hour.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-errors.html (read 2026-11-28)
        """
        ecs = self.client("ecs")
        with aws_errors():
            arns = list(
                pages(
                    ecs, "list_tasks", "taskArns",
                    cluster=service.cluster, serviceName=service.service_name, desiredStatus="STOPPED",
                )
            )  # fmt: skip
            tasks: list[Mapping[str, Any]] = []
            for start in range(0, len(arns), _MAX_TASKS):
                tasks += ecs.describe_tasks(cluster=service.cluster, tasks=arns[start : start + _MAX_TASKS])["tasks"]
        return [each for each in tasks if not each.get("createdAt") or each["createdAt"] >= self._began]

    def _stopped(self, service: StackService) -> list[str]:
        """Return the distinct reasons with which new tasks of a service stopped."""
        found: dict[str, None] = {}
        for task in self.stopped_tasks(service):
            if task.get("stopCode") in ("ServiceSchedulerInitiated", "UserInitiated"):
                continue  # ECS or a user stopped a task that ran
            result = _task_result(task, service.name, ())
            if result.reason:
                found[f"a task stopped: {result.reason}"] = None
        return list(found)

    def _failed_task_log(self, service: StackService) -> list[str]:
        for task in self.stopped_tasks(service):
            if task.get("stopCode") == "UserInitiated":
                continue
            lines = self._task_log(
                str(task.get("taskDefinitionArn")), service.name, str(task["taskArn"]).rpartition("/")[2]
            )
            if lines:
                return lines
        return []

    def _fired_alarms(self, described: Mapping[str, Any]) -> list[str]:
        alarms = (described.get("deploymentConfiguration") or {}).get("alarms") or {}
        return list(self.fired_alarms(list(alarms.get("alarmNames") or ()))) if alarms.get("enable") else []

    # --- services ---

    def status(self, services: Sequence[StackService]) -> Sequence[ServiceStatus]:
        """Return the status of services. Raises CommandError."""
        described = self.describe(services)
        return [self._status(each, described.get(each.arn) or {}) for each in services]

    def _status(self, service: StackService, found: Mapping[str, Any]) -> ServiceStatus:
        primary = next((each for each in found.get("deployments") or () if each.get("status") == "PRIMARY"), {})
        return ServiceStatus(
            name=service.name,
            desired=int(found.get("desiredCount") or 0),
            running=int(found.get("runningCount") or 0),
            pending=int(found.get("pendingCount") or 0),
            deployment=str(primary.get("rolloutState") or found.get("status") or "missing").replace("_", " ").lower(),
            image=self._image(str(found.get("taskDefinition") or ""), service.name),
            targets=self._targets(found),
            alarms=self._fired_alarms(found),
            events=[
                f"{event['createdAt']:%Y-%m-%d %H:%M:%S} {_event_text(str(event['message']))}"
                for event in list(found.get("events") or ())[:_SHOWN_EVENTS]
            ],
        )

    def _image(self, definition: str, container: str) -> str:
        if not definition:
            return ""
        with aws_errors():
            answer = self.client("ecs").describe_task_definition(taskDefinition=definition)["taskDefinition"]
        return next((str(each["image"]) for each in answer["containerDefinitions"] if each["name"] == container), "")

    def _targets(self, found: Mapping[str, Any]) -> dict[str, int]:
        """Return the number of targets in each state, in both target groups of a blue/green service."""
        groups: dict[str, None] = {}
        for each in found.get("loadBalancers") or ():
            advanced = each.get("advancedConfiguration") or {}
            for arn in (each.get("targetGroupArn"), advanced.get("alternateTargetGroupArn")):
                if arn:
                    groups[arn] = None
        return self.target_states(list(groups))

    def target_states(self, groups: Sequence[str]) -> dict[str, int]:
        """Return the number of targets in each state in target groups, by their ARNs. Raises CommandError."""
        counts: dict[str, int] = {}
        with aws_errors():
            for arn in groups:
                answer = self.client("elbv2").describe_target_health(TargetGroupArn=arn)
                for target in answer["TargetHealthDescriptions"]:
                    state = str(target["TargetHealth"]["State"])
                    counts[state] = counts.get(state, 0) + 1
        return counts

    def fired_alarms(self, names: Sequence[str]) -> Sequence[str]:
        """Return those of the alarms that are in state ALARM. Raises CommandError."""
        fired: list[str] = []
        with aws_errors():
            for start in range(0, len(names), _MAX_ALARMS):
                part = list(names[start : start + _MAX_ALARMS])
                answer = self.client("cloudwatch").describe_alarms(
                    AlarmNames=part, AlarmTypes=["MetricAlarm", "CompositeAlarm"], StateValue="ALARM"
                )
                for kind in ("MetricAlarms", "CompositeAlarms"):
                    fired += [
                        str(each["AlarmName"]) for each in answer.get(kind) or () if each["StateValue"] == "ALARM"
                    ]
        return fired

    def task_request(self, service: StackService, command: Sequence[str]) -> Mapping[str, Any]:
        """Return the input of RunTask for a task like those of a service with another command. Raises CommandError."""
        found = self.described(service)
        return {
            "cluster": service.cluster,
            "taskDefinition": found["taskDefinition"],
            "capacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1}],
            "networkConfiguration": found["networkConfiguration"],
            "enableECSManagedTags": True,
            "propagateTags": "TASK_DEFINITION",
            "enableExecuteCommand": bool(found.get("enableExecuteCommand")),
            "overrides": {"containerOverrides": [{"name": service.name, "command": list(command)}]},
        }

    def described(self, service: StackService) -> Mapping[str, Any]:
        """Return what DescribeServices says about one service. Raises CommandError if it does not exist."""
        found = self.describe([service]).get(service.arn)
        if found is None or found.get("status") == "INACTIVE":
            raise CommandError(
                f"--service: ECS has no such service (got {service.service_name}). Run `tierup refresh`, then `tierup "
                "up`."
            )
        return found

    def restart(self, service: StackService) -> None:
        """Replace all tasks of a service by new ones. Raises CommandError."""
        with aws_errors():
            self.client("ecs").update_service(
                cluster=service.cluster, service=service.service_name, forceNewDeployment=True
            )

    def desired_count(self, service: StackService) -> int:
        """Return the desired number of tasks. Raises CommandError."""
        return int(self.described(service)["desiredCount"])

    def scale(self, service: StackService, count: int, *, suspended: bool) -> None:
        """Set the desired number of tasks, and suspend or resume autoscaling. Raises CommandError.

        Autoscaling is suspended before the tasks stop and resumed after they were started, so that it changes neither:
        https://docs.aws.amazon.com/autoscaling/application/APIReference/API_SuspendedState.html (read 2026-11-28)
        """
        if suspended:
            self._suspend_scaling(service, suspended=True)
        with aws_errors():
            self.client("ecs").update_service(cluster=service.cluster, service=service.service_name, desiredCount=count)
        if not suspended:
            self._suspend_scaling(service, suspended=False)

    def _suspend_scaling(self, service: StackService, *, suspended: bool) -> None:
        if not service.scaled:
            return
        with aws_errors():
            self.client("application-autoscaling").register_scalable_target(
                ServiceNamespace="ecs",
                ResourceId=service.scaling_id,
                ScalableDimension="ecs:service:DesiredCount",
                SuspendedState={
                    "DynamicScalingInSuspended": suspended,
                    "DynamicScalingOutSuspended": suspended,
                    "ScheduledScalingSuspended": suspended,
                },
            )

    # --- logs and sessions ---

    def log_events(self, group: str, *, since: datetime, pattern: str = "", streams: str = "") -> list[LogEvent]:
        """Return the events of a log group since a time, oldest first. Raises CommandError.

        `pattern` is a filter pattern of CloudWatch Logs, and `streams` the beginning of the streams' names.
        """
        arguments: dict[str, Any] = {"logGroupName": group, "startTime": int(since.timestamp() * 1000)}
        if pattern:
            arguments["filterPattern"] = pattern
        if streams:
            arguments["logStreamNamePrefix"] = streams
        with aws_errors():
            found = [
                LogEvent(
                    id=str(event["eventId"]),
                    time=datetime.fromtimestamp(event["timestamp"] / 1000, UTC),
                    stream=str(event["logStreamName"]),
                    message=str(event["message"]).rstrip(),
                )
                for event in pages(self.client("logs"), "filter_log_events", "events", **arguments)
            ]
        return sorted(found, key=lambda event: event.time)

    def pod_log_events(self, service: StackService, *, since: datetime, pattern: str = "") -> list[LogEvent]:
        """Return the log lines of a service's pods since a time, oldest first. Raises CommandError.

        The log group has the lines of all pods of the cluster, each as JSON with the name of its pod:
        https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-setup-logs-FluentBit.html
        (the group, read 2026-11-28; the form of the lines from memory)
        """
        found: list[LogEvent] = []
        for event in self.log_events(service.log_group, since=since, pattern=pattern):
            try:
                line: Mapping[str, Any] = json.loads(event.message)
                pod, namespace = str(line["kubernetes"]["pod_name"]), line["kubernetes"]["namespace_name"]
            except (ValueError, KeyError, TypeError):
                continue  # not a line of a pod
            if namespace == service.namespace and pod.startswith(f"{service.service_name}-"):
                found.append(replace(event, stream=f"pods/{pod}", message=str(line.get("log") or "").rstrip()))
        return found

    def running_task(self, service: StackService) -> Mapping[str, Any]:
        """Return a running task of a service. Raises CommandError if none runs."""
        ecs = self.client("ecs")
        with aws_errors():
            arns = list(
                pages(
                    ecs, "list_tasks", "taskArns",
                    cluster=service.cluster, serviceName=service.service_name, desiredStatus="RUNNING",
                )
            )  # fmt: skip
            tasks: list[Mapping[str, Any]] = []
            if arns:
                tasks += ecs.describe_tasks(cluster=service.cluster, tasks=arns[:_MAX_TASKS])["tasks"]
        for task in sorted(tasks, key=lambda each: str(each["taskArn"])):
            if task.get("lastStatus") == "RUNNING":
                return task
        raise CommandError(f"--service: no task runs (got {service.name}). `tierup status` shows why.")


def _event_text(message: str) -> str:
    """Return the text of an event without the service's name at its beginning: "(service NAME) has started 1 tasks"."""
    head, closing, rest = message.partition(") ")
    return rest if closing and head.startswith("(service ") else message


def _rollout_text(name: str, described: Mapping[str, Any]) -> str:
    primary = next((each for each in described.get("deployments") or () if each.get("status") == "PRIMARY"), None)
    if primary is None:
        return ""
    state = str(primary.get("rolloutState") or "").replace("_", " ").lower()
    counts = f"{primary.get('runningCount', 0)} of {primary.get('desiredCount', 0)} new tasks run"
    failed = f", {primary['failedTasks']} failed" if primary.get("failedTasks") else ""
    return f"{name}: {counts}{failed}" + (f" ({state})." if state else ".")


def _targets_text(name: str, states: Mapping[str, int]) -> str:
    """Return the number of targets in each state, or "" without a target group."""
    counts = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    return f"{name}: {counted(sum(states.values()), 'target')} ({counts})." if counts else ""


def _task_result(task: Mapping[str, Any], container: str, lines: Sequence[str]) -> TaskResult:
    """Return how a stopped task ended. The exit code of the container counts before that of a sidecar."""
    containers: list[Mapping[str, Any]] = list(task.get("containers") or ())
    main = next((each for each in containers if each.get("name") == container), None)
    code = main.get("exitCode") if main is not None else None
    reasons = [str(each["reason"]) for each in containers if each.get("reason")]
    if code:
        reasons.insert(0, f"container {container} exited with {code}")
    reason = "; ".join(dict.fromkeys([*reasons, *([str(task["stoppedReason"])] if task.get("stoppedReason") else [])]))
    return TaskResult(
        exit_code=code, reason="" if code == 0 else reason or "the container did not start", log_lines=lines
    )
