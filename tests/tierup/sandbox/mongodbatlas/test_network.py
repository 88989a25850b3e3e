"""Atlas's private networks in the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.mongodbatlas.network import private_endpoints

from ..aws.account import Account
from .test_clusters import CLUSTER, cluster, region
from .test_project import project

CONTAINER = "mongodbatlas:index/networkContainer:NetworkContainer"
PEERING = "mongodbatlas:index/networkPeering:NetworkPeering"
ENDPOINT = "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint"
SERVICE = "mongodbatlas:index/privateLinkEndpointService:PrivateLinkEndpointService"
VPC = "vpc-0123456789abcdef0"


@pytest.fixture
def account() -> Account:
    account = Account()
    account.add_existing("aws:ec2/vpc:Vpc", VPC, cidrBlock="10.0.0.0/16")
    return account


@pytest.fixture
def group(account: Account) -> str:
    return project(account)


def container(project_id: str, **more: Any) -> dict[str, Any]:
    return {"projectId": project_id, "atlasCidrBlock": "192.168.248.0/21", "regionName": "EU_WEST_1", **more}


def peering(project_id: str, container_id: str, **more: Any) -> dict[str, Any]:
    inputs = {
        "projectId": project_id,
        "containerId": container_id,
        "providerName": "AWS",
        "accepterRegionName": "eu-west-1",
        "awsAccountId": "123456789012",
        "routeTableCidrBlock": "10.0.0.0/16",
        "vpcId": VPC,
        **more,
    }
    return {key: value for key, value in inputs.items() if value is not None}


@pytest.mark.parametrize(
    ("block", "rejected"),
    [
        ("192.168.248.0/21", False),
        ("172.31.0.0/24", False),
        ("10.8.0.0/20", True),
        ("10.8.0.0/25", True),
        ("11.0.0.0/21", True),
        ("10.8.0.1/21", True),
    ],
)
def test_container_validates_its_range(account: Account, group: str, block: str, rejected: bool) -> None:
    assert bool(account.codes(CONTAINER, **container(group, atlasCidrBlock=block))) is rejected


def test_second_container_of_a_region_is_rejected(account: Account, group: str) -> None:
    account.make(CONTAINER, "first", **container(group))
    assert account.codes(CONTAINER, "second", **container(group, atlasCidrBlock="10.8.0.0/21")) == {
        "CONTAINER_ALREADY_EXISTS"
    }
    assert account.codes(CONTAINER, "second", **container(group, regionName="EU_CENTRAL_1")) == {
        "OVERLAPPING_ATLAS_CIDR_BLOCK"
    }
    assert not account.codes(
        CONTAINER, "second", **container(group, regionName="EU_CENTRAL_1", atlasCidrBlock="10.8.0.0/21")
    )


def test_container_after_the_cluster_is_rejected(account: Account, group: str) -> None:
    account.make(CLUSTER, name="app", **cluster(group))
    assert account.codes(CONTAINER, **container(group)) == {"CONTAINER_ALREADY_EXISTS"}
    assert account.codes(CONTAINER, **container(group, regionName="eu-west-1")) == {"INVALID_REGION"}


def test_container_in_use_keeps_its_range(account: Account, group: str) -> None:
    made = account.make(CONTAINER, **container(group))
    assert not account.change_codes(made, atlasCidrBlock="10.8.0.0/21")
    account.make(CLUSTER, name="app", **cluster(group))
    assert account.change_codes(made, atlasCidrBlock="10.8.0.0/21") == {"CONTAINERS_IN_USE"}
    assert account.delete_codes(made) == {"CONTAINERS_IN_USE"}


def test_peering_needs_a_container_and_a_vpc(account: Account, group: str) -> None:
    made = account.make(CONTAINER, **container(group))
    joined = account.make(PEERING, "first", **peering(group, made.outputs["containerId"]))
    assert joined.outputs["connectionId"].startswith("pcx-")
    assert joined.outputs["statusName"] == "PENDING_ACCEPTANCE"
    assert joined.outputs["atlasCidrBlock"] == "192.168.248.0/21"
    assert account.codes(PEERING, "second", **peering(group, made.id)) == {"PEER_ALREADY_EXISTS"}
    assert account.delete_codes(made) == {"CONTAINERS_IN_USE"}
    app = account.make(CLUSTER, name="app", **cluster(group))
    assert app.outputs["connectionStrings"]["privateSrv"].startswith("mongodb+srv://app-pri.")


def test_peering_accepts_the_container_of_a_legacy_cluster(account: Account, group: str) -> None:
    """The container of a type without a behaviour row."""
    legacy = "mongodbatlas:index/cluster:Cluster"
    account.add_existing(legacy, "legacy", projectId=group, containerId="a" * 24)
    assert not account.codes(PEERING, **peering(group, "a" * 24))
    assert account.codes(PEERING, **peering(group, "b" * 24)) == {"CONTAINER_NOT_FOUND"}


@pytest.mark.parametrize(
    "more",
    [
        {"vpcId": None},
        {"vpcId": "vpc-none"},
        {"awsAccountId": "123"},
        {"accepterRegionName": "eu-central-1"},
        {"routeTableCidrBlock": "192.168.248.0/24"},
        {"containerId": "f" * 24},
        {"projectId": "f" * 24},
    ],
)
def test_invalid_peerings_are_rejected(account: Account, group: str, more: dict[str, Any]) -> None:
    made = account.make(CONTAINER, **container(group))
    assert account.codes(PEERING, **peering(group, made.outputs["containerId"], **more))


def test_private_endpoint_is_in_a_region_of_its_cloud(account: Account, group: str) -> None:
    assert account.codes(ENDPOINT, projectId=group, providerName="AWS", region="eu-west-9") == {"INVALID_REGION"}
    assert not account.codes(ENDPOINT, projectId=group, providerName="AZURE", region="northeurope")


def test_private_endpoint_needs_its_vpc_endpoint(account: Account, group: str) -> None:
    link = account.make(ENDPOINT, "first", projectId=group, providerName="AWS", region="eu-west-1")
    assert link.outputs["regionName"] == "EU_WEST_1"
    assert link.outputs["endpointServiceName"].startswith("com.amazonaws.vpce.eu-west-1.vpce-svc-")
    assert account.codes(ENDPOINT, "second", projectId=group, providerName="AWS", region="EU_WEST_1") == {
        "PRIVATE_ENDPOINT_EXISTS"
    }

    def joining(endpoint: str) -> dict[str, Any]:
        return {
            "projectId": group,
            "privateLinkId": link.outputs["privateLinkId"],
            "providerName": "AWS",
            "endpointServiceId": endpoint,
        }

    kind = "aws:ec2/vpcEndpoint:VpcEndpoint"
    account.add_existing(kind, "vpce-1", serviceName=link.outputs["endpointServiceName"])
    account.add_existing(kind, "vpce-2", serviceName="com.amazonaws.vpce.eu-west-1.vpce-svc-other")
    assert account.codes(SERVICE, **joining("vpce-0")) == {"INTERFACE_ENDPOINT_NOT_FOUND"}
    assert account.codes(SERVICE, **joining("vpce-2")) == {"INTERFACE_ENDPOINT_REJECTED"}
    account.make(SERVICE, **joining("vpce-1"))
    assert account.delete_codes(link) == {"PRIVATE_ENDPOINT_SERVICE_IN_USE"}


def test_cluster_has_a_private_endpoint_string_when_all_regions_are_connected(account: Account, group: str) -> None:
    configs = [region(nodes=2), region("EU_CENTRAL_1", 6, 1)]
    made = account.make(CLUSTER, "app", name="app", **cluster(group, *configs))

    def join(where: str, endpoint: str) -> None:
        link = account.make(ENDPOINT, where, projectId=group, providerName="AWS", region=where)
        account.add_existing(
            "aws:ec2/vpcEndpoint:VpcEndpoint", endpoint, serviceName=link.outputs["endpointServiceName"]
        )
        account.make(
            SERVICE, where, projectId=group, providerName="AWS", privateLinkId=link.outputs["privateLinkId"],
            endpointServiceId=endpoint,
        )  # fmt: skip

    assert private_endpoints(account.cloud, made) == []
    join("eu-west-1", "vpce-1")
    assert private_endpoints(account.cloud, made) == []
    join("eu-central-1", "vpce-2")
    (string,) = private_endpoints(account.cloud, made)
    assert {each["endpointId"] for each in string["endpoints"]} == {"vpce-1", "vpce-2"}
    assert string["srvConnectionString"].startswith("mongodb+srv://app-pl-0.")
