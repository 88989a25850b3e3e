"""EKS: access entries, access policies, and the roles of pods."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Rejection, Stage, documented, located, one_for_each, rule
from .eks import (
    ACCESS_ENTRY,
    ACCESS_POLICY,
    IN_USE,
    INVALID,
    INVALID_REQUEST,
    POD_IDENTITY,
    arn_of,
    cluster_of,
    provider_page,
    to_cluster,
    untrusted,
)
from .iam import to_role
from .same_scope import known
from .sources import api, sdk

_KUBERNETES_NAMES = documented(
    "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/", read="2026-11-28"
)
_POLICIES = (
    "AmazonEKSAdminPolicy",
    "AmazonEKSAdminViewPolicy",
    "AmazonEKSAutoNodePolicy",
    "AmazonEKSClusterAdminPolicy",
    "AmazonEKSEditPolicy",
    "AmazonEKSViewPolicy",
)
_POLICY_PREFIX = "arn:aws:eks::aws:cluster-access-policy/"
_NODE_TYPES = ("EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "EC2", "HYBRID_LINUX", "HYPERPOD_LINUX")


@rule(
    "cluster-uses-access-entries",
    Stage.CREATE,
    source=documented("https://github.com/aws-ia/terraform-aws-eks-blueprints/issues/1877", read="2026-11-28"),
)
def uses_entries(call: Call) -> Iterator[Rejection]:
    cluster = cluster_of(call)
    mode = ((cluster.outputs.get("accessConfig") or {}) if cluster else {}).get("authenticationMode", "CONFIG_MAP")
    if cluster is not None and mode == "CONFIG_MAP":
        yield Rejection(
            "clusterName",
            "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this"
            " operation.",
            INVALID_REQUEST,
        )


@rule("entry-of-the-node-role-exists", Stage.CREATE, source=api("eks", "CreateAccessEntry"))
def node_role_entry(call: Call) -> Iterator[Rejection]:
    cluster = cluster_of(call)
    config = (cluster.outputs.get("computeConfig") or {}) if cluster else {}
    if config.get("nodePools") and config.get("nodeRoleArn") == call.get("principalArn"):
        yield Rejection(
            "principalArn",
            "The specified access entry resource is already in use on this cluster: EKS Auto Mode created one for the"
            " role of its nodes",
            IN_USE,
        )


@rule("nodes-have-no-groups", Stage.PLAN, source=api("eks", "CreateAccessEntryRequest"))
def groups(call: Call) -> Iterator[Rejection]:
    if known(call, "type", "STANDARD") in _NODE_TYPES and call.get("kubernetesGroups"):
        yield Rejection(
            "kubernetesGroups", f"an access entry of type {call.get('type')} has no kubernetesGroups", INVALID
        )
    for at, group in located(call.inputs, "kubernetesGroups[*]"):
        if isinstance(group, str) and group.startswith("system:"):
            yield Rejection(at, f"The kubernetes group name {group} is invalid, it cannot start with system:", INVALID)


@rule("principal-is-a-role-or-user", Stage.PLAN, source=api("eks", "CreateAccessEntryRequest"))
def principal(call: Call) -> Iterator[Rejection]:
    arn = known(call, "principalArn")
    if isinstance(arn, str) and not (arn.startswith("arn:aws") and (":role/" in arn or ":user/" in arn)):
        yield Rejection(
            "principalArn", f"The specified principalArn is invalid: invalid principal (got '{arn}')", INVALID
        )


@rule("access-policy-has-an-entry", Stage.CREATE, source=api("eks", "AssociateAccessPolicy"))
def has_entry(call: Call) -> Iterator[Rejection]:
    wanted = {"clusterName": call.get("clusterName"), "principalArn": call.get("principalArn")}
    entry = next(call.nearby(ACCESS_ENTRY, **wanted), None)
    if entry is None:
        yield Rejection(
            "principalArn",
            f"The specified principalArn could not be found. You can view your available access entries with"
            f" 'list-access-entries' (got '{wanted['principalArn']}')",
            "ResourceNotFoundException",
        )
    elif entry.outputs.get("type", "STANDARD") not in ("STANDARD", "EC2"):
        yield Rejection("principalArn", "an access entry of nodes has no access policy", INVALID_REQUEST)


@rule(
    "access-policy-exists",
    Stage.PLAN,
    source=documented(
        "https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html, in"
        " awsdocs/amazon-eks-user-guide latest/ug/manage-access/k8s-access/access-policy-reference.adoc",
        read="2026-11-28",
    ),
)
def policy_exists(call: Call) -> Iterator[Rejection]:
    arn = known(call, "policyArn")
    if isinstance(arn, str) and not arn.startswith(_POLICY_PREFIX):
        yield Rejection(
            "policyArn",
            f"The policyArn is not in a valid format (got '{arn}'). Allowed are ARNs such as"
            f" {_POLICY_PREFIX}{_POLICIES[4]}; an IAM policy is none.",
            INVALID,
        )


@rule("access-scope-names-its-namespaces", Stage.PLAN, source=api("eks", "AccessScope"))
def scope(call: Call) -> Iterator[Rejection]:
    kind, namespaces = known(call, "accessScope.type"), call.get("accessScope.namespaces")
    if kind == "cluster" and namespaces:
        yield Rejection("accessScope.namespaces", "a scope of type cluster has no namespaces", INVALID)
    if kind == "namespace" and not namespaces:
        yield Rejection("accessScope.namespaces", "a scope of type namespace needs namespaces", INVALID)


@rule(
    "pod-role-trusts-eks-pod-identity",
    Stage.CREATE,
    Stage.UPDATE,
    source=documented("https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html", read="2026-11-28"),
)
def pod_trust(call: Call) -> Iterator[Rejection]:
    cluster = cluster_of(call)
    if cluster is None:
        return
    yield from untrusted(
        call,
        "roleArn",
        "pods.eks.amazonaws.com",
        "Trust policy of the role must allow pods.eks.amazonaws.com to assume it and to tag its session",
        eks_cluster_arn=str(cluster.outputs.get("arn")),
        eks_cluster_name=str(cluster.outputs.get("name")),
        kubernetes_namespace=str(call.get("namespace")),
        kubernetes_service_account=str(call.get("serviceAccount")),
    )


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=ACCESS_ENTRY,
        source=sdk("eks/accessentry"),
        id="{clusterName}:{principalArn}",
        outputs={
            "accessEntryArn": lambda call: (
                f"arn:aws:eks:{call.region}:{call.account}:access-entry/{call.get('clusterName')}/role/"
                f"{call.account}/{str(call.get('principalArn')).rpartition('/')[2]}/{call.hex(32)}"
            ),
            "createdAt": "2026-11-28T00:00:00Z",
            "modifiedAt": "2026-11-28T00:00:00Z",
            "kubernetesGroups": [],
            "type": "STANDARD",
            "userName": "{principalArn}",
        },
        replaces=frozenset({"clusterName", "principalArn", "type"}),
        replace_source=provider_page("access_entry.go"),
        keeps=frozenset({"kubernetesGroups", "userName"}),
        defaults={"type": "STANDARD"},
        enums={"type": ("STANDARD", *_NODE_TYPES)},
        references=(to_cluster("CreateAccessEntry"),),
        rules=(
            uses_entries,
            node_role_entry,
            groups,
            principal,
            one_for_each("clusterName", "principalArn", code=IN_USE, source=api("eks", "CreateAccessEntry")),
        ),
    ),
    Behaviour(
        type=ACCESS_POLICY,
        source=sdk("eks/accesspolicyassociation"),
        id="{clusterName}#{principalArn}#{policyArn}",
        outputs={"associatedAt": "2026-11-28T00:00:00Z", "modifiedAt": "2026-11-28T00:00:00Z"},
        replaces=frozenset({"clusterName", "principalArn", "policyArn", "accessScope"}),
        replace_source=provider_page("access_policy_association.go"),
        enums={"accessScope.type": ("cluster", "namespace")},
        references=(to_cluster("AssociateAccessPolicy"),),
        rules=(has_entry, policy_exists, scope),
    ),
    Behaviour(
        type=POD_IDENTITY,
        source=sdk("eks/podidentityassociation"),
        id="a-{hex17}",
        outputs={
            "associationArn": f"{arn_of('podidentityassociation')}/{{id}}",
            "associationId": "{id}",
            "disableSessionTags": False,
            "externalId": "",
        },
        replaces=frozenset({"clusterName", "namespace", "serviceAccount"}),
        replace_source=provider_page("pod_identity_association.go"),
        references=(
            to_cluster("CreatePodIdentityAssociation"),
            to_role("roleArn", code=INVALID, source=provider_page("pod_identity_association.go, Create")),
        ),
        rules=(
            pod_trust,
            one_for_each(
                "clusterName",
                "namespace",
                "serviceAccount",
                code=IN_USE,
                source=api("eks", "CreatePodIdentityAssociation"),
            ),
        ),
    ),
)
