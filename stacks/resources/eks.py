"""EKS: the cluster, the pods of the API and of the worker, and their share of the requests.

With tierup:orchestrator ecs-and-eks the ECS services run beside the pods, and tierup:eksTrafficPercent divides the
requests. Scheduled tasks and the release task stay on ECS, where each run costs only its own seconds. Only stacks with
pods import this module, because importing the SDK of Kubernetes takes seconds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pulumi_kubernetes as kubernetes
from pulumi import Output, Resource, ResourceOptions

from components.alb.listener_rule import ALL_REQUESTS, LAST_PRIORITY
from components.ecs.fargate_sizes import node_heap_mib
from components.ecs.task import TaskArgs
from components.eks.access import AccessPolicy, ClusterAccess, ClusterAccessArgs
from components.eks.addon import EksAddon, EksAddonArgs
from components.eks.cluster import EksCluster, EksClusterArgs
from components.eks.container_logs import ContainerLogs, ContainerLogsArgs
from components.eks.kubeconfig import kubeconfig
from components.eks.pod_network import PodDependency, PodNetwork, PodNetworkArgs
from components.eks.pod_role import PodRole, PodRoleArgs
from components.eks.pod_targets import PodTargets, PodTargetsArgs
from components.iam.statement import PolicyStatement
from components.kubernetes.autoscaler import PodAutoscaler, PodAutoscalerArgs
from components.kubernetes.disruption_budget import DisruptionBudget, DisruptionBudgetArgs
from components.kubernetes.namespace import KubernetesNamespace, KubernetesNamespaceArgs
from components.kubernetes.network_policy import PodEgressTarget
from components.kubernetes.network_policy_controller import NetworkPolicyController, NetworkPolicyControllerArgs
from components.kubernetes.node_pool import NodePool, NodePoolArgs
from components.kubernetes.pod import HttpPort, PodArgs
from components.kubernetes.service_account import WorkloadServiceAccount, WorkloadServiceAccountArgs
from components.kubernetes.web_deployment import WebDeployment, WebDeploymentArgs
from components.kubernetes.web_service import WebService, WebServiceArgs
from components.kubernetes.worker_deployment import WorkerDeployment, WorkerDeploymentArgs
from stacks.catalog import versions
from stacks.catalog.phases import Feature
from stacks.catalog.tiers import NODE_POOL_VCPUS
from stacks.context import StackContext
from stacks.resources import first_release
from stacks.resources.foundation import Foundation
from stacks.resources.ingress import Ingress
from stacks.resources.tasks import with_container

_ARCHITECTURES: Final = {"ARM64": "arm64", "X86_64": "amd64"}
_MILLI_OF_CPU_UNIT: Final = 1_000 / 1_024
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
    role_names: Mapping[str, Output[str]]
    """Name of the role of each workload, by a name for its database user."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kubernetes:
    """The cluster, and how the program creates objects in it."""

    cluster: EksCluster
    opts: ResourceOptions  # of components with Kubernetes objects
    namespace: Output[str]


def create_pods(
    context: StackContext, foundation: Foundation, ingress: Ingress, task: TaskArgs, opts: ResourceOptions
) -> Pods:
    """Create the cluster and the pods of `task`, the arguments that the tasks of the service's image share.

    Raises ValueError for sidecars, which pods do not have.
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
    api_role, service, backend = _backend(context, objects, targets, network, task)
    worker_role, worker = None, None
    if context.has(Feature.WORKER) and settings.worker.enabled:
        worker_role, worker = _worker(context, objects, task)
    return Pods(
        cluster=cluster,
        targets=targets,
        namespace=objects.namespace,
        service_name=service.service_name,
        backend=backend,
        worker=worker,
        log_group_name=logs.application_log_group_name,
        role_names={
            "backend-pods": api_role.role_name,
            **({"worker-pods": worker_role.role_name} if worker_role else {}),
        },
    )


def cluster_name(context: StackContext) -> str:
    """Return the name of the cluster, which contains project and stack: it is unique in the account and region."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", f"{context.project}-{context.stack}")[:100]


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
        ports=(context.settings.backend.port,),
        dependencies=dependencies,
        tags=context.tags,
    )
    return PodNetwork("pods", args, context.opts)


def _objects(
    context: StackContext, cluster: EksCluster, ready: Sequence[Resource], opts: ResourceOptions
) -> _Kubernetes:
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
            architectures=sorted({_architecture(each) for each in (settings.backend, settings.worker)}),
            spot=settings.spot_percent > 0,
            max_vcpus=NODE_POOL_VCPUS[settings.tier],
        ),
        of_objects,
    )
    namespace = KubernetesNamespace("app", KubernetesNamespaceArgs(), of_objects)
    return _Kubernetes(cluster=cluster, opts=of_objects, namespace=namespace.namespace)


def _architecture(config: object) -> str:
    return _ARCHITECTURES[str(getattr(config, "architecture", None) or "ARM64")]


