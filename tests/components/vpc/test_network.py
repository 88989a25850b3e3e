"""Tests of the network: its resources, their access, and adding zones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.vpc.nat import NatKind
from components.vpc.network import Network, NetworkArgs
from components.vpc.private_subnets import PrivateSubnetsArgs
from tests.engine_recorder import ACCOUNT, REGION, Recording, record

TWO = ("eu-west-1a", "eu-west-1b")
ARGS = NetworkArgs(
    vpc_cidr="10.20.0.0/16",
    availability_zones=TWO,
    account_id=ACCOUNT,
    region=REGION,
    flow_log_retention_days=30,
    tags={"Stack": "dev"},
)

IPV6 = {"aws:ec2/vpc:Vpc": {"ipv6CidrBlock": "2001:db8:0:ab00::/56"}}


@pytest.fixture(scope="module")
def recording() -> Recording[Network]:
    return record(lambda: Network("net", ARGS))


def test_creates_exactly_these_resources(recording: Recording[Network]) -> None:
    zones = {f"net-{kind}-{zone}" for kind in ("public", "data") for zone in TWO}
    others = {
        *("net-vpc", "net-default-security-group", "net-internet", "net-public", "net-data"),
        *("net-public-internet", "net-s3", "net-flow-logs"),
    }
    tree = recording.tree()

    assert set(tree) == {"net", *zones, *others}
    assert all(parent == "net" for name, parent in tree.items() if name != "net")


def test_subnets_follow_the_address_plan_and_assign_no_public_addresses(recording: Recording[Network]) -> None:
    subnets = recording.of("aws:ec2/subnet:Subnet")

    assert {subnet.name: (subnet.inputs["availabilityZone"], subnet.inputs["cidrBlock"]) for subnet in subnets} == {
        "net-public-eu-west-1a": ("eu-west-1a", "10.20.128.0/22"),
        "net-public-eu-west-1b": ("eu-west-1b", "10.20.132.0/22"),
        "net-data-eu-west-1a": ("eu-west-1a", "10.20.160.0/24"),
        "net-data-eu-west-1b": ("eu-west-1b", "10.20.161.0/24"),
    }
    assert [subnet.inputs["mapPublicIpOnLaunch"] for subnet in subnets] == [False] * 4


def test_adding_or_reordering_zones_changes_no_existing_resource(recording: Recording[Network]) -> None:
    more = record(lambda: Network("net", replace(ARGS, availability_zones=("eu-west-1c", *reversed(TWO)))))
    before = {(resource.type, resource.name): resource.inputs for resource in recording.resources}
    after = {(resource.type, resource.name): resource.inputs for resource in more.resources}

    assert {key: after[key] for key in before} == before
    assert {name for _, name in after.keys() - before.keys()} == {"net-public-eu-west-1c", "net-data-eu-west-1c"}


def test_only_the_public_route_table_has_an_internet_route(recording: Recording[Network]) -> None:
    route = recording.one("aws:ec2/route:Route")
    associations = recording.of("aws:ec2/routeTableAssociation:RouteTableAssociation")

    assert route.inputs["routeTableId"] == "net-public-id"
    assert route.inputs["destinationCidrBlock"] == "0.0.0.0/0"
    assert {association.inputs["subnetId"]: association.inputs["routeTableId"] for association in associations} == {
        "net-public-eu-west-1a-id": "net-public-id",
        "net-public-eu-west-1b-id": "net-public-id",
        "net-data-eu-west-1a-id": "net-data-id",
        "net-data-eu-west-1b-id": "net-data-id",
    }
    assert not [table for table in recording.of("aws:ec2/routeTable:RouteTable") if "routes" in table.inputs]


def test_public_subnet_id_resolves_after_its_internet_route(recording: Recording[Network]) -> None:
    subnet_id = recording.result.public_subnet_ids["eu-west-1a"]

    assert recording.value(subnet_id) == "net-public-eu-west-1a-id"
    association = next(
        resource
        for resource in recording.of("aws:ec2/routeTableAssociation:RouteTableAssociation")
        if resource.name == "net-public-eu-west-1a"
    )
    assert "net-public-internet" in association.opts.depends_on
    assert recording.source_types(subnet_id) == {
        "aws:ec2/subnet:Subnet",
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
    }


def test_without_private_subnets_their_outputs_are_empty(recording: Recording[Network]) -> None:
    network = recording.result

    assert network.private_subnet_ids == {}
    assert network.private_route_table_ids == {}
    assert network.endpoint_security_group_id is None
    assert network.nat_public_ips == []
    assert set(network.route_table_ids) == {"public"}


def test_adding_private_subnets_and_ipv6_changes_only_the_expected_inputs(recording: Recording[Network]) -> None:
    args = replace(ARGS, private=PrivateSubnetsArgs(nat=NatKind.PER_ZONE), ipv6=True)
    more = record(lambda: Network("net", args), outputs=IPV6)
    before = {(resource.type, resource.name): resource for resource in recording.resources}
    after = {(resource.type, resource.name): resource for resource in more.resources}
    changed = {
        (name, key)
        for (type_token, name), resource in before.items()
        for key in {*resource.inputs, *after[type_token, name].inputs}
        if resource.inputs.get(key) != after[type_token, name].inputs.get(key) and resource.custom
    }

    assert changed == {
        ("net-vpc", "assignGeneratedIpv6CidrBlock"),
        ("net-s3", "routeTableIds"),
        *((f"net-{kind}-{zone}", "ipv6CidrBlock") for kind in ("public", "data") for zone in TWO),
    }
    assert more.named("net-s3").inputs["routeTableIds"] == [
        "net-public-id",
        "net-private-eu-west-1a-id",
        "net-private-eu-west-1b-id",
    ]
    assert set(more.result.route_table_ids) == {"public", "private-eu-west-1a", "private-eu-west-1b"}


def test_dual_stack_adds_ipv6_blocks_and_a_public_route() -> None:
    recording = record(lambda: Network("net", replace(ARGS, ipv6=True)), outputs=IPV6)
    blocks = {subnet.name: subnet.inputs["ipv6CidrBlock"] for subnet in recording.of("aws:ec2/subnet:Subnet")}
    route = recording.named("net-public-internet-ipv6")

    assert recording.one("aws:ec2/vpc:Vpc").inputs["assignGeneratedIpv6CidrBlock"] is True
    assert blocks == {
        "net-public-eu-west-1a": "2001:db8:0:ab10::/64",
        "net-public-eu-west-1b": "2001:db8:0:ab11::/64",
        "net-data-eu-west-1a": "2001:db8:0:ab20::/64",
        "net-data-eu-west-1b": "2001:db8:0:ab21::/64",
    }
    assert route.inputs["destinationIpv6CidrBlock"] == "::/0"
    assert route.inputs["gatewayId"] == "net-internet-id"
    assert not [
        subnet.name
        for subnet in recording.of("aws:ec2/subnet:Subnet")
        if subnet.inputs.get("assignIpv6AddressOnCreation")
    ]


def test_default_security_group_has_no_rules(recording: Recording[Network]) -> None:
    group = recording.one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")

    assert group.inputs["vpcId"] == "net-vpc-id"
    assert "ingress" not in group.inputs
    assert "egress" not in group.inputs


def test_s3_endpoint_is_associated_with_the_public_route_table(recording: Recording[Network]) -> None:
    endpoint = recording.one("aws:ec2/vpcEndpoint:VpcEndpoint")

    assert endpoint.inputs["serviceName"] == f"com.amazonaws.{REGION}.s3"
    assert endpoint.inputs["vpcEndpointType"] == "Gateway"
    assert endpoint.inputs["routeTableIds"] == ["net-public-id"]


def test_every_taggable_resource_has_tags_and_name(recording: Recording[Network]) -> None:
    untaggable = {"aws:ec2/route:Route", "aws:ec2/routeTableAssociation:RouteTableAssociation"}
    taggable = [
        resource
        for resource in recording.resources
        if resource.custom and resource.type not in {*untaggable, "aws:iam/rolePolicy:RolePolicy"}
    ]

    assert taggable
    assert all(resource.inputs["tags"]["Stack"] == "dev" for resource in taggable)
    assert all(resource.inputs["tags"]["Name"].startswith("net-") for resource in taggable)


def test_invalid_arguments_are_rejected() -> None:
    with pytest.raises(ValueError, match=r"vpc_cidr: not a private /16 \(got 10\.20\.0\.0/24\)"):
        replace(ARGS, vpc_cidr="10.20.0.0/24")
    with pytest.raises(ValueError, match=r"availability_zones: wrong number of zones \(got 1\)"):
        replace(ARGS, availability_zones=("eu-west-1a",))
    with pytest.raises(ValueError, match=r"flow_log_retention_days: .*got 2"):
        replace(ARGS, flow_log_retention_days=2)
    with pytest.raises(
        ValueError, match=r"private\.nat_zone: .* \(got eu-west-1c\)\. Set one of eu-west-1a, eu-west-1b"
    ):
        replace(ARGS, private=PrivateSubnetsArgs(nat=NatKind.SINGLE, nat_zone="eu-west-1c"))
