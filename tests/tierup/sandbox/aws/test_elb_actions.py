"""Tests of the behaviour rows of the actions of listeners and rules."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.aws.elb import LISTENER, LOAD_BALANCER, TARGET_GROUP
from tierup.sandbox.cloud import CloudResource

from .account import Account
from .elb_inputs import FORWARD, TO_HTTPS, Place, forward

XML = {"type": "fixed-response", "fixedResponse": {"contentType": "text/xml"}}

PERMANENT = {"type": "redirect", "redirect": {"statusCode": "HTTP_308", "port": "443"}}


@pytest.fixture
def place(account: Account) -> Place:
    return Place(account)


@pytest.fixture
def balancer(account: Account, place: Place) -> CloudResource:
    return account.make(LOAD_BALANCER, "api", subnets=place.subnets, securityGroups=[place.group])


@pytest.fixture
def targets(account: Account, place: Place) -> CloudResource:
    return account.make(TARGET_GROUP, "api", port=5000, protocol="HTTP", targetType="ip", vpcId=place.vpc)


@pytest.mark.parametrize(
    ("action", "path"),
    [
        ({"type": "forward"}, "defaultActions[0].targetGroupArn"),
        ({"type": "redirect"}, "defaultActions[0].redirect"),
        ({"type": "drop"}, "defaultActions[0].type"),
        (XML, "defaultActions[0].fixedResponse.contentType"),
        ({**TO_HTTPS, "targetGroupArn": FORWARD}, "defaultActions[0].targetGroupArn"),
        ({"type": "redirect", "redirect": {"statusCode": "HTTP_301"}}, "defaultActions[0].redirect"),
        (PERMANENT, "defaultActions[0].redirect.statusCode"),
    ],
)
def test_invalid_action_is_rejected(account: Account, action: dict[str, Any], path: str) -> None:
    found = account.planned(LISTENER, loadBalancerArn="arn", port=80, protocol="HTTP", defaultActions=[action])
    assert [rejection.path for rejection in found] == [path]


def test_redirect_to_https_is_accepted(account: Account, balancer: CloudResource) -> None:
    made = account.make(
        LISTENER, "http", loadBalancerArn=balancer.id, port=80, protocol="HTTP", defaultActions=[TO_HTTPS]
    )
    assert made.id.startswith(balancer.id.replace(":loadbalancer/", ":listener/") + "/")
    assert made.outputs["sslPolicy"] == ""


def test_target_group_belongs_to_one_load_balancer_of_its_vpc(
    account: Account, place: Place, balancer: CloudResource, targets: CloudResource
) -> None:
    listener = account.make(LISTENER, "a", loadBalancerArn=balancer.id, port=80, defaultActions=forward(targets))
    second = account.make(LOAD_BALANCER, "second", subnets=place.subnets)
    inputs = {"loadBalancerArn": second.id, "port": 80}
    assert account.codes(LISTENER, "b", defaultActions=forward(targets), **inputs) == {"TargetGroupAssociationLimit"}
    far = Place(account, "10.1", "far")
    theirs = account.make(TARGET_GROUP, "far", port=80, protocol="HTTP", vpcId=far.vpc)
    assert account.codes(LISTENER, "b", defaultActions=forward(theirs), **inputs) == {"InvalidConfigurationRequest"}
    tcp = account.make(TARGET_GROUP, "tcp", port=80, protocol="TCP", vpcId=place.vpc)
    assert account.codes(LISTENER, "b", defaultActions=forward(tcp), **inputs) == {"IncompatibleProtocols"}
    assert account.codes(LISTENER, "b", protocol="TCP", defaultActions=forward(tcp), **inputs) >= {
        "UnsupportedProtocol"
    }
    assert account.delete_codes(targets) == {"ResourceInUse"}
    account.cloud.remove(listener)
    assert not account.delete_codes(targets)
