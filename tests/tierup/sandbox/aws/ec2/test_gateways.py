"""Tests of the behaviour rows of internet gateways, NAT gateways and Elastic IPs."""

from __future__ import annotations

from tierup.sandbox.aws.ec2 import NAT_GATEWAY
from tierup.sandbox.aws.ec2_gateways import EIP
from tierup.sandbox.aws.network import INTERNET_GATEWAY, SUBNET
from tierup.sandbox.cloud import CloudResource

from ..account import Account


def test_sixth_elastic_ip_is_rejected(account: Account) -> None:
    for number in range(5):
        address = account.make(EIP, f"address{number}", domain="vpc")
        assert address.outputs["publicIp"].replace(".", "-") in address.outputs["publicDns"]
    assert account.codes(EIP, "address5", domain="vpc") == {"AddressLimitExceeded"}


def test_second_internet_gateway_of_vpc_is_rejected(account: Account, vpc: CloudResource) -> None:
    gateway = account.make(INTERNET_GATEWAY, "gateway", vpcId=vpc.id)
    assert account.codes(INTERNET_GATEWAY, "second", vpcId=vpc.id) == {"Resource.AlreadyAssociated"}
    assert not account.change_codes(gateway, tags={"Name": "gateway"})
    assert not account.codes(INTERNET_GATEWAY, "second")


def test_nat_gateway_requires_internet_gateway_and_unused_address(
    account: Account, vpc: CloudResource, subnet: CloudResource
) -> None:
    address = account.make(EIP, "address", domain="vpc")
    inputs = {"subnetId": subnet.id, "allocationId": address.id}
    assert account.codes(NAT_GATEWAY, "nat", **inputs) == {"Gateway.NotAttached"}
    account.make(INTERNET_GATEWAY, "gateway", vpcId=vpc.id)
    gateway = account.make(NAT_GATEWAY, "nat", **inputs)
    assert gateway.outputs["publicIp"] == address.outputs["publicIp"]
    assert gateway.outputs["vpcId"] == vpc.id
    assert gateway.outputs["privateIp"].startswith("10.0.0.")
    assert account.codes(NAT_GATEWAY, "second", **inputs) == {"Resource.AlreadyAssociated"}
    assert account.codes(NAT_GATEWAY, "third", subnetId=subnet.id) == {"MissingParameter"}
    assert not account.codes(NAT_GATEWAY, "private", subnetId=subnet.id, connectivityType="private")
    assert account.delete_codes(address) == {"AuthFailure"}


def test_regional_nat_gateway_requires_vpc(account: Account, vpc: CloudResource) -> None:
    account.make(INTERNET_GATEWAY, "gateway", vpcId=vpc.id)
    assert not account.codes(NAT_GATEWAY, availabilityMode="regional", vpcId=vpc.id)
    assert account.codes(NAT_GATEWAY, availabilityMode="regional", subnetId="subnet-1") == {
        "MissingParameter",
        "InvalidParameterCombination",
    }


def test_sixth_nat_gateway_of_zone_is_rejected(account: Account, vpc: CloudResource, subnet: CloudResource) -> None:
    for number in range(5):
        account.make(NAT_GATEWAY, f"nat{number}", subnetId=subnet.id, connectivityType="private")
    inputs = {"connectivityType": "private"}
    assert account.codes(NAT_GATEWAY, "nat5", subnetId=subnet.id, **inputs) == {"NatGatewayLimitExceeded"}
    other = account.make(SUBNET, "b", vpcId=vpc.id, cidrBlock="10.0.1.0/24", availabilityZone="eu-west-1b")
    assert not account.codes(NAT_GATEWAY, "nat5", subnetId=other.id, **inputs)
