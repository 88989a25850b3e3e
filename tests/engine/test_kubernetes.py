"""The Kubernetes components on the real engine: no drift, and releases in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.engine.sandbox_stack import CreateStack, SandboxStack

pytestmark = [pytest.mark.engine, pytest.mark.exhaustive]

DEPLOYMENT, JOB = "kubernetes:apps/v1:Deployment", "kubernetes:batch/v1:Job"
FIRST, SECOND = "registry.example/api@sha256:1", "registry.example/api@sha256:2"


def application(image: str, **namespace_changes: Any) -> Callable[[], None]:
    """Return a program with every component of a workload, whose image a release job migrates first."""

    def program() -> None:
        import pulumi_aws as aws

        from components.kubernetes.autoscaler import PodAutoscaler, PodAutoscalerArgs
        from components.kubernetes.cron_job import ScheduledJob, ScheduledJobArgs
        from components.kubernetes.disruption_budget import DisruptionBudget, DisruptionBudgetArgs
        from components.kubernetes.namespace import KubernetesNamespace, KubernetesNamespaceArgs
        from components.kubernetes.pod import HttpPort, PodArgs
        from components.kubernetes.release_job import ReleaseJob, ReleaseJobArgs
        from components.kubernetes.service_account import WorkloadServiceAccount, WorkloadServiceAccountArgs
        from components.kubernetes.web_deployment import WebDeployment, WebDeploymentArgs
        from components.kubernetes.web_service import WebService, WebServiceArgs

        vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
        group = aws.lb.TargetGroup("api", port=3000, protocol="HTTP", vpc_id=vpc.id, target_type="ip")
        namespace = KubernetesNamespace("app", KubernetesNamespaceArgs(**namespace_changes)).namespace
        account = WorkloadServiceAccount("api", WorkloadServiceAccountArgs(namespace=namespace))
        secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app-AbCdEf"
        common: dict[str, Any] = {
            "namespace": namespace,
            "service_account_name": account.service_account_name,
            "region": "eu-west-1",
            "image": image,
            "cpu_millis": 250,
            "memory_mib": 256,
            "secrets": {"MONGODB_URI": f"{secret}:MONGODB_URI::"},
        }
        http = HttpPort(port=3000, ready_path="/health", ingress_cidrs=["10.0.0.0/16"])
        service = WebService(
            "api",
            WebServiceArgs(namespace=namespace, workload="api", port=3000, target_group_arns={"main": group.arn}),
        )
        job = ReleaseJob("migrate", ReleaseJobArgs(pod=PodArgs(**common, command=["node", "migrate.js"])))
        api = WebDeployment(
            "api",
            WebDeploymentArgs(pod=PodArgs(**common), replicas=2, autoscaled=True, http=http, after=[service, job]),
        )
        PodAutoscaler(
            "api",
            PodAutoscalerArgs(namespace=namespace, deployment_name=api.deployment_name, min_pods=2, max_pods=4),
        )
        DisruptionBudget("api", DisruptionBudgetArgs(namespace=namespace, workload="api"))
        ScheduledJob(
            "report", ScheduledJobArgs(pod=PodArgs(**common, command=["node", "report.js"]), schedule="0 3 * * *")
        )

    return program


def names(stack: SandboxStack, type: str) -> list[str]:
    return [str(resource.outputs["metadata"]["name"]) for resource in stack.resources() if resource.type == type]


def test_release_replaces_the_job_and_updates_the_deployment_in_place(create_stack: CreateStack) -> None:
    stack = create_stack()
    created = stack.up(application(FIRST))
    assert not created.error, created.error
    assert stack.preview(application(FIRST)).empty
    assert stack.refresh(application(FIRST)).empty
    deployment, job = names(stack, DEPLOYMENT), names(stack, JOB)
    assert [len(deployment), len(job)] == [1, 1]

    released = stack.up(application(SECOND))
    assert not released.error, released.error
    assert (released.changes["replace"], released.changes["update"]) == (1, 2)  # the deployment and the cron job
    assert names(stack, DEPLOYMENT) == deployment
    assert set(names(stack, JOB)).isdisjoint(job)
    assert stack.preview(application(SECOND)).empty

    assert not stack.destroy(application(SECOND)).error
    assert stack.resources() == []
