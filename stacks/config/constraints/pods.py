"""Constraints: what pods on EKS do not support."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from pydantic.alias_generators import to_camel

from components.scheduling.kubernetes_cron import kubernetes_schedule
from stacks.config.errors import ConfigError, setting_error

if TYPE_CHECKING:
    from stacks.config.containers import ContainerConfig
    from stacks.config.model import Settings


_CONTAINERS_ON_ECS: Final = {
    "sidecars": "a pod has one container",
    "log_router": "a pod has one container, and the add-on of CloudWatch collects its logs",
    "repository_credentials": "nodes pull images with their own role",
    "pull_through_cache": "the role of nodes cannot import images",
    "open_files": "Kubernetes has no such limit",
    "connections": "the rules of pods and nodes name the stack's own database and cache only",
}
"""Fields of a container's configuration that pods do not have, with the reason."""

_FIRST_UNPRIVILEGED_PORT: Final = 1_024

_NODE_DAYS: Final = 15
"""The lifetime of a node and its draining (components/kubernetes/node_pool.py, whose import takes seconds)."""

_MAX_VERSIONS_OF_BOTH: Final = 2
"""Versions of a service with tasks and pods: a forward action has at most five target groups."""


def pod_errors(settings: Settings) -> Iterator[ConfigError]:
    """Yield an error for each setting that pods on EKS do not support."""
    yield from _unused_share(settings)
    if not settings.runs_pods:
        return
    if not settings.eks.admin_roles:
        yield setting_error(
            "eks.adminRoles",
            "the setting is missing: without an access entry nobody can use the Kubernetes API, not even `up`",
            "Set the ARNs of the IAM roles that administer the cluster, the role that runs `up` among them",
            "pulumi config set --path 'tierup:eks.adminRoles[0]' arn:aws:iam::<account>:role/<name>",
        )
    yield from _only_on_ecs(settings)
    # The value of DeploymentMode.ROLLING: the model imports this module.
    if settings.deployment.value != "rolling":
        yield setting_error(
            "deployment",
            f"ECS may serve from either target group of blue/green deployments, and tierup:orchestrator "
            f"{settings.orchestrator} divides the requests with the first one",
            "Allowed: rolling",
            "pulumi config set tierup:deployment rolling",
            got=settings.deployment,
        )
    yield from _pod_containers(settings)
    yield from _pod_services(settings)
    yield from _pod_jobs(settings)
    if 0 < settings.rotation_days <= _NODE_DAYS:
        yield setting_error(
            "rotationDays",
            "pods read the signing keys when they start, at the latest after "
            f"{_NODE_DAYS} days, when Auto Mode replaces their node",
            f"Allowed: 0, or {_NODE_DAYS + 1} and more",
            f"pulumi config set tierup:rotationDays {_NODE_DAYS + 1}",
            got=settings.rotation_days,
        )
    yield from _pod_ports(settings)


def _unused_share(settings: Settings) -> Iterator[ConfigError]:
    """Yield an error for a share of the requests that one orchestrator gets anyway."""
    if "eks_traffic_percent" not in settings.model_dump(exclude_unset=True, exclude_defaults=True):
        return
    if not settings.runs_pods:
        yield setting_error(
            "eksTrafficPercent",
            "the setting has no effect when tierup:orchestrator is ecs",
            "Remove it, or choose another orchestrator",
            "pulumi config rm tierup:eksTrafficPercent",
            got=settings.eks_traffic_percent,
        )
    elif not settings.runs_tasks:
        yield setting_error(
            "eksTrafficPercent",
            "the setting has no effect when tierup:orchestrator is eks: pods get every request",
            "Remove it",
            "pulumi config rm tierup:eksTrafficPercent",
            got=settings.eks_traffic_percent,
        )


def _only_on_ecs(settings: Settings) -> Iterator[ConfigError]:
    """Yield an error for each setting of the stack that works on ECS only."""
    no_volumes = "pods have no volumes of EFS"
    for key, given, why in (
        ("existingNetwork", settings.existing_network, "the address ranges of its subnets are not known"),
        ("existingLoadBalancer", settings.existing_load_balancer, "pods need further priorities on its listener"),
        ("regions", settings.regions, "pods run in the region of the stack only"),
        ("capacitySchedules", settings.capacity_schedules, "Kubernetes has no scheduled limits of autoscaling"),
        ("openTelemetryConfig", settings.open_telemetry_config, "the collector is a sidecar of ECS tasks"),
        (
            "worker.scaleOnQueue",
            None if settings.eks.keda else settings.worker.scale_on_queue,
            "without tierup:eks.keda, pods of the worker scale on CPU and memory only",
        ),
        ("backend.volumes", settings.backend.volumes, no_volumes),
        *((f"services.{name}.volumes", service.volumes, no_volumes) for name, service in settings.services.items()),
    ):
        if given:
            yield setting_error(
                key,
                f"the setting does not work with tierup:orchestrator {settings.orchestrator}: {why}",
                "Remove it, or choose ecs",
                f"pulumi config rm --path tierup:{key}, or pulumi config set tierup:orchestrator ecs",
            )


