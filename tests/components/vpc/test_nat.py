"""NAT: who leads where, and what stays when the choice changes."""

from __future__ import annotations

from itertools import pairwise

import pytest

from components.vpc.nat import NatKind
from components.vpc.private_subnets import PrivateSubnetsArgs
from tests.components.network_recording import ZONES, only, record_network, untagged

GATEWAY = "aws:ec2/natGateway:NatGateway"
ROUTE = "aws:ec2/route:Route"


def targets(kind: NatKind, nat_zone: str | None = None) -> dict[str, str]:
    """Private zone -> what its route over IPv4 leads to."""
    recording = record_network(PrivateSubnetsArgs(nat=kind, nat_zone=nat_zone))
    return {
        zone: inputs.get("natGatewayId") or inputs["networkInterfaceId"]
        for zone in ZONES
        for route in recording.of(ROUTE)
        if (inputs := route.inputs)["routeTableId"] == f"net-private-{zone}-id"
    }


def test_none_leads_nowhere() -> None:
    recording = record_network(PrivateSubnetsArgs(nat=NatKind.NONE))

    assert targets(NatKind.NONE) == {}
    assert not recording.of(GATEWAY)
    assert not recording.of("aws:ec2/eip:Eip")


def test_one_serves_all_zones_from_the_first_by_name_or_the_one_named() -> None:
    assert targets(NatKind.SINGLE) == dict.fromkeys(ZONES, "net-nat-eu-west-1a-id")
    assert targets(NatKind.SINGLE, "eu-west-1b") == dict.fromkeys(ZONES, "net-nat-eu-west-1b-id")


def test_per_zone_keeps_each_zone_to_itself() -> None:
    assert targets(NatKind.PER_ZONE) == {zone: f"net-nat-{zone}-id" for zone in ZONES}


def test_the_instance_is_led_to_by_its_interface() -> None:
    assert targets(NatKind.INSTANCE) == dict.fromkeys(ZONES, "eni-of-the-instance")


def test_a_gateway_stands_in_the_public_subnet_of_its_zone_once_that_is_public() -> None:
    recording = record_network(PrivateSubnetsArgs(nat=NatKind.PER_ZONE))

    for zone in ZONES:
        gateway = only(recording, GATEWAY, f"net-nat-{zone}")
        assert gateway.inputs["subnetId"] == f"net-public-{zone}-id"
        assert gateway.inputs["allocationId"] == f"net-nat-{zone}-id"
        assert f"net-public-{zone}" in gateway.opts.depends_on
    assert len(recording.result.nat_public_ips) == len(ZONES)
    assert not untagged(recording)


@pytest.mark.parametrize(("one", "other"), list(pairwise([*NatKind, *reversed(NatKind)])))
def test_changing_the_choice_changes_routes_alone(one: NatKind, other: NatKind) -> None:
    """What is in both stays as it is; only routes turn elsewhere."""
    before, after = (
        {
            (resource.type, resource.name): resource.inputs
            for resource in record_network(PrivateSubnetsArgs(nat=kind)).resources
            if resource.custom
        }
        for kind in (one, other)
    )

    changed = {key[0] for key in before.keys() & after.keys() if before[key] != after[key]}
    assert changed <= {ROUTE}
