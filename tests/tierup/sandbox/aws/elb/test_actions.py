"""Tests of the behaviour rows of the actions of listeners and rules."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.aws.elb import LISTENER, LISTENER_RULE, LOAD_BALANCER, TARGET_GROUP
from tierup.sandbox.cloud import CloudResource

from ..account import Account
from .inputs import FORWARD, TO_HTTPS, Place, forward

XML = {"type": "fixed-response", "fixedResponse": {"contentType": "text/xml"}}

PERMANENT = {"type": "redirect", "redirect": {"statusCode": "HTTP_308", "port": "443"}}

REDIRECT_TO_ITSELF = {"type": "redirect", "redirect": {"statusCode": "HTTP_301", "host": "#{host}", "query": "a=b"}}

ITS_PORT = {"type": "redirect", "redirect": {"statusCode": "HTTP_301", "port": "80", "protocol": "HTTP"}}

LONG = {
    "type": "fixed-response",
    "fixedResponse": {"contentType": "text/plain", "statusCode": "404", "messageBody": "x" * 1025},
}

CODE = {"type": "fixed-response", "fixedResponse": {"contentType": "text/plain", "statusCode": "301"}}

SIX = {"type": "forward", "forward": {"targetGroups": [{"arn": FORWARD} for _ in range(6)]}}


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
        (REDIRECT_TO_ITSELF, "defaultActions[0].redirect"),
        (ITS_PORT, "defaultActions[0].redirect"),
        (LONG, "defaultActions[0].fixedResponse.messageBody"),
        (CODE, "defaultActions[0].fixedResponse.statusCode"),
        (SIX, "defaultActions[0].forward.targetGroups"),
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


def test_action_after_a_forward_is_rejected(account: Account) -> None:
    actions = [{"type": "forward", "order": 1, "targetGroupArn": FORWARD}, {**TO_HTTPS, "order": 2}]
    found = account.planned(LISTENER, loadBalancerArn="arn", port=80, protocol="HTTP", defaultActions=actions)
    assert [rejection.path for rejection in found] == ["defaultActions[0]"]


def test_authentication_requires_https(account: Account, balancer: CloudResource, targets: CloudResource) -> None:
    oidc = dict.fromkeys(
        ("authorizationEndpoint", "issuer", "tokenEndpoint", "userInfoEndpoint"), "https://id.example.com"
    )
    authenticate = {
        "type": "authenticate-oidc",
        "order": 1,
        "authenticateOidc": {**oidc, "clientId": "app", "clientSecret": "x"},
    }
    actions = [authenticate, {**forward(targets)[0], "order": 2}]
    found = account.rejections(
        LISTENER, "a", loadBalancerArn=balancer.id, port=80, protocol="HTTP", defaultActions=actions
    )
    assert [rejection.path for rejection in found] == ["defaultActions[0].type"]


def test_target_stickiness_of_two_groups_requires_group_stickiness(
    account: Account, place: Place, balancer: CloudResource, targets: CloudResource
) -> None:
    listener = account.make(LISTENER, "a", loadBalancerArn=balancer.id, port=80, defaultActions=[TO_HTTPS])
    sticky = account.make(
        TARGET_GROUP,
        "green",
        port=5000,
        protocol="HTTP",
        targetType="ip",
        vpcId=place.vpc,
        stickiness={"type": "lb_cookie", "enabled": True},
    )
    groups = [{"arn": targets.outputs["arn"], "weight": 100}, {"arn": sticky.outputs["arn"], "weight": 0}]

    def codes(forward: dict[str, Any]) -> set[str]:
        return account.codes(
            LISTENER_RULE,
            listenerArn=listener.id,
            actions=[{"type": "forward", "forward": forward}],
            conditions=[{"pathPattern": {"values": ["/*"]}}],
        )

    assert codes({"targetGroups": groups}) == {"InvalidLoadBalancerAction"}
    assert not codes({"targetGroups": groups, "stickiness": {"enabled": True, "duration": 60}})
    assert not codes({"targetGroups": groups[1:]})


def test_target_group_belongs_to_one_load_balancer_of_its_vpc(
    account: Account, place: Place, balancer: CloudResource, targets: CloudResource
) -> None:
    listener = account.make(LISTENER, "a", loadBalancerArn=balancer.id, port=80, defaultActions=forward(targets))
    second = account.make(LOAD_BALANCER, "second", subnets=place.subnets)
    inputs = {"loadBalancerArn": second.id, "port": 80}
    assert account.codes(LISTENER, "b", defaultActions=forward(targets), **inputs) == {"TargetGroupAssociationLimit"}
    other_place = Place(account, "10.1", "foreign")
    foreign = account.make(TARGET_GROUP, "foreign", port=80, protocol="HTTP", vpcId=other_place.vpc)
    assert account.codes(LISTENER, "b", defaultActions=forward(foreign), **inputs) == {"InvalidConfigurationRequest"}
    tcp = account.make(TARGET_GROUP, "tcp", port=80, protocol="TCP", vpcId=place.vpc)
    assert account.codes(LISTENER, "b", defaultActions=forward(tcp), **inputs) == {"IncompatibleProtocols"}
    assert account.codes(LISTENER, "b", protocol="TCP", defaultActions=forward(tcp), **inputs) >= {
        "UnsupportedProtocol"
    }
    assert account.delete_codes(targets) == {"ResourceInUse"}
    account.cloud.remove(listener)
    assert not account.delete_codes(targets)
