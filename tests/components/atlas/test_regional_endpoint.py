"""The private endpoint of a further region: its region, its association with Atlas, and the lookup of its host name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.atlas.private_endpoint import AtlasPrivateEndpoint
from components.atlas.regional_endpoint import AtlasRegionalEndpoint, AtlasRegionalEndpointArgs
from tests.components.atlas.test_private_endpoint import ARGS as FIRST
from tests.components.atlas.test_private_endpoint import ENDPOINT, JOINED, LINK, found
from tests.engine_recorder import Recording, record

ARGS = AtlasRegionalEndpointArgs(
    project_id="project-1",
    cluster_name="app",
    region="eu-central-1",
    vpc_id="vpc-2",
    subnet_ids=["subnet-3", "subnet-4"],
    private_link_id="link-2",
    service_name="com.amazonaws.vpce.eu-central-1.vpce-svc-2",
    tags={"Stack": "dev"},
)


def recorded() -> Recording[AtlasRegionalEndpoint]:
    outputs = {JOINED: {"endpointServiceId": "private-endpoint-id"}}
    return record(lambda: AtlasRegionalEndpoint("private", ARGS), outputs=outputs, calls=found("private-endpoint-id"))


def test_endpoint_is_in_its_region_and_joins_the_service_of_that_region() -> None:
    recording = recorded()
    endpoint, joined = recording.one(ENDPOINT).inputs, recording.one(JOINED).inputs

    parts = ("group", "endpoint", "service")
    assert recording.tree() == {"private": None, **{f"private-{part}": "private" for part in parts}}
    assert (endpoint["region"], endpoint["vpcId"]) == ("eu-central-1", "vpc-2")
    assert endpoint["serviceName"] == ARGS.service_name
    assert (joined["privateLinkId"], joined["endpointServiceId"]) == ("link-2", "private-endpoint-id")
    assert recording.named("private-group").inputs["region"] == "eu-central-1"


def test_host_is_that_of_the_endpoint() -> None:
    recording = recorded()
    assert recording.value(recording.result.host) == "app-pl-0.x.mongodb.net"


def test_unknown_region_is_refused() -> None:
    with pytest.raises(ValueError, match="region"):
        replace(ARGS, region="nowhere")


def test_endpoint_of_the_first_region_has_the_links_of_all_regions() -> None:
    args = replace(FIRST, other_regions=["eu-central-1"])
    outputs = {LINK: {"privateLinkId": "link-1", "endpointServiceName": "service-1"}}
    recording = record(
        lambda: AtlasPrivateEndpoint("private", args), outputs=outputs, calls=found("private-endpoint-id")
    )
    links = recording.result.links
    assert list(links) == ["eu-west-1", "eu-central-1"]
    assert recording.value(links["eu-central-1"].private_link_id) == "link-1"
    assert recording.sources(links["eu-central-1"].service_name) == {"private-eu-central-1-link"}
