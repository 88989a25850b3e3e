"""Runs pods to completion on a schedule.

Creates the objects of the pods (network policy, secrets) and a CronJob.
It does not create the service account.
https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ (read 2026-11-28)
"""

from __future__ import annotations

import re
import zoneinfo
from dataclasses import dataclass

import pulumi_kubernetes as kubernetes
from pulumi import ComponentResource, Output, Resource, ResourceOptions

from components.kubernetes.names import check_logical_name, object_name, selector_labels
from components.kubernetes.pod import Pod, PodArgs, check_run

_CRON_FIELD = r"[\d*/,\-A-Za-z]+"
_SCHEDULE = re.compile(rf"({_CRON_FIELD} ){{4}}{_CRON_FIELD}|@(hourly|daily|weekly|monthly|yearly)")
_MIN_DEADLINE_SECONDS = 60
_MAX_DEADLINE_SECONDS = 86_400


@dataclass(frozen=True, kw_only=True, slots=True)
class ScheduledJobArgs:
    """Arguments of ScheduledJob. Raises ValueError for an invalid schedule, time zone or deadline."""

    pod: PodArgs
    """Arguments of the pods, with the command that ends."""
    schedule: str
    """Schedule in the form of cron with five fields: minute hour day-of-month month day-of-week."""
    timezone: str = "UTC"
    """IANA time zone of the schedule, such as Europe/Berlin, with its daylight saving time."""
    deadline_seconds: int = 3_600
    """Seconds after which a run fails, 60 to 86,400."""
    retries: int = 2
    """How often a run starts another pod after one failed, 0 to 10."""
    enabled: bool = True
    """Whether the schedule is enabled. If False, the job is created suspended."""

    def __post_init__(self) -> None:
        if not _SCHEDULE.fullmatch(self.schedule):
            raise ValueError(
                f"schedule: not a cron schedule (got {self.schedule!r}). Set five fields: minute hour day-of-month "
                "month day-of-week."
            )
        if self.timezone not in zoneinfo.available_timezones():
            raise ValueError(f"timezone: unknown (got {self.timezone!r}). Set an IANA name such as Europe/Berlin.")
        check_run(
            self.pod,
            deadline_seconds=self.deadline_seconds,
            deadlines=(_MIN_DEADLINE_SECONDS, _MAX_DEADLINE_SECONDS),
            retries=self.retries,
        )


class ScheduledJob(ComponentResource):
    """A CronJob: one run at a time."""

    cron_job_name: Output[str]
    """Name of the CronJob."""

    def __init__(self, name: str, args: ScheduledJobArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:kubernetes:ScheduledJob", name, None, opts)
        job = _cron_job(name, args, parent=self)

        self.cron_job_name = object_name(job.metadata)
        self.register_outputs({"cron_job_name": self.cron_job_name})


def suspended_cron_job(
    name: str, pod: PodArgs, *, deadline_seconds: int, retries: int, parent: Resource
) -> kubernetes.batch.v1.CronJob:
    """Create a CronJob that Kubernetes never starts, as the template of jobs."""
    args = ScheduledJobArgs(
        pod=pod,
        schedule="@yearly",  # required, and without effect
        deadline_seconds=deadline_seconds,
        retries=retries,
        enabled=False,
    )
    return _cron_job(name, args, parent=parent)


def _cron_job(name: str, args: ScheduledJobArgs, *, parent: Resource) -> kubernetes.batch.v1.CronJob:
    # A CronJob's name has at most 52 characters: its controller appends 11 to the names of the jobs.
    check_logical_name(name, reserved=11)
    pod = Pod(name, args.pod, parent=parent, runs_once=True)
    return kubernetes.batch.v1.CronJob(
        name,
        metadata={"namespace": args.pod.namespace, "labels": selector_labels(name)},
        spec={
            "schedule": args.schedule,
            "time_zone": args.timezone,
            "suspend": not args.enabled,
            "concurrency_policy": "Forbid",
            # Without a deadline for starting, a job that missed 100 starts never runs again.
            "starting_deadline_seconds": 300,
            "successful_jobs_history_limit": 3,
            "failed_jobs_history_limit": 3,
            "job_template": {
                "spec": {
                    "backoff_limit": args.retries,
                    "active_deadline_seconds": args.deadline_seconds,
                    "template": pod.template,
                }
            },
        },
        opts=ResourceOptions(parent=parent, depends_on=pod.dependencies),
    )
