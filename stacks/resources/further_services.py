"""The services of tierup:services, with their routes and autoscaling, and the tasks of tierup:scheduledTasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pulumi import Output, ResourceOptions

from components.alb.listener_rule import RequestMatch
from components.alb.service_route import PodShare, ServiceRoute, ServiceRouteArgs
from components.alb.target_group import TargetSettings
from components.ecr.repository import EcrRepository
from components.ecs.autoscaling import ServiceAutoscaling, ServiceAutoscalingArgs
from components.ecs.blue_green import BlueGreen, BlueGreenArgs
from components.ecs.cluster import EcsCluster
from components.ecs.deployment import Deployment
from components.ecs.existing_cluster import ExistingCluster
from components.ecs.one_off_task import OneOffTask
from components.ecs.scheduled_task import ScheduledTask, ScheduledTaskArgs
from components.ecs.service import EcsService, EcsServiceArgs
from components.ecs.service_connect import ServiceConnect
from components.ecs.service_namespace import ServiceNamespace
from components.ecs.task import TaskArgs
from components.ecs.task_security_group import EgressTarget
from components.efs.shared_files import SharedFiles
from components.secrets.app_secrets import AppSecrets
from stacks.config.constraints.services import call_order
from stacks.config.containers import ServiceConfig
from stacks.config.model import DeploymentMode
from stacks.context import StackContext
from stacks.resources.backend import deployment_of, rollback_alarms
from stacks.resources.cluster_name import cluster_name
from stacks.resources.foundation import Foundation
from stacks.resources.ingress import Ingress
from stacks.resources.shared_files import with_volumes
from stacks.resources.tasks import one_off_task, with_app_secrets, with_container


@dataclass(frozen=True, kw_only=True, slots=True)
class FurtherServices:
    """What tasks and pods of tierup:services share."""

    routes: Mapping[str, ServiceRoute]
    """The route of each entry, by its name in tierup:services."""
    tasks: Mapping[str, TaskArgs]
    """The arguments of each service, by its name. The versions of an A/B test have different images."""


def create_routes(
    context: StackContext,
    foundation: Foundation,
    ingress: Ingress,
    task: TaskArgs,
    app_secrets: AppSecrets | None,
    files: SharedFiles | None,
    images: Mapping[str, EcrRepository],
) -> FurtherServices:
    """Create the route of each service of tierup:services, and return it with the arguments of its tasks.

    `images` are their repositories, by the names in tierup:services.
    """
    tasks: dict[str, TaskArgs] = {}
    for key, config in context.settings.services.items():
        own = with_container(with_app_secrets(task, app_secrets, config.app_secrets), config)
        own = with_volumes(own, files, config.volumes)
        own = replace(
            own, repository_arn=images[key].arn, cpu_units=config.cpu, memory_mib=config.memory, command=config.command
        )
        for version, name in config.names(key).items():
            tasks[name] = replace(own, image=config.images.get(version, config.image))
    return FurtherServices(
        routes={
            key: _route(context, foundation, ingress, key, config) for key, config in context.settings.services.items()
        },
        tasks=tasks,
    )


def create_further_services(
    context: StackContext,
    foundation: Foundation,
    ingress: Ingress,
    cluster: EcsCluster | ExistingCluster,
    further: FurtherServices,
    namespace: ServiceNamespace | None,
    opts: ResourceOptions,
) -> Mapping[str, EcsService]:
    """Create each service of tierup:services, one for each version of an A/B test. Return them by name."""
    services: dict[str, EcsService] = {}
    configs = context.settings.services
    for key in call_order(configs)[0]:
        config, route = configs[key], further.routes[key]
        called = called_by(context, key, services)
        blue_green = _blue_green(context, foundation, ingress, key, config, route)
        deployment = _deployment(context, foundation, ingress, key, config, route, blue_green)
        for version, target_group_arn in route.target_group_arns.items():
            name = config.names(key)[version]
            own, own_opts = as_caller(context, further.tasks[name], called, opts)
            services[name] = _service(
                context, ingress, name, config, target_group_arn, own, namespace, deployment, own_opts
            )
            ServiceAutoscaling(
                f"{name}-scaling",
                ServiceAutoscalingArgs(
                    cluster_name=cluster.cluster_name,
                    service_name=services[name].service_name,
                    min_tasks=config.tasks,
                    max_tasks=config.max_tasks,
                    cpu_percent=context.settings.autoscaling.cpu_percent,
                    memory_percent=context.settings.autoscaling.memory_percent,
                    tags=context.tags,
                ),
                context.opts,
            )
    return services


def create_scheduled_tasks(context: StackContext, task: TaskArgs, opts: ResourceOptions) -> Mapping[str, OneOffTask]:
    """Create each task of tierup:scheduledTasks with its schedule. Return the tasks by name."""
    tasks: dict[str, OneOffTask] = {}
    for name, config in context.settings.scheduled_tasks.items():
        tasks[name] = OneOffTask(name, one_off_task(task, config), opts)
        ScheduledTask(
            f"{name}-clock",
            ScheduledTaskArgs(
                account_id=context.lookups.account_id,
                region=context.settings.region,
                cluster_arn=task.cluster_arn,
                task_definition_arn=tasks[name].task_definition_arn,
                execution_role_arn=tasks[name].execution_role_arn,
                task_role_arn=tasks[name].task_role_arn,
                subnet_ids=task.subnet_ids,
                security_group_id=tasks[name].security_group_id,
                schedule=config.schedule,
                timezone=config.timezone,
                window_minutes=config.window_minutes,
                enabled=config.enabled,
                assign_public_ip=task.assign_public_ip,
                on_spot=config.on_spot,
                tags=context.tags,
            ),
            context.opts,
        )
    return tasks


def service_targets(context: StackContext, services: Mapping[str, EcsService]) -> Mapping[str, EgressTarget]:
    """Return the services as destinations of a caller's connections, by name."""
    ports = {
        name: config.port for key, config in context.settings.services.items() for name in config.names(key).values()
    }
    return {
        name: EgressTarget(from_port=ports[name], to_port=ports[name], security_group_id=service.security_group_id)
        for name, service in services.items()
    }


