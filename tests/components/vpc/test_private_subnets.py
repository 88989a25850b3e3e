"""Private subnets: a table each, a way out, and handed out once that stands."""

from __future__ import annotations

import pytest

from components.vpc.endpoints import EndpointService
from components.vpc.nat import NatKind
from components.vpc.private_subnets import PrivateSubnetsArgs
from tests.components.network_recording import ZONES, only, record_network, untagged

ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
ROUTE = "aws:ec2/route:Route"


def test_each_zone_has_a_subnet_in_a_table_of_its_own() -> None:
    recording = record_network(PrivateSubnetsArgs(nat=NatKind.NONE))
    network = recording.result

    for zone in ZONES:
        association = only(recording, ASSOCIATION, f"net-private-{zone}")
        assert association.inputs["subnetId"] == f"net-private-{zone}-id"
        assert association.inputs["routeTableId"] == f"net-private-{zone}-id"
        assert recording.value(network.private_subnet_ids[zone]) == f"net-private-{zone}-id"
        assert recording.value(network.private_route_table_ids[zone]) == f"net-private-{zone}-id"
    assert not untagged(recording)


def test_a_subnet_is_handed_out_once_every_way_out_of_it_stands() -> None:
    args = PrivateSubnetsArgs(nat=NatKind.SINGLE, endpoint_services=(EndpointService.LOGS,))
    recording = record_network(args, ipv6=True)

    for zone in ZONES:
        waits_for = only(recording, ASSOCIATION, f"net-private-{zone}").opts.depends_on
        assert {f"net-private-{zone}-internet", f"net-private-{zone}-internet-ipv6", "net-logs"} <= waits_for
        assert recording.source_types(recording.result.private_subnet_ids[zone]) == {
            "aws:ec2/subnet:Subnet",
            ASSOCIATION,
        }


def test_over_ipv6_they_get_out_and_nobody_gets_in() -> None:
    recording = record_network(PrivateSubnetsArgs(nat=NatKind.NONE), ipv6=True)
    (gateway,) = recording.of("aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway")

    assert gateway.inputs["vpcId"] == "net-vpc-id"
    for zone in ZONES:
        route = only(recording, ROUTE, f"net-private-{zone}-internet-ipv6")
        assert route.inputs["destinationIpv6CidrBlock"] == "::/0"
        assert route.inputs["egressOnlyGatewayId"] == "net-egress-only-id"
        assert route.inputs["routeTableId"] == f"net-private-{zone}-id"
    assert not untagged(recording)


@pytest.mark.parametrize("instance_type", ["t3.nano", "t4g", "arm", "m7i.large", "g5.xlarge"])
def test_an_instance_type_of_other_processors_is_refused(instance_type: str) -> None:
    with pytest.raises(ValueError, match=f"nat_instance_type: got '{instance_type}', allowed an ARM instance type"):
        PrivateSubnetsArgs(nat=NatKind.INSTANCE, nat_instance_type=instance_type)


@pytest.mark.parametrize("instance_type", ["t4g.nano", "c7gn.medium", "m8g.large"])
def test_arm_types_are_taken(instance_type: str) -> None:
    PrivateSubnetsArgs(nat=NatKind.INSTANCE, nat_instance_type=instance_type)


def test_endpoint_services_are_checked() -> None:
    with pytest.raises(ValueError, match="endpoint_services: got logs, logs"):
        PrivateSubnetsArgs(nat=NatKind.NONE, endpoint_services=[EndpointService.LOGS] * 2)
