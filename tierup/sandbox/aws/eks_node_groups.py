"""EKS: managed node groups."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Rejection, Stage, assumed, located, rule
from .access.needs import untrusted_service
from .eks import INVALID, NODE_GROUP, arn_of, managed_policies_of, name_of, to_cluster
from .iam import to_role
from .network import to_subnet
from .same_scope import known
from .sources import FORCE_NEW, api, sdk

_MAX_TYPES = 20
_NODE_POLICIES = ("AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy")


@rule("node-group-sizes-are-ordered", Stage.PLAN, source=api("eks", "NodegroupScalingConfig"))
def sizes(call: Call) -> Iterator[Rejection]:
    low, wanted, high = (known(call, f"scalingConfig.{key}") for key in ("minSize", "desiredSize", "maxSize"))
    if isinstance(low, (int, float)) and isinstance(high, (int, float)) and low > high:
        yield Rejection(
            "scalingConfig.minSize", f"Minimum capacity {low:g} can't be greater than maximum size {high:g}", INVALID
        )
    if isinstance(low, (int, float)) and isinstance(wanted, (int, float)) and wanted < low:
        yield Rejection(
            "scalingConfig.desiredSize", f"desired capacity {wanted:g} can't be less than minimum size {low:g}", INVALID
        )
    if isinstance(high, (int, float)) and isinstance(wanted, (int, float)) and wanted > high:
        yield Rejection(
            "scalingConfig.desiredSize", f"desired capacity {wanted:g} can't be greater than max size {high:g}", INVALID
        )


@rule(
    "node-group-image-fits-its-instance-types",
    Stage.PLAN,
    source=assumed("names of Graviton families have a g behind the generation, from memory"),
)
def architecture(call: Call) -> Iterator[Rejection]:
    image = known(call, "amiType")
    if not isinstance(image, str) or image == "CUSTOM":
        return
    wants_arm = "ARM" in image
    for at, kind in located(call.inputs, "instanceTypes[*]"):
        found = re.match(r"[a-z]+\d+([a-z]*)", kind.partition(".")[0]) if isinstance(kind, str) else None
        if found and ("g" in found[1]) != wants_arm:
            yield Rejection(at, f"[{kind}] is not a valid instance type for requested amiType {image}", INVALID)


@rule("node-group-has-few-instance-types", Stage.PLAN, source=api("eks", "CreateNodegroupRequest"))
def types(call: Call) -> Iterator[Rejection]:
    given = call.get("instanceTypes")
    if isinstance(given, list) and len(given) > _MAX_TYPES:
        yield Rejection(
            "instanceTypes", f"too many instance types (got {len(given)}). Allowed are {_MAX_TYPES}.", INVALID
        )


@rule("node-role-trusts-ec2", Stage.CREATE, source=api("eks", "CreateNodegroupRequest"))
def node_role(call: Call) -> Iterator[Rejection]:
    message = "The role cannot be used by nodes"
    yield from untrusted_service(call, "nodeRoleArn", "ec2.amazonaws.com", message, INVALID)
    attached = managed_policies_of(call, call.get("nodeRoleArn"))
    if attached is not None and not attached.intersection(_NODE_POLICIES):
        yield Rejection(
            "nodeRoleArn",
            f"nodes do not join the cluster: the role has none of {' and '.join(_NODE_POLICIES)}",
            "NodeCreationFailure",
            retried=True,
        )


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=NODE_GROUP,
        source=sdk("eks/nodegroup"),
        id="{clusterName}:{nodeGroupName}",
        outputs={
            "amiType": "AL2023_x86_64_STANDARD",
            "arn": f"{arn_of('nodegroup')}/{{nodeGroupName}}/{{uuid}}",
            "capacityType": "ON_DEMAND",
            "diskSize": 20,
            "instanceTypes": ["t3.medium"],
            "nodeGroupNamePrefix": "",
            "releaseVersion": "1.35.3-20261101",
            "status": "ACTIVE",
            "version": "1.35",
        },
        replaces=frozenset(
            {
                *("amiType", "capacityType", "clusterName", "diskSize", "instanceTypes", "nodeGroupName"),
                *("nodeGroupNamePrefix", "nodeRoleArn", "remoteAccess", "subnetIds"),
                *("launchTemplate.id", "launchTemplate.name"),
            }
        ),
        replace_source=FORCE_NEW,
        keeps=frozenset({"amiType", "diskSize", "instanceTypes", "releaseVersion", "version"}),
        enums={
            "capacityType": ("ON_DEMAND", "SPOT", "CAPACITY_BLOCK"),
            "taints[*].effect": ("NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"),
        },
        ranges={"scalingConfig.maxSize": (1, 450), "scalingConfig.minSize": (0, 450)},
        name=name_of("nodeGroupName", 63, "CreateNodegroupRequest", unique="clusterName"),
        references=(
            to_cluster("CreateNodegroup", holds=True),
            to_subnet("subnetIds[*]", INVALID),
            to_role("nodeRoleArn", code=INVALID, source=api("eks", "CreateNodegroupRequest")),
        ),
        rules=(sizes, architecture, types, node_role),
    ),
)
