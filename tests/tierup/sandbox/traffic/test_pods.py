"""Pods on EKS in the traffic model: their flows, a fault at each hop, and the move from ECS by weight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.tierup.sandbox.traffic import pod_stack, small_stack
from tests.tierup.sandbox.traffic.cloud_rows import row, world
from tierup.sandbox.cloud import CloudResource, Operation
from tierup.sandbox.traffic.conditions import Condition, ConditionKind, Conditions
from tierup.sandbox.traffic.evaluation import Evaluator, Report
from tierup.sandbox.traffic.hops import alb, network, pod_targets, pods
from tierup.sandbox.traffic.hops.network_policies import CONFIG_MAP, NETWORK_POLICY
from tierup.sandbox.traffic.manifests import DEPLOYMENT, SECRET_PROVIDER
from tierup.sandbox.traffic.memory import SECRET_VERSION, SERVICE
from tierup.sandbox.traffic.timeline import simulate

API = f"browser GET https://{small_stack.HOST}/api/tasks"
CACHE, DATABASE, INTERNET = "backend pods to cache", "backend pods to database", "backend pods to internet"
Change = Callable[[CloudResource], CloudResource | None]


def evaluated(rows: Sequence[CloudResource], *conditions: Condition) -> Report:
    found = world(*rows)
    for each in rows:
        found.memory.observe(None, each, found.rows)
    found.conditions = Conditions(conditions)
    return Evaluator(found).report()


def gone(_: CloudResource) -> None:
    return None


def with_values(**changes: Any) -> Change:
    def change(resource: CloudResource) -> CloudResource:
        values = {**resource.outputs, **changes}
        return replace(resource, inputs=values, outputs=values)

    return change


def of_spec(**changes: Any) -> Change:
    return lambda resource: pod_stack.with_spec(resource, **changes)


def of_pods(**changes: Any) -> Change:
    return lambda resource: replace(pod_stack.deployment(**changes), key=resource.key)


def planted(type: str, name: str, change: Change) -> list[CloudResource]:
    """Return the stack with one row changed or removed."""
    rows = pod_stack.stack()
    found = next(each for each in rows if each.type == type and each.name == name)
    changed = change(found)
    return [each for each in rows if each is not found] + ([changed] if changed is not None else [])


def test_requests_reach_pods_and_pods_reach_their_data() -> None:
    report = evaluated(pod_stack.stack())
    served = {each.flow.id for each in report.served}
    assert {
        API, CACHE, DATABASE, INTERNET, "load balancer to backend pods", "backend pods to registry",
        "backend pods to Secrets Manager", "backend pods to current secrets",
    } <= served  # fmt: skip
    assert [each.flow.id for each in report.failed] == []
    assert [(each.flow.id, each.decisive) for each in report.unknown] == []
    assert {"internet to the backend pods", "internet to the Kubernetes API of dev"} <= {
        each.flow.id for each in report.closed
    }


FAULTS: dict[str, tuple[str, str, Change, str, str]] = {
    "binding removed": (pod_targets.BINDINGS[0], "backend-pods", gone, API, "target-group"),
    "binding names no service": (
        pod_targets.BINDINGS[0], "backend-pods", of_spec(serviceRef={"name": "other", "port": 5000}), API,
        "target-group",
    ),
    "target group without the cluster's tag": (alb.TARGET_GROUP, "pods", with_values(tags={}), API, "target-group"),
    "target group in another VPC": (alb.TARGET_GROUP, "pods", with_values(vpcId="vpc-2"), API, "target-group"),
    "health check of another status": (
        alb.TARGET_GROUP, "pods", with_values(healthCheck={"path": "/health", "matcher": "204"}), API, "target-health",
    ),
    "load balancer controller disabled": (
        pods.CLUSTER, "eks-cluster", with_values(kubernetesNetworkConfig={}), API, "target-group",
    ),
    "service selects other pods": (pod_targets.SERVICE, "backend", of_spec(selector={"app": "x"}), API, "target-group"),
    "service leads to another port": (
        pod_targets.SERVICE, "backend", of_spec(ports=[{"port": 5000, "targetPort": 9}]), API, "pods",
    ),
    "load balancer may not connect to pods": (network.EGRESS, "lb-to-pods", gone, API, "security-group"),
    "pods do not accept the load balancer": (network.INGRESS, "pods-from-lb", gone, API, "security-group"),
    "network policy without ingress": (NETWORK_POLICY, "backend", of_spec(ingress=[]), API, "network-policy"),
    "network policy of another subnet": (
        NETWORK_POLICY, "backend", of_spec(ingress=[{"from": [{"ipBlock": {"cidr": "10.0.9.0/24"}}]}]), API,
        "network-policy",
    ),
    "network policy without egress": (
        NETWORK_POLICY, "backend", of_spec(egress=[{"ports": [{"port": 53}]}]), CACHE, "network-policy",
    ),
    "network policy without DNS": (
        NETWORK_POLICY, "backend", of_spec(egress=[{"ports": [{"port": 443}, {"port": 6379}]}]), CACHE,
        "network-policy",
    ),
    "network policy excepts the cache": (
        NETWORK_POLICY, "backend",
        of_spec(egress=[
            {"ports": [{"port": 53}]},
            {"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/16"]}}], "ports": [{"port": 443}]},
        ]),
        CACHE, "network-policy",
    ),
    "cache does not accept pods": (network.INGRESS, "pods-into-cache", gone, CACHE, "security-group"),
    "no pod wanted": (pods.AUTOSCALER, "backend", of_spec(minReplicas=0), API, "pods"),
    "namespace removed": (pods.NAMESPACE, "app", gone, API, "pods"),
    "service account removed": (pods.SERVICE_ACCOUNT, "backend", gone, API, "pods"),
    "node pool of another architecture": (
        pods.NODE_POOL, "apps",
        of_spec(template={"spec": {"requirements": [{"key": "kubernetes.io/arch", "values": ["amd64"]}]}}), API, "node",
    ),
    "node pool removed": (pods.NODE_POOL, "apps", gone, API, "node"),
    "image that does not exist": (
        DEPLOYMENT, "backend",
        of_pods(containers=[{
            "image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/none@sha256:0", "ports": [{"containerPort": 5000}],
        }]),
        API, "image",
    ),
    "secret provider removed": (SECRET_PROVIDER, "backend", gone, API, "secret"),
    "secret provider writes no variables": (SECRET_PROVIDER, "backend", of_spec(secretObjects=[]), API, "secret"),
    "secret removed": ("aws:secretsmanager/secret:Secret", "cache-secret", gone, API, "secret"),
    "driver removed": (pods.ADDON, "secrets-addon", gone, API, "secret"),
    "driver does not sync": (pods.ADDON, "secrets-addon", with_values(configurationValues=""), API, "secret"),
    "no pod identity": (pods.IDENTITY, "backend-identity", gone, API, "iam"),
    "role that does not trust pods": (
        "aws:iam/role:Role", "backend-pods", with_values(assumeRolePolicy='{"Statement": []}'), API, "iam",
    ),
    "role that may not read secrets": ("aws:iam/rolePolicy:RolePolicy", "backend-pods", gone, API, "iam"),
    "cluster removed": (pods.CLUSTER, "eks-cluster", gone, API, "target-group"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_at_a_hop_of_pods_is_found(fault: str) -> None:
    type, name, change, flow, hop = FAULTS[fault]
    rows = planted(type, name, change)
    if fault == "image that does not exist":  # a repository counts as missing only in an account of the sandbox
        rows.append(row("aws:ecs/cluster:Cluster", "cluster", arn="cluster"))
    result = evaluated(rows).result(flow)
    assert result is not None
    assert result.decisive is not None
    assert (result.verdict.value, result.decisive.name) == ("fail", hop)


@pytest.mark.parametrize(
    ("condition", "hop"),
    [
        (Condition(ConditionKind.TASK_STOPPED, "backend-pods"), "pods"),
        (Condition(ConditionKind.HEALTH_FAILING, "backend-pods"), "target-health"),
        (Condition(ConditionKind.ZONE_DOWN, "eu-west-1a"), "pods"),
    ],
)
def test_condition_of_pods_stops_requests(condition: Condition, hop: str) -> None:
    result = evaluated(pod_stack.stack(), condition).result("load balancer to backend pods")
    assert result is not None
    assert result.decisive is not None
    assert (result.verdict.value, result.decisive.name) == ("fail", hop)


def test_network_policies_do_not_apply_before_the_cluster_enforces_them() -> None:
    rows = [
        each for each in planted(NETWORK_POLICY, "backend", of_spec(ingress=[], egress=[])) if each.type != CONFIG_MAP
    ]
    assert API in {each.flow.id for each in evaluated(rows).served}


def test_load_balancer_of_a_service_opens_the_pods_to_the_internet() -> None:
    rows = planted(pod_targets.SERVICE, "backend", of_spec(type="LoadBalancer"))
    assert "internet to the backend pods" in {each.flow.id for each in evaluated(rows).opened}


def test_public_endpoint_opens_the_kubernetes_api() -> None:
    public = {"subnetIds": ["subnet-1"], "clusterSecurityGroupId": "sg-cluster", "endpointPublicAccess": True}
    rows = planted(pods.CLUSTER, "eks-cluster", with_values(vpcConfig=public))
    assert "internet to the Kubernetes API of dev" in {each.flow.id for each in evaluated(rows).opened}


def test_pods_keep_a_secret_until_their_template_changes() -> None:
    rows = pod_stack.stack()
    found = world(*rows)
    for each in rows:
        found.memory.observe(None, each, found.rows)
    evaluator = Evaluator(found)
    version = next(each for each in rows if each.type == SECRET_VERSION and each.name == "cache-version")
    found.rows.put(replace(version, outputs={**version.outputs, "versionId": "2"}))
    evaluator.changed({SECRET_VERSION})
    stale = evaluator.report().result("backend pods to current secrets")
    assert stale is not None
    assert stale.verdict.value == "fail"
    before = next(each for each in rows if each.type == DEPLOYMENT)
    after = replace(pod_stack.deployment(terminationGracePeriodSeconds=60), key=before.key)
    found.rows.put(after)
    assert found.memory.observe(before, after, found.rows)
    evaluator.changed({DEPLOYMENT}, memory=True)
    assert "backend pods to current secrets" in {each.flow.id for each in evaluator.report().served}


def moved(*, first_to_pods: bool) -> list[tuple[str, int | None]]:
    """Return the interruptions of the API when its requests move from tasks to pods, and the tasks are deleted."""
    rows = pod_stack.stack(0, tasks=True)
    found = world(*rows)
    for each in rows:
        found.memory.observe(None, each, found.rows)
    listener = next(each for each in rows if each.type == alb.LISTENER)
    service = next(each for each in rows if each.type == SERVICE)
    shift = Operation("update", listener, replace(pod_stack.share(100), key=listener.key))
    stop = Operation("delete", service, None)
    timeline = simulate(found, [shift, stop] if first_to_pods else [stop])
    return [(each.flow, each.seconds) for each in timeline.interruptions if each.flow == API]


def test_move_to_pods_by_weight_interrupts_nobody() -> None:
    assert moved(first_to_pods=True) == []


def test_tasks_that_stop_before_the_weight_changes_interrupt_the_api() -> None:
    assert moved(first_to_pods=False) == [(API, None)]
