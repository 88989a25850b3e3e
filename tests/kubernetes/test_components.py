"""The Kubernetes components on a real API server, deployed by the real engine with Pulumi's own provider."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.engine.engine_stack import EngineStack
from tests.kubernetes.custom_resources import definitions
from tests.waiting import wait_until
from tierup.engine import find_or_install
from tools.kubernetes.api import KubernetesApi, RequestRefusedError
from tools.kubernetes.control_plane import ControlPlane
from tools.kubernetes.nodes import BROKEN
from tools.kubernetes.programs import KubernetesPrograms

pytestmark = [pytest.mark.kubernetes]

FIRST, SECOND = "registry.example/api@sha256:1", "registry.example/api@sha256:2"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app-AbCdEf"
GROUP = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/api/0123456789abcdef"
KINDS = {
    "apps/v1/deployments": 2,
    "autoscaling/v2/horizontalpodautoscalers": 1,
    "batch/v1/cronjobs": 1,
    "batch/v1/jobs": 1,
    "eks.amazonaws.com/v1/targetgroupbindings": 1,
    "networking.k8s.io/v1/networkpolicies": 5,
    "policy/v1/poddisruptionbudgets": 1,
    "secrets-store.csi.x-k8s.io/v1/secretproviderclasses": 4,
}
Program = Callable[[], None]


def application(image: str, *, migration: str | None = None, workload: str = "api") -> Program:
    """Return a program with every component. A release job runs the image `migration` before the deployments change."""

    def program() -> None:
        import pulumi

        from components.kubernetes.autoscaler import PodAutoscaler, PodAutoscalerArgs
        from components.kubernetes.cron_job import ScheduledJob, ScheduledJobArgs
        from components.kubernetes.disruption_budget import DisruptionBudget, DisruptionBudgetArgs
        from components.kubernetes.namespace import KubernetesNamespace, KubernetesNamespaceArgs
        from components.kubernetes.pod import HttpPort, PodArgs
        from components.kubernetes.release_job import ReleaseJob, ReleaseJobArgs
        from components.kubernetes.service_account import WorkloadServiceAccount, WorkloadServiceAccountArgs
        from components.kubernetes.web_deployment import WebDeployment, WebDeploymentArgs
        from components.kubernetes.web_service import WebService, WebServiceArgs
        from components.kubernetes.worker_deployment import WorkerDeployment, WorkerDeploymentArgs

        namespace = KubernetesNamespace("app", KubernetesNamespaceArgs()).namespace
        account = WorkloadServiceAccount("api", WorkloadServiceAccountArgs(namespace=namespace))

        def pod(image: str, *command: str) -> PodArgs:
            return PodArgs(
                namespace=namespace,
                service_account_name=account.service_account_name,
                region="eu-west-1",
                image=image,
                cpu_millis=250,
                memory_mib=256,
                secrets={"MONGODB_URI": f"{SECRET}:MONGODB_URI::"},
                command=command or None,
            )

        service = WebService(
            "api",
            WebServiceArgs(namespace=namespace, workload=workload, port=3000, target_group_arns={"main": GROUP}),
        )
        job = ReleaseJob("migrate", ReleaseJobArgs(pod=pod(migration or image, "node", "migrate.js"), retries=0))
        http = HttpPort(port=3000, ready_path="/health", ingress_cidrs=["10.0.0.0/16"])
        web = WebDeployment(
            workload, WebDeploymentArgs(pod=pod(image), replicas=2, autoscaled=True, http=http, after=[service, job])
        )
        WorkerDeployment("worker", WorkerDeploymentArgs(pod=pod(image, "node", "worker.js"), replicas=1, after=[job]))
        PodAutoscaler(
            "api",
            PodAutoscalerArgs(namespace=namespace, deployment_name=web.deployment_name, min_pods=2, max_pods=4),
        )
        DisruptionBudget("api", DisruptionBudgetArgs(namespace=namespace, workload=workload))
        ScheduledJob("report", ScheduledJobArgs(pod=pod(image, "node", "report.js"), schedule="0 3 * * *"))
        pulumi.export("namespace", namespace)
        pulumi.export("deployment", web.deployment_name)
        pulumi.export("job", job.job_name)

    return program


@pytest.fixture(scope="module")
def api(control_plane: ControlPlane) -> KubernetesApi:
    """Return the API of a control plane that knows the custom resources."""
    for definition in definitions():
        control_plane.api.create(definition)
    for path in (
        *("eks.amazonaws.com/v1/targetgroupbindings", "secrets-store.csi.x-k8s.io/v1/secretproviderclasses"),
        *("keda.sh/v1alpha1/scaledobjects", "keda.sh/v1alpha1/triggerauthentications"),
    ):
        wait_until(partial(_is_served, control_plane.api, path), 60)
    return control_plane.api


@pytest.fixture(scope="module")
def environment(control_plane: ControlPlane, programs: KubernetesPrograms) -> Generator[Mapping[str, str]]:
    """Return the variables of an engine with Pulumi's own provider and the API server."""
    engine = find_or_install().environment()
    before = os.environ["PATH"]
    os.environ["PATH"] = f"{programs.provider}{os.pathsep}{engine['PATH']}"
    yield {
        **engine,
        "PATH": os.environ["PATH"],
        "KUBECONFIG": str(control_plane.kubeconfig),
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }
    os.environ["PATH"] = before


def objects(api: KubernetesApi, namespace: str) -> dict[str, int]:
    """Return the number of objects of each kind in a namespace."""
    return {
        kind: len(api.list("/apis/{}/{}/namespaces/{}/{}".format(*kind.split("/")[:2], namespace, kind.split("/")[2])))
        for kind in KINDS
    }


