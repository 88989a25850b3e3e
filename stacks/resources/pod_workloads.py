"""What the pods of every workload have: the settings of the ECS task that they replace, a role, and autoscaling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pulumi import Output, ResourceOptions

from components.ecs.fargate_sizes import node_heap_mib
from components.ecs.task import TaskArgs
from components.eks.cluster import EksCluster
from components.eks.pod_role import PodRole, PodRoleArgs
from components.iam.statement import PolicyStatement
from components.kubernetes.autoscaler import PodAutoscaler, PodAutoscalerArgs
from components.kubernetes.disruption_budget import DisruptionBudget, DisruptionBudgetArgs
from components.kubernetes.keda_autoscaler import KedaAutoscaler, KedaAutoscalerArgs, KedaQueue, KedaRequests
from components.kubernetes.network_policy import PodEgressTarget
from components.kubernetes.pod import HttpPort, PodArgs
from components.kubernetes.service_account import WorkloadServiceAccount, WorkloadServiceAccountArgs
from stacks.config.containers import HttpContainerConfig
from stacks.context import StackContext

ARCHITECTURES: Final = {"ARM64": "arm64", "X86_64": "amd64"}
"""The names of CPU architectures in ECS and in Kubernetes."""

_MILLI_OF_CPU_UNIT: Final = 1_000 / 1_024
_MAX_START_SECONDS: Final = 600


@dataclass(frozen=True, kw_only=True, slots=True)
class KubernetesObjects:
    """The cluster, and how the program creates objects in it."""

    cluster: EksCluster
    opts: ResourceOptions
    """Options of components with Kubernetes objects."""
    namespace: Output[str]


def http_port(context: StackContext, config: HttpContainerConfig) -> HttpPort:
    """Return the port of a service with its probes. A health check command of the container replaces the connection
    that shows whether the process works."""
    check = config.container_health_check or ()
    shell, command = check[:1] == ("CMD-SHELL",), list(check[1:])
    return HttpPort(
        port=config.port,
        ready_path=config.health_check_path,
        live_command=(["sh", "-c", *command] if shell else command) or None,
        ingress_cidrs=[context.settings.vpc_cidr],
        start_seconds=min(max(config.health_check_grace_seconds, 2), _MAX_START_SECONDS),
    )


def scale_pods(
    context: StackContext,
    objects: KubernetesObjects,
    name: str,
    deployment: Output[str],
    minimum: int,
    maximum: int,
    *,
    queue: KedaQueue | None = None,
    requests: KedaRequests | None = None,
) -> None:
    """Create the autoscaler and the disruption budget of a deployment. With tierup:eks.keda, KEDA reads `queue` and
    `requests`; without it, CPU and memory decide."""
    targets = context.settings.autoscaling
    if context.settings.eks.keda and (queue or requests):
        KedaAutoscaler(
            name,
            KedaAutoscalerArgs(
                namespace=objects.namespace,
                deployment_name=deployment,
                region=context.settings.region,
                min_pods=minimum,
                max_pods=maximum,
                cpu_percent=targets.cpu_percent,
                memory_percent=targets.memory_percent,
                queue=queue,
                requests=requests,
            ),
            objects.opts,
        )
    else:
        PodAutoscaler(
            name,
            PodAutoscalerArgs(
                namespace=objects.namespace,
                deployment_name=deployment,
                min_pods=minimum,
                max_pods=maximum,
                cpu_percent=targets.cpu_percent,
                memory_percent=targets.memory_percent,
            ),
            objects.opts,
        )
    DisruptionBudget(name, DisruptionBudgetArgs(namespace=objects.namespace, workload=name), objects.opts)


def pod_role(context: StackContext, objects: KubernetesObjects, name: str, task: TaskArgs) -> PodRole:
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


def pod_args(
    context: StackContext,
    objects: KubernetesObjects,
    role: PodRole,
    task: TaskArgs,
    *,
    calls: Mapping[str, int] | None = None,
    preferred_node_labels: Mapping[str, str] | None = None,
) -> PodArgs:
    """Return the pods of a task: its image, sizes, environment, secrets and destinations.

    `calls` are the workloads that the pods call, with their ports. `preferred_node_labels` select nodes, if any exist.
    """
    heap = {"NODE_OPTIONS": f"--max-old-space-size={node_heap_mib(task.memory_mib)}"}
    return PodArgs(
        namespace=objects.namespace,
        service_account_name=role.service_account_name,
        region=context.settings.region,
        image=task.image,
        cpu_millis=round(task.cpu_units * _MILLI_OF_CPU_UNIT),
        memory_mib=task.memory_mib,
        command=task.command,
        environment={**heap, **task.environment},
        secrets=task.secrets,
        restart_on=task.restart_on,
        egress_targets={
            # Both have their addresses in the VPC: the private endpoint of the database, and the cache.
            name: PodEgressTarget(cidrs=[context.settings.vpc_cidr], port_ranges=[(target.from_port, target.to_port)])
            for name, target in task.egress_targets.items()
        },
        calls=calls or {},
        preferred_node_labels=preferred_node_labels or {},
        architecture=ARCHITECTURES[task.architecture.value],
        user=task.user,
        stop_seconds=task.stop_timeout_seconds,
    )
