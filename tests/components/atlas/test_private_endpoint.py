"""The private endpoint: both ends, its security group and the lookup of its host name."""

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


def recorded(args: AtlasPrivateEndpointArgs = ARGS) -> Recording[AtlasPrivateEndpoint]:
    outputs = {LINK: {"privateLinkId": "link-1", "endpointServiceName": "com.amazonaws.vpce.eu-west-1.vpce-svc-1"}}
    calls = found("private-endpoint-id")
    return record(lambda: AtlasPrivateEndpoint("private", args), outputs=outputs, calls=calls)


def test_creates_exactly_these_resources() -> None:
    parts = ("group", "link", "endpoint", "service")

    assert recorded().tree() == {"private": None, **{f"private-{part}": "private" for part in parts}}


def test_endpoint_connects_the_vpc_to_atlas() -> None:
    recording = recorded()
    endpoint, joined = recording.one(ENDPOINT).inputs, recording.one(JOINED).inputs

    assert endpoint["serviceName"] == "com.amazonaws.vpce.eu-west-1.vpce-svc-1"
    assert (endpoint["vpcEndpointType"], endpoint["subnetIds"]) == ("Interface", ["subnet-1", "subnet-2"])
    assert (joined["privateLinkId"], joined["endpointServiceId"]) == ("link-1", "private-endpoint-id")
    assert endpoint["tags"]["Stack"] == "dev"


def test_security_group_has_no_rules() -> None:
    group = recorded().one("aws:ec2/securityGroup:SecurityGroup").inputs

    assert not {"ingress", "egress"} & set(group)


def test_host_lookup_depends_on_the_endpoint_service() -> None:
    recording = recorded()

    host = recording.result.host("app")

    assert recording.value(host) == "app-pl-0.x.mongodb.net"
    assert "private-service" in recording.sources(host)


def test_other_regions_have_endpoints_in_the_same_vpc() -> None:
    recording = recorded(replace(ARGS, other_regions=["eu-central-1"]))
    link, endpoint = recording.named("private-eu-central-1-link"), recording.named("private-eu-central-1-endpoint")

    assert (link.inputs["region"], link.inputs["supportedRemoteRegions"]) == ("eu-central-1", ["EU_WEST_1"])
    assert (endpoint.inputs["serviceRegion"], endpoint.inputs["vpcId"]) == ("eu-central-1", "vpc-1")
    assert "private-eu-central-1-service" in recording.sources(recording.result.host("app"))
    assert "serviceRegion" not in recording.named("private-endpoint").inputs


def test_missing_connection_string_raises() -> None:
    string = mongodbatlas.outputs.GetAdvancedClusterConnectionStringsPrivateEndpointResult(
        connection_string="", endpoints=[], srv_connection_string="", srv_shard_optimized_connection_string="", type=""
    )
    with pytest.raises(LookupError, match=r"\(got endpoint vpce-1\)\. Name every further region"):
        private_host([string], "vpce-1")
    with pytest.raises(LookupError, match="got endpoint vpce-1"):
        private_host(None, "vpce-1")


def test_repeated_region_is_rejected() -> None:
    with pytest.raises(ValueError, match="one endpoint service per region"):
        replace(ARGS, other_regions=["eu-west-1"])
