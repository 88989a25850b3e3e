"""What runs: the cluster, the service with its deployments and its number of tasks, the worker, further services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pulumi import Output, ResourceOptions

from components.alb.listener_rule import EVERYTHING, LAST_PRIORITY, RequestMatch
from components.alb.service_route import ServiceRoute, ServiceRouteArgs
from components.alb.target_group import TargetSettings
from components.ecr.repository import ImageRepository, ImageRepositoryArgs
from components.ecs.autoscaling import ServiceAutoscaling, ServiceAutoscalingArgs
from components.ecs.blue_green import TrafficShift, TrafficShiftArgs
from components.ecs.cluster import ContainerCluster, ContainerClusterArgs, ContainerInsights
from components.ecs.deployment import Deployment, DeploymentStrategy, ShiftedTraffic
from components.ecs.existing_cluster import ExistingCluster, ExistingClusterArgs
from components.ecs.one_off_task import OneOffTask, OneOffTaskArgs
from components.ecs.scaling_targets import RequestTarget
from components.ecs.scheduled_task import ScheduledTask, ScheduledTaskArgs
from components.ecs.service import EcsService, EcsServiceArgs
from components.ecs.service_connect import ServiceConnect
from components.ecs.service_namespace import ServiceNamespace, ServiceNamespaceArgs
from components.ecs.sidecars import Sidecar, datadog_agent, opentelemetry_collector
from components.ecs.task_security_group import Reach
from components.ecs.worker_service import WorkerService, WorkerServiceArgs
from components.elasticache.replication_group import Cache
from components.kms.key import KeyUse
from components.monitoring.alarms import Alarms, AlarmsArgs
from components.monitoring.business_metrics import BusinessMetrics
from components.secrets.app_secrets import AppSecrets, AppSecretsArgs
from components.secrets.rotation import Restarted
from stacks.catalog import versions
from stacks.catalog.phases import Block
from stacks.catalog.tiers import REQUESTS_A_TASK
from stacks.config.groups import ServiceSettings
from stacks.config.model import DeploymentKind
from stacks.context import Plan
from stacks.monitoring import alarms as alarm_table
from stacks.resources import first_release
from stacks.resources.credentials import Credentials
from stacks.resources.database import Database
from stacks.resources.foundation import Ground
from stacks.resources.ingress import SERVICE_PORT, Front

_WORKER: Final = ("node", "worker.js")
_SIDECARS_SECRETS: Final = ("DATADOG_API_KEY", "OPENTELEMETRY_TOKEN")  # which the program itself does not get


@dataclass(frozen=True, kw_only=True, slots=True)
class Running:
    """What those who watch need to know."""

    images: ImageRepository
    cluster: ContainerCluster | ExistingCluster
    service: EcsService
    worker: WorkerService | None
    shift: TrafficShift | None
    others: Mapping[str, EcsService]
    scheduled: Mapping[str, OneOffTask]

    @property
    def task_roles(self) -> Mapping[str, Output[str]]:
        """Names of the roles of all tasks that use the database, by a name of ours."""
        worker = {"worker": self.worker.task_role_name} if self.worker else {}
        return {
            "backend": self.service.task_role_name,
            **worker,
            **{name: service.task_role_name for name, service in self.others.items()},
            **{name: task.task_role_name for name, task in self.scheduled.items()},
        }

    @property
    def restarted(self) -> Mapping[str, Restarted]:
        """The services that read the signing keys."""
        services = {"backend": self.service, **({"worker": self.worker} if self.worker else {}), **self.others}
        return {
            name: Restarted(cluster_name=self.cluster.cluster_name, service_name=service.service_name)
            for name, service in services.items()
        }


def run(
    plan: Plan, ground: Ground, front: Front, credentials: Credentials, database: Database, cache: Cache | None
) -> Running:
    """In the order of their needs: images and cluster, the load balancer's half of deployments, services."""
    images = ImageRepository(
        "docker",
        ImageRepositoryArgs(
            kms_key_arn=ground.key_arn_for(plan, KeyUse.IMAGES), force_delete=not plan.settings.protect, tags=plan.tags
        ),
        plan.opts,
    )
    cluster = _cluster(plan, ground)
    shift = _traffic_shift(plan, ground, front) if plan.has(Block.TRAFFIC_SHIFT) else None
    namespace = _namespace(plan) if plan.settings.services else None
    task = _task(plan, ground, credentials, database, cache, images, cluster)
    opts = ResourceOptions.merge(plan.opts, ResourceOptions(depends_on=database.ready))
    service = EcsService(
        "backend",
        EcsServiceArgs(
            **task,
            load_balancer_security_group_id=front.load_balancer.security_group_id,
            target_group_arn=front.load_balancer.target_group_arn,
            command=None if plan.settings.image else first_release.SERVICE_COMMAND,
            container_port=SERVICE_PORT,
            desired_count=plan.settings.sizes.tasks,
            autoscaled=plan.has(Block.AUTOSCALING),
            # 0 where Spot may ever come: from None to a number the service stays, and not back.
            spot_percent=plan.settings.spot_percent if plan.has(Block.AUTOSCALING) else None,
            deployment=_deployment(plan, shift, _rollback_alarms(plan, ground, front)),
            connect=_connect(namespace),
        ),
        opts,
    )
    worker = _worker(plan, task, opts) if plan.has(Block.WORKER) and plan.settings.worker else None
    if plan.has(Block.AUTOSCALING):
        _scale(plan, front, cluster, service, worker, shift)
    return Running(
        images=images,
        cluster=cluster,
        service=service,
        worker=worker,
        shift=shift,
        others=_others(plan, ground, front, cluster, task, namespace, opts),
        scheduled=_scheduled(plan, task, opts),
    )


