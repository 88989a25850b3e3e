"""EKS: names, sources and lookups that its modules share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..behaviour import Call, Name, Reference, Rejection, Source, documented
from ..cloud import CloudResource
from .access.needs import Need, denied_needs, is_known_role
from .network import EKS_CLUSTER as CLUSTER
from .sources import api

ACCESS_ENTRY = "aws:eks/accessEntry:AccessEntry"
ACCESS_POLICY = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
ADDON = "aws:eks/addon:Addon"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
POD_IDENTITY = "aws:eks/podIdentityAssociation:PodIdentityAssociation"

INVALID = "InvalidParameterException"
INVALID_REQUEST = "InvalidRequestException"
IN_USE = "ResourceInUseException"

CLUSTER_NAME = r"[0-9A-Za-z][A-Za-z0-9\-_]*"
NAME_CHARACTERS = "letters, digits, '-' and '_', with a letter or digit first"

VERSIONS: dict[str, tuple[str, str]] = {
    "1.32": ("2026-03-23", "2027-03-23"),
    "1.33": ("2026-07-29", "2027-07-29"),
    "1.34": ("2026-12-02", "2027-12-02"),
    "1.35": ("2027-03-27", "2028-03-27"),
}
"""Kubernetes version → the last days of standard and of extended support."""
VERSIONS_SOURCE = documented(
    "https://aws-samples.github.io/sample-apex-skills/docs/skills/eks-operation-review/references/cluster-lifecycle"
    " (its date: 2026-04-24), which quotes https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html",
    read="2026-11-28",
)
AUTO_MODE_ROLES = documented(
    "https://docs.aws.amazon.com/eks/latest/userguide/auto-learn-iam.html and .../auto-cluster-iam-role.html"
    " (stored copies)",
    read="2026-11-28",
)


def name_of(property: str, longest: int, operation: str, *, unique: str) -> Name:
    """Return the naming rules of a cluster or a named part of it."""
    return Name(
        property=property,
        longest=longest,
        pattern=CLUSTER_NAME,
        allowed=NAME_CHARACTERS,
        unique=unique,
        taken=IN_USE,
        source=api("eks", operation),
    )


def to_cluster(operation: str, *, holds: bool = False) -> Reference:
    """Return the reference of a part of a cluster to it, by name. DeleteCluster deletes most parts with it."""
    return Reference(
        path="clusterName", to=CLUSTER, by="name", holds=holds, in_use=IN_USE, source=api("eks", operation)
    )


def cluster_of(call: Call) -> CloudResource | None:
    """Return the cluster that `clusterName` names."""
    return next(call.nearby(CLUSTER, name=call.get("clusterName")), None)


def arn_of(kind: str) -> str:
    """Return the template of the ARN of a part of a cluster ("addon")."""
    return f"arn:aws:eks:{{region}}:{{account}}:{kind}/{{clusterName}}"


def auto_mode(inputs: Any) -> bool:
    """Return whether the inputs of a cluster enable the compute capability of Auto Mode."""
    config = inputs.get("computeConfig") if isinstance(inputs, dict) else None
    return isinstance(config, dict) and config.get("enabled") is True


def untrusted(call: Call, path: str, service: str, message: str, **context: str) -> Iterator[Rejection]:
    """Yield a rejection of the role at `path` unless the service may assume it and tag the session.

    `context` are request tags, with `_` for `-`. A role that the sandbox does not have is not checked.
    """
    arn = call.get(path)
    if not is_known_role(call.cloud, arn):
        return
    tags = {f"aws:RequestTag/{key.replace('_', '-')}": value for key, value in context.items()}
    needs = [
        Need(caller=service, action=action, resource=str(arn), context=tags)
        for action in ("sts:AssumeRole", "sts:TagSession")
    ]
    yield from denied_needs(call, path, needs, message, INVALID)


def managed_policies_of(call: Call, role_arn: Any) -> set[str] | None:
    """Return the names of the managed policies of a role, or None if the sandbox cannot tell what the role may do."""
    role = next(call.cloud.find("aws:iam/role:Role", arn=role_arn), None)
    if role is None or role.inputs.get("managedPolicyArns") or role.inputs.get("inlinePolicies"):
        return None
    attached = call.cloud.find("aws:iam/rolePolicyAttachment:RolePolicyAttachment", role=role.outputs.get("name"))
    return {str(each.inputs.get("policyArn")).rpartition("/")[2] for each in attached}


def is_json_object(text: Any) -> bool:
    """Return whether a text is a JSON object."""
    try:
        return isinstance(json.loads(text), dict)
    except (TypeError, ValueError):
        return False


def provider_page(path: str) -> Source:
    """Return a file of terraform-provider-aws below internal/service/eks, as read in November 2026."""
    return documented(
        f"https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/eks/{path}", read="2026-11-28"
    )
