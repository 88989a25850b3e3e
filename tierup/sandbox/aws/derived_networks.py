"""Networks that the names of inputs state, for every AWS type: subnets, security groups and a VPC belong together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from ..behaviour import BehaviourRule, Call, Rejection, Stage, assumed, located, rule
from ..cloud import CloudResource
from .derived_references import (
    GROUP_NAMES,
    OWN_ROWS,
    SUBNET_NAMES,
    input_paths,
    last_name,
    rule_ids,
)
from .network import APPLY, SUBNET, vpc_of_group
from .service_references import token

_SOURCE = assumed("an API creates interfaces in the subnets, with the groups; from memory for each type")

_TWO_ZONES = frozenset(map(token, ("dms.ReplicationSubnetGroup", "docdb.SubnetGroup", "neptune.SubnetGroup")))
_GROUP_OF: Mapping[str, tuple[str, str, str]] = {
    token(kind): (path, token(group), groups)
    for kind, path, group, groups in (
        ("dax.Cluster", "subnetGroupName", "dax.SubnetGroup", "securityGroupIds[*]"),
        ("dms.ReplicationInstance", "replicationSubnetGroupId", "dms.ReplicationSubnetGroup", "vpcSecurityGroupIds[*]"),
        ("docdb.Cluster", "dbSubnetGroupName", "docdb.SubnetGroup", "vpcSecurityGroupIds[*]"),
        ("memorydb.Cluster", "subnetGroupName", "memorydb.SubnetGroup", "securityGroupIds[*]"),
        ("neptune.Cluster", "neptuneSubnetGroupName", "neptune.SubnetGroup", "vpcSecurityGroupIds[*]"),
        ("redshift.Cluster", "clusterSubnetGroupName", "redshift.SubnetGroup", "vpcSecurityGroupIds[*]"),
    )
}
"""By type, the input with the name of its subnet group, the type of the group, and the input with security groups."""


@cache
def _objects(type: str) -> tuple[tuple[str, str, str], ...]:
    """Return the objects of a type with subnets: the paths of the subnets, of the security groups and of the VPC."""
    if type.partition(":")[2].partition("/")[0] in OWN_ROWS:
        return ()
    paths = input_paths(type)
    found: list[tuple[str, str, str]] = []
    for path in paths:
        if not SUBNET_NAMES.match(last_name(path)):
            continue
        parent = path.removesuffix("[*]").rpartition(".")[0]
        siblings = [each for each in paths if each.removesuffix("[*]").rpartition(".")[0] == parent]
        groups = next((each for each in siblings if GROUP_NAMES.match(last_name(each))), "")
        vpc = next((each for each in siblings if last_name(each) in ("vpcId", "vpcIdentifier")), "")
        found.append((path, groups, vpc))
    return tuple(found)


def _subnet(call: Call, id: object) -> CloudResource | None:
    """Return a subnet that a stack created. The sandbox only assumes the outputs of a seeded one."""
    found = call.cloud.get(SUBNET, str(id))
    return found if found is not None and found.urn else None


@rule("subnets-and-groups-in-one-vpc", *APPLY, source=_SOURCE)
def _one_vpc(call: Call) -> Iterator[Rejection]:
    for path, groups, vpc_path in _objects(call.type):
        vpcs: dict[str, str] = {}
        for at, id in located(call.inputs, path):
            subnet = _subnet(call, id)
            if subnet is not None:
                vpcs.setdefault(str(subnet.outputs.get("vpcId")), at)
        stated = str(call.get(vpc_path)) if vpc_path and call.get(vpc_path) else ""
        if stated:
            for vpc, at in vpcs.items():
                if vpc != stated:
                    yield Rejection(at, f"the subnet belongs to {vpc}, not to {stated}.", "InvalidSubnet")
        elif len(vpcs) > 1:
            yield Rejection(list(vpcs.values())[1], "The subnets are in different VPCs.", "InvalidSubnet")
        if groups and len(vpcs) == 1 and "security-groups-in-vpc-of-subnets" not in rule_ids(call.type):
            yield from _groups(call, groups, next(iter(vpcs)))


def _groups(call: Call, path: str, vpc: str) -> Iterator[Rejection]:
    for at, group in located(call.inputs, path):
        other = vpc_of_group(call, group)
        if other and other != vpc:
            yield Rejection(at, f"{group} belongs to {other}, the subnets to {vpc}.", "InvalidVPCNetworkStateFault")


@rule("subnet-group-spans-zones", Stage.CREATE, source=_SOURCE)
def _zones(call: Call) -> Iterator[Rejection]:
    if call.type not in _TWO_ZONES:
        return
    found = [_subnet(call, id) for _, id in located(call.inputs, "subnetIds[*]")]
    if all(found) and len({each.outputs.get("availabilityZone") for each in found if each}) < 2:
        yield Rejection(
            "subnetIds", "The subnet group doesn't meet Availability Zone (AZ) coverage requirement. Add subnets to"
            " cover at least 2 AZs.", "DBSubnetGroupDoesNotCoverEnoughAZs",
        )  # fmt: skip


@rule("groups-in-vpc-of-subnet-group", *APPLY, source=_SOURCE)
def _subnet_group(call: Call) -> Iterator[Rejection]:
    if call.type not in _GROUP_OF:
        return
    path, kind, groups = _GROUP_OF[call.type]
    name = call.get(path)
    for group in call.nearby(kind):
        if name is not None and name in (group.id, group.outputs.get("name")):
            for _, id in located(group.inputs, "subnetIds[*]"):
                subnet = _subnet(call, id)
                if subnet is not None:
                    yield from _groups(call, groups, str(subnet.outputs.get("vpcId")))
                    return


COMMON_RULES: tuple[BehaviourRule, ...] = (_one_vpc, _zones, _subnet_group)
