"""Autoscaling of a Deployment by KEDA: on CPU, memory, the requests of a load balancer and the length of an SQS queue.

Creates a ScaledObject, from which KEDA makes a HorizontalPodAutoscaler and serves its external metrics, and a
TriggerAuthentication with the identity of KEDA's operator. *KEDA must be installed in the cluster*: without its
definitions the Kubernetes API refuses both objects. Its operator needs a role that reads the metrics
(`metric_statements`).
Sources: apis/keda/v1alpha1 and pkg/scalers/aws_cloudwatch_scaler.go of https://github.com/kedacore/keda (read
2026-11-28), and https://keda.sh/docs/latest/scalers/aws-sqs/ (read 2026-11-28).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi_kubernetes as kubernetes
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.iam.statement import PolicyStatement
from components.kubernetes.autoscaler import check_bounds, check_percents, scaling_behavior
from components.kubernetes.names import check_logical_name, custom_object_name

API_VERSION: Final = "keda.sh/v1alpha1"
NAMESPACE: Final = "keda"
OPERATOR: Final = "keda-operator"
"""Namespace and service account of the operator, as KEDA's chart has them (from memory)."""
_HPA_PREFIX: Final = "keda-hpa-"  # of the HorizontalPodAutoscaler that KEDA makes
_POLL_SECONDS: Final = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class KedaQueue:
    """A target of visible messages in an SQS queue for each pod. Raises ValueError for a target below 1."""

    url: Input[str]
    """URL of the queue."""
    messages_per_pod: int
    """Waiting messages for each pod above which KEDA scales out, 1 or more."""

    def __post_init__(self) -> None:
        if self.messages_per_pod < 1:
            raise ValueError(f"messages_per_pod: below 1 (got {self.messages_per_pod}). Set 1 or more.")


@dataclass(frozen=True, kw_only=True, slots=True)
class KedaRequests:
    """A target of requests per minute and pod, which a load balancer counts. Raises ValueError for a target below 1."""

    requests_per_minute: int
    """Requests per minute and pod above which KEDA scales out, 1 or more."""
    load_balancer_arn_suffix: Input[str]
    """`arn_suffix` of the load balancer."""
    target_group_arn_suffix: Input[str]
    """`arn_suffix` of the target group of the pods."""

    def __post_init__(self) -> None:
        if self.requests_per_minute < 1:
            raise ValueError(f"requests_per_minute: below 1 (got {self.requests_per_minute}). Set 1 or more.")


@dataclass(frozen=True, kw_only=True, slots=True)
class KedaAutoscalerArgs:
    """Arguments of KedaAutoscaler. Raises ValueError for values out of range, and without a queue or requests."""

    namespace: Input[str]
    """Name of the namespace of the Deployment."""
    deployment_name: Input[str]
    """Name of the Deployment, whose argument `autoscaled` must be true."""
    region: str
    """AWS region of the metrics."""
    min_pods: int
    """Minimum number of pods, 1 or more."""
    max_pods: int
    """Maximum number of pods, `min_pods` or more."""
    cpu_percent: int | None = 70
    """Target of the average CPU in percent of the requested CPU, 10 to 200; None is no target."""
    memory_percent: int | None = None
    """Target of the average memory in percent of the requested memory, 10 to 95; None is no target."""
    queue: KedaQueue | None = None
    """Target of waiting messages for each pod."""
    requests: KedaRequests | None = None
    """Target of requests for each pod."""

    def __post_init__(self) -> None:
        check_bounds(self.min_pods, self.max_pods)
        check_percents(self.cpu_percent, self.memory_percent)
        if self.queue is None and self.requests is None:
            raise ValueError(
                "queue, requests: no target of AWS (got None for both). Set one of them, or use PodAutoscaler."
            )

    def triggers(self) -> list[dict[str, Any]]:
        """Return the triggers of the ScaledObject, without their authentication."""
        found: list[dict[str, Any]] = [
            {"type": resource, "metricType": "Utilization", "metadata": {"value": str(percent)}}
            for resource, percent in (("cpu", self.cpu_percent), ("memory", self.memory_percent))
            if percent is not None
        ]
        if self.queue is not None:
            metadata: dict[str, Any] = {
                "queueURL": self.queue.url,
                "queueLength": str(self.queue.messages_per_pod),
                "scaleOnInFlight": "false",  # counts what waits, as on ECS
                "awsRegion": self.region,
            }
            found.append({"type": "aws-sqs-queue", "metadata": metadata})
        if self.requests is not None:
            dimensions = Output.concat(
                self.requests.load_balancer_arn_suffix, ";", self.requests.target_group_arn_suffix
            )
            metadata = {
                "namespace": "AWS/ApplicationELB",
                "metricName": "RequestCountPerTarget",
                "dimensionName": "LoadBalancer;TargetGroup",
                "dimensionValue": dimensions,
                "metricStat": "Sum",
                "metricStatPeriod": "60",
                "metricCollectionTime": "300",
                "metricEndTimeOffset": "60",  # the current minute is not complete
                "targetMetricValue": str(self.requests.requests_per_minute),
                "minMetricValue": "0",
                "awsRegion": self.region,
            }
            # The metric is the average of the targets already, so KEDA must not divide it by the pods.
            found.append({"type": "aws-cloudwatch", "metricType": "Value", "metadata": metadata})
        return found


class KedaAutoscaler(ComponentResource):
    """Autoscaling of one Deployment by KEDA between a minimum and a maximum number of pods."""

    scaled_object_name: Output[str]
    """Name of the ScaledObject."""

    def __init__(self, name: str, args: KedaAutoscalerArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:kubernetes:KedaAutoscaler", name, None, opts)
        check_logical_name(name, reserved=len(_HPA_PREFIX))
        authentication = kubernetes.apiextensions.CustomResource(
            f"{name}-identity",
            api_version=API_VERSION,
            kind="TriggerAuthentication",
            metadata={"namespace": args.namespace},
            spec={"podIdentity": {"provider": "aws"}},
            opts=ResourceOptions(parent=self),
        )
        identity = {"authenticationRef": {"name": custom_object_name(authentication)}}
        scaled = kubernetes.apiextensions.CustomResource(
            name,
            api_version=API_VERSION,
            kind="ScaledObject",
            metadata={"namespace": args.namespace},
            spec={
                "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": args.deployment_name},
                "pollingInterval": _POLL_SECONDS,
                "minReplicaCount": args.min_pods,
                "maxReplicaCount": args.max_pods,
                "advanced": {"horizontalPodAutoscalerConfig": {"behavior": scaling_behavior()}},
                "triggers": [
                    {**each, **(identity if each["type"].startswith("aws-") else {})} for each in args.triggers()
                ],
            },
            opts=ResourceOptions(parent=self),
        )
        self.scaled_object_name = custom_object_name(scaled)
        self.register_outputs({"scaled_object_name": self.scaled_object_name})


def metric_statements(queue_arn: str | None) -> Sequence[PolicyStatement]:
    """Return what the role of KEDA's operator needs to read the metrics, and the length of a queue."""
    # CloudWatch has no resource-level permissions for metrics.
    metrics = PolicyStatement(actions=["cloudwatch:GetMetricData"], resources=["*"])
    if queue_arn is None:
        return [metrics]
    return [metrics, PolicyStatement(actions=["sqs:GetQueueAttributes"], resources=[queue_arn])]
