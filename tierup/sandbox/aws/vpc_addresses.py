"""Addresses inside a VPC: which are in use, and the associations of Elastic IP addresses."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Rejection, Stage, assumed, documented, located, rule
from .ec2 import NAT_GATEWAY
from .ec2_gateways import EIP
from .instances import EIP_ASSOCIATION
from .network import INSTANCE, SUBNET
from .same_scope import others_in_region, output_of
from .security_group_quotas import groups_per_interface
from .sources import EC2_ERRORS, sdk
from .vpc_members import INTERFACE

_ASSOCIATED = documented(
    "Resource.AlreadyAssociated: resource eipalloc-… is already associated with associate-id eipassoc-…, as"
    " https://github.com/ansible/ansible/issues/27385 and"
    " https://github.com/hashicorp/terraform-provider-aws/issues/14179 quote it",
    read="2026-11-29",
)
_ADDRESSES = ("privateIp", "privateIps[*]", "privateIpLists[*]")


@rule("private-address-is-free", Stage.CREATE, source=EC2_ERRORS)
def _address_is_free(call: Call) -> Iterator[Rejection]:
    subnet = call.get("subnetId")
    used = {
        str(address): other
        for kind in (INTERFACE, INSTANCE, NAT_GATEWAY)
        for other in others_in_region(call, kind, subnetId=subnet)
        for path in _ADDRESSES
        for _, address in located(other.inputs, path)
    }
    for path in _ADDRESSES:
        for at, address in located(call.inputs, path):
            if other := used.get(str(address)):
                yield Rejection(
                    at, f"Address {address} is in use by {other.id} ({other.name}).", "InvalidIPAddress.InUse"
                )


@rule("elastic-ip-is-not-associated", Stage.CREATE, source=_ASSOCIATED)
def _association_is_free(call: Call) -> Iterator[Rejection]:
    allocation = call.get("allocationId")
    if not allocation or call.get("allowReassociation") is True:
        return
    address = call.cloud.get(EIP, str(allocation))
    others = [other.id for other in others_in_region(call, EIP_ASSOCIATION, allocationId=allocation)]
    own = (call.get("instanceId"), call.get("networkInterfaceId"))
    if address is not None:
        held = (address.inputs.get("instance"), address.inputs.get("networkInterface"))
        if any(held) and not any(one and one == other for one, other in zip(held, own, strict=True)):
            others.append(str(held[0] or held[1]))
    if others:
        yield Rejection(
            "allocationId",
            f"resource {allocation} is already associated with {others[0]}. Set allowReassociation to move it.",
            "Resource.AlreadyAssociated",
        )


@rule(
    "elastic-ip-address-of-interface",
    Stage.CREATE,
    source=assumed(
        "EC2 rejects a private address that the network interface does not have, with InvalidParameterValue"
    ),
)
def _address_of_interface(call: Call) -> Iterator[Rejection]:
    wanted = call.get("associateWithPrivateIp") or call.get("privateIpAddress")
    interface = call.cloud.get(INTERFACE, str(call.get("networkInterface") or call.get("networkInterfaceId")))
    if interface is None or not wanted:
        return
    given = [address for path in _ADDRESSES for _, address in located(interface.inputs, path)]
    if given and wanted not in given and not interface.inputs.get("privateIpsCount"):
        path = "associateWithPrivateIp" if call.get("associateWithPrivateIp") else "privateIpAddress"
        yield Rejection(
            path, f"Network interface {interface.id} does not have the private address {wanted}.",
            "InvalidParameterValue",
        )  # fmt: skip


@rule(
    "instance-in-zone-of-subnet",
    Stage.CREATE,
    source=assumed("EC2 rejects a zone that is not that of the subnet, with InvalidParameterValue"),
)
def _zone_of_subnet(call: Call) -> Iterator[Rejection]:
    wanted, subnet = call.get("availabilityZone"), call.get("subnetId")
    zone = output_of(call, SUBNET, subnet, "availabilityZone")
    if wanted and zone and wanted != zone:
        yield Rejection(
            "availabilityZone",
            f"Value ({wanted}) for parameter availabilityZone is invalid. The subnet {subnet} is in {zone}.",
            "InvalidParameterValue",
        )


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=INTERFACE,
        source=sdk("ec2/networkinterface"),
        rules=(_address_is_free,),
        quotas=(groups_per_interface("securityGroups"),),
    ),
    Behaviour(type=INSTANCE, source=sdk("ec2/instance"), rules=(_address_is_free, _zone_of_subnet)),
    Behaviour(type=NAT_GATEWAY, source=sdk("ec2/natgateway"), rules=(_address_is_free,)),
    Behaviour(
        type=EIP_ASSOCIATION, source=sdk("ec2/eipassociation"), rules=(_association_is_free, _address_of_interface)
    ),
    Behaviour(type=EIP, source=sdk("ec2/eip"), rules=(_address_of_interface,)),
)
