"""Tests of interface endpoints: subnets, security group and endpoint policy."""

from __future__ import annotations

import pytest

from components.vpc.endpoints import EndpointService, check_endpoint_services
from components.vpc.nat import NatKind
from components.vpc.network import Network
from components.vpc.private_subnets import PrivateSubnetsArgs
from tests.components.network_recording import ZONES, record_network, untagged
from tests.components.policy_documents import statements
from tests.engine_recorder import ACCOUNT, REGION, Recorded, Recording

SERVICES = (EndpointService.ECR_API, EndpointService.ECR_DKR, EndpointService.SSM_MESSAGES)


@pytest.fixture(scope="module")
def recording() -> Recording[Network]:
    return record_network(PrivateSubnetsArgs(nat=NatKind.NONE, endpoint_services=SERVICES))


def interfaces(recording: Recording[Network]) -> dict[str, Recorded]:
    endpoints = recording.of("aws:ec2/vpcEndpoint:VpcEndpoint")
    return {each.name: each for each in endpoints if each.inputs["vpcEndpointType"] == "Interface"}


def test_each_service_has_one_endpoint_in_every_zone_with_private_dns(recording: Recording[Network]) -> None:
    endpoints = interfaces(recording)

    assert {name: each.inputs["serviceName"] for name, each in endpoints.items()} == {
        "net-ecr-api": f"com.amazonaws.{REGION}.ecr.api",
        "net-ecr-dkr": f"com.amazonaws.{REGION}.ecr.dkr",
        "net-ssmmessages": f"com.amazonaws.{REGION}.ssmmessages",
    }
    for endpoint in endpoints.values():
        assert endpoint.inputs["subnetIds"] == [f"net-private-{zone}-id" for zone in ZONES]
        assert endpoint.inputs["privateDnsEnabled"] is True


def test_security_group_allows_https_from_the_vpc_only(recording: Recording[Network]) -> None:
    (rule,) = recording.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")

    assert rule.inputs["cidrIpv4"] == "10.20.0.0/16"
    assert (rule.inputs["fromPort"], rule.inputs["toPort"], rule.inputs["ipProtocol"]) == (443, 443, "tcp")
    assert rule.inputs["securityGroupId"] == "net-endpoints-id"
    endpoints = interfaces(recording)
    assert len(endpoints) == len(SERVICES)
    for endpoint in endpoints.values():
        assert endpoint.inputs["securityGroupIds"] == ["net-endpoints-id"]
        assert "net-endpoints-https" in endpoint.opts.depends_on
    group_id = recording.result.endpoint_security_group_id
    assert group_id is not None
    assert recording.value(group_id) == "net-endpoints-id"


def test_endpoint_policy_denies_credentials_of_other_accounts(recording: Recording[Network]) -> None:
    endpoints = interfaces(recording)
    assert len(endpoints) == len(SERVICES)
    for endpoint in endpoints.values():
        (statement,) = statements(endpoint)
        assert statement["Condition"] == {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}


def test_adding_a_service_does_not_change_other_endpoints(recording: Recording[Network]) -> None:
    more = record_network(
        PrivateSubnetsArgs(nat=NatKind.NONE, endpoint_services=(EndpointService.LOGS, *reversed(SERVICES)))
    )
    before, after = interfaces(recording), interfaces(more)

    assert after.keys() - before.keys() == {"net-logs"}
    assert {name: after[name].inputs for name in before} == {name: each.inputs for name, each in before.items()}


def test_every_taggable_resource_has_tags_and_name(recording: Recording[Network]) -> None:
    assert not untagged(recording)


@pytest.mark.parametrize(
    ("services", "reason"),
    [
        ((EndpointService.LOGS, EndpointService.LOGS), "List each service once"),
        ((EndpointService.ECR_API,), "ecr.api and ecr.dkr together or neither"),
        ((EndpointService.ECR_DKR, EndpointService.LOGS), "ecr.api and ecr.dkr together or neither"),
    ],
)
def test_duplicate_or_incomplete_services_are_rejected(services: tuple[EndpointService, ...], reason: str) -> None:
    with pytest.raises(ValueError, match=rf"endpoint_services: .* \(got .*\)\. .*{reason}"):
        check_endpoint_services("endpoint_services", services)


@pytest.mark.parametrize("services", [(), SERVICES, (EndpointService.KMS,)])
def test_other_services_pass(services: tuple[EndpointService, ...]) -> None:
    check_endpoint_services("endpoint_services", services)

    assert PrivateSubnetsArgs(nat=NatKind.NONE, endpoint_services=services).endpoint_services == services
