"""The pods of a job that a command starts, such as the migrations before a release.

Creates the objects of the pods (network policy, secrets) and a suspended CronJob, whose job template corresponds to a
task definition of ECS: `kubectl create job --from=cronjob/NAME` starts it, and an `up` does not.
It does not create the service account.
https://kubernetes.io/docs/reference/kubectl/generated/kubectl_create/kubectl_create_job/ (from memory, to be checked)
"""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import ComponentResource, Output, ResourceOptions

from components.kubernetes.cron_job import suspended_cron_job
from components.kubernetes.names import object_name
from components.kubernetes.pod import PodArgs, check_run

_MAX_DEADLINE_SECONDS = 86_400


@dataclass(frozen=True, kw_only=True, slots=True)
class JobTemplateArgs:
    """Arguments of JobTemplate. Raises ValueError without a command, and for values out of range."""

    pod: PodArgs
    """Arguments of the pods, with a command that exits."""
    deadline_seconds: int = 3_600
    """Seconds after which the job fails, 60 to 86,400."""
    retries: int = 0
    """How often the job starts another pod after one failed, 0 to 10."""

    def __post_init__(self) -> None:
        check_run(
            self.pod,
            deadline_seconds=self.deadline_seconds,
            deadlines=(60, _MAX_DEADLINE_SECONDS),
            retries=self.retries,
        )


class JobTemplate(ComponentResource):
    """A CronJob that stays suspended, whose template a command runs as a Job."""

    cron_job_name: Output[str]
    """Name of the CronJob."""
    run_job: Output[str]
    """JSON with the namespace and the name of the CronJob, from which `tierup deploy` creates a Job."""

    def __init__(self, name: str, args: JobTemplateArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:kubernetes:JobTemplate", name, None, opts)
        job = suspended_cron_job(
            name, args.pod, deadline_seconds=args.deadline_seconds, retries=args.retries, parent=self
        )

        self.cron_job_name = object_name(job.metadata)
        self.run_job = Output.json_dumps({"namespace": args.pod.namespace, "cronJob": self.cron_job_name})
        self.register_outputs({"cron_job_name": self.cron_job_name, "run_job": self.run_job})
