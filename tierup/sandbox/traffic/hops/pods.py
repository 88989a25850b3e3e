"""EKS: where pods run, and whether they start and run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

from tierup.sandbox.aws.secret_replicas import key_at, secret_at
from tierup.sandbox.cloud import CloudResource

from .. import manifests, sources
from ..conditions import ConditionKind
from ..hop import Hop, World, fails, passes
from ..manifests import in_namespace, named, namespace, object_name, pod_spec, pods_name, spec
from ..memory import current_version
from ..rows import Rows, label, listed
from . import ecs, iam, kms, network, vpc_endpoints
from .network_policies import network_policies

CLUSTER = "aws:eks/cluster:Cluster"
ADDON = "aws:eks/addon:Addon"
IDENTITY = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
NAMESPACE = "kubernetes:core/v1:Namespace"
SERVICE_ACCOUNT = "kubernetes:core/v1:ServiceAccount"
AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
_MINIMUM = {AUTOSCALER: "minReplicas", "kubernetes:keda.sh/v1alpha1:ScaledObject": "minReplicaCount"}
"""By kind of autoscaler, the field of its minimum of pods."""
NODE_POOL = "kubernetes:karpenter.sh/v1:NodePool"
SECRETS_ADDON = "aws-secrets-store-csi-driver-provider"
_BUILT_IN_POOL = "general-purpose"  # has amd64 nodes for any pod; the pool `system` runs add-ons only
_ARCHITECTURE = "kubernetes.io/arch"


def condition_names(deployment: CloudResource) -> tuple[str, ...]:
    """Return the names by which a condition refers to the pods of a deployment."""
    return (f"{deployment.name}-pods", object_name(deployment))


def cluster_of(rows: Rows, deployment: CloudResource) -> CloudResource | None:
    """Return the cluster that runs a deployment: that of its Pod Identity association, else the stack's only one."""
    identity = identity_of(rows, deployment)
    if identity is not None:
        return rows.one(CLUSTER, name=str(identity.value("clusterName")))
    own = [each for each in rows.all(CLUSTER) if each.stack == deployment.stack]
    return own[0] if len(own) == 1 else None


def identity_of(rows: Rows, deployment: CloudResource) -> CloudResource | None:
    """Return the Pod Identity association of the service account of a deployment's pods."""
    account = str(pod_spec(deployment).get("serviceAccountName") or "default")
    return rows.one(IDENTITY, namespace=namespace(deployment), serviceAccount=account)


def nodes(world: World, cluster: CloudResource) -> network.Party:
    """Return the nodes of a cluster as one end of a connection. Pods of add-ons connect like nodes."""
    configuration = cluster.value("vpcConfig") or {}
    subnets = [str(each) for each in listed(configuration.get("subnetIds"))]
    rows = [row for each in subnets if (row := world.rows.one(network.SUBNET, id=each)) is not None]
    return network.Party(
        name="the nodes",
        subnets=subnets,
        groups=[str(configuration.get("clusterSecurityGroupId") or "")],
        public=bool(rows) and all(bool(each.value("mapPublicIpOnLaunch")) for each in rows),
    )


def party(world: World, deployment: CloudResource, cluster: CloudResource) -> network.Party:
    """Return the pods of a deployment as one end of a connection, which their NetworkPolicies limit."""
    here = nodes(world, cluster)
    return network.Party(
        name=f"the {pods_name(deployment)}",
        subnets=here.subnets,
        groups=here.groups,
        public=here.public,
        packet_filter=partial(network_policies, deployment=deployment),
    )


def resolves(world: World, deployment: CloudResource, cluster: CloudResource) -> Hop | None:
    """Return the hop that fails if pods cannot send requests to the DNS of the cluster; None if they can."""
    configuration = cluster.value("kubernetesNetworkConfig") or {}
    address = str(configuration.get("serviceIpv4Cidr") or "172.20.0.0/16").partition("/")[0]
    dns = network.Party(name="the DNS of the cluster", addresses=[f"{address.rpartition('.')[0]}.10/32"])
    found = network_policies(world, dns, _DNS_PORT, ingress=False, deployment=deployment)
    return None if found is None or found.passed else found