def _backend(
    context: StackContext, objects: _Kubernetes, targets: PodTargets, network: PodNetwork, task: TaskArgs
) -> tuple[PodRole, WebService, WebDeployment]:
    settings, config = context.settings, context.settings.backend
    own = with_container(task, config.not_shared)
    role = _role(context, objects, "backend", own)
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
    pod = _pod(context, objects, role, replace(own, command=command), port=config.port)
    deployment = WebDeployment(
        "backend",
        WebDeploymentArgs(
            pod=pod,
            replicas=settings.sizes.tasks,
            autoscaled=True,
            http=HttpPort(
                port=config.port,
                ready_path=config.health_check_path,
                ingress_cidrs=[settings.vpc_cidr],
                start_seconds=max(config.health_check_grace_seconds, 2),
            ),
            after=[service, network],
        ),
        objects.opts,
    )
    _scale(context, objects, "backend", deployment.deployment_name, settings.sizes.tasks, settings.sizes.max_tasks)
    return role, service, deployment


def _worker(context: StackContext, objects: _Kubernetes, task: TaskArgs) -> tuple[PodRole, WorkerDeployment]:
    settings, config = context.settings, context.settings.worker
    own = with_container(task, config)
    role = _role(context, objects, "worker", own)
    command = config.command or (_WORKER_COMMAND if settings.image else first_release.WORKER_COMMAND)
    # Both orchestrators process the queue while both run. Without workers in the catalog, one pod is the minimum.
    replicas = max(settings.sizes.workers, 1)
    deployment = WorkerDeployment(
        "worker",
        WorkerDeploymentArgs(
            pod=_pod(context, objects, role, replace(own, command=command)), replicas=replicas, autoscaled=True
        ),
        objects.opts,
    )
    most = max(settings.sizes.max_workers, replicas)
    _scale(context, objects, "worker", deployment.deployment_name, replicas, most)
    return role, deployment


def _scale(
    context: StackContext, objects: _Kubernetes, name: str, deployment: Output[str], least: int, most: int
) -> None:
    targets = context.settings.autoscaling
    PodAutoscaler(
        name,
        PodAutoscalerArgs(
            namespace=objects.namespace,
            deployment_name=deployment,
            min_pods=least,
            max_pods=most,
            cpu_percent=targets.cpu_percent,
            memory_percent=targets.memory_percent,
        ),
        objects.opts,
    )
    DisruptionBudget(name, DisruptionBudgetArgs(namespace=objects.namespace, workload=name), objects.opts)


def _role(context: StackContext, objects: _Kubernetes, name: str, task: TaskArgs) -> PodRole:
    """Create the service account of a workload, and its role: what its task role has, and the reading of its secrets,
    which the driver mounts with the credentials of the pod."""
    account = WorkloadServiceAccount(name, WorkloadServiceAccountArgs(namespace=objects.namespace), objects.opts)
    return PodRole(
        f"{name}-pods",
        PodRoleArgs(
            cluster_name=objects.cluster.cluster_name,
            cluster_arn=objects.cluster.arn,
            namespace=objects.namespace,
            service_account=account.service_account_name,
            statements=[*task.permissions.statements, *_reading(context, task)],
            managed_policy_arns=task.permissions.managed_policy_arns,
            tags=context.tags,
        ),
        context.opts,
    )


def _reading(context: StackContext, task: TaskArgs) -> Sequence[PolicyStatement]:
    """Return the statements with which pods read the secrets and parameters of `task`, given as ECS `valueFrom`."""
    arns = [Output.from_input(arn).apply(_without_suffix) for _, arn in sorted(task.secrets.items())]
    statements = (
        [
            PolicyStatement(
                actions=["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "ssm:GetParameters"],
                resources=arns,
            )
        ]
        if arns
        else []
    )
    keys = [*([task.secrets_key_arn] if task.secrets_key_arn is not None else []), *task.secret_key_arns]
    if keys:
        services = [f"{service}.{context.settings.region}.amazonaws.com" for service in ("secretsmanager", "ssm")]
        condition = {"StringEquals": {"kms:ViaService": services}}
        statements.append(PolicyStatement(actions=["kms:Decrypt"], resources=keys, conditions=condition))
    return statements


def _without_suffix(value_from: str) -> str:
    """Return the ARN without the suffix :json-key:stage:version that ECS allows behind that of a secret."""
    return ":".join(value_from.split(":")[:7])


def _pod(
    context: StackContext, objects: _Kubernetes, role: PodRole, task: TaskArgs, port: int | None = None
) -> PodArgs:
    """Return the pods of a task: its image, sizes, environment, secrets and destinations."""
    heap = {"NODE_OPTIONS": f"--max-old-space-size={node_heap_mib(task.memory_mib)}"}
    return PodArgs(
        namespace=objects.namespace,
        service_account_name=role.service_account_name,
        region=context.settings.region,
        image=task.image,
        cpu_millis=round(task.cpu_units * _MILLI_OF_CPU_UNIT),
        memory_mib=task.memory_mib,
        command=task.command,
        environment={**heap, **task.environment, **({"PORT": str(port)} if port is not None else {})},
        secrets=task.secrets,
        restart_on=task.restart_on,
        egress_targets={
            # Both have their addresses in the VPC: the private endpoint of the database, and the cache.
            name: PodEgressTarget(cidrs=[context.settings.vpc_cidr], port_ranges=[(target.from_port, target.to_port)])
            for name, target in task.egress_targets.items()
        },
        architecture=_ARCHITECTURES[task.architecture.value],
        user=task.user,
        stop_seconds=task.stop_timeout_seconds,
    )
