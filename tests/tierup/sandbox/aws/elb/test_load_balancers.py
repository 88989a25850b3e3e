"""Tests of the behaviour rows of load balancers."""

from __future__ import annotations

import pytest

from tierup.sandbox.aws.elb import BUCKET, LOAD_BALANCER, TARGET_GROUP
from tierup.sandbox.aws.elb_load_balancers import BUCKET_POLICY
from tierup.sandbox.aws.network import SUBNET
from tierup.sandbox.behaviour import UNKNOWN
from tierup.sandbox.cloud import CloudResource

from ..account import Account
from .inputs import Place


def test_load_balancer_has_name_arn_and_dns_name(balancer: CloudResource, place: Place) -> None:
    name = balancer.outputs["name"]
    assert name.startswith("api-")
    assert balancer.id == balancer.outputs["arn"]
    assert f":loadbalancer/app/{name}/" in balancer.id
    assert balancer.outputs["arnSuffix"] == balancer.id.partition("loadbalancer/")[2]
    assert balancer.outputs["dnsName"].startswith(f"{name}-")
    assert balancer.outputs["dnsName"].endswith(".eu-west-1.elb.amazonaws.com")
    assert balancer.outputs["zoneId"] == "Z32O12XQLNTSW2"
    assert balancer.outputs["vpcId"] == place.vpc
    assert [mapping["subnetId"] for mapping in balancer.outputs["subnetMappings"]] == place.subnets


def test_name_prefix_generates_name(account: Account, place: Place) -> None:
    made = account.make(LOAD_BALANCER, "api", namePrefix="api-", subnets=place.subnets)
    name = made.outputs["name"]
    assert name.startswith("api-")
    assert f"/app/{name}/" in made.id
    assert made.outputs["dnsName"].startswith(f"{name}-")


@pytest.mark.parametrize("name", ["a" * 33, "-api", "api-", "internal-api", "api_1", ""])
@pytest.mark.parametrize("type", [LOAD_BALANCER, TARGET_GROUP])
def test_invalid_name_is_rejected(account: Account, type: str, name: str) -> None:
    inputs = {"subnets": UNKNOWN} if type == LOAD_BALANCER else {"targetType": "lambda"}
    found = {rejection.path for rejection in account.planned(type, name=name, **inputs)}
    assert found == (set() if name == "internal-api" and type == TARGET_GROUP else {"name"})
    assert not account.planned(type, name="a" * 32, **inputs)


def test_duplicate_name_is_rejected(account: Account, place: Place) -> None:
    account.make(LOAD_BALANCER, "a", name="api", subnets=place.subnets)
    assert account.codes(LOAD_BALANCER, "b", name="api", subnets=place.subnets) == {"DuplicateLoadBalancerName"}


def test_load_balancer_requires_two_subnets_in_two_zones_of_one_vpc(account: Account, place: Place) -> None:
    (rejection,) = account.planned(LOAD_BALANCER, subnets=[UNKNOWN])
    assert (rejection.path, rejection.code) == ("subnets", "ValidationError")
    assert not account.planned(LOAD_BALANCER, subnets=[UNKNOWN], loadBalancerType="network")
    same_zone = account.make(SUBNET, "a2", vpcId=place.vpc, cidrBlock="10.0.9.0/24", availabilityZone="eu-west-1a").id
    assert account.codes(LOAD_BALANCER, subnets=[place.subnets[0], same_zone]) == {
        "InvalidConfigurationRequest",
        "ValidationError",
    }
    other = Place(account, "10.1", "other")
    assert account.codes(LOAD_BALANCER, subnets=[place.subnets[0], other.subnets[1]]) == {"InvalidSubnet"}
    assert account.codes(LOAD_BALANCER, subnets=[place.subnets[0], "subnet-0"]) >= {"SubnetNotFound"}


def test_subnet_smaller_than_27_is_rejected(account: Account, place: Place) -> None:
    small = account.make(SUBNET, "small", vpcId=place.vpc, cidrBlock="10.0.9.0/28", availabilityZone="eu-west-1c").id
    assert account.codes(LOAD_BALANCER, subnets=[place.subnets[0], small]) == {"InvalidSubnet"}


def test_public_load_balancer_requires_internet_gateway(account: Account) -> None:
    inside = Place(account, gateway=False)
    (rejection,) = account.rejections(LOAD_BALANCER, subnets=inside.subnets)
    assert "no internet gateway" in rejection.message
    assert not account.codes(LOAD_BALANCER, subnets=inside.subnets, internal=True)


def test_security_group_of_other_vpc_is_rejected(account: Account, place: Place) -> None:
    other = Place(account, "10.1", "other")
    assert account.codes(LOAD_BALANCER, subnets=place.subnets, securityGroups=[other.group]) == {"InvalidSecurityGroup"}


def test_access_logs_require_bucket_policy(account: Account, place: Place) -> None:
    logs = {"bucket": "logs", "enabled": True}
    account.add_existing(BUCKET, "logs", bucket="logs")
    assert account.codes(LOAD_BALANCER, subnets=place.subnets, accessLogs=logs) == {"InvalidConfigurationRequest"}
    account.add_existing(
        BUCKET_POLICY, "logs", bucket="logs", policy='{"Service":"logdelivery.elasticloadbalancing.amazonaws.com"}'
    )
    assert not account.codes(LOAD_BALANCER, subnets=place.subnets, accessLogs=logs)


def test_deletion_protection_blocks_delete(account: Account, place: Place) -> None:
    made = account.make(LOAD_BALANCER, subnets=place.subnets, enableDeletionProtection=True)
    assert account.delete_codes(made) == {"OperationNotPermitted"}
    assert not account.delete_codes(account.change(made, enableDeletionProtection=False))


def test_changed_inputs_replace_load_balancer(account: Account, balancer: CloudResource, place: Place) -> None:
    assert account.replaced_by(balancer, internal=True) == {"internal"}
    assert not account.replaced_by(balancer, idleTimeout=120)
    assert not account.replaced_by(balancer, subnets=place.subnets[:1])
    network = account.make(LOAD_BALANCER, "net", subnets=place.subnets, loadBalancerType="network")
    assert account.replaced_by(network, subnets=place.subnets[:1])
    assert account.replaced_by(network, securityGroups=[place.group])
