"""The services of tierup:services as pods: each with its own role, Kubernetes Service, target group and autoscaling.

A caller reaches a service by the name that Service Connect gives it on ECS, because its Kubernetes Service has that
name, so the application needs no other settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import Output, Resource

from components.eks.pod_role import PodRole
from components.kubernetes.web_deployment import WebDeployment, WebDeploymentArgs
from components.kubernetes.web_service import WebService, WebServiceArgs
from stacks.config.constraints.services import call_order
from stacks.config.model import Settings
from stacks.context import StackContext
from stacks.resources.further_services import FurtherServices
from stacks.resources.pod_workloads import (
    ARCHITECTURES,
    KubernetesObjects,
    http_port,
    pod_args,
    pod_role,
    scale_pods,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PodService:
    """One service of tierup:services, or a version of it, as pods."""

    role: PodRole
    service_name: Output[str]
    """Name of the Kubernetes Service, which is that of the service."""
    port: int
    deployment: WebDeployment


def create_pod_services(
    context: StackContext, objects: KubernetesObjects, further: FurtherServices, network: Resource
) -> Mapping[str, PodService]:
    """Create the pods of each service, one set for each version of an A/B test. Return them by name."""
    services: dict[str, PodService] = {}
    for key in call_order(context.settings.services)[0]:
        called = called_pods(context, key, services)
        for version, name in context.settings.services[key].names(key).items():
            services[name] = _service(context, objects, further, network, key, version, called)
    return services


def called_pods(context: StackContext, caller: str, services: Mapping[str, PodService]) -> Mapping[str, PodService]:
    """Return those of `services` that `caller` may call: backend, worker, or a name in tierup:services."""
    return {
        name: services[name]
        for key, config in context.settings.services.items()
        if config.is_called_by(caller)
        for name in config.names(key).values()
    }


def calls_of(called: Mapping[str, PodService]) -> Mapping[str, int]:
    """Return the port of each service that a workload calls."""
    return {name: each.port for name, each in called.items()}


def architectures(settings: Settings) -> set[str]:
    """Return the CPU architectures of all images, as Kubernetes names them."""
    containers = (settings.backend, settings.worker, *settings.services.values(), *settings.scheduled_tasks.values())
    given = [each.architecture for each in (*containers, *([settings.release_task] if settings.release_task else []))]
    return {ARCHITECTURES[each.value if each is not None else "ARM64"] for each in given}


def _service(
    context: StackContext,
    objects: KubernetesObjects,
    further: FurtherServices,
    network: Resource,
    key: str,
    version: str,
    called: Mapping[str, PodService],
) -> PodService:
    config = context.settings.services[key]
    name = config.names(key)[version]
    task = further.tasks[name]
    role = pod_role(context, objects, name, task)
    service = WebService(
        name,
        WebServiceArgs(
            namespace=objects.namespace,
            workload=name,
            port=config.port,
            target_group_arns={"pods": further.routes[key].pod_target_group_arns[version]},
            service_name=name,
        ),
        objects.opts,
    )
    deployment = WebDeployment(
        name,
        WebDeploymentArgs(
            pod=pod_args(context, objects, role, task, calls=calls_of(called)),
            replicas=config.tasks,
            autoscaled=True,
            http=http_port(context, config),
            after=[service, network, *(each.deployment for each in called.values())],
        ),
        objects.opts,
    )
    scale_pods(context, objects, name, deployment.deployment_name, config.tasks, config.max_tasks)
    return PodService(role=role, service_name=service.service_name, port=config.port, deployment=deployment)
