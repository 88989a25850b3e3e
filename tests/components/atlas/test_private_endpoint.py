"""The private endpoint: joined before anybody looks for its name, closed until a client opens it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pulumi_mongodbatlas as mongodbatlas
import pytest

from components.atlas.private_endpoint import AtlasPrivateEndpoint, AtlasPrivateEndpointArgs, private_host
from tests.engine_recorder import Recording, record

LINK = "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint"
JOINED = "mongodbatlas:index/privateLinkEndpointService:PrivateLinkEndpointService"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
ARGS = AtlasPrivateEndpointArgs(
    project_id="project-1",
    cluster_name="app",
    region="eu-west-1",
    vpc_id="vpc-1",
    subnet_ids=["subnet-1", "subnet-2"],
    tags={"Stack": "dev"},
)


def found(endpoint: str) -> dict[str, Any]:
    string = {
        "connectionString": "",
        "endpoints": [{"endpointId": endpoint, "providerName": "AWS", "region": "EU_WEST_1"}],
        "srvConnectionString": "mongodb+srv://app-pl-0.x.mongodb.net",
        "srvShardOptimizedConnectionString": "",
        "type": "MONGOD",
    }
    return {
        "mongodbatlas:index/getAdvancedCluster:getAdvancedCluster": {
            "connectionStrings": {
                "private": "", "privateEndpoints": [string], "privateSrv": "", "standard": "", "standardSrv": "",
            }
        }
    }  # fmt: skip


def made(args: AtlasPrivateEndpointArgs = ARGS) -> Recording[AtlasPrivateEndpoint]:
    outputs = {LINK: {"privateLinkId": "link-1", "endpointServiceName": "com.amazonaws.vpce.eu-west-1.vpce-svc-1"}}
    calls = found("private-endpoint-id")
    return record(lambda: AtlasPrivateEndpoint("private", args), outputs=outputs, calls=calls)


def test_it_is_made_of_these_and_no_others() -> None:
    parts = ("group", "link", "endpoint", "joined")

    assert made().tree() == {"private": None, **{f"private-{part}": "private" for part in parts}}


def test_both_ends_meet_in_the_vpc() -> None:
    recording = made()
    endpoint, joined = recording.one(ENDPOINT).inputs, recording.one(JOINED).inputs

    assert endpoint["serviceName"] == "com.amazonaws.vpce.eu-west-1.vpce-svc-1"
    assert (endpoint["vpcEndpointType"], endpoint["subnetIds"]) == ("Interface", ["subnet-1", "subnet-2"])
    assert (joined["privateLinkId"], joined["endpointServiceId"]) == ("link-1", "private-endpoint-id")
    assert endpoint["tags"]["Stack"] == "dev"


def test_it_is_closed_until_a_client_opens_it() -> None:
    group = made().one("aws:ec2/securityGroup:SecurityGroup").inputs

    assert not {"ingress", "egress"} & set(group)


def test_its_name_is_looked_up_once_all_is_joined() -> None:
    recording = made()

    assert recording.value(recording.result.host) == "app-pl-0.x.mongodb.net"
    assert "private-joined" in recording.sources(recording.result.host)


def test_other_regions_are_reached_from_the_same_vpc() -> None:
    recording = made(replace(ARGS, other_regions=["eu-central-1"]))
    link, endpoint = recording.named("private-eu-central-1-link"), recording.named("private-eu-central-1-endpoint")

    assert (link.inputs["region"], link.inputs["supportedRemoteRegions"]) == ("eu-central-1", ["EU_WEST_1"])
    assert (endpoint.inputs["serviceRegion"], endpoint.inputs["vpcId"]) == ("eu-central-1", "vpc-1")
    assert "private-eu-central-1-joined" in recording.sources(recording.result.host)
    assert "serviceRegion" not in recording.named("private-endpoint").inputs


def test_no_string_through_the_endpoint_is_said_and_not_guessed() -> None:
    string = mongodbatlas.outputs.GetAdvancedClusterConnectionStringsPrivateEndpointResult(
        connection_string="", endpoints=[], srv_connection_string="", srv_shard_optimized_connection_string="", type=""
    )
    with pytest.raises(LookupError, match=r"through vpce-1; .* name all of them in other_regions"):
        private_host([string], "vpce-1")
    with pytest.raises(LookupError):
        private_host(None, "vpce-1")


def test_a_region_is_given_once() -> None:
    with pytest.raises(ValueError, match="one endpoint service a region"):
        replace(ARGS, other_regions=["eu-west-1"])
