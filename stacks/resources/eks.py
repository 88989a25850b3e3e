"""EKS: the cluster, the pods of the API and of the worker, and their share of the requests.

With tierup:orchestrator ecs-and-eks the ECS services run beside the pods, and tierup:eksTrafficPercent divides the
requests. Only stacks with pods import this module, because importing the SDK of Kubernetes takes seconds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pulumi_kubernetes as kubernetes
from pulumi import Output, Resource, ResourceOptions

from components.alb.listener_rule import ALL_REQUESTS, LAST_PRIORITY
from components.ecs.task import TaskArgs
from components.eks.access import AccessPolicy, ClusterAccess, ClusterAccessArgs
from components.eks.addon import EksAddon, EksAddonArgs
from components.eks.cluster import EksCluster, EksClusterArgs
from components.eks.container_logs import ContainerLogs, ContainerLogsArgs
from components.eks.kubeconfig import kubeconfig
from components.eks.pod_network import PodDependency, PodNetwork, PodNetworkArgs
from components.eks.pod_role import PodRole, PodRoleArgs
from components.eks.pod_targets import PodTargets, PodTargetsArgs
from components.kubernetes.job_template import JobTemplate
from components.kubernetes.keda_autoscaler import NAMESPACE as KEDA_NAMESPACE
from components.kubernetes.keda_autoscaler import OPERATOR as KEDA_OPERATOR
from components.kubernetes.keda_autoscaler import KedaQueue, KedaRequests, metric_statements
from components.kubernetes.namespace import KubernetesNamespace, KubernetesNamespaceArgs
from components.kubernetes.network_policy_controller import NetworkPolicyController, NetworkPolicyControllerArgs
from components.kubernetes.node_pool import NodePool, NodePoolArgs
from components.kubernetes.web_deployment import WebDeployment, WebDeploymentArgs
from components.kubernetes.web_service import WebService, WebServiceArgs
from components.kubernetes.worker_deployment import WorkerDeployment, WorkerDeploymentArgs
from stacks.catalog import versions
from stacks.catalog.phases import Feature
from stacks.catalog.tiers import NODE_POOL_VCPUS, REQUESTS_PER_TASK
from stacks.context import StackContext
from stacks.resources import first_release
from stacks.resources.cluster_name import cluster_name
from stacks.resources.foundation import Foundation
from stacks.resources.further_services import FurtherServices
from stacks.resources.ingress import Ingress
from stacks.resources.pod_jobs import create_release_job, create_scheduled_jobs
from stacks.resources.pod_services import PodService, architectures, called_pods, calls_of, create_pod_services
from stacks.resources.pod_workloads import KubernetesObjects, http_port, pod_args, pod_role, scale_pods
from stacks.resources.tasks import with_container

_WORKER_COMMAND: Final = ("node", "worker.js")
# The namespace and the service account of the add-on's agent, as its chart has them (from memory)
_AGENT: Final = ("amazon-cloudwatch", "cloudwatch-agent")
_AGENT_POLICY: Final = "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"
_ADDON_VALUES: Final[Mapping[str, Mapping[str, object]]] = {
    # The driver writes a Kubernetes Secret for the environment of pods only with this value.
    "aws-secrets-store-csi-driver-provider": {"secrets-store-csi-driver": {"syncSecret": {"enabled": True}}},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Pods:
    """What monitoring and the database need of the pods."""

    cluster: EksCluster
    targets: PodTargets
    namespace: Output[str]
    service_name: Output[str]
    """Name of the Kubernetes service of the API."""
    backend: WebDeployment
    worker: WorkerDeployment | None
    log_group_name: Output[str]
    """Name of the log group of all pods."""
    services: Mapping[str, PodService]
    """The services of tierup:services, by name."""
    release: JobTemplate | None
    """The job of tierup:releaseTask; None while ECS runs it."""
    role_names: Mapping[str, Output[str]]
    """Name of the role of each workload, by a name for its database user."""


def create_pods(
    context: StackContext,
    foundation: Foundation,
    ingress: Ingress,
    task: TaskArgs,
    further: FurtherServices,
    opts: ResourceOptions,
) -> Pods:
    """Create the cluster and the pods of `task`, the arguments that the tasks of the service's image share.

    `further` are the services of tierup:services. Raises ValueError for sidecars, which pods do not have.
    """
    if task.sidecars:
        raise ValueError(
            f"tierup:orchestrator: pods have no sidecars (got {', '.join(each.name for each in task.sidecars)}). "
            "Remove tierup:datadogApiKey and tierup:openTelemetryConfig, or set tierup:orchestrator to ecs."
        )
    settings = context.settings
    name = cluster_name(context)
    cluster = _cluster(context, foundation, name)
    access = _access(context, cluster)
    logs = _logs(context, foundation, name)
    addons = _addons(context, cluster, logs)
    network = _network(context, ingress, cluster, task)
    objects = _objects(context, cluster, [*access, *addons], opts)
    targets = PodTargets(
        "backend",
        PodTargetsArgs(
            cluster_name=cluster.cluster_name,
            listener_arn=ingress.load_balancer.https_listener_arn,
            vpc_id=foundation.network.vpc_id,
            targets=ingress.targets,
            match=ALL_REQUESTS,
            priority=LAST_PRIORITY - 1,  # before the rule of the ECS service
            percent=settings.pod_percent,
            other_target_group_arn=ingress.load_balancer.target_group_arn if settings.runs_tasks else None,
            tags=context.tags,
        ),
        context.opts,
    )
    if settings.eks.keda:
        _keda_role(context, cluster)
    services = create_pod_services(context, objects, further, network)
    api_role, service, backend = _backend(
        context, objects, targets, ingress.load_balancer.arn_suffix, network, task, services
    )
    roles = {"backend-pods": api_role, **{f"{name}-pods": each.role for name, each in services.items()}}
    worker = None
    if context.has(Feature.WORKER) and settings.worker.enabled:
        roles["worker-pods"], worker = _worker(context, objects, task, services)
    release = None
    if not settings.runs_tasks:
        roles |= create_scheduled_jobs(context, objects, task)
        release, release_roles = create_release_job(context, objects, task)
        roles |= release_roles
    return Pods(
        cluster=cluster,
        targets=targets,
        namespace=objects.namespace,
        service_name=service.service_name,
        backend=backend,
        worker=worker,
        log_group_name=logs.application_log_group_name,
        services=services,
        release=release,
        role_names={name: role.role_name for name, role in roles.items()},
    )


def _cluster(context: StackContext, foundation: Foundation, name: str) -> EksCluster:
    settings = context.settings
    return EksCluster(
        "eks",
        EksClusterArgs(
            cluster_name=name,
            version=versions.KUBERNETES,
            subnet_ids=foundation.task_subnet_ids,
            log_retention_days=settings.log_retention_days,
            public_cidrs=settings.eks.public_cidrs,
            secrets_key_arn=foundation.key_arn,
            log_key_arn=foundation.key_arn,
            # While tasks run, too, the stack may move back to ECS, which deletes the cluster.
            deletion_protection=settings.protect and not settings.runs_tasks,
            tags=context.tags,
        ),
        context.opts,
    )


def _keda_role(context: StackContext, cluster: EksCluster) -> None:
    """Let the operator of KEDA read the metrics on which it scales pods."""
    queue = context.settings.worker.scale_on_queue
    queue_arn = None
    if queue is not None:
        queue_arn = f"arn:aws:sqs:{context.settings.region}:{context.lookups.account_id}:{queue.queue_name}"
    PodRole(
        "keda",
        PodRoleArgs(
            cluster_name=cluster.cluster_name,
            cluster_arn=cluster.arn,
            namespace=KEDA_NAMESPACE,
            service_account=KEDA_OPERATOR,
            statements=metric_statements(queue_arn),
            tags=context.tags,
        ),
        context.opts,
    )


def _access(context: StackContext, cluster: EksCluster) -> Sequence[Resource]:
    """Give each role of tierup:eks.adminRoles the access of an administrator."""
    return [
        ClusterAccess(
            f"eks-admin-{re.sub(r'[^a-z0-9]+', '-', arn.partition(':role/')[2].lower()) or number}",
            ClusterAccessArgs(
                cluster_name=cluster.cluster_name,
                principal_arn=arn,
                policy=AccessPolicy.CLUSTER_ADMIN,
                tags=context.tags,
            ),
            context.opts,
        )
        for number, arn in enumerate(context.settings.eks.admin_roles)
    ]


def _logs(context: StackContext, foundation: Foundation, name: str) -> ContainerLogs:
    args = ContainerLogsArgs(
        cluster_name=name,
        log_retention_days=context.settings.log_retention_days,
        log_key_arn=foundation.key_arn,
        tags=context.tags,
    )
    return ContainerLogs("pods", args, context.opts)


def _addons(context: StackContext, cluster: EksCluster, logs: ContainerLogs) -> Sequence[Resource]:
    namespace, account = _AGENT
    agent = PodRole(
        "observability",
        PodRoleArgs(
            cluster_name=cluster.cluster_name,
            cluster_arn=cluster.arn,
            namespace=namespace,
            service_account=account,
            managed_policy_arns=(_AGENT_POLICY,),
            tags=context.tags,
        ),
        context.opts,
    )
    # The add-on's agent reads its credentials when it starts, and creates log groups that do not exist.
    opts = ResourceOptions.merge(context.opts, ResourceOptions(depends_on=[agent, logs]))
    return [
        EksAddon(
            f"eks-{addon}",
            EksAddonArgs(
                cluster_name=cluster.cluster_name,
                addon_name=addon,
                version=version,
                configuration=_ADDON_VALUES.get(addon, {}),
                tags=context.tags,
            ),
            opts,
        )
        for addon, version in versions.EKS_ADDONS.items()
    ]


def _network(context: StackContext, ingress: Ingress, cluster: EksCluster, task: TaskArgs) -> PodNetwork:
    dependencies = {
        name: PodDependency(
            security_group_id=target.security_group_id, from_port=target.from_port, to_port=target.to_port
        )
        for name, target in task.egress_targets.items()
        if target.security_group_id is not None
    }
    args = PodNetworkArgs(
        pod_security_group_id=cluster.security_group_id,
        load_balancer_security_group_id=ingress.load_balancer.security_group_id,
        ports=(context.settings.backend.port, *(each.port for each in context.settings.services.values())),
        dependencies=dependencies,
        tags=context.tags,
    )
    return PodNetwork("pods", args, context.opts)


def _objects(
    context: StackContext, cluster: EksCluster, ready: Sequence[Resource], opts: ResourceOptions
) -> KubernetesObjects:
    """Create the provider, the namespace and the node pool, after access and add-ons exist."""
    provider = kubernetes.Provider(
        "kubernetes",
        kubeconfig=kubeconfig(
            cluster_name=cluster.cluster_name,
            endpoint=cluster.endpoint,
            certificate_authority=cluster.certificate_authority,
            region=context.settings.region,
        ),
        # A cluster that was replaced or deleted takes its objects with it: their deletion needs no API.
        delete_unreachable=True,
        opts=ResourceOptions(depends_on=ready),
    )
    of_objects = ResourceOptions.merge(opts, ResourceOptions(providers={"kubernetes": provider}, depends_on=ready))
    settings = context.settings
    NetworkPolicyController("network-policies", NetworkPolicyControllerArgs(), of_objects)
    NodePool(
        "apps",
        NodePoolArgs(
            architectures=sorted(architectures(settings)),
            spot=settings.spot_percent > 0,
            max_vcpus=NODE_POOL_VCPUS[settings.tier],
        ),
        of_objects,
    )
    namespace = KubernetesNamespace("app", KubernetesNamespaceArgs(), of_objects)
    return KubernetesObjects(cluster=cluster, opts=of_objects, namespace=namespace.namespace)


def _backend(
    context: StackContext,
    objects: KubernetesObjects,
    targets: PodTargets,
    load_balancer: Output[str],
    network: PodNetwork,
    task: TaskArgs,
    services: Mapping[str, PodService],
) -> tuple[PodRole, WebService, WebDeployment]:
    """Create the pods of the API. `load_balancer` is the suffix of the ARN of its load balancer."""
    settings, config = context.settings, context.settings.backend
    own = with_container(task, config.not_shared)
    role = pod_role(context, objects, "backend", own)
    called = called_pods(context, "backend", services)
    service = WebService(
        "backend",
        WebServiceArgs(
            namespace=objects.namespace,
            workload="backend",
            port=config.port,
            target_group_arns={"pods": targets.target_group_arn},
        ),
        objects.opts,
    )
    command = config.command if settings.image else first_release.SERVICE_COMMAND
    pod = pod_args(context, objects, role, replace(own, command=command), calls=calls_of(called))
    deployment = WebDeployment(
        "backend",
        WebDeploymentArgs(
            pod=pod,
            replicas=settings.sizes.tasks,
            autoscaled=True,
            http=http_port(context, config),
            after=[service, network, *(each.deployment for each in called.values())],
        ),
        objects.opts,
    )
    scale_pods(
        context,
        objects,
        "backend",
        deployment.deployment_name,
        settings.sizes.tasks,
        settings.sizes.max_tasks,
        requests=KedaRequests(
            requests_per_minute=settings.autoscaling.requests_per_minute or REQUESTS_PER_TASK[settings.tier],
            load_balancer_arn_suffix=load_balancer,
            target_group_arn_suffix=targets.target_group_arn_suffix,
        ),
    )
    return role, service, deployment


def _worker(
    context: StackContext, objects: KubernetesObjects, task: TaskArgs, services: Mapping[str, PodService]
) -> tuple[PodRole, WorkerDeployment]:
    settings, config = context.settings, context.settings.worker
    own = with_container(task, config)
    role = pod_role(context, objects, "worker", own)
    called = called_pods(context, "worker", services)
    command = config.command or (_WORKER_COMMAND if settings.image else first_release.WORKER_COMMAND)
    # Both orchestrators process the queue while both run. Without workers in the catalog, one pod is the minimum.
    replicas = max(settings.sizes.workers, 1)
    deployment = WorkerDeployment(
        "worker",
        WorkerDeploymentArgs(
            pod=pod_args(context, objects, role, replace(own, command=command), calls=calls_of(called)),
            replicas=replicas,
            autoscaled=True,
            after=[each.deployment for each in called.values()],
        ),
        objects.opts,
    )
    maximum = max(settings.sizes.max_workers, replicas)
    queue = None
    if (wanted := config.scale_on_queue) is not None:
        host = f"https://sqs.{settings.region}.amazonaws.com"
        url = f"{host}/{context.lookups.account_id}/{wanted.queue_name}"
        queue = KedaQueue(url=url, messages_per_pod=wanted.messages_per_task)
    scale_pods(context, objects, "worker", deployment.deployment_name, replicas, maximum, queue=queue)
    return role, deployment
