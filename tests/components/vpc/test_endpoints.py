"""Interface endpoints: where they stand, who gets in, whose credentials they take."""

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


def test_each_service_has_one_with_the_services_own_name_in_every_zone(recording: Recording[Network]) -> None:
    endpoints = interfaces(recording)

    assert {name: each.inputs["serviceName"] for name, each in endpoints.items()} == {
        "net-ecr-api": f"com.amazonaws.{REGION}.ecr.api",
        "net-ecr-dkr": f"com.amazonaws.{REGION}.ecr.dkr",
        "net-ssmmessages": f"com.amazonaws.{REGION}.ssmmessages",
    }
    for endpoint in endpoints.values():
        assert endpoint.inputs["subnetIds"] == [f"net-private-{zone}-id" for zone in ZONES]
        assert endpoint.inputs["privateDnsEnabled"] is True


def test_the_vpc_alone_gets_in_by_https_alone(recording: Recording[Network]) -> None:
    (rule,) = recording.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")

    assert rule.inputs["cidrIpv4"] == "10.20.0.0/16"
    assert (rule.inputs["fromPort"], rule.inputs["toPort"], rule.inputs["ipProtocol"]) == (443, 443, "tcp")
    assert rule.inputs["securityGroupId"] == "net-endpoints-id"
    for endpoint in interfaces(recording).values():
        assert endpoint.inputs["securityGroupIds"] == ["net-endpoints-id"]
        assert "net-endpoints-https" in endpoint.opts.depends_on
    group_id = recording.result.endpoint_security_group_id
    assert group_id is not None
    assert recording.value(group_id) == "net-endpoints-id"


def test_credentials_of_other_accounts_lead_nowhere(recording: Recording[Network]) -> None:
    for endpoint in interfaces(recording).values():
        (statement,) = statements(endpoint)
        assert statement["Condition"] == {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}


def test_another_service_leaves_the_others_alone(recording: Recording[Network]) -> None:
    more = record_network(
        PrivateSubnetsArgs(nat=NatKind.NONE, endpoint_services=(EndpointService.LOGS, *reversed(SERVICES)))
    )
    before, after = interfaces(recording), interfaces(more)

    assert after.keys() - before.keys() == {"net-logs"}
    assert all(after[name].inputs == endpoint.inputs for name, endpoint in before.items())


def test_everything_is_tagged_and_named(recording: Recording[Network]) -> None:
    assert not untagged(recording)


@pytest.mark.parametrize(
    ("services", "reason"),
    [
        ((EndpointService.LOGS, EndpointService.LOGS), "allowed each once"),
        ((EndpointService.ECR_API,), "ecr.api and ecr.dkr together or neither"),
        ((EndpointService.ECR_DKR, EndpointService.LOGS), "ecr.api and ecr.dkr together or neither"),
    ],
)
def test_lists_that_make_no_sense_are_refused(services: tuple[EndpointService, ...], reason: str) -> None:
    with pytest.raises(ValueError, match=f"endpoint_services: got .*{reason}"):
        check_endpoint_services("endpoint_services", services)


@pytest.mark.parametrize("services", [(), SERVICES, (EndpointService.KMS,)])
def test_others_are_taken(services: tuple[EndpointService, ...]) -> None:
    check_endpoint_services("endpoint_services", services)
