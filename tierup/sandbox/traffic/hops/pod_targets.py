"""The pods that the load balancer controller of EKS registers with target groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tierup.sandbox.cloud import CloudResource

from .. import manifests, sources
from ..hop import Hop, fails, passes
from ..manifests import DEPLOYMENT, in_namespace, named, pod_spec, pods_name, spec
from ..rows import Rows, label, listed
from .pods import cluster_of

SERVICE = "kubernetes:core/v1:Service"
BINDINGS = (
    "kubernetes:eks.amazonaws.com/v1:TargetGroupBinding",
    "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding",
)
_CLUSTER_TAG = "eks:eks-cluster-name"


@dataclass(frozen=True, slots=True)
class PodTarget:
    """Pods that a binding registers with a target group."""

    deployment: CloudResource
    port: int  # of the pods


def bindings_of(rows: Rows, target_group_arn: str) -> list[CloudResource]:
    """Return the bindings by which the load balancer controller registers pods with a target group."""
    found = [binding for type in BINDINGS for binding in rows.all(type)]
    return [each for each in found if spec(each).get("targetGroupARN") == target_group_arn]


def deployments_of(rows: Rows, service: CloudResource) -> Sequence[CloudResource]:
    """Return the deployments whose pods a Kubernetes Service selects."""
    selector = spec(service).get("selector") or {}
    return [
        each
        for each in in_namespace(rows, DEPLOYMENT, service)
        if selector and manifests.selects(manifests.pod_labels(each), {"matchLabels": selector})
    ]


def targets_of(rows: Rows, binding: CloudResource) -> list[PodTarget]:
    """Return the pods that a binding registers."""
    reference = spec(binding).get("serviceRef") or {}
    service = named(rows, SERVICE, str(reference.get("name")), binding)
    if service is None:
        return []
    entry = next(
        (e for e in listed(spec(service).get("ports")) if reference.get("port") in (e.get("port"), e.get("name"))), None
    )
    if entry is None:
        return []
    wanted = entry.get("targetPort") if entry.get("targetPort") is not None else entry.get("port")
    return [PodTarget(each, port_of(each, wanted)) for each in deployments_of(rows, service)]


def port_of(deployment: CloudResource, wanted: Any) -> int:
    """Return the number of a port of a deployment's containers, by name or number; 0 if no container has it."""
    for container in listed(pod_spec(deployment).get("containers")):
        for each in listed(container.get("ports")):
            if wanted in (each.get("name"), each.get("containerPort"), str(each.get("containerPort"))):
                return int(each["containerPort"])
    return 0


def registers(rows: Rows, binding: CloudResource, group: CloudResource) -> Iterator[Hop]:
    """Yield a hop if the load balancer controller cannot register pods with a target group."""
    found = targets_of(rows, binding)
    if not found:
        reference = spec(binding).get("serviceRef") or {}
        reason = f"No pods belong to the port {reference.get('port')} of the Service {reference.get('name')}."
        yield fails("target-group", label(binding), "serviceRef", reason, sources.TARGET_GROUP_BINDING)
        return
    cluster = cluster_of(rows, found[0].deployment)
    if cluster is None:
        reason = "The cluster of the binding does not exist."
        yield fails("target-group", label(binding), "cluster", reason, sources.TARGET_GROUP_BINDING)
        return
    network_config = cluster.value("kubernetesNetworkConfig") or {}
    if not (network_config.get("elasticLoadBalancing") or {}).get("enabled") and binding.type == BINDINGS[0]:
        reason = "The load balancer controller of the cluster is disabled."
        yield fails("target-group", label(cluster), "elasticLoadBalancing", reason, sources.TARGET_GROUP_BINDING)
    if binding.type == BINDINGS[0] and (group.value("tags") or {}).get(_CLUSTER_TAG) != cluster.value("name"):
        reason = f"The target group lacks the tag {_CLUSTER_TAG} of the cluster, so the controller may not use it."
        yield fails("target-group", label(group), "tags", reason, sources.TARGET_GROUP_BINDING)
    vpc, own = group.value("vpcId"), (cluster.value("vpcConfig") or {}).get("vpcId")
    if vpc and own and vpc != own:
        reason = f"The target group is in another VPC than {label(cluster)}."
        yield fails("target-group", label(group), "vpcId", reason, sources.TARGET_GROUP_BINDING)


def listens(target: PodTarget) -> Hop:
    """Return whether a container of the pods has the port of the target, and listens on it."""
    place = label(target.deployment)
    if not target.port:
        return fails("pods", place, "ports", "No container has the port of the Service.", sources.PODS)
    port_variable = manifests.variables(target.deployment).get("PORT")
    if port_variable is not None and port_variable != str(target.port):
        reason = f"The pods listen on their variable PORT, {port_variable}, not on port {target.port}."
        return fails("pods", place, "containers", reason, sources.PODS)
    return passes("pods", place, "ports", f"The pods listen on port {target.port}.", sources.PODS)


def answers(deployment: CloudResource, path: str) -> str:
    """Return "" if the readiness probe of pods requests a health path, or else why the model cannot know the answer."""
    probes = [
        str(((each.get("readinessProbe") or {}).get("httpGet") or {}).get("path") or "")
        for each in listed(pod_spec(deployment).get("containers"))
    ]
    if path in probes:
        return ""
    return f"The readiness probe of the {pods_name(deployment)} does not request {path}, so it may have another answer."
