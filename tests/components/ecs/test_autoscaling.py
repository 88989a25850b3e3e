"""Autoscaling: what the number of tasks follows, and how fast."""

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


def scaling(args: ServiceAutoscalingArgs) -> Recording[ServiceAutoscaling]:
    return record(lambda: ServiceAutoscaling("backend", args))


def tracking(recording: Recording[ServiceAutoscaling], name: str) -> dict[str, Any]:
    return recording.named(name).inputs["targetTrackingScalingPolicyConfiguration"]


def test_cpu_and_memory_are_followed_by_themselves() -> None:
    recording = scaling(ARGS)
    target = recording.one("aws:appautoscaling/target:Target").inputs

    assert recording.tree() == {
        "backend": None,
        **dict.fromkeys(("backend-target", "backend-cpu", "backend-memory"), "backend"),
    }
    assert (target["minCapacity"], target["maxCapacity"], target["resourceId"]) == (2, 6, "service/app/backend")
    assert tracking(recording, "backend-cpu")["targetValue"] == 70
    assert tracking(recording, "backend-memory")["targetValue"] == 80


def test_tasks_come_sooner_than_they_go() -> None:
    policy = tracking(scaling(ARGS), "backend-cpu")

    assert (policy["scaleOutCooldown"], policy["scaleInCooldown"]) == (60, 300)


def test_requests_for_each_task_are_counted_in_the_one_group() -> None:
    specification = tracking(scaling(replace(ARGS, requests=REQUESTS)), "backend-requests")

    assert specification["targetValue"] == 1_000
    assert specification["predefinedMetricSpecification"] == {
        "predefinedMetricType": "ALBRequestCountPerTarget",
        "resourceLabel": "app/api/1/targetgroup/api/1",
    }


def test_with_blue_green_requests_are_counted_in_whichever_group_serves() -> None:
    both = replace(REQUESTS, alternate_target_group_arn_suffix="targetgroup/api/2")
    policy = tracking(scaling(replace(ARGS, requests=both)), "backend-requests")
    *parts, total = policy["customizedMetricSpecification"]["metrics"]
    groups = [each["metricStat"]["metric"]["dimensions"][1]["value"] for each in parts]

    assert groups == ["targetgroup/api/1", "targetgroup/api/2"]
    assert [each["returnData"] for each in (*parts, total)] == [False, False, True]
    assert total["expression"] == "FILL(first, 0) + FILL(second, 0)", "the silent group has no data at all"


def test_a_number_of_the_programs_own_is_followed() -> None:
    metric = Metric(namespace="tierup", name="JobsWaitingPerTask", dimensions={"Queue": "mail"}, statistic="Average")
    recording = scaling(
        replace(ARGS, cpu_percent=None, memory_percent=None, metrics={"jobs": MetricTarget(metric=metric, value=20)})
    )

    assert [policy.name for policy in recording.of(POLICY)] == ["backend-jobs"]
    assert tracking(recording, "backend-jobs")["customizedMetricSpecification"] == {
        "namespace": "tierup",
        "metricName": "JobsWaitingPerTask",
        "statistic": "Average",
        "dimensions": [{"name": "Queue", "value": "mail"}],
    }


def test_the_clock_sets_other_bounds() -> None:
    morning = ScheduledCapacity(schedule="cron(0 7 ? * MON-FRI *)", min_tasks=4, max_tasks=6, timezone="Europe/Berlin")
    action = scaling(replace(ARGS, schedules={"morning": morning})).named("backend-morning").inputs

    assert (action["schedule"], action["timezone"]) == ("cron(0 7 ? * MON-FRI *)", "Europe/Berlin")
    assert action["scalableTargetAction"] == {"minCapacity": 4, "maxCapacity": 6}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"min_tasks": 7}, "min_tasks, max_tasks: got 7, 6"),
        ({"cpu_percent": 99}, "cpu_percent: got 99, allowed 10 to 95, or None"),
        ({"memory_percent": 5}, "memory_percent: got 5"),
        ({"scale_in_cooldown_seconds": 30}, "scale_in_cooldown_seconds: got 30, allowed 60"),
        ({"scale_out_cooldown_seconds": -1}, "scale_out_cooldown_seconds: got -1, allowed 0 to 3600"),
        ({"cpu_percent": None, "memory_percent": None}, "cpu_percent, memory_percent, requests, metrics: got none"),
    ],
)
def test_wrong_arguments_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, **change)