def _cluster(plan: Plan, ground: Ground) -> ContainerCluster | ExistingCluster:
    if plan.settings.existing_cluster is not None:
        return ExistingCluster("app", ExistingClusterArgs(cluster_name=plan.settings.existing_cluster), plan.opts)
    insights = ContainerInsights.ENABLED if plan.has(Block.CONTAINER_INSIGHTS) else ContainerInsights.DISABLED
    return ContainerCluster(
        "app",
        ContainerClusterArgs(
            exec_log_retention_days=plan.settings.log_retention_days,
            container_insights=insights,
            log_key_arn=ground.key_arn,
            tags=plan.tags,
        ),
        plan.opts,
    )


def _task(
    plan: Plan,
    ground: Ground,
    credentials: Credentials,
    database: Database,
    cache: Cache | None,
    images: ImageRepository,
    cluster: ContainerCluster | ExistingCluster,
) -> dict[str, Any]:
    """The arguments that all tasks share."""
    settings, sizes = plan.settings, plan.settings.sizes
    secrets = _connections(plan, ground, database, cache)
    named = {name: arn for name, arn in secrets.arns.items() if name not in _SIDECARS_SECRETS}
    reaches = {"database": database.reach}
    if cache:
        reaches["cache"] = Reach(from_port=cache.port, to_port=cache.port, security_group_id=cache.security_group_id)
    return {
        "account_id": plan.around.account_id,
        "region": settings.region,
        "cluster_arn": cluster.arn,
        "vpc_id": ground.network.vpc_id,
        "subnet_ids": ground.task_subnet_ids,
        # The way out without NAT; the security group lets the load balancer alone in.
        "assign_public_ip": ground.tasks_are_public,
        "image": settings.image or versions.FIRST_IMAGE,
        "repository_arn": images.arn,
        "cpu_units": sizes.task_cpu,
        "memory_mib": sizes.task_memory,
        "environment": _environment(plan, cache),
        "secrets": {**credentials.signing, **named},
        "secrets_key_arn": ground.key_arn,
        "log_key_arn": ground.key_arn,
        "exec_log_group_arn": cluster.exec_log_group_arn if settings.exec else None,
        "reaches": reaches,
        "sidecars": _sidecars(plan, secrets),
        "log_retention_days": settings.log_retention_days,
        "tags": plan.tags,
    }


def _connections(plan: Plan, ground: Ground, database: Database, cache: Cache | None) -> AppSecrets:
    settings = plan.settings
    return AppSecrets(
        "connection",
        AppSecretsArgs(
            given={
                "MONGODB_URI": database.uri,
                **({"REDIS_URL": cache.url} if cache else {}),
                **({"SENTRY_DSN": settings.sentry_dsn} if settings.sentry_dsn is not None else {}),
                **({"DATADOG_API_KEY": settings.datadog_api_key} if settings.datadog_api_key is not None else {}),
                **(
                    {"OPENTELEMETRY_TOKEN": settings.open_telemetry_token}
                    if settings.open_telemetry_token is not None
                    else {}
                ),
            },
            recovery_window_days=plan.recovery_days,
            kms_key_id=ground.key_arn,
            tags=plan.tags,
        ),
        plan.opts,
    )


def business_metrics(plan: Plan) -> BusinessMetrics:
    """Under a name that two stacks of one account never share."""
    return BusinessMetrics(stack_id=f"{plan.project}/{plan.stack}")


def _environment(plan: Plan, cache: Cache | None) -> dict[str, str]:
    return {
        "NODE_ENV": "production",
        "ALLOWED_ORIGINS": f"https://{plan.settings.domain}",
        **({"REDIS_CLUSTER": "true"} if cache and cache.speaks_cluster else {}),
        **(business_metrics(plan).environment if plan.has(Block.BUSINESS_METRICS) else {}),
    }


