"""VPC peering connections, requested by one VPC's owner (this account or MongoDB Atlas) and accepted by the other's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tierup.sandbox.behaviour import Behaviour, Call, Plain, Quota, Rejection, Stage, assumed, rule

from .network import ATLAS_PEERING, PEERING, VPC, network_of, to_peering, to_vpc
from .same_scope import output_of
from .sources import RECORDED, VPC_QUOTAS, created_only, sdk

PEERING_ACCEPTER = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"


@rule(
    "peering-needs-distinct-ranges",
    Stage.CREATE,
    source=assumed("the request's state becomes failed: incorrect VPC id, account, or overlapping CIDR range"),
)
def peering_ranges(call: Call) -> Iterator[Rejection]:
    mine = network_of(output_of(call, VPC, call.get("vpcId"), "cidrBlock"))
    other_block = network_of(output_of(call, VPC, call.get("peerVpcId"), "cidrBlock"))
    if mine and other_block and mine.version == other_block.version and mine.overlaps(other_block):
        yield Rejection(
            "peerVpcId",
            f"{mine} and {other_block} overlap. VPCs with overlapping CIDR blocks cannot be peered.",
            "OverlappingCidr",
        )


@rule("peering-auto-accept-in-own-region", Stage.PLAN, source=sdk("ec2/vpcpeeringconnection"))
def peering_auto_accept(call: Call) -> Iterator[Rejection]:
    if call.get("autoAccept") and call.get("peerRegion") is not None:
        yield Rejection(
            "autoAccept",
            "autoAccept is not supported across regions. Use VpcPeeringConnectionAccepter in the peer region.",
            "InvalidParameterCombination",
        )


def _accepted(call: Call) -> str:
    return "active" if call.get("autoAccept") else "pending-acceptance"


def _connection(property: str) -> Any:
    """Return a function that reads an output of the peering connection, which this account or Atlas requested.

    A VpcPeeringConnection names the accepter's VPC peerVpcId; Atlas's resource names it vpcId, since Atlas requests.
    """

    def read(call: Call) -> Plain:
        wanted = call.get("vpcPeeringConnectionId")
        if found := call.cloud.get(PEERING, wanted):
            return {
                "vpcId": found.outputs.get("peerVpcId"),
                "peerVpcId": found.outputs.get("vpcId"),
                "peerOwnerId": found.account,
                "peerRegion": call.region,
            }[property]
        atlas = next(call.cloud.find(ATLAS_PEERING, connectionId=wanted), None)
        if atlas is None:
            return ""
        return {
            "vpcId": atlas.outputs.get("vpcId"),
            "peerVpcId": f"vpc-{call.hex(17, 'atlas-vpc')}",
            "peerOwnerId": str(int(call.hex(12, "atlas-account"), 16))[:12],
            "peerRegion": call.region,
        }[property]

    return read


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=PEERING,
        source=sdk("ec2/vpcpeeringconnection"),
        id="pcx-{hex17}",
        outputs={
            "peerOwnerId": "{account}",
            "peerRegion": "{region}",
            "accepter": {"allowRemoteVpcDnsResolution": False},
            "requester": {"allowRemoteVpcDnsResolution": False},
        },
        derived={"acceptStatus": _accepted},
        replaces=frozenset({"vpcId", "peerVpcId", "peerOwnerId", "peerRegion"}),
        replace_source=created_only("AWS::EC2::VPCPeeringConnection"),
        references=(to_vpc(holds=False),),
        quotas=(
            Quota(
                limit=50,
                per="vpcId",
                what="active VPC peering connections per VPC",
                code="VpcPeeringConnectionLimitExceeded",
                source=VPC_QUOTAS,
            ),
        ),
        rules=(peering_ranges, peering_auto_accept),
    ),
    Behaviour(
        type=PEERING_ACCEPTER,
        source=sdk("ec2/vpcpeeringconnectionaccepter"),
        id="{vpcPeeringConnectionId}",
        outputs={
            "vpcId": _connection("vpcId"),
            "peerVpcId": _connection("peerVpcId"),
            "peerOwnerId": _connection("peerOwnerId"),
            "peerRegion": _connection("peerRegion"),
            "accepter": {"allowRemoteVpcDnsResolution": False},
            "requester": {"allowRemoteVpcDnsResolution": False},
        },
        derived={"acceptStatus": _accepted},
        replaces=frozenset({"vpcPeeringConnectionId"}),
        replace_source=RECORDED,
        references=(to_peering(holds=False),),
    ),
)
