"""What runs: the cluster, the service with its deployments and its number of tasks, the worker, further services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pulumi import Output, ResourceOptions

from components.alb.listener_rule import ALL_REQUESTS, LAST_PRIORITY, RequestMatch
from components.alb.service_route import ServiceRoute, ServiceRouteArgs
from components.alb.target_group import TargetSettings
from components.ecr.repository import EcrRepository, EcrRepositoryArgs
from components.ecs.autoscaling import ServiceAutoscaling, ServiceAutoscalingArgs
from components.ecs.blue_green import BlueGreen, BlueGreenArgs
from components.ecs.cluster import ContainerInsights, EcsCluster, EcsClusterArgs
from components.ecs.deployment import BlueGreenTraffic, Deployment, DeploymentStrategy
from components.ecs.existing_cluster import ExistingCluster, ExistingClusterArgs
from components.ecs.one_off_task import OneOffTask, OneOffTaskArgs
from components.ecs.scaling_targets import RequestTarget
from components.ecs.scheduled_task import ScheduledTask, ScheduledTaskArgs
from components.ecs.service import EcsService, EcsServiceArgs
from components.ecs.service_connect import ServiceConnect
from components.ecs.service_namespace import ServiceNamespace, ServiceNamespaceArgs
from components.ecs.sidecars import Sidecar, datadog_agent, opentelemetry_collector
from components.ecs.task_security_group import EgressTarget
from components.ecs.worker_service import WorkerService, WorkerServiceArgs
from components.elasticache.replication_group import ReplicationGroup
from components.kms.key import KeyUse
from components.monitoring.alarms import Alarms, AlarmsArgs
from components.monitoring.business_metrics import BusinessMetrics
from components.secrets.app_secrets import AppSecrets, AppSecretsArgs
from components.secrets.rotation import RedeployedService
from stacks.catalog import versions
from stacks.catalog.phases import Feature
from stacks.catalog.tiers import REQUESTS_PER_TASK
from stacks.config.groups import ServiceConfig
from stacks.config.model import DeploymentMode
from stacks.context import StackContext
from stacks.monitoring import alarms as alarm_table
from stacks.resources import first_release
from stacks.resources.credentials import Credentials
from stacks.resources.database import Database
from stacks.resources.foundation import Foundation
from stacks.resources.ingress import SERVICE_PORT, Ingress

_WORKER: Final = ("node", "worker.js")
_SIDECARS_SECRETS: Final = ("DATADOG_API_KEY", "OPENTELEMETRY_TOKEN")  # which the program itself does not get


@dataclass(frozen=True, kw_only=True, slots=True)
class Compute:
    """What those who watch need to know."""

    images: EcrRepository
    cluster: EcsCluster | ExistingCluster
    service: EcsService
    worker: WorkerService | None
    blue_green: BlueGreen | None
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
    def restarted(self) -> Mapping[str, RedeployedService]:
        """The services that read the signing keys."""
        services = {"backend": self.service, **({"worker": self.worker} if self.worker else {}), **self.others}
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
    """In the order of their needs: images and cluster, the load balancer's half of deployments, services."""
    images = EcrRepository(
        "docker",
        EcrRepositoryArgs(
            kms_key_arn=foundation.key_arn_for(context, KeyUse.IMAGES),
            force_delete=not context.settings.protect,
            tags=context.tags,
        ),
        context.opts,
    )
    cluster = _cluster(context, foundation)
    blue_green = _traffic_shift(context, foundation, ingress) if context.has(Feature.BLUE_GREEN) else None
    namespace = _namespace(context) if context.settings.services else None
    task = _task(context, foundation, credentials, database, cache, images, cluster)
    opts = ResourceOptions.merge(context.opts, ResourceOptions(depends_on=database.ready))
    service = EcsService(
        "backend",
        EcsServiceArgs(
            **task,
            load_balancer_security_group_id=ingress.load_balancer.security_group_id,
            target_group_arn=ingress.load_balancer.target_group_arn,
            command=None if context.settings.image else first_release.SERVICE_COMMAND,
            container_port=SERVICE_PORT,
            desired_count=context.settings.sizes.tasks,
            autoscaled=context.has(Feature.AUTOSCALING),
            # 0 where Spot may ever come: from None to a number the service stays, and not back.
            spot_percent=context.settings.spot_percent if context.has(Feature.AUTOSCALING) else None,
            deployment=_deployment(context, blue_green, _rollback_alarms(context, foundation, ingress)),
            connect=_connect(namespace),
        ),
        opts,
    )
    worker = _worker(context, task, opts) if context.has(Feature.WORKER) and context.settings.worker else None
    if context.has(Feature.AUTOSCALING):
        _scale(context, ingress, cluster, service, worker, blue_green)
    return Compute(
        images=images,
        cluster=cluster,
        service=service,
        worker=worker,
        blue_green=blue_green,
        others=_others(context, foundation, ingress, cluster, task, namespace, opts),
        scheduled=_scheduled(context, task, opts),
    )


