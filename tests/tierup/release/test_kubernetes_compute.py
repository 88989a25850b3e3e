"""Jobs and rollouts of pods, as the Kubernetes API documents its answers, and the token of EKS."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

from tests.tierup.preflight.cloud_servers import AwsServer
from tests.tierup.release.kubernetes_server import KubernetesServer, kubernetes_server
from tierup.deployment.errors import CommandError
from tierup.preflight.aws_clients import AwsClients
from tierup.release.ecs_compute import EcsCompute
from tierup.release.kubernetes_api import EksToken, KubernetesApi, eks_api
from tierup.release.kubernetes_compute import KubernetesCompute
from tierup.release.stack_compute import StackCompute
from tierup.release.stack_services import StackService

REGION = "eu-west-1"
GROUP = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/backend-pods/1"
SERVICE = StackService(
    name="backend",
    urn="urn",
    arn="app/backend-1",
    cluster="shop-prod",
    service_name="backend-1",
    log_group="/aws/containerinsights/shop-prod/application",
    scaled=True,
    inputs={},
    namespace="app",
    workload="backend",
    target_groups=(GROUP,),
)
DEPLOYMENT = "/apis/apps/v1/namespaces/app/deployments/backend-1"
PODS = "/api/v1/namespaces/app/pods"
JOBS = "/apis/batch/v1/namespaces/app/jobs"
CRON_JOB = "/apis/batch/v1/namespaces/app/cronjobs/release-1"
REQUEST = {"namespace": "app", "cronJob": "release-1"}
TEMPLATE = {"spec": {"backoffLimit": 0, "template": {"spec": {"containers": [{"name": "app"}]}}}}


@pytest.fixture
def server() -> Generator[KubernetesServer]:
    with kubernetes_server() as running:
        yield running


@pytest.fixture
def compute(server: KubernetesServer) -> KubernetesCompute:
    api = KubernetesApi(server.url, lambda: "token")
    return KubernetesCompute(api, lambda groups: {"healthy": len(groups)}, poll_seconds=0.01)


def deployment(**status: Any) -> dict[str, Any]:
    spec = {"replicas": 2, "template": {"spec": {"containers": [{"name": "app", "image": "app@sha256:1"}]}}}
    return {"metadata": {"name": "backend-1", "generation": 3}, "spec": spec, "status": status}


DONE: dict[str, Any] = {
    "observedGeneration": 3,
    "replicas": 2,
    "updatedReplicas": 2,
    "availableReplicas": 2,
    "readyReplicas": 2,
}


def pod(name: str = "backend-1-x", conditions: Any = (), **container: Any) -> dict[str, Any]:
    status = {"phase": "Running", "conditions": list(conditions), "containerStatuses": [{"name": "app", **container}]}
    return {"metadata": {"name": name, "creationTimestamp": "2026-11-28T10:00:00Z"}, "status": status}


CRASHED = pod(
    restartCount=2,
    state={"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 20s restarting failed container"}},
    lastState={"terminated": {"exitCode": 1, "reason": "Error"}},
)


def job(kind: str = "", message: str = "") -> dict[str, Any]:
    conditions = [{"type": kind, "status": "True", "message": message}] if kind else []
    return {"metadata": {"name": "release-1-x"}, "status": {"conditions": conditions}}


def serve_job(server: KubernetesServer, monkeypatch: pytest.MonkeyPatch, *states: Any, pods: list[Any]) -> None:
    def suffix(nbytes: int) -> str:
        del nbytes
        return "x"

    monkeypatch.setattr("secrets.token_hex", suffix)
    server.answers |= {
        f"GET {CRON_JOB}": [{"spec": {"jobTemplate": TEMPLATE}}],
        f"POST {JOBS}": [job()],
        f"GET {JOBS}/release-1-x": list(states),
        f"GET {PODS}": [{"items": pods}],
    }


def test_release_job_has_the_template_of_its_cron_job(
    server: KubernetesServer, compute: KubernetesCompute, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve_job(server, monkeypatch, job(), job("Complete"), pods=[pod("release-1-x-y")])
    server.answers[f"GET {PODS}/release-1-x-y/log"] = ["applied 3 migrations\n"]
    said: list[str] = []

    result = compute.run_task(REQUEST, "release", said.append)

    ((_, body, headers),) = server.of(f"POST {JOBS}")
    assert (result.succeeded, result.log_lines) == (True, ["applied 3 migrations"])
    assert body["spec"]["template"] == TEMPLATE["spec"]["template"]
    assert headers["Authorization"] == "Bearer token"
    assert said == ["Job release-1-x of release was started.", "Job release-1-x: running."]


def test_failed_release_job_has_the_exit_code_and_the_last_log_lines(
    server: KubernetesServer, compute: KubernetesCompute, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = pod("release-1-x-y", state={"terminated": {"exitCode": 3, "reason": "Error"}})
    failed = job("Failed", "Job has reached the specified backoff limit")
    serve_job(server, monkeypatch, failed, pods=[ended])
    server.answers[f"GET {PODS}/release-1-x-y/log"] = ["no such column\n"]

    result = compute.run_task(REQUEST, "release", lambda _: None)

    assert (result.exit_code, result.log_lines) == (3, ["no such column"])
    assert result.reason == "its container exited with 3; Job has reached the specified backoff limit"


def test_progress_is_reported_once_for_each_change(server: KubernetesServer, compute: KubernetesCompute) -> None:
    server.answers |= {
        f"GET {DEPLOYMENT}": [
            deployment(observedGeneration=3, replicas=3, updatedReplicas=1, availableReplicas=2),
            deployment(observedGeneration=3, replicas=3, updatedReplicas=1, availableReplicas=2),
            deployment(**DONE),
        ],
        f"GET {PODS}": [{"items": []}],
    }

    assert [list(compute.news([SERVICE])) for _ in range(3)] == [
        ["backend: 1 of 2 new pods run, 2 pods are available (in progress)."],
        [],
        ["backend: 2 of 2 new pods run, 2 pods are available (completed)."],
    ]


def test_failure_has_the_reasons_and_the_log_of_the_run_before_the_restart(
    server: KubernetesServer, compute: KubernetesCompute
) -> None:
    expired = {
        "type": "Progressing",
        "status": "False",
        "reason": "ProgressDeadlineExceeded",
        "message": 'ReplicaSet "backend-1-x" has timed out progressing.',
    }
    server.answers |= {
        f"GET {DEPLOYMENT}": [deployment(conditions=[expired])],
        f"GET {PODS}": [{"items": [CRASHED]}],
        f"GET {PODS}/backend-1-x/log": ["Error: REDIS_URL is missing\n"],
    }

    assert compute.failure([SERVICE]) == [
        'backend: ReplicaSet "backend-1-x" has timed out progressing.',
        "backend: a pod waits: CrashLoopBackOff (back-off 20s restarting failed container); a container exited with 1 "
        "(Error).",
        "backend: last log lines of a pod:",
        "  Error: REDIS_URL is missing",
    ]
    ((parameters, _, _),) = server.of(f"GET {PODS}/backend-1-x/log")
    assert parameters == {"tailLines": "20", "previous": "true"}
    assert server.of(f"GET {PODS}")[0][0] == {"labelSelector": "app.kubernetes.io/name=backend"}


@pytest.mark.parametrize(
    ("status", "state", "running"),
    [
        (DONE, "completed", 2),
        ({**DONE, "observedGeneration": 2}, "in progress", 2),
        ({**DONE, "replicas": 3, "readyReplicas": 1}, "in progress", 1),
        ({**DONE, "conditions": [{"type": "Progressing", "status": "False"}]}, "failed", 2),
    ],
)
def test_status_has_the_state_of_the_rollout(
    server: KubernetesServer, compute: KubernetesCompute, status: dict[str, Any], state: str, running: int
) -> None:
    server.answers |= {f"GET {DEPLOYMENT}": [deployment(**status)], f"GET {PODS}": [{"items": []}]}

    (found,) = compute.status([SERVICE])

    assert (found.deployment, found.running, found.desired, found.image) == (state, running, 2, "app@sha256:1")
    assert found.targets == {"healthy": 1}


def test_restart_changes_the_template_and_scale_the_number_of_pods(
    server: KubernetesServer, compute: KubernetesCompute
) -> None:
    server.answers |= {f"PATCH {DEPLOYMENT}": [deployment()], f"PATCH {DEPLOYMENT}/scale": [{}]}

    compute.restart(SERVICE)
    compute.scale(SERVICE, 0, suspended=True)

    ((_, restarted, headers),) = server.of(f"PATCH {DEPLOYMENT}")
    annotations = restarted["spec"]["template"]["metadata"]["annotations"]
    assert list(annotations) == ["kubectl.kubernetes.io/restartedAt"]
    assert headers["Content-Type"] == "application/strategic-merge-patch+json"
    assert server.of(f"PATCH {DEPLOYMENT}/scale")[0][1] == {"spec": {"replicas": 0}}


def test_missing_access_entry_is_named(server: KubernetesServer, compute: KubernetesCompute) -> None:
    server.answers[f"GET {DEPLOYMENT}"] = [(403, 'deployments.apps "backend-1" is forbidden')]

    with pytest.raises(CommandError, match=r"is forbidden\). The role of this command needs an access entry"):
        compute.desired_count(SERVICE)


def test_private_endpoint_is_named_when_nothing_answers() -> None:
    api = KubernetesApi("http://127.0.0.1:1", lambda: "token")

    with pytest.raises(CommandError, match="Its endpoint is private"):
        api.create("/api/v1/namespaces/app/pods", {})


def test_token_is_a_presigned_request_with_the_name_of_the_cluster(aws: AwsServer) -> None:
    del aws
    token = EksToken(AwsClients({}, REGION), "shop-prod", None)()

    head, _, encoded = token.partition(".")
    url = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
    query = parse_qs(urlsplit(url).query)
    assert head == "k8s-aws-v1"
    assert query["Action"] == ["GetCallerIdentity"]
    assert query["X-Amz-SignedHeaders"] == ["host;x-k8s-aws-id"]


def test_cluster_of_eks_is_used_with_its_authority(aws: AwsServer) -> None:
    del aws
    eks = boto3.client("eks", region_name=REGION)
    role = "arn:aws:iam::123456789012:role/eks"
    eks.create_cluster(name="shop-prod", roleArn=role, resourcesVpcConfig={"subnetIds": ["subnet-1"]})

    assert isinstance(eks_api(AwsClients({}, REGION), "shop-prod"), KubernetesApi)
    with pytest.raises(CommandError, match="missing"):
        eks_api(AwsClients({}, REGION), "missing")


def test_tasks_and_pods_of_one_service_are_asked_for_separately(
    aws: AwsServer, server: KubernetesServer, compute: KubernetesCompute
) -> None:
    del aws
    tasks = EcsCompute(AwsClients({}, REGION))
    both = StackCompute(tasks, lambda: compute)
    server.answers |= {f"GET {DEPLOYMENT}": [deployment(**DONE)], f"GET {PODS}": [{"items": []}]}

    assert [each.name for each in both.status([SERVICE])] == ["backend"]
    assert both.desired_count(SERVICE) == 2
    assert both.fired_alarms([]) == []


def test_log_lines_are_those_of_the_pods_of_the_service(aws: AwsServer) -> None:
    del aws
    logs = boto3.client("logs", region_name=REGION)
    logs.create_log_group(logGroupName=SERVICE.log_group)
    logs.create_log_stream(logGroupName=SERVICE.log_group, logStreamName="node-application")
    now = int(time.time() * 1000)
    lines = [
        {"log": f"from {name}\n", "kubernetes": {"pod_name": name, "namespace_name": namespace}}
        for name, namespace in (("backend-1-5c-x", "app"), ("worker-2-5c-x", "app"), ("backend-1-5c-y", "other"))
    ]
    events = [{"timestamp": now, "message": json.dumps(line)} for line in lines] + [{"timestamp": now, "message": "x"}]
    logs.put_log_events(logGroupName=SERVICE.log_group, logStreamName="node-application", logEvents=events)
    found = EcsCompute(AwsClients({}, REGION)).pod_log_events(SERVICE, since=datetime.now(UTC) - timedelta(minutes=5))

    assert [(each.task, each.message) for each in found] == [("backend-1-5c-x", "from backend-1-5c-x")]
