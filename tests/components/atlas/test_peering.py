"""The peering: order of creation, routes, the access list and CIDRs that do not overlap."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.atlas.peering import AtlasPeering, AtlasPeeringArgs
from tests.engine_recorder import Recording, record

ARGS = AtlasPeeringArgs(
    project_id="project-1",
    account_id="111122223333",
    region="eu-west-1",
    vpc_id="vpc-1",
    vpc_cidr="10.20.0.0/16",
    route_table_ids={"public": "rtb-1", "data": "rtb-2"},
    tags={"Stack": "dev"},
)
OUTPUTS = {
    "mongodbatlas:index/networkContainer:NetworkContainer": {"containerId": "container-1"},
    "mongodbatlas:index/networkPeering:NetworkPeering": {"connectionId": "pcx-1"},
}


@pytest.fixture(scope="module")
def recording() -> Recording[AtlasPeering]:
    return record(lambda: AtlasPeering("peer", ARGS), outputs=OUTPUTS)


def test_creates_exactly_these_resources(recording: Recording[AtlasPeering]) -> None:
    parts = ("container", "peering", "accepter", "route-public", "route-data", "access")

    assert recording.tree() == {"peer": None, **{f"peer-{part}": "peer" for part in parts}}


def test_container_and_peering_name_both_sides(recording: Recording[AtlasPeering]) -> None:
    container = recording.named("peer-container").inputs
    peering = recording.named("peer-peering").inputs

    assert container["regionName"] == "EU_WEST_1"
    assert container["atlasCidrBlock"] == "192.168.248.0/21"
    assert peering["accepterRegionName"] == "eu-west-1"
    assert (peering["awsAccountId"], peering["vpcId"]) == ("111122223333", "vpc-1")
    assert (peering["containerId"], peering["routeTableCidrBlock"]) == ("container-1", "10.20.0.0/16")
    assert recording.named("peer-accepter").inputs["vpcPeeringConnectionId"] == "pcx-1"
    assert recording.named("peer-accepter").inputs["autoAccept"] is True


def test_routes_to_atlas_depend_on_the_accepted_peering(recording: Recording[AtlasPeering]) -> None:
    routes = recording.of("aws:ec2/route:Route")

    assert {route.inputs["routeTableId"] for route in routes} == {"rtb-1", "rtb-2"}
    for route in routes:
        assert route.inputs["destinationCidrBlock"] == "192.168.248.0/21"
        assert route.inputs["vpcPeeringConnectionId"] == "pcx-1"
        assert "peer-accepter" in route.opts.depends_on


def test_access_list_holds_the_vpc_only(recording: Recording[AtlasPeering]) -> None:
    access = recording.one("mongodbatlas:index/projectIpAccessList:ProjectIpAccessList").inputs

    assert access["cidrBlock"] == "10.20.0.0/16"
    assert recording.named("peer-access").opts.delete_before_replace is True


def test_project_id_depends_on_the_network_container(recording: Recording[AtlasPeering]) -> None:
    assert recording.value(recording.result.project_id) == "project-1"
    assert "peer-container" in recording.sources(recording.result.project_id)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"atlas_cidr": "10.20.8.0/21"}, "^atlas_cidr: overlaps vpc_cidr"),
        ({"atlas_cidr": "192.168.0.0/20"}, r"^atlas_cidr: .*\(got 192.168.0.0/20\)\. Use a /21 to /24"),
        ({"atlas_cidr": "172.32.0.0/21"}, "within 10.0.0.0/8"),
        ({"atlas_cidr": "192.168.248.1/21"}, "has host bits set"),
        ({"vpc_cidr": "10.20"}, r"^vpc_cidr: .*\(got '10.20'\)"),
        ({"region": "EU_WEST_1"}, "AWS region's name"),
        ({"route_table_ids": {}}, "^route_table_ids: must not be empty"),
    ],
)
def test_invalid_arguments_are_rejected(wrong: dict[str, str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(ARGS, **wrong)  # pyright: ignore[reportArgumentType]  # wrong on purpose


def test_peering_to_another_region_names_both_regions_and_adds_no_access_list_entry() -> None:
    other_region = replace(ARGS, cluster_region="eu-central-1", atlas_cidr="192.168.240.0/21", access_list=False)
    recording = record(lambda: AtlasPeering("other-region", other_region), outputs=OUTPUTS)

    assert recording.named("other-region-container").inputs["regionName"] == "EU_CENTRAL_1"
    assert recording.named("other-region-peering").inputs["accepterRegionName"] == "eu-west-1"
    assert not recording.of("mongodbatlas:index/projectIpAccessList:ProjectIpAccessList"), "one peering adds the entry"