def _cluster(context: StackContext, foundation: Foundation) -> EcsCluster | ExistingCluster:
    if context.settings.existing_cluster is not None:
        return ExistingCluster("app", ExistingClusterArgs(cluster_name=context.settings.existing_cluster), context.opts)
    insights = ContainerInsights.ENABLED if context.has(Feature.CONTAINER_INSIGHTS) else ContainerInsights.DISABLED
    return EcsCluster(
        "app",
        EcsClusterArgs(
            exec_log_retention_days=context.settings.log_retention_days,
            container_insights=insights,
            log_key_arn=foundation.key_arn,
            tags=context.tags,
        ),
        context.opts,
    )


def _task(
    context: StackContext,
    foundation: Foundation,
    credentials: Credentials,
    database: Database,
    cache: ReplicationGroup | None,
    images: EcrRepository,
    cluster: EcsCluster | ExistingCluster,
) -> dict[str, Any]:
    """The arguments that all tasks share."""
    settings, sizes = context.settings, context.settings.sizes
    secrets = _connections(context, foundation, database, cache)
    named = {name: arn for name, arn in secrets.arns.items() if name not in _SIDECARS_SECRETS}
    egress_targets = {"database": database.egress_target}
    if cache:
        egress_targets["cache"] = EgressTarget(
            from_port=cache.port, to_port=cache.port, security_group_id=cache.security_group_id
        )
    return {
        "account_id": context.lookups.account_id,
        "region": settings.region,
        "cluster_arn": cluster.arn,
        "vpc_id": foundation.network.vpc_id,
        "subnet_ids": foundation.task_subnet_ids,
        # The way out without NAT; the security group lets the load balancer alone in.
        "assign_public_ip": foundation.tasks_are_public,
        "ipv6": settings.ipv6,
        "image": settings.image or versions.PLACEHOLDER_IMAGE,
        "repository_arn": images.arn,
        "cpu_units": sizes.task_cpu,
        "memory_mib": sizes.task_memory,
        "environment": _environment(context, cache),
        "secrets": {**credentials.signing, **named},
        "secrets_key_arn": foundation.key_arn,
        "log_key_arn": foundation.key_arn,
        "exec_log_group_arn": cluster.exec_log_group_arn if settings.ecs_exec else None,
        "egress_targets": egress_targets,
        "sidecars": _sidecars(context, secrets),
        "log_retention_days": settings.log_retention_days,
        "tags": context.tags,
    }


def _connections(
    context: StackContext, foundation: Foundation, database: Database, cache: ReplicationGroup | None
) -> AppSecrets:
    settings = context.settings
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
            recovery_window_days=context.secret_recovery_days,
            kms_key_id=foundation.key_arn,
            tags=context.tags,
        ),
        context.opts,
    )


def business_metrics(context: StackContext) -> BusinessMetrics:
    """Under a name that two stacks of one account never share."""
    return BusinessMetrics(stack_id=f"{context.project}/{context.stack}")


def _environment(context: StackContext, cache: ReplicationGroup | None) -> dict[str, str]:
    return {
        "NODE_ENV": "production",
        "ALLOWED_ORIGINS": f"https://{context.settings.domain}",
        **({"REDIS_CLUSTER": "true"} if cache and cache.cluster_protocol else {}),
        **(business_metrics(context).environment if context.has(Feature.BUSINESS_METRICS) else {}),
    }


