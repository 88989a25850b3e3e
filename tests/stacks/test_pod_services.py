"""Tests of tierup:services, tierup:scheduledTasks and tierup:releaseTask as pods on EKS."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

import pytest

from stacks import architecture
from tests.engine_recorder import Recording, record
from tests.stacks.deployed import deploy
from tests.stacks.test_architecture import CALLS, OUTPUTS
from tests.stacks.test_orchestrator import ADMIN, DEPLOYMENT, EKS, OF_EKS, errors, settings

IMAGE = "registry.example/app@sha256:" + "a" * 64
CRON_JOB = "kubernetes:batch/v1:CronJob"
SERVICE = "kubernetes:core/v1:Service"
SERVICES = {
    "reports": {"image": IMAGE, "paths": ["/reports/*"], "priority": 100, "port": 4000, "tasks": 3, "maxTasks": 9},
    "prices": {
        "image": IMAGE,
        "paths": ["/prices/*"],
        "priority": 200,
        "callers": ["reports"],
        "containerHealthCheck": ["CMD-SHELL", "test -f /tmp/alive"],
    },
}
GIVEN = {
    **EKS,
    "phase": "enterprise",  # the first one with tierup:services
    "deployment": "rolling",
    "sizeOverrides": json.dumps({"databaseMaxPoolSize": 20}),
    "image": IMAGE,
    "services": json.dumps(SERVICES),
    "scheduledTasks": json.dumps(
        {"digest": {"command": ["node", "digest.js"], "schedule": "cron(0 3 ? * 2-6 *)", "timezone": "Europe/Berlin"}}
    ),
    "releaseTask": json.dumps({"command": ["node", "migrate.js"]}),
}


@functools.cache
def recorded(orchestrator: str, percent: int | None = None) -> Recording[Mapping[str, Any]]:
    """Record the program. Cached, because a run takes seconds."""
    share = {} if percent is None else {"eksTrafficPercent": str(percent)}
    chosen = settings(**GIVEN, orchestrator=orchestrator, **share)
    return record(lambda: architecture.create(chosen), outputs={**OUTPUTS, **OF_EKS}, calls=CALLS, stack="prod")


def spec_of(recording: Recording[Any], type: str, name: str) -> Any:
    return next(each for each in recording.of(type) if each.name == name).inputs["spec"]


def test_services_are_pods_with_their_own_size_scaling_and_role() -> None:
    recording = recorded("eks")
    spec = spec_of(recording, DEPLOYMENT, "reports")
    container = spec["template"]["spec"]["containers"][0]
    scaling = spec_of(recording, "kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "reports")

    assert recording.of("aws:ecs/service:Service") == []
    assert (spec["replicas"], container["image"], container["ports"][0]["containerPort"]) == (3, IMAGE, 4000)
    assert container["resources"]["requests"] == {"cpu": "500m", "memory": "1024Mi"}
    assert (scaling["minReplicas"], scaling["maxReplicas"]) == (3, 9)
    assert "reports-pods-pods" in {each.name for each in recording.of("aws:iam/role:Role")}


def test_callers_reach_services_by_the_name_that_service_connect_has_on_ecs() -> None:
    recording = recorded("eks")
    service = next(each for each in recording.of(SERVICE) if each.name == "prices")
    policies = {
        each.name: each.inputs["spec"]["egress"]
        for each in recording.of("kubernetes:networking.k8s.io/v1:NetworkPolicy")
        if each.name in ("reports", "backend")
    }
    called = {
        name: [
            (rule["to"][0]["podSelector"]["matchLabels"]["app.kubernetes.io/name"], rule["ports"][0]["port"])
            for rule in rules
            if "podSelector" in (rule.get("to") or [{}])[0]
        ]
        for name, rules in policies.items()
    }

    assert service.inputs["metadata"]["name"] == "prices"
    assert called == {"reports": [("prices", 5000)], "backend": [("reports", 4000)]}


def test_health_check_command_decides_whether_a_container_restarts() -> None:
    container = spec_of(recorded("eks"), DEPLOYMENT, "prices")["template"]["spec"]["containers"][0]

    assert container["livenessProbe"]["exec"] == {"command": ["sh", "-c", "test -f /tmp/alive"]}


def test_tasks_and_pods_of_a_service_divide_its_requests_while_a_stack_moves() -> None:
    recording = recorded("ecs-and-eks", 10)
    forward = recording.named("reports-route").inputs["actions"][0]["forward"]["targetGroups"]
    groups = {each.name: each.inputs["tags"] for each in recording.of("aws:lb/targetGroup:TargetGroup")}

    assert [each["weight"] for each in forward] == [90, 10]
    assert groups["reports-pods"]["eks:eks-cluster-name"] == "tierup-prod"
    assert "eks:eks-cluster-name" not in groups["reports-main"]


def test_schedules_and_the_release_task_stay_on_ecs_while_tasks_run() -> None:
    recording = recorded("ecs-and-eks", 10)

    assert recording.of(CRON_JOB) == []
    assert [each.name for each in recording.of("aws:scheduler/schedule:Schedule")] == ["digest-clock-schedule"]
    assert "taskDefinition" in recording.value(recording.result["release_task"])


def test_schedules_are_cron_jobs_on_eks() -> None:
    spec = spec_of(recorded("eks"), CRON_JOB, "digest")

    assert (spec["schedule"], spec["timeZone"], spec["suspend"]) == ("0 3 * * 1-5", "Europe/Berlin", False)
    assert spec["jobTemplate"]["spec"]["backoffLimit"] == 0
    assert recorded("eks").of("aws:scheduler/schedule:Schedule") == []


def test_release_task_is_a_job_template_that_no_up_starts() -> None:
    recording = recorded("eks")
    spec = spec_of(recording, CRON_JOB, "release")
    output = json.loads(recording.value(recording.result["release_task"]))

    assert spec["suspend"] is True
    assert spec["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["command"] == ["node", "migrate.js"]
    assert output.keys() == {"namespace", "cronJob"}


def test_roles_of_all_pods_get_database_users() -> None:
    roles = {each.name for each in recorded("eks").of("aws:iam/role:Role") if each.name.endswith("-pods-pods")}

    assert roles == {f"{name}-pods-pods" for name in ("backend", "worker", "reports", "prices", "digest", "release")}


@pytest.mark.parametrize(
    ("changes", "key", "problem"),
    [
        ({"services": {"reports": {"deployment": "canary"}}}, "services.reports.deployment", "its own rule"),
        (
            {"services": {"reports": {"requestTimeoutSeconds": 5}}},
            "services.reports.requestTimeoutSeconds",
            "no time-outs",
        ),
        ({"services": {"reports": {"port": 80}}}, "services.reports.port", "no right to listen"),
        ({"services": {"reports": {"openFiles": 4096}}}, "services.reports.openFiles", "no such limit"),
        (
            {"orchestrator": "ecs-and-eks", "services": {"reports": {"weights": {"a": 1, "b": 1, "c": 1}}}},
            "services.reports.weights",
            "a listener rule has at most five",
        ),
        ({"task": {"schedule": "rate(7 minutes)"}}, "scheduledTasks.digest.schedule", "must divide an hour or a day"),
        ({"task": {"windowMinutes": 5}}, "scheduledTasks.digest.windowMinutes", "has no window"),
        ({"task": {"onSpot": True}}, "scheduledTasks.digest.onSpot", "on demand"),
        ({"task": {"sidecars": {"x": {"image": IMAGE}}}}, "scheduledTasks.digest.sidecars", "one container"),
    ],
)
def test_what_pods_of_services_and_jobs_do_not_support_is_refused(
    changes: dict[str, Any], key: str, problem: str
) -> None:
    services = {**SERVICES, "reports": {**SERVICES["reports"], **changes.get("services", {}).get("reports", {})}}
    task = {"command": ["node", "digest.js"], "schedule": "rate(1 day)", **changes.get("task", {})}
    given = {
        **GIVEN,
        "orchestrator": changes.get("orchestrator", "eks"),
        "services": json.dumps(services),
        "scheduledTasks": json.dumps({"digest": task}),
        "spotPercent": "0",
    }

    assert problem in errors(**given)[f"tierup:{key}"]


@pytest.mark.exhaustive
@pytest.mark.parametrize("orchestrator", ["eks", "ecs-and-eks"])
def test_sandbox_accepts_services_and_jobs_as_pods(orchestrator: str) -> None:
    given = {**GIVEN, "eks": json.dumps({"adminRoles": [ADMIN]}), "orchestrator": orchestrator}

    problems, left = deploy(given, destroy=True, again=True)

    assert (problems, left) == ([], [])
