"""The objects of the Kubernetes components in the sandbox: each is accepted, and the same inputs are no change."""

from __future__ import annotations

from typing import Any

from pulumi.runtime.proto import provider_pb2

from components.kubernetes.autoscaler import ExternalMetric, PodAutoscaler, PodAutoscalerArgs
from components.kubernetes.cron_job import ScheduledJob, ScheduledJobArgs
from components.kubernetes.disruption_budget import DisruptionBudget, DisruptionBudgetArgs
from components.kubernetes.namespace import KubernetesNamespace, KubernetesNamespaceArgs
from components.kubernetes.network_policy import PodEgressTarget
from components.kubernetes.node_pool import NodePool, NodePoolArgs
from components.kubernetes.release_job import ReleaseJob, ReleaseJobArgs
from components.kubernetes.service_account import WorkloadServiceAccount, WorkloadServiceAccountArgs
from components.kubernetes.web_deployment import WebDeployment, WebDeploymentArgs
from components.kubernetes.web_service import WebService, WebServiceArgs
from components.kubernetes.worker_deployment import WorkerDeployment, WorkerDeploymentArgs
from tests.components.kubernetes.workloads import HTTP, job_pod, pod
from tests.engine_recorder import record
from tierup.sandbox.provider import Provider
from tierup.sandbox.registry import registry
from tierup.sandbox.wire import plain, struct

from ..provider_calls import Engine, urn

SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app-AbCdEf"


def _target_group(engine: Engine) -> str:
    """Create a target group and return its ARN."""
    aws = Provider("aws", engine.cloud, registry())
    aws.Configure(provider_pb2.ConfigureRequest(args=struct({"region": "eu-west-1"})), engine.context)

    def create(type: str, inputs: dict[str, Any]) -> Any:
        return aws.Create(provider_pb2.CreateRequest(urn=urn(type, "web"), properties=struct(inputs)), engine.context)

    vpc = create("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"})
    group = {"port": 3000, "protocol": "HTTP", "vpcId": vpc.id, "targetType": "ip", "name": "web"}
    return str(plain(create("aws:lb/targetGroup:TargetGroup", group).properties)[0]["arn"])


def _application(arn: str) -> None:
    namespace = KubernetesNamespace("app", KubernetesNamespaceArgs()).namespace
    account = WorkloadServiceAccount("api", WorkloadServiceAccountArgs(namespace=namespace)).service_account_name
    common: dict[str, Any] = {
        "namespace": namespace,
        "service_account_name": account,
        "secrets": {"MONGODB_URI": f"{SECRET}:MONGODB_URI::", "WHOLE": SECRET},
        "restart_on": {"secrets": "v1"},
        "egress_targets": {"atlas": PodEgressTarget(cidrs=["10.8.0.0/16"], ports=[27017])},
        "preferred_node_labels": {"karpenter.sh/capacity-type": "spot"},
    }
    NodePool("apps", NodePoolArgs(architectures=["arm64"], max_vcpus=16))
    service = WebService(
        "api", WebServiceArgs(namespace=namespace, workload="api", port=3000, target_group_arns={"main": arn})
    )
    job = ReleaseJob("migrate", ReleaseJobArgs(pod=job_pod(**common)))
    args = WebDeploymentArgs(pod=pod(**common), replicas=2, http=HTTP, after=[service, job], autoscaled=True)
    api = WebDeployment("api", args)
    WorkerDeployment("worker", WorkerDeploymentArgs(pod=job_pod(**common), replicas=1, after=[job]))
    PodAutoscaler(
        "api",
        PodAutoscalerArgs(
            namespace=namespace,
            deployment_name=api.deployment_name,
            min_pods=2,
            max_pods=8,
            memory_percent=80,
            requests=ExternalMetric(name="requests", value_per_pod=1_000),
        ),
    )
    DisruptionBudget("api", DisruptionBudgetArgs(namespace=namespace, workload="api"))
    ScheduledJob("report", ScheduledJobArgs(pod=job_pod(**common), schedule="0 3 * * *"))


def test_objects_of_all_components_are_accepted_and_do_not_drift() -> None:
    engine = Engine(package="kubernetes")
    arn = _target_group(engine)
    objects = [each for each in record(lambda: _application(arn)).resources if each.type.startswith("kubernetes:")]
    assert len(objects) > 15
    failures: dict[str, Any] = {}
    for each in objects:
        name = f"{each.type} {each.name}"
        # The recorder's name of an object, to which the others refer.
        inputs = {**each.inputs, "metadata": {"name": f"{each.name}-name", **each.inputs.get("metadata", {})}}
        checked = engine.check(each.type, inputs)
        if checked.failures:
            failures[name] = [failure.reason for failure in checked.failures]
            continue
        try:
            made = engine.create(each.type, plain(checked.inputs)[0], each.name)
        except RuntimeError as error:
            failures[name] = str(error)
            continue
        again = engine.check(each.type, inputs, olds=checked.inputs)
        changed = engine.diff(each.type, plain(checked.inputs)[0], plain(again.inputs)[0], made.id)
        if any(changed):
            failures[name] = changed
    assert failures == {}
