"""The Deployment that web and worker deployments share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_kubernetes as kubernetes
from pulumi import CustomTimeouts, Resource, ResourceOptions

from components.kubernetes.names import selector_labels
from components.kubernetes.pod import Pod, PodArgs

_READY_SECONDS = 10  # that a new pod must be ready before it counts as available
_PROGRESS_SECONDS = 600


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplicaArgs:
    """The arguments that every deployment has. Raises ValueError for a negative number of replicas."""

    pod: PodArgs
    """Arguments of the pods."""
    replicas: int
    """Number of pods, 0 or more."""
    autoscaled: bool = False
    """Whether an autoscaler owns the number of pods. `replicas` is then the initial number only."""

    def __post_init__(self) -> None:
        if self.replicas < 0:
            raise ValueError(f"replicas: negative (got {self.replicas}). Set 0 or more pods.")


def rolling_deployment(
    name: str, args: ReplicaArgs, pod: Pod, *, parent: Resource, after: Sequence[Resource] = ()
) -> kubernetes.apps.v1.Deployment:
    """Create the Deployment, which starts new pods before it stops old ones.

    An `up` waits until the new pods are available, and fails if they are not within ten minutes; the old pods serve
    until then. The resources in `after`, such as a release job, finish first.
    """
    return kubernetes.apps.v1.Deployment(
        name,
        metadata={"namespace": args.pod.namespace, "labels": selector_labels(name)},
        spec={
            "replicas": args.replicas,
            "selector": {"match_labels": selector_labels(name)},
            "strategy": {"type": "RollingUpdate", "rolling_update": {"max_surge": "25%", "max_unavailable": 0}},
            "min_ready_seconds": _READY_SECONDS,
            "progress_deadline_seconds": _PROGRESS_SECONDS,
            "revision_history_limit": 10,
            "template": pod.template,
        },
        opts=ResourceOptions(
            parent=parent,
            depends_on=[*pod.dependencies, *after],
            ignore_changes=["spec.replicas"] if args.autoscaled else None,
            custom_timeouts=CustomTimeouts(create="15m", update="15m", delete="15m"),
        ),
    )
