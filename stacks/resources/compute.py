"""Compute: the image repository, the cluster, the API, the worker, further services and scheduled tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pulumi import Output, Resource, ResourceOptions

from components.ecr.repository import EcrRepository, EcrRepositoryArgs
from components.ecs.autoscaling import ServiceAutoscaling, ServiceAutoscalingArgs
from components.ecs.blue_green import BlueGreen
from components.ecs.cluster import ContainerInsights, EcsCluster, EcsClusterArgs
from components.ecs.existing_cluster import ExistingCluster, ExistingClusterArgs
from components.ecs.one_off_task import OneOffTask
from components.ecs.scaling_targets import QueueTarget
from components.ecs.service import EcsService
from components.ecs.service_connect import ServiceConnect
from components.ecs.service_namespace import ServiceNamespace, ServiceNamespaceArgs
from components.ecs.task import TaskArgs
from components.ecs.worker_service import WorkerService, WorkerServiceArgs
from components.elasticache.replication_group import ReplicationGroup
from components.kms.key import KeyUse
from components.secrets.rotation import RedeployedService
from stacks.catalog.phases import Feature
from stacks.context import StackContext
from stacks.resources import first_release
from stacks.resources.backend import create_backend, create_backend_autoscaling, create_blue_green
from stacks.resources.credentials import Credentials
from stacks.resources.database import Database
from stacks.resources.foundation import Foundation
from stacks.resources.further_services import (
    FurtherServices,
    as_caller,
    called_by,
    create_further_services,
    create_routes,
    create_scheduled_tasks,
    service_connect,
)
from stacks.resources.ingress import Ingress
from stacks.resources.shared_files import create_shared_files, with_volumes
from stacks.resources.tasks import application_task, create_app_secrets, one_off_task, task_args, with_container

if TYPE_CHECKING:
    from stacks.resources.eks import Pods

_WORKER_COMMAND: Final = ("node", "worker.js")
# Only these images expire, the oldest first. ECR does not track which image runs, so images with other tags, such as
# v1.2.3, stay until someone deletes them.
_EXPIRING_TAGS: Final = ("build-",)


@dataclass(frozen=True, kw_only=True, slots=True)
class Compute:
    """What maintenance and monitoring need of the compute resources."""

    images: EcrRepository
    cluster: EcsCluster | ExistingCluster
    service: EcsService | None  # None when only EKS runs the API
    worker: WorkerService | None
    pods: Pods | None  # of tierup:orchestrator other than ecs
    blue_green: BlueGreen | None
    others: Mapping[str, EcsService]  # the services of tierup:services
    other_images: Mapping[str, EcrRepository]  # by the names in tierup:services; versions share a repository
    scheduled: Mapping[str, OneOffTask]  # the tasks of tierup:scheduledTasks on ECS
    release: OneOffTask | None  # the task of tierup:releaseTask on ECS

    @property
    def task_roles(self) -> Mapping[str, Output[str]]:
        """The names of the task roles that connect to the database, by the name of the service or task."""
        worker = {"worker": self.worker.task_role_name} if self.worker else {}
        return {
            **({"backend": self.service.task_role_name} if self.service else {}),
            **worker,
            **(self.pods.role_names if self.pods else {}),
            **{name: service.task_role_name for name, service in self.others.items()},
            **{name: task.task_role_name for name, task in self.scheduled.items()},
            **({"release": self.release.task_role_name} if self.release else {}),
        }

    @property
    def release_task(self) -> Output[str] | None:
        """What `tierup deploy` starts for tierup:releaseTask: the input of RunTask, or the job template of pods."""
        if self.release is not None:
            return self.release.run_task
        return self.pods.release.run_job if self.pods is not None and self.pods.release is not None else None

    @property
    def serving(self) -> list[Resource]:
        """What serves the API."""
        pods: list[Resource] = [self.pods.backend] if self.pods else []
        return [*([self.service] if self.service else []), *pods]

    @property
    def log_group_name(self) -> Output[str]:
        """Name of the log group of the API; that of all pods when only EKS runs it."""
        if self.service is not None:
            return self.service.log_group_name
        assert self.pods is not None, "an orchestrator runs the API"
        return self.pods.log_group_name

    @property
    def redeployed(self) -> Mapping[str, RedeployedService]:
        """The ECS services that read the signing keys, which rotation therefore redeploys. Pods restart with their
        nodes, which live for two weeks."""
        own = {"backend": self.service, "worker": self.worker}
        services = {**{name: service for name, service in own.items() if service is not None}, **self.others}
        return {
            name: RedeployedService(cluster_name=self.cluster.cluster_name, service_name=service.service_name)
            for name, service in services.items()
        }


def create_compute(
    context: StackContext,
    foundation: Foundation,
    ingress: Ingress,
    credentials: Credentials,
    database: Database,
    cache: ReplicationGroup | None,
) -> Compute:
    """Create the compute resources in the order of their dependencies."""
    images = _image_repository("images", context, foundation)
    cluster = create_cluster(context, foundation)
    blue_green = create_blue_green(context, foundation, ingress) if context.has(Feature.BLUE_GREEN) else None
    namespace = _namespace(context) if context.settings.services and context.settings.runs_tasks else None
    task = task_args(context, foundation, credentials, database, cache, images, cluster)
    opts = ResourceOptions.merge(context.opts, ResourceOptions(depends_on=database.ready))
    app_secrets = create_app_secrets(context, foundation)
    files = create_shared_files(context, foundation)
    application = with_volumes(application_task(context, task, app_secrets), files, context.settings.backend.volumes)
    other_images = {key: _image_repository(f"images-{key}", context, foundation) for key in context.settings.services}
    further = create_routes(context, foundation, ingress, task, app_secrets, files, other_images)
    others = (
        create_further_services(context, foundation, ingress, cluster, further, namespace, opts)
        if context.settings.runs_tasks
        else {}
    )
    caller, caller_opts = as_caller(context, application, called_by(context, "backend", others), opts)
    connect = service_connect(namespace)
    service, worker = None, None
    if context.settings.runs_tasks:
        service = create_backend(context, foundation, ingress, caller, blue_green, connect, caller_opts)
        if context.has(Feature.WORKER) and context.settings.worker.enabled:
            caller, caller_opts = as_caller(context, application, called_by(context, "worker", others), opts)
            worker = create_worker(context, caller, connect, caller_opts)
        if context.has(Feature.AUTOSCALING):
            create_backend_autoscaling(context, ingress, cluster, service, blue_green)
            if worker is not None:
                create_worker_autoscaling(context, cluster, worker)
    pods = _pods(context, foundation, ingress, application, further, opts) if context.settings.runs_pods else None
    runs_tasks = context.settings.runs_tasks
    return Compute(
        images=images,
        cluster=cluster,
        service=service,
        worker=worker,
        pods=pods,
        blue_green=blue_green,
        others=others,
        other_images=other_images,
        scheduled=create_scheduled_tasks(context, application, opts) if runs_tasks else {},
        release=_release_task(context, application, opts) if runs_tasks else None,
    )


def _pods(
    context: StackContext,
    foundation: Foundation,
    ingress: Ingress,
    task: TaskArgs,
    further: FurtherServices,
    opts: ResourceOptions,
) -> Pods:
    from stacks.resources.eks import create_pods  # importing the SDK takes seconds

    return create_pods(context, foundation, ingress, task, further, opts)


def _image_repository(name: str, context: StackContext, foundation: Foundation) -> EcrRepository:
    """Create the repository of one service, so that the images of another one do not count against its limit."""
    return EcrRepository(
        name,
        EcrRepositoryArgs(
            tag_prefixes=_EXPIRING_TAGS,
            kms_key_arn=foundation.key_arn_for(context, KeyUse.IMAGES),
            force_delete=not context.settings.protect,
            tags=context.tags,
        ),
        context.opts,
    )


def create_cluster(context: StackContext, foundation: Foundation) -> EcsCluster | ExistingCluster:
    if context.settings.existing_cluster is not None:
        return ExistingCluster("app", ExistingClusterArgs(cluster_name=context.settings.existing_cluster), context.opts)
    insights = ContainerInsights.ENABLED if context.has(Feature.CONTAINER_INSIGHTS) else ContainerInsights.DISABLED
    return EcsCluster(
        context.named("app"),
        EcsClusterArgs(
            exec_log_retention_days=context.settings.log_retention_days,
            container_insights=insights,
            log_key_arn=foundation.key_arn,
            tags=context.tags,
        ),
        context.opts,
    )


def _namespace(context: StackContext) -> ServiceNamespace:
    return ServiceNamespace("app", ServiceNamespaceArgs(tags=context.tags), context.opts)


def create_worker(
    context: StackContext, task: TaskArgs, connect: ServiceConnect | None, opts: ResourceOptions
) -> WorkerService:
    settings, config = context.settings, context.settings.worker
    command = config.command or (_WORKER_COMMAND if settings.image else first_release.WORKER_COMMAND)
    args = WorkerServiceArgs(
        task=replace(with_container(task, config), command=command),
        connect=connect,
        desired_count=_min_workers(context),
        autoscaled=True,
        spot_percent=settings.spot_percent,
    )
    return WorkerService(context.named("worker"), args, opts)


def _min_workers(context: StackContext) -> int:
    """Return the minimum number of workers: none in a region that does not serve, whose cache accepts no writes."""
    settings = context.settings
    return settings.sizes.workers if settings.region == settings.serving_region else 0


def _release_task(context: StackContext, task: TaskArgs, opts: ResourceOptions) -> OneOffTask | None:
    """Create the release task. There is none without `tierup:image`: the placeholder's image lacks its command."""
    config = context.settings.release_task
    if config is None or context.settings.image is None:
        return None
    return OneOffTask("release", one_off_task(task, config), opts)


def create_worker_autoscaling(
    context: StackContext, cluster: EcsCluster | ExistingCluster, worker: WorkerService
) -> None:
    sizes, queue = context.settings.sizes, context.settings.worker.scale_on_queue
    metrics = {}
    if queue is not None:
        metrics["queue"] = QueueTarget(
            queue_name=queue.queue_name,
            messages_per_task=queue.messages_per_task,
            cluster_name=cluster.cluster_name,
            service_name=worker.service_name,
        )
    ServiceAutoscaling(
        context.named("worker-scaling"),
        ServiceAutoscalingArgs(
            cluster_name=cluster.cluster_name,
            service_name=worker.service_name,
            min_tasks=_min_workers(context),
            max_tasks=sizes.max_workers,
            cpu_percent=context.settings.autoscaling.cpu_percent,
            memory_percent=context.settings.autoscaling.memory_percent,
            metrics=metrics,
            tags=context.tags,
        ),
        context.opts,
    )