def _sidecars(context: StackContext, secrets: AppSecrets) -> Sequence[Sidecar]:
    datadog = "DATADOG_API_KEY" in secrets.arns
    config = context.settings.open_telemetry_config
    return [
        *([_datadog(context, secrets.arns["DATADOG_API_KEY"])] if datadog else []),
        *([_collector(config, secrets)] if config is not None else []),
    ]


def _datadog(context: StackContext, api_key_arn: Output[str]) -> Sidecar:
    return datadog_agent(
        image=versions.DATADOG_AGENT,
        api_key_arn=api_key_arn,
        site=context.settings.datadog_site,
        environment=context.stack,
        service="backend",
    )


def _collector(config: str, secrets: AppSecrets) -> Sidecar:
    tokens = {name: arn for name, arn in secrets.arns.items() if name == "OPENTELEMETRY_TOKEN"}
    return opentelemetry_collector(image=versions.OPENTELEMETRY_COLLECTOR, config=config, secrets=tokens)


def _scheduled(context: StackContext, task: Mapping[str, Any], opts: ResourceOptions) -> Mapping[str, OneOffTask]:
    """The tasks of tierup:scheduledTasks, each with its schedule. They use what a service's task uses."""
    made: dict[str, OneOffTask] = {}
    for name, wanted in context.settings.scheduled_tasks.items():
        own: dict[str, Any] = {"cpu_units": wanted.cpu, "memory_mib": wanted.memory, "command": wanted.command}
        made[name] = OneOffTask(name, OneOffTaskArgs(**{**task, **own}), opts)
        ScheduledTask(
            f"{name}-clock",
            ScheduledTaskArgs(
                account_id=context.lookups.account_id,
                region=context.settings.region,
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
                tags=context.tags,
            ),
            context.opts,
        )
    return made


def _traffic_shift(context: StackContext, foundation: Foundation, ingress: Ingress) -> BlueGreen:
    """On a shared listener it takes our host's requests alone, at the place before our rule."""
    existing = context.settings.existing_load_balancer
    return BlueGreen(
        "backend",
        BlueGreenArgs(
            listener_arn=ingress.load_balancer.https_listener_arn,
            vpc_id=foundation.network.vpc_id,
            target_group_arn=ingress.load_balancer.target_group_arn,
            targets=ingress.targets,
            match=ingress.match or ALL_REQUESTS,
            priority=existing.priority - 1 if existing else LAST_PRIORITY,
            tags=context.tags,
        ),
        context.opts,
    )


def _rollback_alarms(context: StackContext, foundation: Foundation, ingress: Ingress) -> Sequence[Output[str]]:
    """Made before the service, so of the load balancer: an alarm on the service itself would wait for it."""
    if not context.has(Feature.BLUE_GREEN):
        return ()
    rows = alarm_table.failing_release(load_balancer=ingress.load_balancer.arn_suffix)
    args = AlarmsArgs(
        alarms=rows, topic_arn=foundation.topic.arn, runbooks=context.settings.runbook_url, tags=context.tags
    )
    alarms = Alarms("release", args, context.opts)
    return [arn.apply(lambda known: known.rpartition(":")[2]) for arn in alarms.arns.values()]


def _deployment(context: StackContext, blue_green: BlueGreen | None, alarms: Sequence[Output[str]]) -> Deployment:
    if blue_green is None:
        return Deployment()
    traffic = BlueGreenTraffic(
        alternate_target_group_arn=blue_green.alternate_target_group_arn,
        production_rule_arn=blue_green.production_rule_arn,
        role_arn=blue_green.role_arn,
    )
    deployment = Deployment(traffic=traffic, rollback_alarm_names=alarms)
    if context.settings.deployment is DeploymentMode.BLUE_GREEN:
        minutes = context.settings.bake_minutes
        return replace(deployment, strategy=DeploymentStrategy.BLUE_GREEN, bake_minutes=minutes)
    return deployment


def _worker(context: StackContext, task: Mapping[str, Any], opts: ResourceOptions) -> WorkerService:
    command = context.settings.worker_command or (_WORKER if context.settings.image else first_release.WORKER_COMMAND)
    args = WorkerServiceArgs(
        **task,
        command=command,
        desired_count=context.settings.sizes.workers,
        autoscaled=True,
        spot_percent=context.settings.spot_percent,
    )
    return WorkerService("worker", args, opts)