def test_application_is_deployed_released_and_destroyed(
    api: KubernetesApi, environment: Mapping[str, str], tmp_path: Path
) -> None:
    stack = EngineStack(folder=tmp_path / "dev", environment=environment)
    created = stack.up(application(FIRST))
    assert not created.error, created.error
    namespace, deployment = created.outputs["namespace"], created.outputs["deployment"]
    assert objects(api, namespace) == KINDS
    assert stack.preview(application(FIRST)).empty
    assert stack.refresh(application(FIRST)).empty
    first = _deployment(api, namespace, deployment)
    assert (first["status"]["availableReplicas"], first["status"]["observedGeneration"]) == (2, 1)

    # A changed image is a rollout of the same Deployment, and another run of the release job.
    released = stack.up(application(SECOND))
    assert not released.error, released.error
    assert released.outputs["deployment"] == deployment
    assert released.outputs["job"] != created.outputs["job"]
    second = _deployment(api, namespace, deployment)
    assert second["metadata"]["uid"] == first["metadata"]["uid"]
    assert second["status"]["observedGeneration"] == 2
    assert stack.preview(application(SECOND)).empty

    # A failed release job leaves the previous version running.
    failed = stack.up(application(FIRST, migration=f"registry.example/{BROKEN}"))
    assert "migrate" in failed.error
    assert _image(_deployment(api, namespace, deployment)) == SECOND

    # Another name is another selector, which is immutable: the Deployment is replaced.
    renamed = stack.up(application(SECOND, workload="web"))
    assert not renamed.error, renamed.error
    assert renamed.outputs["deployment"].startswith("web-")
    assert not _exists(api, namespace, deployment)

    assert not stack.destroy(application(SECOND)).error
    assert not [each for each in api.list("/api/v1/namespaces") if each["metadata"]["name"] == namespace]


def test_changed_selector_replaces_a_deployment(
    api: KubernetesApi, environment: Mapping[str, str], tmp_path: Path
) -> None:
    stack = EngineStack(folder=tmp_path / "dev", environment=environment)

    def program(label: str) -> Program:
        def declare() -> None:
            import pulumi_kubernetes as kubernetes

            kubernetes.apps.v1.Deployment(
                "api",
                spec={
                    "selector": {"match_labels": {"app": label}},
                    "template": {
                        "metadata": {"labels": {"app": label}},
                        "spec": {"containers": [{"name": "app", "image": FIRST}]},
                    },
                },
            )

        return declare

    assert not stack.up(program("a")).error
    changed = stack.up(program("b"))
    assert not changed.error, changed.error
    assert changed.changes["replace"] == 1
    assert not stack.destroy(program("b")).error


def test_objects_of_keda_are_created_and_deleted(
    api: KubernetesApi, environment: Mapping[str, str], tmp_path: Path
) -> None:
    stack = EngineStack(folder=tmp_path / "dev", environment=environment)

    def program() -> None:
        import pulumi

        from components.kubernetes.keda_autoscaler import KedaAutoscaler, KedaAutoscalerArgs, KedaQueue
        from components.kubernetes.namespace import KubernetesNamespace, KubernetesNamespaceArgs

        namespace = KubernetesNamespace("app", KubernetesNamespaceArgs()).namespace
        queue = KedaQueue(url="https://sqs.eu-west-1.amazonaws.com/111122223333/jobs", messages_per_pod=20)
        args = KedaAutoscalerArgs(
            namespace=namespace,
            deployment_name="worker",
            region="eu-west-1",
            min_pods=1,
            max_pods=4,
            queue=queue,
        )
        pulumi.export("namespace", namespace)
        pulumi.export("scaled", KedaAutoscaler("worker", args).scaled_object_name)

    created = stack.up(program)
    assert not created.error, created.error
    assert stack.preview(program).empty
    assert stack.refresh(program).empty
    path = f"/apis/keda.sh/v1alpha1/namespaces/{created.outputs['namespace']}"
    (scaled,) = api.list(f"{path}/scaledobjects")
    (identity,) = api.list(f"{path}/triggerauthentications")
    assert scaled["metadata"]["name"] == created.outputs["scaled"]
    assert scaled["spec"]["triggers"][-1]["authenticationRef"]["name"] == identity["metadata"]["name"]
    assert not stack.destroy(program).error


def test_restricted_namespace_refuses_root(api: KubernetesApi, environment: Mapping[str, str], tmp_path: Path) -> None:
    from components.kubernetes.namespace import KubernetesNamespace, KubernetesNamespaceArgs

    stack = EngineStack(folder=tmp_path / "dev", environment=environment)

    def program() -> None:
        import pulumi

        pulumi.export("namespace", KubernetesNamespace("app", KubernetesNamespaceArgs()).namespace)

    created = stack.up(program)
    assert not created.error, created.error
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "root", "namespace": created.outputs["namespace"]},
        "spec": {"containers": [{"name": "app", "image": FIRST, "securityContext": {"runAsUser": 0}}]},
    }
    with pytest.raises(RequestRefusedError, match=r'violates PodSecurity "restricted:latest".*runAsUser=0'):
        api.create(pod)
    assert not stack.destroy(program).error


def _deployment(api: KubernetesApi, namespace: str, name: str) -> dict[str, Any]:
    return api.get({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": namespace}})


def _image(deployment: Mapping[str, Any]) -> str:
    return str(deployment["spec"]["template"]["spec"]["containers"][0]["image"])


def _exists(api: KubernetesApi, namespace: str, name: str) -> bool:
    return name in [each["metadata"]["name"] for each in api.list(f"/apis/apps/v1/namespaces/{namespace}/deployments")]


def _is_served(api: KubernetesApi, path: str) -> bool:
    try:
        api.list(f"/apis/{path}")
    except RequestRefusedError:
        return False
    return True
