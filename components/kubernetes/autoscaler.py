"""Autoscaling of a Deployment: a HorizontalPodAutoscaler on CPU, memory, requests and queue depth.

Creates one HorizontalPodAutoscaler. The metric that needs the most pods decides.
It does not create the metrics. CPU and memory come from the metrics server. Requests and queue depth are external
metrics, which need an adapter that serves external.metrics.k8s.io. While a metric cannot be read, the autoscaler only
scales out, so an external metric without an adapter prevents each scale-in.
https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/ (read 2026-11-28)

Scale-out is fast and scale-in is slow: a burst may return within a minute, and a stopping pod interrupts its work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pulumi_kubernetes as kubernetes
from pulumi import ComponentResource, Input, Output, ResourceOptions
from pulumi_kubernetes.autoscaling.v2 import HorizontalPodAutoscalerBehaviorArgsDict, MetricSpecArgsDict

from components.kubernetes.names import check_logical_name, object_name

_MAX_WINDOW_SECONDS = 3_600


@dataclass(frozen=True, kw_only=True, slots=True)
class ExternalMetric:
    """An external metric whose value for each pod is a target. Raises ValueError for a target below 1."""

    name: str
    """Name of the metric, as its adapter serves it."""
    value_per_pod: int
    """The metric's value divided by the number of pods above which the autoscaler scales out, 1 or more."""
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """Labels that select the metric."""

    def __post_init__(self) -> None:
        if self.value_per_pod < 1:
            raise ValueError(f"value_per_pod: below 1 (got {self.value_per_pod}). Set 1 or more.")

    def specification(self) -> MetricSpecArgsDict:
        """Return the metric of the HorizontalPodAutoscaler."""
        return {
            "type": "External",
            "external": {
                "metric": {"name": self.name, "selector": {"match_labels": dict(self.labels)}},
                "target": {"type": "AverageValue", "average_value": str(self.value_per_pod)},
            },
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class PodAutoscalerArgs:
    """Arguments of PodAutoscaler. Raises ValueError for bounds, targets or windows out of range, or no target."""

    namespace: Input[str]
    """Name of the namespace."""
    deployment_name: Input[str]
    """Name of the Deployment, whose argument `autoscaled` must be true."""
    min_pods: int
    """Minimum number of pods, 1 or more: Kubernetes needs a feature that is off by default for 0."""
    max_pods: int
    """Maximum number of pods, `min_pods` or more."""
    cpu_percent: int | None = 70
    """Target of the average CPU in percent of the requested CPU, 10 to 200. It may exceed 100, because pods have no CPU
    limit."""
    memory_percent: int | None = None
    """Target of the average memory in percent of the requested memory, 10 to 95. None by default: V8 does not return
    most of its heap, so memory stays high after a burst and the autoscaler would not scale in."""
    requests: ExternalMetric | None = None
    """Target of requests for each pod."""
    queue_depth: ExternalMetric | None = None
    """Target of waiting jobs for each pod."""
    scale_out_seconds: int = 0
    """Seconds during which the lowest proposal decides a scale-out, 0 to 3,600."""
    scale_in_seconds: int = 300
    """Seconds during which the highest proposal decides a scale-in, 0 to 3,600."""

    def __post_init__(self) -> None:
        check_bounds(self.min_pods, self.max_pods)
        check_percents(self.cpu_percent, self.memory_percent)
        for argument, seconds in (
            ("scale_out_seconds", self.scale_out_seconds),
            ("scale_in_seconds", self.scale_in_seconds),
        ):
            if not 0 <= seconds <= _MAX_WINDOW_SECONDS:
                raise ValueError(f"{argument}: out of range (got {seconds}). Set 0 to {_MAX_WINDOW_SECONDS} seconds.")
        if not self.metrics():
            raise ValueError(
                "cpu_percent, memory_percent, requests, queue_depth: no target (got None for all). "
                "Set at least one of them."
            )

    def metrics(self) -> list[MetricSpecArgsDict]:
        """Return the metrics of the HorizontalPodAutoscaler."""
        metrics: list[MetricSpecArgsDict] = []
        for resource, percent in (("cpu", self.cpu_percent), ("memory", self.memory_percent)):
            if percent is not None:
                metrics.append(
                    {
                        "type": "Resource",
                        "resource": {
                            "name": resource,
                            "target": {"type": "Utilization", "average_utilization": percent},
                        },
                    }
                )
        external = [each.specification() for each in (self.requests, self.queue_depth) if each is not None]
        return [*metrics, *external]


class PodAutoscaler(ComponentResource):
    """Autoscaling of one Deployment between a minimum and a maximum number of pods."""

    autoscaler_name: Output[str]
    """Name of the HorizontalPodAutoscaler."""

    def __init__(self, name: str, args: PodAutoscalerArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:kubernetes:PodAutoscaler", name, None, opts)
        check_logical_name(name)
        autoscaler = kubernetes.autoscaling.v2.HorizontalPodAutoscaler(
            name,
            # When KEDA takes over, its autoscaler exists for seconds beside this one, which KEDA would refuse.
            metadata={"namespace": args.namespace, "annotations": {"validations.keda.sh/hpa-ownership": "false"}},
            spec={
                "scale_target_ref": {"api_version": "apps/v1", "kind": "Deployment", "name": args.deployment_name},
                "min_replicas": args.min_pods,
                "max_replicas": args.max_pods,
                "metrics": args.metrics(),
                "behavior": cast(
                    "HorizontalPodAutoscalerBehaviorArgsDict",
                    scaling_behavior(args.scale_out_seconds, args.scale_in_seconds),
                ),
            },
            opts=ResourceOptions(parent=self),
        )

        self.autoscaler_name = object_name(autoscaler.metadata)
        self.register_outputs({"autoscaler_name": self.autoscaler_name})


def check_bounds(min_pods: int, max_pods: int) -> None:
    """Raise ValueError unless the numbers of pods are valid bounds."""
    if not 1 <= min_pods <= max_pods:
        raise ValueError(
            f"min_pods, max_pods: not valid bounds (got {min_pods}, {max_pods}). "
            "Set 1 or more, and max_pods not below min_pods."
        )


def check_percents(cpu_percent: int | None, memory_percent: int | None) -> None:
    """Raise ValueError for a target of CPU or memory that is out of range."""
    for argument, percent, high in (("cpu_percent", cpu_percent, 200), ("memory_percent", memory_percent, 95)):
        if percent is not None and not 10 <= percent <= high:
            raise ValueError(f"{argument}: out of range (got {percent}). Set 10 to {high}, or None.")


def scaling_behavior(scale_out_seconds: int = 0, scale_in_seconds: int = 300) -> Mapping[str, Any]:
    """Return how fast a HorizontalPodAutoscaler scales out and in, as the Kubernetes API has it."""
    return {
        "scaleUp": {
            "stabilizationWindowSeconds": scale_out_seconds,
            "selectPolicy": "Max",
            "policies": [
                {"type": "Percent", "value": 100, "periodSeconds": 30},
                {"type": "Pods", "value": 4, "periodSeconds": 30},
            ],
        },
        "scaleDown": {
            "stabilizationWindowSeconds": scale_in_seconds,
            "selectPolicy": "Max",
            "policies": [{"type": "Percent", "value": 25, "periodSeconds": 60}],
        },
    }
