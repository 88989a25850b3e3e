"""Tests of NAT: route targets, and which resources a change of the kind keeps."""

from __future__ import annotations

from itertools import pairwise

import pytest

from components.vpc.nat import NatKind
from components.vpc.private_subnets import PrivateSubnetsArgs
from tests.components.network_recording import ZONES, only, record_network, untagged

GATEWAY = "aws:ec2/natGateway:NatGateway"
ROUTE = "aws:ec2/route:Route"


def targets(kind: NatKind, nat_zone: str | None = None) -> dict[str, str]:
    """Return private zone -> target of its IPv4 route."""
    recording = record_network(PrivateSubnetsArgs(nat=kind, nat_zone=nat_zone))
    return {
        zone: inputs.get("natGatewayId") or inputs["networkInterfaceId"]
        for zone in ZONES
        for route in recording.of(ROUTE)
        if (inputs := route.inputs)["routeTableId"] == f"net-private-{zone}-id"
    }


def test_none_creates_no_nat_and_no_route() -> None:
    recording = record_network(PrivateSubnetsArgs(nat=NatKind.NONE))

    assert targets(NatKind.NONE) == {}
    assert not recording.of(GATEWAY)
    assert not recording.of("aws:ec2/eip:Eip")


def test_single_gateway_is_in_the_first_zone_or_in_nat_zone() -> None:
    assert targets(NatKind.SINGLE) == dict.fromkeys(ZONES, "net-nat-eu-west-1a-id")
    assert targets(NatKind.SINGLE, "eu-west-1b") == dict.fromkeys(ZONES, "net-nat-eu-west-1b-id")


def test_per_zone_routes_each_zone_to_its_gateway() -> None:
    assert targets(NatKind.PER_ZONE) == {zone: f"net-nat-{zone}-id" for zone in ZONES}


def test_instance_is_the_target_by_its_network_interface() -> None:
    assert targets(NatKind.INSTANCE) == dict.fromkeys(ZONES, "eni-of-the-instance")


def test_gateway_is_in_its_zones_public_subnet_and_depends_on_the_internet_route() -> None:
    recording = record_network(PrivateSubnetsArgs(nat=NatKind.PER_ZONE))

    for zone in ZONES:
        gateway = only(recording, GATEWAY, f"net-nat-{zone}")
        assert gateway.inputs["subnetId"] == f"net-public-{zone}-id"
        assert gateway.inputs["allocationId"] == f"net-nat-{zone}-id"
        assert f"net-public-{zone}" in gateway.opts.depends_on
    assert len(recording.result.nat_public_ips) == len(ZONES)
    assert not untagged(recording)


@pytest.mark.parametrize(("one", "other"), list(pairwise([*NatKind, *reversed(NatKind)])))
def test_changing_the_kind_changes_only_routes(one: NatKind, other: NatKind) -> None:
    """Resources of both kinds keep their inputs, except routes, which change their target."""
    before, after = (
        {
            (resource.type, resource.name): resource.inputs
            for resource in record_network(PrivateSubnetsArgs(nat=kind)).resources
            if resource.custom
        }
        for kind in (one, other)
    )

    changed = {key[0] for key in before.keys() & after.keys() if before[key] != after[key]}
    assert before.keys() & after.keys()
    assert changed <= {ROUTE}