def _sidecars(plan: Plan, secrets: AppSecrets) -> Sequence[Sidecar]:
    datadog = "DATADOG_API_KEY" in secrets.arns
    config = plan.settings.open_telemetry_config
    return [
        *([_datadog(plan, secrets.arns["DATADOG_API_KEY"])] if datadog else []),
        *([_collector(config, secrets)] if config is not None else []),
    ]


def _datadog(plan: Plan, api_key_arn: Output[str]) -> Sidecar:
    return datadog_agent(
        image=versions.DATADOG_AGENT,
        api_key_arn=api_key_arn,
        site=plan.settings.datadog_site,
        environment=plan.stack,
        service="backend",
    )


def _collector(config: str, secrets: AppSecrets) -> Sidecar:
    tokens = {name: arn for name, arn in secrets.arns.items() if name == "OPENTELEMETRY_TOKEN"}
    return opentelemetry_collector(image=versions.OPENTELEMETRY_COLLECTOR, config=config, secrets=tokens)


def _scheduled(plan: Plan, task: Mapping[str, Any], opts: ResourceOptions) -> Mapping[str, OneOffTask]:
    """The tasks of tierup:scheduledTasks, each with its schedule. They use what a service's task uses."""
    made: dict[str, OneOffTask] = {}
    for name, wanted in plan.settings.scheduled_tasks.items():
        own: dict[str, Any] = {"cpu_units": wanted.cpu, "memory_mib": wanted.memory, "command": wanted.command}
        made[name] = OneOffTask(name, OneOffTaskArgs(**{**task, **own}), opts)
        ScheduledTask(
            f"{name}-clock",
            ScheduledTaskArgs(
                account_id=plan.around.account_id,
                region=plan.settings.region,
                cluster_arn=task["cluster_arn"],
                task_definition_arn=made[name].task_definition_arn,
                execution_role_arn=made[name].execution_role_arn,
                task_role_arn=made[name].task_role_arn,
                subnet_ids=task["subnet_ids"],
                security_group_id=made[name].security_group_id,
                schedule=wanted.schedule,
                timezone=wanted.timezone,
                window_minutes=wanted.window_minutes,
                enabled=wanted.enabled,
                assign_public_ip=task["assign_public_ip"],
                on_spot=wanted.on_spot,
                tags=plan.tags,
            ),
            plan.opts,
        )
    return made


def _traffic_shift(plan: Plan, ground: Ground, front: Front) -> TrafficShift:
    """On a shared listener it takes our host's requests alone, at the place before our rule."""
    existing = plan.settings.existing_load_balancer
    return TrafficShift(
        "backend",
        TrafficShiftArgs(
            listener_arn=front.load_balancer.https_listener_arn,
            vpc_id=ground.network.vpc_id,
            target_group_arn=front.load_balancer.target_group_arn,
            targets=front.targets,
            match=front.match or EVERYTHING,
            priority=existing.priority - 1 if existing else LAST_PRIORITY,
            tags=plan.tags,
        ),
        plan.opts,
    )


def _rollback_alarms(plan: Plan, ground: Ground, front: Front) -> Sequence[Output[str]]:
    """Made before the service, so of the load balancer: an alarm on the service itself would wait for it."""
    if not plan.has(Block.TRAFFIC_SHIFT):
        return ()
    rows = alarm_table.failing_release(load_balancer=front.load_balancer.arn_suffix)
    args = AlarmsArgs(alarms=rows, topic_arn=ground.topic.arn, runbooks=plan.settings.runbooks, tags=plan.tags)
    alarms = Alarms("release", args, plan.opts)
    return [arn.apply(lambda known: known.rpartition(":")[2]) for arn in alarms.arns.values()]


def _deployment(plan: Plan, shift: TrafficShift | None, alarms: Sequence[Output[str]]) -> Deployment:
    if shift is None:
        return Deployment()
    traffic = ShiftedTraffic(
        alternate_target_group_arn=shift.alternate_target_group_arn,
        production_rule_arn=shift.production_rule_arn,
        role_arn=shift.role_arn,
    )
    deployment = Deployment(traffic=traffic, rollback_alarm_names=alarms)
    if plan.settings.deployment is DeploymentKind.BLUE_GREEN:
        minutes = plan.settings.bake_minutes
        return replace(deployment, strategy=DeploymentStrategy.BLUE_GREEN, bake_minutes=minutes)
    return deployment