def called_by(context: StackContext, caller: str, services: Mapping[str, EcsService]) -> Mapping[str, EcsService]:
    """Return those of `services` that `caller` may call: backend, worker, or a name in tierup:services."""
    names = {
        name
        for config_name, config in context.settings.services.items()
        if config.is_called_by(caller)
        for name in config.names(config_name).values()
    }
    return {name: service for name, service in services.items() if name in names}


def as_caller(
    context: StackContext, task: TaskArgs, services: Mapping[str, EcsService], opts: ResourceOptions
) -> tuple[TaskArgs, ResourceOptions]:
    """Return the arguments and options of a task that calls the services by Service Connect.

    The security groups on both ends allow the connections. The task is created after the services, and deployed again
    when a service is added, because only tasks that start later resolve a new name:
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html (read 2026-11-28)
    """
    if not services:
        return task, opts
    args = replace(
        task,
        egress_targets={**task.egress_targets, **service_targets(context, services)},
        restart_on={**task.restart_on, "services": ",".join(sorted(services))},
    )
    return args, ResourceOptions.merge(opts, ResourceOptions(depends_on=list(services.values())))


def service_connect(
    namespace: ServiceNamespace | None, dns_name: str | None = None, request_timeout_seconds: int | None = None
) -> ServiceConnect | None:
    """Return the Service Connect configuration of a service, or None without a namespace."""
    if namespace is None:
        return None
    return ServiceConnect(
        namespace_arn=namespace.arn, dns_name=dns_name, request_timeout_seconds=request_timeout_seconds
    )


def _blue_green(
    context: StackContext,
    foundation: Foundation,
    ingress: Ingress,
    name: str,
    config: ServiceConfig,
    route: ServiceRoute,
) -> BlueGreen | None:
    """Create the second target group and its rule, if the service chooses a deployment strategy."""
    if config.deployment is None:
        return None
    return BlueGreen(
        name,
        BlueGreenArgs(
            listener_arn=ingress.load_balancer.https_listener_arn,
            vpc_id=foundation.network.vpc_id,
            target_group_arn=route.target_group_arns["main"],
            targets=_targets(config),
            match=RequestMatch(hosts=context.settings.api_hosts, paths=config.paths),
            priority=config.priority - 1,
            tags=context.tags,
        ),
        context.opts,
    )


def _deployment(
    context: StackContext,
    foundation: Foundation,
    ingress: Ingress,
    name: str,
    config: ServiceConfig,
    route: ServiceRoute,
    blue_green: BlueGreen | None,
) -> Deployment:
    if blue_green is None or config.deployment is None:
        return Deployment()
    suffix = route.target_group_arn_suffixes["main"]
    alarms = rollback_alarms(f"{name}-release", context, foundation, ingress, suffix, blue_green)
    return deployment_of(context, blue_green, alarms, DeploymentMode(config.deployment))


def _route(
    context: StackContext, foundation: Foundation, ingress: Ingress, name: str, config: ServiceConfig
) -> ServiceRoute:
    return ServiceRoute(
        name,
        ServiceRouteArgs(
            listener_arn=ingress.load_balancer.https_listener_arn,
            vpc_id=foundation.network.vpc_id,
            match=RequestMatch(hosts=context.settings.api_hosts, paths=config.paths),
            priority=config.priority,
            targets=_targets(config),
            weights=config.weights,
            selections={
                version: RequestMatch(hosts=context.settings.api_hosts, paths=config.paths, headers=headers)
                for version, headers in config.select.items()
            },
            selection_priority=config.select_priority,
            pods=_pod_share(context),
            tags=context.tags,
        ),
        context.opts,
    )


def _targets(config: ServiceConfig) -> TargetSettings:
    return TargetSettings(
        port=config.port, health_check_path=config.health_check_path, health_check_codes=config.health_check_codes
    )


def _pod_share(context: StackContext) -> PodShare | None:
    settings = context.settings
    if not settings.runs_pods:
        return None
    return PodShare(cluster_name=cluster_name(context), percent=settings.pod_percent, beside_tasks=settings.runs_tasks)


def _service(
    context: StackContext,
    ingress: Ingress,
    name: str,
    config: ServiceConfig,
    target_group_arn: Output[str],
    task: TaskArgs,
    namespace: ServiceNamespace | None,
    deployment: Deployment,
    opts: ResourceOptions,
) -> EcsService:
    return EcsService(
        name,
        EcsServiceArgs(
            task=task,
            load_balancer_security_group_id=ingress.load_balancer.security_group_id,
            target_group_arn=target_group_arn,
            container_port=config.port,
            health_check_path=config.health_check_path,
            container_health_check=config.health_command,
            health_check_grace_seconds=config.health_check_grace_seconds,
            desired_count=config.tasks,
            autoscaled=True,
            spot_percent=context.settings.spot_percent,
            deployment=deployment,
            connect=service_connect(namespace, name, config.request_timeout_seconds),
        ),
        opts,
    )
