"""Tests of service routes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.alb.listener_rule import RequestMatch
from components.alb.service_route import PodShare, ServiceRoute, ServiceRouteArgs
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


def test_one_version_has_one_target_group_and_one_rule() -> None:
    recording = route(ARGS)
    rule = recording.named("reports-route").inputs

    assert recording.tree() == {"reports": None, "reports-main": "reports", "reports-route": "reports"}
    assert (rule["listenerArn"], rule["priority"]) == ("arn:listener", 100)
    assert rule["conditions"] == [{"pathPattern": {"values": ["/api/reports/*"]}}]
    assert forward(recording)["stickiness"]["enabled"] is False
    assert rule["tags"] == {"Stack": "dev", "Name": "reports-route"}


def test_versions_have_weights_and_target_group_stickiness() -> None:
    recording = route(replace(ARGS, weights={"a": 90, "b": 10}, version_sticky_seconds=600))
    shares = {group["arn"].rpartition(":")[2]: group["weight"] for group in forward(recording)["targetGroups"]}

    assert shares == {"reports-a": 90, "reports-b": 10}
    assert forward(recording)["stickiness"] == {"enabled": True, "duration": 600}
    assert set(recording.result.target_group_arns) == {"a", "b"}


def test_target_group_arn_resolves_after_the_rule() -> None:
    recording = route(ARGS)

    assert recording.sources(recording.result.target_group_arns["main"]) == {"reports-main", "reports-route"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"priority": 0}, r"priority: out of range \(got 0\)"),
        ({"weights": {}}, r"weights: wrong number of versions \(got 0\)\. Set 1 to 5"),
        ({"weights": {"a": 0, "b": 0}}, "weights: no version gets requests"),
        ({"weights": {"a": 1000}}, r"weights\[a\]: out of range \(got 1000\)\. Set 0 to 999"),
        ({"weights": {"A-1": 1}}, r"weights: not a version name \(got 'A-1'\)"),
        ({"version_sticky_seconds": 0}, r"version_sticky_seconds: out of range \(got 0\)"),
    ],
)
def test_invalid_arguments_are_rejected(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, **change)


def test_name_that_is_too_long_for_aws_is_rejected() -> None:
    with pytest.raises(ValueError, match="name: too long"):
        record(lambda: ServiceRoute("a" * 20, ARGS))


@pytest.mark.parametrize(
    ("weights", "pods", "expected"),
    [
        (None, PodShare(cluster_name="eks", percent=0, beside_tasks=True), [100, 0]),
        (None, PodShare(cluster_name="eks", percent=10, beside_tasks=True), [90, 10]),
        ({"a": 90, "b": 10}, PodShare(cluster_name="eks", percent=50, beside_tasks=True), [999, 999, 111, 111]),
        ({"a": 999, "b": 1}, PodShare(cluster_name="eks", percent=1, beside_tasks=True), [999, 10, 1, 1]),
        ({"a": 90, "b": 10}, PodShare(cluster_name="eks", percent=100, beside_tasks=False), [90, 10]),
    ],
)
def test_pods_share_the_requests_of_each_version(
    weights: dict[str, int] | None, pods: PodShare, expected: list[int]
) -> None:
    recording = route(replace(ARGS, weights=weights, pods=pods))

    assert [each["weight"] for each in forward(recording)["targetGroups"]] == expected
    names = {each.name for each in recording.of("aws:lb/targetGroup:TargetGroup")}
    assert all(name.endswith("-pods") for name in names) is not pods.beside_tasks


def test_versions_with_tasks_and_pods_are_limited() -> None:
    both = PodShare(cluster_name="eks", percent=10, beside_tasks=True)
    with pytest.raises(ValueError, match=r"weights: wrong number of versions \(got 3\). Set 1 to 2 versions"):
        replace(ARGS, weights={"a": 1, "b": 1, "c": 1}, pods=both)
