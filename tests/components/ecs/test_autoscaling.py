"""Tests of autoscaling: metrics, cooldowns and schedules."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.ecs.autoscaling import ServiceAutoscaling, ServiceAutoscalingArgs
from components.ecs.scaling_targets import MetricTarget, RequestTarget, ScheduledCapacity
from components.monitoring.metric import Metric
from tests.engine_recorder import Recording, record

REQUESTS = RequestTarget(
    requests_per_minute=1_000, load_balancer_arn_suffix="app/api/1", target_group_arn_suffix="targetgroup/api/1"
)
ARGS = ServiceAutoscalingArgs(
    cluster_name="app", service_name="backend", min_tasks=2, max_tasks=6, tags={"Stack": "dev"}
)
POLICY = "aws:appautoscaling/policy:Policy"


def recorded(args: ServiceAutoscalingArgs) -> Recording[ServiceAutoscaling]:
    return record(lambda: ServiceAutoscaling("backend", args))


def tracking(recording: Recording[ServiceAutoscaling], name: str) -> dict[str, Any]:
    return recording.named(name).inputs["targetTrackingScalingPolicyConfiguration"]


def test_tracks_cpu_and_not_memory_by_default() -> None:
    recording = recorded(ARGS)
    target = recording.one("aws:appautoscaling/target:Target").inputs

    assert recording.tree() == {
        "backend": None,
        **dict.fromkeys(("backend-target", "backend-cpu"), "backend"),
    }
    assert (target["minCapacity"], target["maxCapacity"], target["resourceId"]) == (2, 6, "service/app/backend")
    assert tracking(recording, "backend-cpu")["targetValue"] == 70
    assert tracking(recorded(replace(ARGS, memory_percent=80)), "backend-memory")["targetValue"] == 80


def test_scale_out_is_faster_than_scale_in() -> None:
    policy = tracking(recorded(ARGS), "backend-cpu")

    assert (policy["scaleOutCooldown"], policy["scaleInCooldown"]) == (60, 300)


def test_requests_use_the_predefined_metric_of_a_single_target_group() -> None:
    specification = tracking(recorded(replace(ARGS, requests=REQUESTS)), "backend-requests")

    assert specification["targetValue"] == 1_000
    assert specification["predefinedMetricSpecification"] == {
        "predefinedMetricType": "ALBRequestCountPerTarget",
        "resourceLabel": "app/api/1/targetgroup/api/1",
    }


def test_requests_of_both_groups_are_added_without_fill() -> None:
    both = replace(REQUESTS, alternate_target_group_arn_suffix="targetgroup/api/2")
    policy = tracking(recorded(replace(ARGS, requests=both)), "backend-requests")
    *parts, total = policy["customizedMetricSpecification"]["metrics"]
    groups = [each["metricStat"]["metric"]["dimensions"][1]["value"] for each in parts]

    assert groups == ["targetgroup/api/1", "targetgroup/api/2"]
    assert [each["returnData"] for each in (*parts, total)] == [False, False, True]
    # FILL would set the newest point to 0; SUM skips a group without data.
    assert total["expression"] == "SUM([first, second])"


def test_tracks_a_custom_metric() -> None:
    metric = Metric(namespace="tierup", name="JobsWaitingPerTask", dimensions={"Queue": "mail"}, statistic="Average")
    recording = recorded(
        replace(ARGS, cpu_percent=None, memory_percent=None, metrics={"jobs": MetricTarget(metric=metric, value=20)})
    )

    assert [policy.name for policy in recording.of(POLICY)] == ["backend-jobs"]
    assert tracking(recording, "backend-jobs")["customizedMetricSpecification"] == {
        "namespace": "tierup",
        "metricName": "JobsWaitingPerTask",
        "statistic": "Average",
        "dimensions": [{"name": "Queue", "value": "mail"}],
    }


def test_schedule_sets_other_bounds() -> None:
    morning = ScheduledCapacity(schedule="cron(0 7 ? * MON-FRI *)", min_tasks=4, max_tasks=6, timezone="Europe/Berlin")
    action = recorded(replace(ARGS, schedules={"morning": morning})).named("backend-morning").inputs

    assert (action["schedule"], action["timezone"]) == ("cron(0 7 ? * MON-FRI *)", "Europe/Berlin")
    assert action["scalableTargetAction"] == {"minCapacity": 4, "maxCapacity": 6}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"min_tasks": 7}, r"min_tasks, max_tasks: not valid bounds \(got 7, 6\)"),
        ({"cpu_percent": 99}, r"cpu_percent: out of range \(got 99\)\. Set 10 to 95, or None"),
        ({"memory_percent": 5}, r"memory_percent: out of range \(got 5\)"),
        ({"scale_in_cooldown_seconds": 30}, r"scale_in_cooldown_seconds: shorter than .* \(got 30\)\. Set 60 or more"),
        ({"scale_out_cooldown_seconds": -1}, r"scale_out_cooldown_seconds: out of range \(got -1\)\. Set 0 to 3600"),
        (
            {"cpu_percent": None, "memory_percent": None},
            "cpu_percent, memory_percent, requests, metrics: no scaling target",
        ),
    ],
)
def test_invalid_arguments_are_rejected(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, **change)
