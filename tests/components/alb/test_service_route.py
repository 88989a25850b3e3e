"""Routes: by host and path to one service, or by weight to several versions of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.alb.listener_rule import RequestMatch
from components.alb.service_route import ServiceRoute, ServiceRouteArgs
from components.alb.target_group import TargetSettings
from tests.engine_recorder import Recording, record

ARGS = ServiceRouteArgs(
    listener_arn="arn:listener",
    vpc_id="vpc-1",
    match=RequestMatch(paths=("/api/reports/*",)),
    priority=100,
    targets=TargetSettings(port=5000),
    tags={"Stack": "dev"},
)


def route(args: ServiceRouteArgs) -> Recording[ServiceRoute]:
    return record(lambda: ServiceRoute("reports", args))


def forward(recording: Recording[ServiceRoute]) -> dict[str, Any]:
    (action,) = recording.named("reports-route").inputs["actions"]
    assert action["type"] == "forward"
    return action["forward"]


def test_one_version_has_one_group_and_one_rule() -> None:
    recording = route(ARGS)
    rule = recording.named("reports-route").inputs

    assert recording.tree() == {"reports": None, "reports-main": "reports", "reports-route": "reports"}
    assert (rule["listenerArn"], rule["priority"]) == ("arn:listener", 100)
    assert rule["conditions"] == [{"pathPattern": {"values": ["/api/reports/*"]}}]
    assert forward(recording)["stickiness"]["enabled"] is False
    assert rule["tags"] == {"Stack": "dev", "Name": "reports-route"}


def test_versions_share_new_clients_by_weight_and_keep_old_ones() -> None:
    recording = route(replace(ARGS, weights={"a": 90, "b": 10}, same_version_seconds=600))
    shares = {group["arn"].rpartition(":")[2]: group["weight"] for group in forward(recording)["targetGroups"]}

    assert shares == {"reports-a": 90, "reports-b": 10}
    assert forward(recording)["stickiness"] == {"enabled": True, "duration": 600}
    assert set(recording.result.target_group_arns) == {"a", "b"}


def test_a_target_group_is_handed_out_once_the_rule_uses_it() -> None:
    recording = route(ARGS)

    assert recording.sources(recording.result.target_group_arns["main"]) == {"reports-main", "reports-route"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"priority": 0}, "priority: got 0"),
        ({"weights": {}}, r"weights: got 0 versions, allowed 1 to 5"),
        ({"weights": {"a": 0, "b": 0}}, "weights: got 0 for every version"),
        ({"weights": {"a": 1000}}, r"weights\[a\]: got 1000, allowed 0 to 999"),
        ({"weights": {"A-1": 1}}, "weights: got a version 'A-1'"),
        ({"same_version_seconds": 0}, "same_version_seconds: got 0"),
    ],
)
def test_wrong_arguments_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, **change)


def test_a_name_that_aws_would_refuse_is_refused_first() -> None:
    with pytest.raises(ValueError, match="name: got"):
        record(lambda: ServiceRoute("a" * 20, ARGS))
