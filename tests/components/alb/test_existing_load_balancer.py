"""A load balancer of others: only what is ours is added."""

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


def taken_over(args: ExistingLoadBalancerArgs, **changes: Any) -> Recording[ExistingLoadBalancer]:
    found = {
        "aws:lb/getLoadBalancer:getLoadBalancer": {**BALANCER, **changes},
        "aws:lb/getListener:getListener": {"arn": "arn:listener"},
    }
    return record(lambda: ExistingLoadBalancer("api", args), calls=found)


def test_our_targets_and_our_rule_are_added_and_nothing_else() -> None:
    recording = taken_over(ARGS)
    rule = recording.named("api-route").inputs

    assert recording.tree() == {"api": None, "api-targets": "api", "api-route": "api"}
    assert (rule["listenerArn"], rule["priority"]) == ("arn:listener", 7)
    assert rule["conditions"] == [{"hostHeader": {"values": ["api.example.com"]}}]


def test_our_certificate_joins_the_listeners_own() -> None:
    recording = taken_over(replace(ARGS, certificate_arn="arn:certificate"))

    assert recording.named("api-certificate").inputs == {
        "listenerArn": "arn:listener",
        "certificateArn": "arn:certificate",
    }


def test_it_tells_what_a_load_balancer_tells() -> None:
    recording = taken_over(ARGS)
    made = recording.result

    assert recording.value(made.dns_name) == BALANCER["dnsName"]
    assert recording.value(made.security_group_id) == "sg-1"
    assert recording.value(made.https_listener_arn) == "arn:listener"
    assert recording.sources(made.target_group_arn) == {"api-targets", "api-route"}


def test_one_that_no_task_could_let_in_is_refused() -> None:
    with pytest.raises(ValueError, match="has no security group"):
        taken_over(ARGS, securityGroups=[])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"match": RequestMatch(paths=("/*",))}, "match: got no hosts, allowed one at least"),
        ({"https_port": 0}, "https_port: got 0, allowed 1 to 65535"),
        ({"priority": 0}, "priority: got 0"),
    ],
)
def test_wrong_arguments_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, **change)