_DNS_PORT = 53


def running(world: World, deployment: CloudResource) -> Hop:
    """Return whether the deployment has running pods: one is wanted, it can start, and nothing stops it."""
    return world.once(("running", deployment.key), partial(_running, world, deployment))


def _running(world: World, deployment: CloudResource) -> Hop:
    name = label(deployment)
    if world.conditions.holds(ConditionKind.TASK_STOPPED, *condition_names(deployment)):
        return fails("pods", name, "replicas", "All pods of the deployment have stopped.", sources.PODS)
    if not replicas(world.rows, deployment):
        return fails("pods", name, "replicas", "The deployment wants no pod.", sources.PODS)
    cluster = cluster_of(world.rows, deployment)
    if cluster is None:
        return fails("pods", name, "cluster", "The cluster of the deployment does not exist.", sources.PODS)
    here = nodes(world, cluster)
    if here.subnets and not network.usable_subnets(world, here.subnets):
        return fails("pods", name, "cluster", "All zones of the cluster are down.", sources.PODS)
    for hop in starts(world, deployment) if deployment.id not in world.memory.running else ():
        if not hop.passed:
            return hop
    return passes("pods", name, "replicas", f"{name} has ready pods.", sources.PODS)


def replicas(rows: Rows, deployment: CloudResource) -> int:
    """Return the number of pods that a deployment wants: the minimum of its autoscaler, else its own number."""
    for kind, key in _MINIMUM.items():
        for each in in_namespace(rows, kind, deployment):
            if (spec(each).get("scaleTargetRef") or {}).get("name") == object_name(deployment):
                minimum = spec(each).get(key)
                return 1 if minimum is None else int(minimum)
    wanted = spec(deployment).get("replicas")
    return 1 if wanted is None else int(wanted)


def starts(world: World, deployment: CloudResource) -> Iterator[Hop]:
    """Yield the hops that a new pod needs: its namespace, service account, node, image and secrets."""
    rows, place = world.rows, label(deployment)
    cluster = cluster_of(rows, deployment)
    if cluster is None:
        yield fails("pods", place, "cluster", "The cluster of the deployment does not exist.", sources.PODS)
        return
    wanted = namespace(deployment)
    if wanted != "default" and not any(object_name(each) == wanted for each in rows.all(NAMESPACE)):
        yield fails("pods", place, "namespace", f"The namespace {wanted} does not exist.", sources.PODS)
    account = str(pod_spec(deployment).get("serviceAccountName") or "default")
    if account != "default" and named(rows, SERVICE_ACCOUNT, account, deployment) is None:
        reason = f"The service account {account} does not exist."
        yield fails("pods", place, "serviceAccountName", reason, sources.PODS)
    yield _node(rows, deployment, cluster)
    yield from registry(world, deployment)
    yield from secrets(world, deployment)


def _node(rows: Rows, deployment: CloudResource, cluster: CloudResource) -> Hop:
    """Return whether a node pool has nodes of the architecture that the pods select."""
    wanted = str((pod_spec(deployment).get("nodeSelector") or {}).get(_ARCHITECTURE) or "")
    pools = rows.all(NODE_POOL)
    for pool in pools:
        requirements = (((spec(pool).get("template") or {}).get("spec")) or {}).get("requirements")
        offered = [each for each in listed(requirements) if each.get("key") == _ARCHITECTURE]
        if not wanted or not offered or wanted in [v for each in offered for v in listed(each.get("values"))]:
            return passes(
                "node", label(pool), "requirements", "The node pool starts nodes for the pods.", sources.NODES
            )
    computed = cluster.value("computeConfig") or {}
    if _BUILT_IN_POOL in listed(computed.get("nodePools")) and wanted in ("", "amd64"):
        return passes("node", label(cluster), "nodePools", "A built-in pool starts nodes for the pods.", sources.NODES)
    names = ", ".join(label(each) for each in pools) or label(cluster)
    reason = f"No node pool has nodes of the architecture {wanted or 'of the pods'}."
    return fails("node", names, "requirements", reason, sources.NODES)