def _scale(
    context: StackContext,
    ingress: Ingress,
    cluster: EcsCluster | ExistingCluster,
    service: EcsService,
    worker: WorkerService | None,
    blue_green: BlueGreen | None,
) -> None:
    settings, sizes = context.settings, context.settings.sizes
    ServiceAutoscaling(
        "backend-scaling",
        ServiceAutoscalingArgs(
            cluster_name=cluster.cluster_name,
            service_name=service.service_name,
            min_tasks=sizes.tasks,
            max_tasks=sizes.max_tasks,
            requests=RequestTarget(
                requests_per_minute=REQUESTS_PER_TASK[settings.tier],
                load_balancer_arn_suffix=ingress.load_balancer.arn_suffix,
                target_group_arn_suffix=ingress.load_balancer.target_group_arn_suffix,
                alternate_target_group_arn_suffix=blue_green.alternate_target_group_arn_suffix if blue_green else None,
            ),
            schedules={name: schedule.bounds() for name, schedule in settings.capacity_schedules.items()},
            tags=context.tags,
        ),
        context.opts,
    )
    if worker is not None:
        ServiceAutoscaling(
            "worker-scaling",
            ServiceAutoscalingArgs(
                cluster_name=cluster.cluster_name,
                service_name=worker.service_name,
                min_tasks=sizes.workers,
                max_tasks=sizes.max_workers,
                tags=context.tags,
            ),
            context.opts,
        )


def _namespace(context: StackContext) -> ServiceNamespace:
    return ServiceNamespace("app", ServiceNamespaceArgs(tags=context.tags), context.opts)


def _connect(namespace: ServiceNamespace | None, dns_name: str | None = None) -> ServiceConnect | None:
    return ServiceConnect(namespace_arn=namespace.arn, dns_name=dns_name) if namespace else None


def _others(
    context: StackContext,
    foundation: Foundation,
    ingress: Ingress,
    cluster: EcsCluster | ExistingCluster,
    task: Mapping[str, Any],
    namespace: ServiceNamespace | None,
    opts: ResourceOptions,
) -> Mapping[str, EcsService]:
    """The services of tierup:services, a task set for each version of an A/B test."""
    made: dict[str, EcsService] = {}
    for name, wanted in context.settings.services.items():
        route = _route(context, foundation, ingress, name, wanted)
        for version, target_group_arn in route.target_group_arns.items():
            each = wanted.names(name)[version]
            made[each] = _other(context, ingress, each, wanted, version, target_group_arn, task, namespace, opts)
            ServiceAutoscaling(
                f"{each}-scaling",
                ServiceAutoscalingArgs(
                    cluster_name=cluster.cluster_name,
                    service_name=made[each].service_name,
                    min_tasks=wanted.tasks,
                    max_tasks=wanted.max_tasks,
                    tags=context.tags,
                ),
                context.opts,
            )
    return made


def _route(
    context: StackContext, foundation: Foundation, ingress: Ingress, name: str, wanted: ServiceConfig
) -> ServiceRoute:
    return ServiceRoute(
        name,
        ServiceRouteArgs(
            listener_arn=ingress.load_balancer.https_listener_arn,
            vpc_id=foundation.network.vpc_id,
            match=RequestMatch(hosts=(context.settings.api_host,), paths=wanted.paths),
            priority=wanted.priority,
            targets=TargetSettings(port=wanted.port, health_check_path=wanted.health_check_path),
            weights=wanted.weights,
            tags=context.tags,
        ),
        context.opts,
    )


def _other(
    context: StackContext,
    ingress: Ingress,
    name: str,
    wanted: ServiceConfig,
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
            load_balancer_security_group_id=ingress.load_balancer.security_group_id,
            target_group_arn=target_group_arn,
            command=wanted.command,
            container_port=wanted.port,
            health_check_path=wanted.health_check_path,
            desired_count=wanted.tasks,
            autoscaled=True,
            spot_percent=context.settings.spot_percent,
            connect=_connect(namespace, dns_name=name),
        ),
        opts,
    )