def _worker(plan: Plan, task: Mapping[str, Any], opts: ResourceOptions) -> WorkerService:
    command = plan.settings.worker_command or (_WORKER if plan.settings.image else first_release.WORKER_COMMAND)
    args = WorkerServiceArgs(
        **task,
        command=command,
        desired_count=plan.settings.sizes.workers,
        autoscaled=True,
        spot_percent=plan.settings.spot_percent,
    )
    return WorkerService("worker", args, opts)


def _scale(
    plan: Plan,
    front: Front,
    cluster: ContainerCluster | ExistingCluster,
    service: EcsService,
    worker: WorkerService | None,
    shift: TrafficShift | None,
) -> None:
    settings, sizes = plan.settings, plan.settings.sizes
    ServiceAutoscaling(
        "backend-scaling",
        ServiceAutoscalingArgs(
            cluster_name=cluster.cluster_name,
            service_name=service.service_name,
            least_tasks=sizes.tasks,
            most_tasks=sizes.most_tasks,
            requests=RequestTarget(
                requests_per_minute=REQUESTS_A_TASK[settings.tier],
                load_balancer_arn_suffix=front.load_balancer.arn_suffix,
                target_group_arn_suffix=front.load_balancer.target_group_arn_suffix,
                alternate_target_group_arn_suffix=shift.alternate_target_group_arn_suffix if shift else None,
            ),
            schedules={name: schedule.bounds() for name, schedule in settings.capacity_schedules.items()},
            tags=plan.tags,
        ),
        plan.opts,
    )
    if worker is not None:
        ServiceAutoscaling(
            "worker-scaling",
            ServiceAutoscalingArgs(
                cluster_name=cluster.cluster_name,
                service_name=worker.service_name,
                least_tasks=sizes.workers,
                most_tasks=sizes.most_workers,
                tags=plan.tags,
            ),
            plan.opts,
        )


def _namespace(plan: Plan) -> ServiceNamespace:
    return ServiceNamespace("app", ServiceNamespaceArgs(tags=plan.tags), plan.opts)


def _connect(namespace: ServiceNamespace | None, known_as: str | None = None) -> ServiceConnect | None:
    return ServiceConnect(namespace_arn=namespace.arn, known_as=known_as) if namespace else None


def _others(
    plan: Plan,
    ground: Ground,
    front: Front,
    cluster: ContainerCluster | ExistingCluster,
    task: Mapping[str, Any],
    namespace: ServiceNamespace | None,
    opts: ResourceOptions,
) -> Mapping[str, EcsService]:
    """The services of tierup:services, a task set for each version of an A/B test."""
    made: dict[str, EcsService] = {}
    for name, wanted in plan.settings.services.items():
        route = _route(plan, ground, front, name, wanted)
        for version, target_group_arn in route.target_group_arns.items():
            each = wanted.names(name)[version]
            made[each] = _other(plan, front, each, wanted, version, target_group_arn, task, namespace, opts)
            ServiceAutoscaling(
                f"{each}-scaling",
                ServiceAutoscalingArgs(
                    cluster_name=cluster.cluster_name,
                    service_name=made[each].service_name,
                    least_tasks=wanted.tasks,
                    most_tasks=wanted.most_tasks,
                    tags=plan.tags,
                ),
                plan.opts,
            )
    return made


def _route(plan: Plan, ground: Ground, front: Front, name: str, wanted: ServiceSettings) -> ServiceRoute:
    return ServiceRoute(
        name,
        ServiceRouteArgs(
            listener_arn=front.load_balancer.https_listener_arn,
            vpc_id=ground.network.vpc_id,
            match=RequestMatch(hosts=(plan.settings.api_host,), paths=wanted.paths),
            priority=wanted.priority,
            targets=TargetSettings(port=wanted.port, health_check_path=wanted.health_check_path),
            weights=wanted.weights,
            tags=plan.tags,
        ),
        plan.opts,
    )


def _other(
    plan: Plan,
    front: Front,
    name: str,
    wanted: ServiceSettings,
    version: str,
    target_group_arn: Output[str],
    task: Mapping[str, Any],
    namespace: ServiceNamespace | None,
    opts: ResourceOptions,
) -> EcsService:
    own: dict[str, Any] = {
        "image": wanted.images.get(version, wanted.image),
        "cpu_units": wanted.cpu,
        "memory_mib": wanted.memory,
    }
    return EcsService(
        name,
        EcsServiceArgs(
            **{**task, **own},
            load_balancer_security_group_id=front.load_balancer.security_group_id,
            target_group_arn=target_group_arn,
            command=wanted.command,
            container_port=wanted.port,
            health_check_path=wanted.health_check_path,
            desired_count=wanted.tasks,
            autoscaled=True,
            spot_percent=plan.settings.spot_percent,
            connect=_connect(namespace, known_as=name),
        ),
        opts,
    )
