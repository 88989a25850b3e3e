"""The tasks of tierup:scheduledTasks and tierup:releaseTask as jobs of Kubernetes, when only EKS runs the stack.

While tasks run as well (tierup:orchestrator ecs-and-eks), the jobs stay on ECS: they would run twice otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from components.ecs.task import TaskArgs
from components.eks.pod_role import PodRole
from components.kubernetes.cron_job import ScheduledJob, ScheduledJobArgs
from components.kubernetes.job_template import JobTemplate, JobTemplateArgs
from components.kubernetes.pod import PodArgs
from components.scheduling.kubernetes_cron import kubernetes_schedule
from stacks.config.containers import OneOffTaskConfig
from stacks.context import StackContext
from stacks.resources.pod_workloads import KubernetesObjects, pod_args, pod_role
from stacks.resources.tasks import one_off_task

_LONGEST_RUN_SECONDS: Final = 86_400
_SPOT: Final = {"karpenter.sh/capacity-type": "spot"}


def create_scheduled_jobs(context: StackContext, objects: KubernetesObjects, task: TaskArgs) -> Mapping[str, PodRole]:
    """Create a CronJob for each task of tierup:scheduledTasks. Return the roles of their pods by name."""
    roles: dict[str, PodRole] = {}
    for name, config in context.settings.scheduled_tasks.items():
        roles[name], pod = _job(context, objects, name, task, config, _SPOT if config.on_spot else {})
        ScheduledJob(
            name,
            ScheduledJobArgs(
                pod=pod,
                schedule=kubernetes_schedule(config.schedule),
                timezone=config.timezone,
                deadline_seconds=_LONGEST_RUN_SECONDS,
                retries=0,  # as EventBridge Scheduler, which does not repeat a command that failed
                enabled=config.enabled,
            ),
            objects.opts,
        )
    return {f"{name}-pods": role for name, role in roles.items()}


def create_release_job(
    context: StackContext, objects: KubernetesObjects, task: TaskArgs
) -> tuple[JobTemplate | None, Mapping[str, PodRole]]:
    """Create the template of the release job. There is none without `tierup:image`: the placeholder's image lacks its
    command."""
    config = context.settings.release_task
    if config is None or context.settings.image is None:
        return None, {}
    role, pod = _job(context, objects, "release", task, config, {})
    template = JobTemplate("release", JobTemplateArgs(pod=pod), objects.opts)
    return template, {"release-pods": role}


def _job(
    context: StackContext,
    objects: KubernetesObjects,
    name: str,
    task: TaskArgs,
    config: OneOffTaskConfig,
    preferred: Mapping[str, str],
) -> tuple[PodRole, PodArgs]:
    own = one_off_task(task, config).task
    role = pod_role(context, objects, name, own)
    return role, pod_args(context, objects, role, own, preferred_node_labels=preferred)
