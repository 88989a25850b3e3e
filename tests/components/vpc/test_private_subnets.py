"""Tests of private subnets: route tables, internet routes and dependencies."""

from __future__ import annotations

import pytest

from components.vpc.endpoints import EndpointService
from components.vpc.nat import NatKind
from components.vpc.private_subnets import PrivateSubnetsArgs
from tests.components.network_recording import ZONES, only, record_network, untagged

ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
ROUTE = "aws:ec2/route:Route"


def test_each_zone_has_a_subnet_and_a_separate_route_table() -> None:
    recording = record_network(PrivateSubnetsArgs(nat=NatKind.NONE))
    network = recording.result

    for zone in ZONES:
        association = only(recording, ASSOCIATION, f"net-private-{zone}")
        assert association.inputs["subnetId"] == f"net-private-{zone}-id"
        assert association.inputs["routeTableId"] == f"net-private-{zone}-id"
        assert recording.value(network.private_subnet_ids[zone]) == f"net-private-{zone}-id"
        assert recording.value(network.private_route_table_ids[zone]) == f"net-private-{zone}-id"
    assert not untagged(recording)


def test_subnet_id_resolves_after_its_routes_and_endpoints() -> None:
    args = PrivateSubnetsArgs(nat=NatKind.SINGLE, endpoint_services=(EndpointService.LOGS,))
    recording = record_network(args, ipv6=True)

    for zone in ZONES:
        dependencies = only(recording, ASSOCIATION, f"net-private-{zone}").opts.depends_on
        assert {f"net-private-{zone}-internet", f"net-private-{zone}-internet-ipv6", "net-logs"} <= dependencies
        assert recording.source_types(recording.result.private_subnet_ids[zone]) == {
            "aws:ec2/subnet:Subnet",
            ASSOCIATION,
        }


def test_ipv6_routes_use_the_egress_only_internet_gateway() -> None:
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
def test_instance_type_with_another_processor_is_rejected(instance_type: str) -> None:
    with pytest.raises(ValueError, match=rf"nat_instance_type: not an ARM instance type \(got '{instance_type}'\)"):
        PrivateSubnetsArgs(nat=NatKind.INSTANCE, nat_instance_type=instance_type)


@pytest.mark.parametrize("instance_type", ["t4g.micro", "c7gn.medium", "m8g.large"])
def test_arm_instance_types_pass(instance_type: str) -> None:
    args = PrivateSubnetsArgs(nat=NatKind.INSTANCE, nat_instance_type=instance_type)

    assert args.nat_instance_type == instance_type


def test_invalid_endpoint_services_are_rejected() -> None:
    with pytest.raises(ValueError, match=r"endpoint_services: a service is listed twice \(got logs, logs\)"):
        PrivateSubnetsArgs(nat=NatKind.NONE, endpoint_services=[EndpointService.LOGS] * 2)


def test_nano_types_are_rejected_and_the_default_is_larger() -> None:
    with pytest.raises(ValueError, match=r"nat_instance_type: too little memory \(got 't4g\.nano'\)"):
        PrivateSubnetsArgs(nat=NatKind.INSTANCE, nat_instance_type="t4g.nano")
    assert PrivateSubnetsArgs(nat=NatKind.INSTANCE).nat_instance_type == "t4g.micro"
