"""Tests of the target group of pods and its share of the requests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.alb.listener_rule import ALL_REQUESTS
from components.alb.target_group import TargetSettings
from components.eks.pod_targets import PodTargets, PodTargetsArgs
from tests.engine_recorder import Recording, record

ARGS = PodTargetsArgs(
    cluster_name="app-prod",
    listener_arn="arn:listener",
    vpc_id="vpc-1",
    targets=TargetSettings(port=3000),
    match=ALL_REQUESTS,
    priority=49_999,
    percent=0,
    other_target_group_arn="arn:tasks",
    tags={},
)


def _weights(recording: Recording[Any], name: str) -> dict[str, int]:
    groups = recording.named(name).inputs["actions"][0]["forward"]["targetGroups"]
    return {each["arn"]: each["weight"] for each in groups}


def test_target_group_has_the_tag_that_auto_mode_requires() -> None:
    recording = record(lambda: PodTargets("backend", ARGS))

    group = recording.one("aws:lb/targetGroup:TargetGroup").inputs
    assert (group["targetType"], group["tags"]["eks:eks-cluster-name"]) == ("ip", "app-prod")


def test_pods_get_only_requests_with_the_test_header_before_the_move() -> None:
    recording = record(lambda: PodTargets("backend", ARGS))
    rule = recording.one("aws:lb/listenerRule:ListenerRule").inputs

    assert (recording.one("aws:lb/listenerRule:ListenerRule").name, rule["priority"]) == ("backend-test", 49_998)
    assert rule["conditions"][1] == {
        "httpHeader": {"httpHeaderName": "X-Tierup-Orchestrator", "values": ["eks"]},
    }


def test_requests_are_divided_by_percent() -> None:
    recording = record(lambda: PodTargets("backend", replace(ARGS, percent=10)))

    assert recording.named("backend-share").inputs["priority"] == 49_999
    pods = recording.named("backend-pods").outputs["arn"]
    assert _weights(recording, "backend-share") == {pods: 10, "arn:tasks": 90}


def test_pods_get_every_request_at_100_percent() -> None:
    recording = record(lambda: PodTargets("backend", replace(ARGS, percent=100, other_target_group_arn=None)))

    assert list(_weights(recording, "backend-share").values()) == [100]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"percent": 101}, "percent: out of range"),
        ({"percent": 50, "other_target_group_arn": None}, "other_target_group_arn: missing"),
        ({"priority": 1}, "priority: out of range"),
    ],
)
def test_invalid_arguments_are_rejected(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, **change)  # pyright: ignore[reportArgumentType]  the values are wrong on purpose
