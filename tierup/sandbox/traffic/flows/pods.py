"""Flows of pods on EKS: to data, secrets, registries and the internet, and what must not reach them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..flow import Flow, FlowKind, Trace
from ..hop import Hop, World, fails, passes, unknown
from ..hops import pod_targets, pods
from ..manifests import DEPLOYMENT, pods_name, secret_references, spec
from ..memory import facts_of
from ..rows import Rows, label, listed
from .tasks import CONNECTION_TARGETS, balancer_targets, data_hops, internet_hops


def _current(world: World, key: int) -> CloudResource | None:
    return next((each for each in world.rows.all(DEPLOYMENT) if each.key == key), None)


def _flow(deployment: CloudResource, target: str, kind: str, trace: object, *, at_rest: bool = False) -> Flow:
    name = pods_name(deployment)
    return Flow(
        id=f"{name} to {target}", kind=kind, source=name, target=target, stack=deployment.stack,
        trace=_with_pods(trace, deployment.key), at_rest=at_rest,
    )  # fmt: skip


def _with_pods(trace: object, key: int) -> Trace:
    def run(world: World) -> Iterator[Hop]:
        found = _current(world, key)
        cluster = pods.cluster_of(world.rows, found) if found is not None else None
        if found is None or cluster is None:
            yield fails("pods", "", "id", "The deployment or its cluster does not exist.", sources.PODS)
            return
        yield pods.running(world, found)
        resolver = pods.resolves(world, found, cluster)
        if resolver is not None:
            yield resolver
        yield from trace(world, found, cluster)  # pyright: ignore[reportCallIssue, reportUnknownVariableType]

    return run


def _data(rows: Rows) -> Iterable[Flow]:
    for deployment in rows.all(DEPLOYMENT):
        connections, _ = facts_of(secret_references(rows, deployment), rows)
        for variable, connection in sorted(connections.items()):
            target = CONNECTION_TARGETS[connection.scheme]
            yield _flow(deployment, target, "pod-data", partial(_connect, variable=variable))


def _connect(world: World, deployment: CloudResource, cluster: CloudResource, variable: str) -> Iterator[Hop]:
    started = world.memory.started.get(deployment.id)
    connections, _ = facts_of(secret_references(world.rows, deployment), world.rows)
    connection = (started.connections if started is not None else {}).get(variable, connections.get(variable))
    if connection is None:
        reason = f"The pods have no connection string in {variable}."
        yield fails("secret", label(deployment), variable, reason, sources.POD_SECRETS)
        return
    identity = pods.identity_of(world.rows, deployment)
    role = str(identity.value("roleArn") or "") if identity is not None else ""
    yield from data_hops(world, pods.party(world, deployment, cluster), connection, role)


def _platform(rows: Rows) -> Iterable[Flow]:
    for deployment in rows.all(DEPLOYMENT):
        yield _flow(deployment, "internet", "pod-platform", _internet)
        # Running pods pull no image and read no secret; see the flows of tasks.
        yield _flow(deployment, "registry", "pod-platform", _registry, at_rest=True)
        if secret_references(rows, deployment):
            yield _flow(deployment, "Secrets Manager", "pod-platform", _secrets, at_rest=True)
            yield _flow(deployment, "current secrets", "pod-platform", _secrets_current, at_rest=True)


def _internet(world: World, deployment: CloudResource, cluster: CloudResource) -> Iterator[Hop]:
    yield from internet_hops(world, pods.party(world, deployment, cluster))


def _registry(world: World, deployment: CloudResource, _cluster: CloudResource) -> Iterator[Hop]:
    yield from pods.registry(world, deployment)


def _secrets(world: World, deployment: CloudResource, _cluster: CloudResource) -> Iterator[Hop]:
    yield from pods.secrets(world, deployment)


def _secrets_current(world: World, deployment: CloudResource, _cluster: CloudResource) -> Iterator[Hop]:
    place, property = label(deployment), "template"
    started = world.memory.started.get(deployment.id)
    connections, versions = facts_of(secret_references(world.rows, deployment), world.rows)
    if started is None:
        reason = "The model does not know when the pods started."
        yield unknown("secret-version", place, property, reason, sources.POD_SECRETS)
        return
    stale = started.stale_secrets(connections, versions)
    if stale:
        reason = f"The running pods still have the previous value of {', '.join(stale)}. Restart the deployment."
        yield fails("secret-version", place, property, reason, sources.POD_SECRETS, memory=True)
        return
    reason = "The running pods have the current value of each secret."
    yield passes("secret-version", place, property, reason, sources.POD_SECRETS)


def _load_balancer(rows: Rows) -> Iterable[Flow]:
    for type in pod_targets.BINDINGS:
        for binding in rows.all(type):
            arn = str(spec(binding).get("targetGroupARN"))
            for target in pod_targets.targets_of(rows, binding):
                name = pods_name(target.deployment)
                yield Flow(
                    id=f"load balancer to {name}", kind="pod-load-balancer", source="load balancer", target=name,
                    stack=binding.stack, trace=partial(balancer_targets, arn=arn),
                )  # fmt: skip


def _forbidden_pods(rows: Rows) -> Iterable[Flow]:
    for deployment in rows.all(DEPLOYMENT):
        name = pods_name(deployment)
        yield Flow(
            id=f"internet to the {name}", kind="forbidden", source="internet", target=f"the {name}",
            stack=deployment.stack, trace=partial(_reached, key=deployment.key),
        )  # fmt: skip


def _reached(world: World, key: int) -> Iterator[Hop]:
    """Yield whether a Service of type LoadBalancer leads from the internet to pods, past the CDN."""
    deployment = _current(world, key)
    if deployment is not None:
        for service in world.rows.all(pod_targets.SERVICE):
            own = spec(service)
            if own.get("type") == "LoadBalancer" and deployment in pod_targets.deployments_of(world.rows, service):
                blocks = listed(own.get("loadBalancerSourceRanges")) or ["0.0.0.0/0"]
                if "0.0.0.0/0" in blocks:
                    reason = f"{label(service)} has a load balancer of its own, which every address reaches."
                    yield passes("service", label(service), "type", reason, sources.PODS)
                    return
    reason = "The pods have no public addresses, and no Service of theirs has a load balancer for the internet."
    yield fails("service", label(deployment) if deployment else "", "type", reason, sources.PODS)


def _forbidden_api(rows: Rows) -> Iterable[Flow]:
    for cluster in rows.all(pods.CLUSTER):
        yield Flow(
            id=f"internet to the Kubernetes API of {cluster.value('name')}", kind="forbidden", source="internet",
            target=f"the Kubernetes API of {cluster.value('name')}", stack=cluster.stack,
            trace=partial(_kubernetes_api, key=cluster.key),
        )  # fmt: skip


def _kubernetes_api(world: World, key: int) -> Iterator[Hop]:
    cluster = next((each for each in world.rows.all(pods.CLUSTER) if each.key == key), None)
    configuration = (cluster.value("vpcConfig") or {}) if cluster is not None else {}
    place = label(cluster) if cluster is not None else ""
    cidrs = listed(configuration.get("publicAccessCidrs")) or ["0.0.0.0/0"]
    if cluster is not None and configuration.get("endpointPublicAccess", True) and "0.0.0.0/0" in cidrs:
        reason = "The endpoint of the Kubernetes API is public, and every address may connect to it."
        yield passes("kubernetes-api", place, "publicAccessCidrs", reason, sources.KUBERNETES_API)
        return
    reason = "The endpoint of the Kubernetes API is not open to every address."
    yield fails("kubernetes-api", place, "publicAccessCidrs", reason, sources.KUBERNETES_API)


FLOW_KINDS = (
    FlowKind(
        id="pod-load-balancer", description="The load balancer's health check reaches the pods.", derive=_load_balancer
    ),
    FlowKind(id="pod-data", description="Pods connect to the database and the cache.", derive=_data),
    FlowKind(
        id="pod-platform", description="Pods start with image and secrets, and reach the internet.", derive=_platform
    ),
    FlowKind(
        id="forbidden-pod", forbidden=True, derive=_forbidden_pods,
        description="The internet reaches a pod past the CDN.",
    ),
    FlowKind(
        id="forbidden-kubernetes-api", forbidden=True, derive=_forbidden_api,
        description="The internet reaches the Kubernetes API.",
    ),
)  # fmt: skip
