"""The service of the API: its deployments, blue/green resources and autoscaling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pulumi import Output, ResourceOptions

from components.alb.listener_rule import ALL_REQUESTS, LAST_PRIORITY, RequestMatch
from components.ecs.autoscaling import ServiceAutoscaling, ServiceAutoscalingArgs
from components.ecs.blue_green import BlueGreen, BlueGreenArgs
from components.ecs.cluster import EcsCluster
from components.ecs.deployment import BlueGreenTraffic, Deployment, DeploymentStrategy
from components.ecs.existing_cluster import ExistingCluster
from components.ecs.lifecycle_hooks import HooksOfDeployment, LifecycleHooks, LifecycleHooksArgs
from components.ecs.scaling_targets import RequestTarget
from components.ecs.service import NODE_HEALTH_CHECK, EcsService, EcsServiceArgs
from components.ecs.service_connect import ServiceConnect
from components.ecs.task import TaskArgs
from components.monitoring.alarms import Alarms, AlarmsArgs
from stacks.catalog.phases import Feature
from stacks.catalog.tiers import REQUESTS_PER_TASK
from stacks.config.model import DeploymentMode
from stacks.context import StackContext
from stacks.monitoring.alarms import failing_release
from stacks.resources import first_release
from stacks.resources.foundation import Foundation
from stacks.resources.ingress import Ingress
from stacks.resources.tasks import with_container

_STRATEGIES: Final = {
    DeploymentMode.ROLLING: DeploymentStrategy.ROLLING,
    DeploymentMode.BLUE_GREEN: DeploymentStrategy.BLUE_GREEN,
    DeploymentMode.CANARY: DeploymentStrategy.CANARY,
    DeploymentMode.LINEAR: DeploymentStrategy.LINEAR,
}


def create_blue_green(context: StackContext, foundation: Foundation, ingress: Ingress) -> BlueGreen:
    """Create the load balancer resources of blue/green deployments.

    On a shared listener they apply to the requests of the stack's host, with the priority before that of its rule.
    """
    existing = context.settings.existing_load_balancer
    priority = existing.priority - 1 if existing else LAST_PRIORITY
    return BlueGreen(
        context.named("backend"),
        BlueGreenArgs(
            listener_arn=ingress.load_balancer.https_listener_arn,
            vpc_id=foundation.network.vpc_id,
            target_group_arn=ingress.load_balancer.target_group_arn,
            targets=ingress.targets,
            match=ingress.match or ALL_REQUESTS,
            priority=priority,
            test_match=_test_match(context, ingress),
            test_priority=priority - 1,
            tags=context.tags,
        ),
        context.opts,
    )


def _test_match(context: StackContext, ingress: Ingress) -> RequestMatch | None:
    """Return the requests that reach the new tasks before production traffic; None without a test header."""
    checks = context.settings.deployment_checks
    if checks is None or checks.test_header is None:
        return None
    hosts = ingress.match.hosts if ingress.match else ()
    return RequestMatch(hosts=hosts, headers={checks.test_header: checks.test_value})


def _hooks(context: StackContext) -> HooksOfDeployment | None:
    """Create the role of the lifecycle hooks. Return None without a hook."""
    checks = context.settings.deployment_checks
    if checks is None or not checks.hooks:
        return None
    hooks = {name: hook.hook() for name, hook in checks.hooks.items()}
    role = LifecycleHooks("deployment-hooks", LifecycleHooksArgs(hooks=hooks, tags=context.tags), context.opts)
    return HooksOfDeployment(hooks=hooks, role_arn=role.role_arn)


def create_backend(
    context: StackContext,
    foundation: Foundation,
    ingress: Ingress,
    task: TaskArgs,
    blue_green: BlueGreen | None,
    connect: ServiceConnect | None,
    opts: ResourceOptions,
) -> EcsService:
    """Create the service. Without `tierup:image` it runs the placeholder."""
    settings, autoscaled = context.settings, context.has(Feature.AUTOSCALING)
    config = settings.backend
    command = config.command if settings.image else first_release.SERVICE_COMMAND
    return EcsService(
        context.named("backend"),
        EcsServiceArgs(
            task=replace(with_container(task, config.not_shared), command=command),
            load_balancer_security_group_id=ingress.load_balancer.security_group_id,
            target_group_arn=ingress.load_balancer.target_group_arn,
            container_port=config.port,
            health_check_path=config.health_check_path,
            health_check_grace_seconds=config.health_check_grace_seconds,
            # The placeholder's image has node.
            container_health_check=config.health_command if settings.image else NODE_HEALTH_CHECK,
            desired_count=settings.sizes.tasks,
            autoscaled=autoscaled,
            # A change from None to a number updates the service, and a change back to None replaces it.
            spot_percent=settings.spot_percent if autoscaled else None,
            deployment=_backend_deployment(context, foundation, ingress, blue_green),
            connect=connect,
        ),
        opts,
    )


def create_backend_autoscaling(
    context: StackContext,
    ingress: Ingress,
    cluster: EcsCluster | ExistingCluster,
    service: EcsService,
    blue_green: BlueGreen | None,
) -> None:
    """Scale the service on CPU, requests per task and schedules."""
    settings, sizes = context.settings, context.settings.sizes
    ServiceAutoscaling(
        context.named("backend-scaling"),
        ServiceAutoscalingArgs(
            cluster_name=cluster.cluster_name,
            service_name=service.service_name,
            min_tasks=sizes.tasks,
            max_tasks=sizes.max_tasks,
            cpu_percent=settings.autoscaling.cpu_percent,
            memory_percent=settings.autoscaling.memory_percent,
            requests=RequestTarget(
                requests_per_minute=settings.autoscaling.requests_per_minute or REQUESTS_PER_TASK[settings.tier],
                load_balancer_arn_suffix=ingress.load_balancer.arn_suffix,
                target_group_arn_suffix=ingress.load_balancer.target_group_arn_suffix,
                alternate_target_group_arn_suffix=blue_green.alternate_target_group_arn_suffix if blue_green else None,
            ),
            schedules={name: schedule.bounds() for name, schedule in settings.capacity_schedules.items()},
            tags=context.tags,
        ),
        context.opts,
    )


def _backend_deployment(
    context: StackContext, foundation: Foundation, ingress: Ingress, blue_green: BlueGreen | None
) -> Deployment:
    if blue_green is None:
        return Deployment()
    suffix = ingress.load_balancer.target_group_arn_suffix
    alarms = rollback_alarms("release", context, foundation, ingress, suffix, blue_green)
    return deployment_of(context, blue_green, alarms, context.settings.deployment, _hooks(context))


def rollback_alarms(
    name: str,
    context: StackContext,
    foundation: Foundation,
    ingress: Ingress,
    target_group_arn_suffix: Output[str],
    blue_green: BlueGreen,
) -> Sequence[Output[str]]:
    """Create the alarms that roll a deployment back, and return their names.

    They use metrics of the load balancer, because the service depends on them.
    """
    rows = failing_release(
        load_balancer=ingress.load_balancer.arn_suffix,
        target_groups=[target_group_arn_suffix, blue_green.alternate_target_group_arn_suffix],
    )
    args = AlarmsArgs(
        alarms=rows, topic_arn=foundation.topic.arn, runbooks=context.settings.runbook_url, tags=context.tags
    )
    alarms = Alarms(context.named(name), args, context.opts)
    return [arn.apply(lambda known: known.rpartition(":")[2]) for arn in alarms.arns.values()]


def deployment_of(
    context: StackContext,
    blue_green: BlueGreen,
    alarms: Sequence[Output[str]],
    mode: DeploymentMode,
    hooks: HooksOfDeployment | None = None,
) -> Deployment:
    """Return the deployment configuration of a service with two target groups."""
    traffic = BlueGreenTraffic(
        alternate_target_group_arn=blue_green.alternate_target_group_arn,
        production_rule_arn=blue_green.production_rule_arn,
        role_arn=blue_green.role_arn,
        test_rule_arn=blue_green.test_rule_arn,
    )
    deployment = Deployment(traffic=traffic, rollback_alarm_names=alarms)
    settings = context.settings
    if mode is DeploymentMode.ROLLING:
        return deployment
    in_steps = mode is not DeploymentMode.BLUE_GREEN
    return replace(
        deployment,
        strategy=_STRATEGIES[mode],
        hooks=hooks,
        bake_minutes=settings.bake_minutes,
        step_percent=settings.shift_percent if in_steps else None,
        step_minutes=settings.shift_minutes if in_steps else 0,
    )
