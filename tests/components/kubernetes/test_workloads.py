"""Deployments, jobs, services, autoscaling and disruption budgets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from components.kubernetes.autoscaler import ExternalMetric, PodAutoscaler, PodAutoscalerArgs
from components.kubernetes.cron_job import ScheduledJob, ScheduledJobArgs
from components.kubernetes.disruption_budget import DisruptionBudget, DisruptionBudgetArgs
from components.kubernetes.release_job import ReleaseJob, ReleaseJobArgs
from components.kubernetes.service_account import WorkloadServiceAccount, WorkloadServiceAccountArgs
from components.kubernetes.web_deployment import WebDeployment, WebDeploymentArgs
from components.kubernetes.web_service import CONTROLLER_API, WebService, WebServiceArgs
from components.kubernetes.worker_deployment import WorkerDeployment, WorkerDeploymentArgs
from tests.components.kubernetes.workloads import HTTP, job_pod, pod
from tests.engine_recorder import record

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
BINDING = "kubernetes:eks.amazonaws.com/v1:TargetGroupBinding"


def web_service(**changes: Any) -> WebServiceArgs:
    arguments: dict[str, Any] = {
        "namespace": "app",
        "workload": "api",
        "port": 3000,
        "target_group_arns": {"main": "arn:1"},
    }
    return WebServiceArgs(**{**arguments, **changes})


def autoscaler(**changes: Any) -> PodAutoscalerArgs:
    arguments: dict[str, Any] = {"namespace": "app", "deployment_name": "api", "min_pods": 2, "max_pods": 8}
    return PodAutoscalerArgs(**{**arguments, **changes})


def test_rollout_starts_new_pods_before_it_stops_old_ones() -> None:
    spec = record(lambda: WebDeployment("api", WebDeploymentArgs(pod=pod(), replicas=2, http=HTTP))).one(DEPLOYMENT)
    assert spec.inputs["spec"]["strategy"]["rollingUpdate"] == {"maxSurge": "25%", "maxUnavailable": 0}
    assert spec.inputs["spec"]["selector"] == {"matchLabels": {"app.kubernetes.io/name": "api"}}
    assert spec.opts.ignore_changes == ()


def test_autoscaling_ignores_the_number_of_replicas() -> None:
    args = WebDeploymentArgs(pod=pod(), replicas=2, http=HTTP, autoscaled=True)
    assert record(lambda: WebDeployment("api", args)).one(DEPLOYMENT).opts.ignore_changes == ("spec.replicas",)


def test_deployments_change_after_the_release_job_and_the_binding() -> None:
    def build() -> None:
        job = ReleaseJob("migrate", ReleaseJobArgs(pod=job_pod()))
        service = WebService("web", web_service())
        WebDeployment("api", WebDeploymentArgs(pod=pod(), replicas=2, http=HTTP, after=[job, service]))
        WorkerDeployment("worker", WorkerDeploymentArgs(pod=job_pod(), replicas=1, after=[job]))

    recording = record(build)
    api, worker = recording.of(DEPLOYMENT)
    assert {"migrate", "web-main"} <= api.opts.depends_on
    assert "migrate" in worker.opts.depends_on


def test_release_job_waits_and_is_replaced_after_a_failure() -> None:
    job = record(lambda: ReleaseJob("migrate", ReleaseJobArgs(pod=job_pod()))).one("kubernetes:batch/v1:Job")
    assert job.inputs["metadata"]["annotations"] == {"pulumi.com/replaceUnready": "true"}
    assert job.inputs["spec"]["activeDeadlineSeconds"] == 900
    assert "ttlSecondsAfterFinished" not in job.inputs["spec"]
    assert job.inputs["spec"]["template"]["spec"]["restartPolicy"] == "Never"
    assert "topologySpreadConstraints" not in job.inputs["spec"]["template"]["spec"]


def test_scheduled_job_runs_once_at_a_time() -> None:
    args = ScheduledJobArgs(pod=job_pod(), schedule="0 3 * * *", timezone="Europe/Berlin", enabled=False)
    job = record(lambda: ScheduledJob("report", args)).one("kubernetes:batch/v1:CronJob").inputs["spec"]
    assert (job["schedule"], job["timeZone"], job["suspend"]) == ("0 3 * * *", "Europe/Berlin", True)
    assert job["concurrencyPolicy"] == "Forbid"


def test_service_is_bound_to_each_target_group() -> None:
    args = web_service(target_group_arns={"blue": "arn:1", "green": "arn:2"})
    recording = record(lambda: WebService("web", args))
    specs = [each.inputs["spec"] for each in recording.of(BINDING)]
    assert [each["targetGroupARN"] for each in specs] == ["arn:1", "arn:2"]
    assert {each["targetType"] for each in specs} == {"ip"}
    assert specs[0]["serviceRef"] == {"name": "web-name", "port": 3000}
    assert all(each.opts.delete_before_replace for each in recording.of(BINDING))


def test_binding_admits_the_load_balancer_and_has_the_api_of_the_controller() -> None:
    args = web_service(load_balancer_security_group_id="sg-1", api_version=CONTROLLER_API)
    binding = record(lambda: WebService("web", args)).one("kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding")
    assert binding.inputs["spec"]["networking"] == {
        "ingress": [{"from": [{"securityGroup": {"groupID": "sg-1"}}], "ports": [{"protocol": "TCP", "port": 3000}]}]
    }


def test_autoscaler_scales_on_all_metrics_fast_out_and_slowly_in() -> None:
    args = autoscaler(
        memory_percent=80,
        requests=ExternalMetric(name="requests", value_per_pod=1000, labels={"group": "api"}),
        queue_depth=ExternalMetric(name="jobs", value_per_pod=10),
    )
    spec = record(lambda: PodAutoscaler("api", args)).one(AUTOSCALER).inputs["spec"]
    assert [each["type"] for each in spec["metrics"]] == ["Resource", "Resource", "External", "External"]
    assert spec["metrics"][2]["external"] == {
        "metric": {"name": "requests", "selector": {"matchLabels": {"group": "api"}}},
        "target": {"type": "AverageValue", "averageValue": "1000"},
    }
    assert spec["behavior"]["scaleUp"]["stabilizationWindowSeconds"] == 0
    assert spec["behavior"]["scaleDown"]["stabilizationWindowSeconds"] == 300
    assert spec["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "api"}


def test_budget_always_allows_one_pod_to_be_drained() -> None:
    args = DisruptionBudgetArgs(namespace="app", workload="api")
    budget = record(lambda: DisruptionBudget("api", args)).one("kubernetes:policy/v1:PodDisruptionBudget")
    assert budget.inputs["spec"] == {
        "maxUnavailable": "25%",
        "selector": {"matchLabels": {"app.kubernetes.io/name": "api"}},
        "unhealthyPodEvictionPolicy": "AlwaysAllow",
    }


def test_service_account_has_no_token_of_the_cluster() -> None:
    recording = record(lambda: WorkloadServiceAccount("api", WorkloadServiceAccountArgs(namespace="app")))
    assert recording.one("kubernetes:core/v1:ServiceAccount").inputs["automountServiceAccountToken"] is False
    assert recording.value(recording.result.service_account_name) == "api-name"
    assert recording.value(recording.result.namespace) == "app"


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: WebDeploymentArgs(pod=pod(), replicas=-1, http=HTTP), r"^replicas: negative \(got -1\)"),
        (lambda: WorkerDeploymentArgs(pod=pod(), replicas=1), r"^command: missing"),
        (lambda: ReleaseJobArgs(pod=pod()), r"^command: missing"),
        (lambda: ReleaseJobArgs(pod=job_pod(), deadline_seconds=1), r"^deadline_seconds: out of range \(got 1\)"),
        (lambda: ReleaseJobArgs(pod=job_pod(), retries=11), r"^retries: out of range"),
        (lambda: ScheduledJobArgs(pod=pod(), schedule="0 3 * * *"), r"^command: missing"),
        (lambda: ScheduledJobArgs(pod=job_pod(), schedule="rate(1 day)"), r"^schedule: not a cron schedule"),
        (lambda: ScheduledJobArgs(pod=job_pod(), schedule="@daily", timezone="CET/Berlin"), r"^timezone: unknown"),
        (lambda: ScheduledJobArgs(pod=job_pod(), schedule="@daily", deadline_seconds=1), r"^deadline_seconds: out of"),
        (lambda: ScheduledJobArgs(pod=job_pod(), schedule="@daily", retries=-1), r"^retries: out of range"),
        (lambda: web_service(target_group_arns={}), r"^target_group_arns: empty"),
        (lambda: web_service(api_version="v1"), r"^api_version: unknown \(got 'v1'\)"),
        (
            lambda: autoscaler(min_pods=0),
            r"^min_pods, max_pods: not valid bounds \(got 0, 8\)",
        ),
        (lambda: autoscaler(cpu_percent=5), r"^cpu_percent: out of range \(got 5\)\. Set 10 to 200"),
        (lambda: autoscaler(cpu_percent=None), r"no target \(got None for all\)"),
        (lambda: autoscaler(scale_in_seconds=-1), r"^scale_in_seconds: out of range"),
        (lambda: ExternalMetric(name="jobs", value_per_pod=0), r"^value_per_pod: below 1 \(got 0\)"),
        (
            lambda: DisruptionBudgetArgs(namespace="app", workload="api", max_unavailable_percent=0),
            r"^max_unavailable_percent: out of range \(got 0\)",
        ),
    ],
)
def test_invalid_arguments_are_rejected(build: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build()