def _pod_containers(settings: Settings) -> Iterator[ConfigError]:
    """Yield an error for each field of a container that pods do not have."""
    for key, container in _containers_of_pods(settings).items():
        for field, why in _CONTAINERS_ON_ECS.items():
            if getattr(container, field):
                name = to_camel(field)
                yield setting_error(
                    f"{key}.{name}",
                    f"the setting does not work with tierup:orchestrator {settings.orchestrator}: {why}",
                    "Remove it, or choose ecs",
                    f"pulumi config rm --path tierup:{key}.{name}",
                )


def _pod_ports(settings: Settings) -> Iterator[ConfigError]:
    """Yield an error for each port that restricted pods may not listen on."""
    served = {"backend": settings.backend, **{f"services.{name}": each for name, each in settings.services.items()}}
    for key, container in served.items():
        if container.port < _FIRST_UNPRIVILEGED_PORT:
            yield setting_error(
                f"{key}.port",
                "restricted pods have no right to listen on a port below 1,024",
                "Allowed: 1,024 or more",
                f"pulumi config set --path tierup:{key}.port 5000",
                got=container.port,
            )


def _containers_of_pods(settings: Settings) -> dict[str, ContainerConfig]:
    """Return the containers that pods run, by the path of their setting."""
    containers: dict[str, ContainerConfig] = {"backend": settings.backend, "worker": settings.worker}
    containers |= {f"services.{name}": each for name, each in settings.services.items()}
    if not settings.runs_tasks:
        containers |= {f"scheduledTasks.{name}": each for name, each in settings.scheduled_tasks.items()}
        containers |= {"releaseTask": settings.release_task} if settings.release_task is not None else {}
    return containers


def _pod_services(settings: Settings) -> Iterator[ConfigError]:
    """Yield what pods of tierup:services do not support."""
    for name, service in settings.services.items():
        for field, given, why in (
            ("deployment", service.deployment, "ECS moves the requests of a deployment with its own rule"),
            ("requestTimeoutSeconds", service.request_timeout_seconds, "a Kubernetes Service has no time-outs"),
        ):
            if given is not None:
                yield setting_error(
                    f"services.{name}.{field}",
                    f"the setting does not work with tierup:orchestrator {settings.orchestrator}: {why}",
                    "Remove it, or choose ecs",
                    f"pulumi config rm --path tierup:services.{name}.{field}",
                    got=given,
                )
        if settings.runs_tasks and len(service.versions) > _MAX_VERSIONS_OF_BOTH:
            yield setting_error(
                f"services.{name}.weights",
                "tasks and pods of each version have a target group, and a listener rule has at most five",
                f"Allowed with tierup:orchestrator {settings.orchestrator}: {_MAX_VERSIONS_OF_BOTH} versions",
                f"pulumi config rm --path tierup:services.{name}.weights",
                got=len(service.versions),
            )


def _pod_jobs(settings: Settings) -> Iterator[ConfigError]:
    """Yield what CronJobs do not support. While tasks run as well, the schedules stay on ECS."""
    if settings.runs_tasks:
        return
    for name, task in settings.scheduled_tasks.items():
        try:
            kubernetes_schedule(task.schedule)
        except ValueError as error:
            yield setting_error(
                f"scheduledTasks.{name}.schedule",
                str(error).removeprefix("schedule: ").rstrip("."),
                "tierup:orchestrator ecs has all schedules of AWS",
                f"pulumi config set --path tierup:scheduledTasks.{name}.schedule 'rate(1 day)'",
            )
        if task.window_minutes:
            yield setting_error(
                f"scheduledTasks.{name}.windowMinutes",
                "a CronJob starts at its time and has no window",
                "Remove it",
                f"pulumi config rm --path tierup:scheduledTasks.{name}.windowMinutes",
                got=task.window_minutes,
            )
        if task.on_spot and not settings.spot_percent:
            yield setting_error(
                f"scheduledTasks.{name}.onSpot",
                "the nodes of the cluster are on demand",
                "Remove it, or set tierup:spotPercent",
                f"pulumi config rm --path tierup:scheduledTasks.{name}.onSpot",
                got="true",
            )
