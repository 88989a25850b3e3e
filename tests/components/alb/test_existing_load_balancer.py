"""Tests of an existing load balancer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.alb.existing_load_balancer import ExistingLoadBalancer, ExistingLoadBalancerArgs
from components.alb.listener_rule import RequestMatch
from components.alb.target_group import TargetSettings
from tests.engine_recorder import Recording, record

ARGS = ExistingLoadBalancerArgs(
    arn="arn:balancer",
    vpc_id="vpc-1",
    match=RequestMatch(hosts=("api.example.com",)),
    priority=7,
    targets=TargetSettings(port=5000),
    tags={"Stack": "dev"},
)
BALANCER = {
    "arn": "arn:balancer",
    "arnSuffix": "app/shared/1",
    "dnsName": "shared.eu-west-1.elb.amazonaws.com",
    "zoneId": "Z32O12XQLNTSW2",
    "securityGroups": ["sg-2", "sg-1"],
}


def recorded(args: ExistingLoadBalancerArgs, **changes: Any) -> Recording[ExistingLoadBalancer]:
    found = {
        "aws:lb/getLoadBalancer:getLoadBalancer": {**BALANCER, **changes},
        "aws:lb/getListener:getListener": {"arn": "arn:listener"},
    }
    return record(lambda: ExistingLoadBalancer("api", args), calls=found)


def test_creates_only_a_target_group_and_a_listener_rule() -> None:
    recording = recorded(ARGS)
    rule = recording.named("api-route").inputs

    assert recording.tree() == {"api": None, "api-targets": "api", "api-route": "api"}
    assert (rule["listenerArn"], rule["priority"]) == ("arn:listener", 7)
    assert rule["conditions"] == [{"hostHeader": {"values": ["api.example.com"]}}]


def test_certificate_is_added_to_the_listener() -> None:
    recording = recorded(replace(ARGS, certificate_arn="arn:certificate"))

    assert recording.named("api-certificate").inputs == {
        "listenerArn": "arn:listener",
        "certificateArn": "arn:certificate",
    }


def test_outputs_are_those_of_a_load_balancer() -> None:
    recording = recorded(ARGS)
    load_balancer = recording.result

    assert recording.value(load_balancer.dns_name) == BALANCER["dnsName"]
    assert recording.value(load_balancer.security_group_id) == "sg-1"
    assert recording.value(load_balancer.https_listener_arn) == "arn:listener"
    assert recording.sources(load_balancer.target_group_arn) == {"api-targets", "api-route"}


def test_load_balancer_without_a_security_group_is_rejected() -> None:
    with pytest.raises(ValueError, match="arn: the existing load balancer has no security group"):
        recorded(ARGS, securityGroups=[])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"match": RequestMatch(paths=("/*",))}, "match: no hosts"),
        ({"https_port": 0}, r"https_port: out of range \(got 0\)\. Set 1 to 65535"),
        ({"priority": 0}, r"priority: out of range \(got 0\)"),
    ],
)
def test_invalid_arguments_are_rejected(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, **change)
