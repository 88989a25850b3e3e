"""Tests of the behaviour rows of EC2 instances and Elastic IP associations."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.aws.ec2 import NAT_GATEWAY
from tierup.sandbox.aws.ec2_gateways import EIP
from tierup.sandbox.aws.ec2_routes import ROUTE
from tierup.sandbox.aws.instances import EIP_ASSOCIATION, IMAGES, INVOKES, image_of
from tierup.sandbox.aws.network import INSTANCE, INTERNET_GATEWAY, ROUTE_TABLE, SECURITY_GROUP, SUBNET, VPC
from tierup.sandbox.cloud import Cloud, CloudResource
from tierup.sandbox.registry import Configuration, InvokeError

from .account import Account

ARM, INTEL = (image_of(parameter, "eu-west-1") for parameter in list(IMAGES)[:2])


@pytest.fixture
def subnet(account: Account, vpc: CloudResource) -> CloudResource:
    return account.make(SUBNET, "a", vpcId=vpc.id, cidrBlock="10.0.0.0/24", availabilityZone="eu-west-1b")


@pytest.fixture
def instance(account: Account, subnet: CloudResource) -> CloudResource:
    return account.make(INSTANCE, "nat", ami=ARM, instanceType="t4g.nano", subnetId=subnet.id)


def test_public_parameter_returns_ami_and_unknown_one_fails() -> None:
    look_up = INVOKES["aws:ssm/getParameter:getParameter"]
    here = Configuration(region="eu-west-1")
    found = look_up({"name": next(iter(IMAGES))}, Cloud(), here)

    assert found["insecureValue"] == found["value"] == ARM
    assert look_up({"name": next(iter(IMAGES)), "region": "us-east-1"}, Cloud(), here)["value"] != ARM
    with pytest.raises(InvokeError, match="no SSM parameter '/aws/service/banana'"):
        look_up({"name": "/aws/service/banana"}, Cloud(), here)


def test_instance_is_in_zone_of_subnet(instance: CloudResource) -> None:
    assert instance.id.startswith("i-")
    assert instance.outputs["availabilityZone"] == "eu-west-1b"
    assert instance.outputs["privateIp"].startswith("10.0.0.")
    assert instance.outputs["sourceDestCheck"] is True
    assert instance.outputs["publicIp"] == ""


@pytest.mark.parametrize(
    ("inputs", "code", "path"),
    [
        ({"instanceType": "t4g.nano"}, "MissingParameter", "ami"),
        ({"ami": ARM}, "MissingParameter", "instanceType"),
        ({"ami": "al2023", "instanceType": "t4g.nano"}, "InvalidAMIID.Malformed", "ami"),
        ({"ami": ARM, "instanceType": "nano"}, "InvalidParameterValue", "instanceType"),
    ],
)
def test_invalid_inputs_are_rejected_at_preview(account: Account, inputs: dict[str, Any], code: str, path: str) -> None:
    assert [(rejection.code, rejection.path) for rejection in account.planned(INSTANCE, **inputs)] == [(code, path)]


@pytest.mark.parametrize(("image", "type"), [(ARM, "t3.nano"), (INTEL, "t4g.nano")])
def test_ami_of_other_architecture_is_rejected(account: Account, subnet: CloudResource, image: str, type: str) -> None:
    (rejection,) = account.rejections(INSTANCE, ami=image, instanceType=type, subnetId=subnet.id)
    assert "architecture" in rejection.message


def test_security_group_of_other_vpc_is_rejected(account: Account, subnet: CloudResource) -> None:
    other = account.make(VPC, "other", cidrBlock="10.1.0.0/16")
    group = account.make(SECURITY_GROUP, "group", vpcId=other.id)
    inputs = {"ami": ARM, "instanceType": "t4g.nano", "subnetId": subnet.id}

    assert account.codes(INSTANCE, vpcSecurityGroupIds=[group.id], **inputs) == {"InvalidParameter"}


def test_user_data_replaces_on_change_if_set(account: Account, instance: CloudResource) -> None:
    assert account.replaced_by(instance, userData="b") == set()
    assert account.replaced_by(instance, userData="b", userDataReplaceOnChange=True) == {"userData"}
    assert account.replaced_by(instance, ami=INTEL) == {"ami"}
    assert account.replaced_by(instance, instanceType="t4g.micro") == set()


def test_eip_association_requires_internet_gateway_and_both_ends(
    account: Account, vpc: CloudResource, instance: CloudResource
) -> None:
    address = account.make(EIP, "address")
    ends = {"allocationId": address.id, "instanceId": instance.id}

    assert account.codes(EIP_ASSOCIATION, allocationId=address.id) == {"MissingParameter"}
    assert account.codes(EIP_ASSOCIATION, instanceId=instance.id) == {"MissingParameter"}
    assert account.codes(EIP_ASSOCIATION, **ends) == {"Gateway.NotAttached"}
    account.make(INTERNET_GATEWAY, "gateway", vpcId=vpc.id)
    association = account.make(EIP_ASSOCIATION, "association", **ends)

    assert association.outputs["publicIp"] == address.outputs["publicIp"]
    assert association.outputs["networkInterfaceId"] == instance.outputs["primaryNetworkInterfaceId"]
    assert account.delete_codes(address) == {"InvalidIPAddress.InUse"}


def test_address_of_nat_gateway_is_rejected(
    account: Account, vpc: CloudResource, subnet: CloudResource, instance: CloudResource
) -> None:
    account.make(INTERNET_GATEWAY, "gateway", vpcId=vpc.id)
    address = account.make(EIP, "address")
    account.make(NAT_GATEWAY, "nat", allocationId=address.id, subnetId=subnet.id)

    assert account.codes(EIP_ASSOCIATION, allocationId=address.id, instanceId=instance.id) == {"AuthFailure"}


def test_route_target_changes_from_instance_to_gateway_by_update(
    account: Account, vpc: CloudResource, subnet: CloudResource, instance: CloudResource
) -> None:
    account.make(INTERNET_GATEWAY, "gateway", vpcId=vpc.id)
    table = account.make(ROUTE_TABLE, "table", vpcId=vpc.id)
    interface = instance.outputs["primaryNetworkInterfaceId"]
    there = {"routeTableId": table.id, "destinationCidrBlock": "0.0.0.0/0"}
    address = account.make(EIP, "address")
    gateway = account.make(NAT_GATEWAY, "nat", allocationId=address.id, subnetId=subnet.id)

    assert account.codes(ROUTE, networkInterfaceId="eni-0", **there) == {"InvalidNetworkInterfaceID.NotFound"}
    route = account.make(ROUTE, "route", networkInterfaceId=interface, **there)
    assert account.replaced_by(route, networkInterfaceId=None, natGatewayId=gateway.id) == set()
    changed = account.change(route, networkInterfaceId=None, natGatewayId=gateway.id)
    assert changed.outputs["networkInterfaceId"] == ""