def registry(world: World, deployment: CloudResource) -> Iterator[Hop]:
    """Yield the hops by which nodes pull the images of pods."""
    cluster = cluster_of(world.rows, deployment)
    if cluster is not None:
        images = manifests.images(deployment)
        yield from ecs.pulls(world, nodes(world, cluster), images)
        role = str((cluster.value("computeConfig") or {}).get("nodeRoleArn") or "")
        yield iam.node_pulls(world, cluster, role, images)


def secrets(world: World, deployment: CloudResource) -> Iterator[Hop]:
    """Yield the hops by which the Secrets Store CSI driver mounts the secrets of pods."""
    rows, place = world.rows, label(deployment)
    name, provider = manifests.secret_provider(rows, deployment)
    references = manifests.secret_references(rows, deployment)
    cluster = cluster_of(rows, deployment)
    if (not name and not references) or cluster is None:
        return
    if provider is None:
        reason = f"The SecretProviderClass {name or 'of the pods'} does not exist."
        yield fails("secret", place, "secretProviderClass", reason, sources.POD_SECRETS)
        return
    yield _driver(rows, cluster)
    missing = sorted(variable for variable, reference in references.items() if not reference)
    if missing:
        reason = f"The driver writes no value for {', '.join(missing)}, so the pods do not start."
        yield fails("secret", label(provider), "secretObjects", reason, sources.POD_SECRETS)
    arns = sorted({":".join(each.split(":")[:7]) for each in references.values() if ":secretsmanager:" in each})
    yield from vpc_endpoints.aws_service(world, nodes(world, cluster), "secretsmanager")
    for arn in arns:
        secret = secret_at(rows.find, arn)
        if secret is None:
            yield fails("secret", arn, "arn", "A secret of the pods does not exist.", sources.POD_SECRETS)
            continue
        stopped = kms.usable(world, key_at(secret, arn), secret)
        if stopped is not None:
            yield stopped
        if current_version(rows, arn) is None:
            reason = "A secret of the pods has no value."
            yield fails("secret", label(secret), "secretString", reason, sources.POD_SECRETS)
    identity = identity_of(rows, deployment)
    if identity is None:
        reason = "The service account of the pods has no Pod Identity association, so nothing may read the secrets."
        yield fails("iam", place, "serviceAccountName", reason, sources.POD_IDENTITY)
        return
    yield iam.pod_identity(world, identity, str(cluster.value("arn")), arns)
    reason = f"The secrets of the {pods_name(deployment)} exist and have values."
    yield passes("secret", label(provider), "objects", reason, sources.POD_SECRETS)


def _driver(rows: Rows, cluster: CloudResource) -> Hop:
    """Return whether the cluster has the driver, and the driver writes Kubernetes Secrets for variables."""
    addon = next((each for each in rows.find(ADDON, addonName=SECRETS_ADDON)
                  if each.value("clusterName") in (cluster.value("name"), cluster.id)), None)  # fmt: skip
    if addon is None:
        reason = f"The cluster has no add-on {SECRETS_ADDON}, which mounts the secrets."
        return fails("secret", label(cluster), "addonName", reason, sources.POD_SECRETS)
    try:
        values = json.loads(str(addon.value("configurationValues") or "{}"))
    except ValueError:
        values = {}
    if not ((values.get("secrets-store-csi-driver") or {}).get("syncSecret") or {}).get("enabled"):
        reason = "The driver writes no Kubernetes Secrets (syncSecret), from which the pods take their variables."
        return fails("secret", label(addon), "configurationValues", reason, sources.POD_SECRETS)
    return passes("secret", label(addon), "addonName", "The driver mounts secrets.", sources.POD_SECRETS)
