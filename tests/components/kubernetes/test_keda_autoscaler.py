"""A ScaledObject of KEDA: its triggers, its identity, and the permissions of KEDA's operator."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pulumi import Output

from components.kubernetes.keda_autoscaler import (
    KedaAutoscaler,
    KedaAutoscalerArgs,
    KedaQueue,
    KedaRequests,
    metric_statements,
)
from tests.engine_recorder import record

QUEUE = KedaQueue(url="https://sqs.eu-west-1.amazonaws.com/111122223333/jobs", messages_per_pod=20)
REQUESTS = KedaRequests(
    requests_per_minute=1_000,
    load_balancer_arn_suffix=Output.from_input("app/api/1"),
    target_group_arn_suffix=Output.from_input("targetgroup/pods/2"),
)
ARGS = KedaAutoscalerArgs(
    namespace="app", deployment_name="worker-1", region="eu-west-1", min_pods=2, max_pods=6, queue=QUEUE
)
SCALED = "kubernetes:keda.sh/v1alpha1:ScaledObject"


def test_queue_scales_with_the_identity_of_the_operator() -> None:
    recording = record(lambda: KedaAutoscaler("worker", ARGS))
    spec = recording.one(SCALED).inputs["spec"]
    assert (spec["minReplicaCount"], spec["maxReplicaCount"]) == (2, 6)
    assert spec["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "worker-1"}
    cpu, queue = spec["triggers"]
    assert cpu == {"type": "cpu", "metricType": "Utilization", "metadata": {"value": "70"}}
    assert queue["metadata"] == {
        "queueURL": QUEUE.url,
        "queueLength": "20",
        "scaleOnInFlight": "false",
        "awsRegion": "eu-west-1",
    }
    assert queue["authenticationRef"] == {"name": "worker-identity-name"}
    identity = recording.named("worker-identity").inputs
    assert identity["spec"] == {"podIdentity": {"provider": "aws"}}
    assert identity["metadata"]["namespace"] == "app"


def test_requests_are_compared_with_the_value_of_the_load_balancer() -> None:
    recording = record(
        lambda: KedaAutoscaler("backend", replace(ARGS, queue=None, cpu_percent=None, requests=REQUESTS))
    )
    (trigger,) = recording.one(SCALED).inputs["spec"]["triggers"]
    assert (trigger["type"], trigger["metricType"]) == ("aws-cloudwatch", "Value")
    assert trigger["metadata"]["dimensionValue"] == "app/api/1;targetgroup/pods/2"
    assert trigger["metadata"]["targetMetricValue"] == "1000"
    # KEDA requires the time to be a multiple of the period.
    assert int(trigger["metadata"]["metricCollectionTime"]) % int(trigger["metadata"]["metricStatPeriod"]) == 0


def test_behavior_is_that_of_the_other_autoscaler() -> None:
    spec = record(lambda: KedaAutoscaler("worker", ARGS)).one(SCALED).inputs["spec"]
    behavior = spec["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]
    assert behavior["scaleDown"]["stabilizationWindowSeconds"] == 300
    assert behavior["scaleUp"]["policies"][1] == {"type": "Pods", "value": 4, "periodSeconds": 30}


@pytest.mark.parametrize(
    ("changes", "argument"),
    [
        ({"queue": None}, "queue, requests"),
        ({"min_pods": 0}, "min_pods"),
        ({"max_pods": 1}, "max_pods"),
        ({"cpu_percent": 201}, "cpu_percent"),
        ({"memory_percent": 9}, "memory_percent"),
    ],
)
def test_autoscaler_without_a_target_or_out_of_range_is_refused(changes: dict[str, object], argument: str) -> None:
    with pytest.raises(ValueError, match=argument):
        replace(ARGS, **changes)


def test_targets_below_one_are_refused() -> None:
    with pytest.raises(ValueError, match="messages_per_pod"):
        replace(QUEUE, messages_per_pod=0)
    with pytest.raises(ValueError, match="requests_per_minute"):
        replace(REQUESTS, requests_per_minute=0)


def test_operator_reads_metrics_and_only_the_queue_of_the_worker() -> None:
    (metrics,) = metric_statements(None)
    assert metrics.actions == ["cloudwatch:GetMetricData"]
    _, queue = metric_statements("arn:aws:sqs:eu-west-1:111122223333:jobs")
    assert (queue.actions, queue.resources) == (
        ["sqs:GetQueueAttributes"],
        ["arn:aws:sqs:eu-west-1:111122223333:jobs"],
    )
