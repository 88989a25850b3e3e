"""Tests of the behaviour rows of VPC peering connections, requested by this account or by Atlas."""

from __future__ import annotations

from tierup.sandbox.aws.ec2_routes import ROUTE
from tierup.sandbox.aws.network import ATLAS_PEERING, PEERING, ROUTE_TABLE, VPC
from tierup.sandbox.aws.vpc_peering import PEERING_ACCEPTER
from tierup.sandbox.cloud import CloudResource

from .account import Account


def test_peering_of_overlapping_vpcs_is_rejected(account: Account, vpc: CloudResource) -> None:
    same = account.make(VPC, "same", cidrBlock="10.0.128.0/17")
    apart = account.make(VPC, "apart", cidrBlock="10.1.0.0/16")
    assert account.codes(PEERING, vpcId=vpc.id, peerVpcId=same.id) == {"OverlappingCidr"}
    made = account.make(PEERING, vpcId=vpc.id, peerVpcId=apart.id)
    assert made.outputs["acceptStatus"] == "pending-acceptance"
    assert account.change(made, autoAccept=True).outputs["acceptStatus"] == "active"


def test_auto_accept_across_regions_is_rejected(account: Account) -> None:
    inputs = {"vpcId": "vpc-1", "peerVpcId": "vpc-2", "autoAccept": True}
    assert not account.planned(PEERING, **inputs)
    (rejection,) = account.planned(PEERING, peerRegion="us-east-1", **inputs)
    assert rejection.path == "autoAccept"


def test_atlas_peering_can_be_accepted_and_routed(account: Account, vpc: CloudResource) -> None:
    assert account.codes(PEERING_ACCEPTER, vpcPeeringConnectionId="pcx-1", autoAccept=True) == {
        "InvalidVpcPeeringConnectionID.NotFound"
    }
    account.add_existing(ATLAS_PEERING, "peering", connectionId="pcx-1", vpcId=vpc.id)
    accepted = account.make(PEERING_ACCEPTER, vpcPeeringConnectionId="pcx-1", autoAccept=True)
    assert accepted.id == "pcx-1"
    assert accepted.outputs["acceptStatus"] == "active"
    assert accepted.outputs["vpcId"] == vpc.id
    table = account.make(ROUTE_TABLE, "public", vpcId=vpc.id)
    to_atlas = {"routeTableId": table.id, "destinationCidrBlock": "192.168.248.0/21"}
    assert not account.codes(ROUTE, vpcPeeringConnectionId="pcx-1", **to_atlas)
    assert account.codes(ROUTE, vpcPeeringConnectionId="pcx-2", **to_atlas) == {
        "InvalidVpcPeeringConnectionID.NotFound"
    }
