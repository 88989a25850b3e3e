"""Runs pods to completion before a release, such as migrations.

Creates the objects of the pods (network policy, secrets) and a Job. An `up` waits until the job has succeeded, and
fails if it fails. A change of the image or of any other part of the pods replaces the job, which runs it again.
Deployments that have the component in `after` change only afterwards, so that a failed job leaves the previous version
running.
It does not create the service account.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_kubernetes as kubernetes
from pulumi import ComponentResource, CustomTimeouts, Output, ResourceOptions

from components.kubernetes.names import check_logical_name, object_name, selector_labels
from components.kubernetes.pod import Pod, PodArgs, check_run

_MAX_DEADLINE_SECONDS = 3_600


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseJobArgs:
    """Arguments of ReleaseJob. Raises ValueError without a command, and for an invalid deadline."""

    pod: PodArgs
    """Arguments of the pods, with the command that ends. It must be safe to run twice."""
    deadline_seconds: int = 900
    """Seconds after which the job fails, 30 to 3,600."""
    retries: int = 1
    """How often the job starts another pod after one failed, 0 to 10."""

    def __post_init__(self) -> None:
        check_run(
            self.pod,
            deadline_seconds=self.deadline_seconds,
            deadlines=(30, _MAX_DEADLINE_SECONDS),
            retries=self.retries,
        )


class ReleaseJob(ComponentResource):
    """A Job that has succeeded once the component is complete."""

    job_name: Output[str]
    """Name of the Job. It resolves after the job has succeeded."""

    def __init__(self, name: str, args: ReleaseJobArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:kubernetes:ReleaseJob", name, None, opts)
        check_logical_name(name, reserved=len("-01234"))
        pod = Pod(name, args.pod, parent=self, runs_once=True)
        job = kubernetes.batch.v1.Job(
            name,
            metadata={
                "namespace": args.pod.namespace,
                "labels": selector_labels(name),
                # A job that failed does not run again: the next `up` replaces it.
                "annotations": {"pulumi.com/replaceUnready": "true"},
            },
            spec={
                "backoff_limit": args.retries,
                "active_deadline_seconds": args.deadline_seconds,
                # No ttlSecondsAfterFinished: a refresh would miss a deleted job, and the next `up` would run it again.
                "template": pod.template,
            },
            opts=ResourceOptions(
                parent=self,
                depends_on=pod.dependencies,
                custom_timeouts=CustomTimeouts(create=f"{args.deadline_seconds + 60}s"),
            ),
        )

        self.job_name = object_name(job.metadata)
        self.register_outputs({"job_name": self.job_name})
