"""The services of a stack, on ECS and as pods on EKS, from its state."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tierup.deployment.checkpoint import Checkpoint
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.progress import ROOT, name_of

SERVICE: Final = "aws:ecs/service:Service"
DEPLOYMENT: Final = "kubernetes:apps/v1:Deployment"
_EKS_CLUSTER: Final = "aws:eks/cluster:Cluster"
_BINDING: Final = ":TargetGroupBinding"
_LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
_TARGET: Final = "aws:appautoscaling/target:Target"
_ECR: Final = "aws:ecr/repository:Repository"
_SUFFIX: Final = "-service"


@dataclass(frozen=True, kw_only=True, slots=True)
class StackService:
    """One service of a stack: an ECS service, or a Deployment of Kubernetes."""

    name: str
    """Its short name: `backend`, `worker`, or that of an entry of tierup:services. Its container on ECS has the same
    name. Pods beside a service of ECS with the same name have `-pods` behind it."""
    urn: str
    arn: str
    cluster: str
    """ARN of the ECS cluster, or name of the EKS cluster."""
    service_name: str
    log_group: str
    """Name of the log group of its tasks, or ""."""
    scaled: bool
    """Whether Application Auto Scaling owns the number of tasks."""
    inputs: Mapping[str, Any]
    """The inputs of the resource: network, load balancers, capacity providers."""
    namespace: str = ""
    """The namespace of its pods; "" on ECS."""
    workload: str = ""
    """The label app.kubernetes.io/name of its pods; "" on ECS."""
    target_groups: tuple[str, ...] = ()
    """ARNs of the target groups of its pods."""

    @property
    def runs_pods(self) -> bool:
        """Whether it runs on EKS."""
        return bool(self.namespace)

    @property
    def region(self) -> str:
        """The region of an ECS service; "" for pods, which run in the stack's first region."""
        return self.arn.split(":")[3] if self.arn.startswith("arn:aws") else ""

    @property
    def scaling_id(self) -> str:
        """The resource id of the service in Application Auto Scaling."""
        return f"service/{self.cluster.rpartition('/')[2]}/{self.service_name}"


def stack_services(state: Checkpoint) -> list[StackService]:
    """Return the services in a state, by name."""
    groups = {
        name_of(str(each["urn"])): str((each.get("outputs") or {}).get("name") or "")
        for each in state.resources
        if each["type"] == _LOG_GROUP
    }
    scaled = {str((each.get("outputs") or {}).get("resourceId")) for each in state.resources if each["type"] == _TARGET}
    found: list[StackService] = []
    for each in state.resources:
        if each["type"] != SERVICE or each.get("delete"):
            continue
        outputs: Mapping[str, Any] = each.get("outputs") or {}
        name = name_of(str(each["urn"])).removesuffix(_SUFFIX)
        cluster, service_name = str(outputs.get("cluster") or ""), str(outputs.get("name") or "")
        found.append(
            StackService(
                name=name,
                urn=str(each["urn"]),
                arn=str(each.get("id") or ""),
                cluster=cluster,
                service_name=service_name,
                log_group=groups.get(f"{name}-logs", ""),
                scaled=f"service/{cluster.rpartition('/')[2]}/{service_name}" in scaled,
                inputs=each.get("inputs") or {},
            )
        )
    found += _pod_services(state, {each.name for each in found})
    return sorted(found, key=lambda service: service.name)


def eks_cluster(state: Checkpoint) -> str:
    """Return the name of the stack's EKS cluster, or "" without one."""
    clusters = [each.get("outputs") or {} for each in state.resources if each["type"] == _EKS_CLUSTER]
    return str(clusters[0].get("name") or "") if clusters else ""


def _pod_services(state: Checkpoint, taken: Collection[str]) -> list[StackService]:
    """Return the Deployments in a state. `taken` are the names of its ECS services."""
    cluster = eks_cluster(state)
    bindings = [
        (name_of(str(each["urn"])), str(((each.get("inputs") or {}).get("spec") or {}).get("targetGroupARN") or ""))
        for each in state.resources
        if str(each["type"]).endswith(_BINDING)
    ]
    found: list[StackService] = []
    for each in state.resources:
        if each["type"] != DEPLOYMENT or each.get("delete"):
            continue
        workload = name_of(str(each["urn"]))
        namespace, _, deployment = str(each.get("id") or "").partition("/")
        found.append(
            StackService(
                name=f"{workload}-pods" if workload in taken else workload,
                urn=str(each["urn"]),
                arn=str(each.get("id") or ""),
                cluster=cluster,
                service_name=deployment,
                log_group=f"/aws/containerinsights/{cluster}/application",
                scaled=True,
                inputs=each.get("inputs") or {},
                namespace=namespace,
                workload=workload,
                target_groups=tuple(arn for name, arn in bindings if name == f"{workload}-pods" and arn),
            )
        )
    return found


def select_services(services: Sequence[StackService], name: str | None) -> list[StackService]:
    """Return the services of a name, on ECS and on EKS, or all without one. Raises CommandError if there is none."""
    found = [each for each in services if name in (None, each.name, each.workload)]
    if found:
        return found
    if not services:
        raise CommandError(
            "--stack: the stack has no service (got a stack that is not deployed). Run `tierup up` first.",
            ExitCode.SETTINGS,
        )
    raise CommandError(
        f"--service: no such service (got {name}). Allowed: {', '.join(each.name for each in services)}.",
        ExitCode.SETTINGS,
    )


def stack_alarms(state: Checkpoint, region: str) -> list[str]:
    """Return the names of the stack's CloudWatch alarms in a region, sorted."""
    found = [
        each.get("outputs") or {}
        for each in state.resources
        if each["type"] in ("aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm")
    ]
    return sorted(
        str(each.get("name") or each.get("alarmName"))
        for each in found
        if (each.get("name") or each.get("alarmName")) and f":{region}:" in str(each.get("arn"))
    )


def stack_outputs(state: Checkpoint) -> Mapping[str, Any]:
    """Return the stack's outputs. Secrets are encrypted."""
    return next((each.get("outputs") or {} for each in state.resources if each["type"] == ROOT), {})


def repository_of(state: Checkpoint, service: str) -> str:
    """Return the address of the stack's own ECR repository of a service. Raises CommandError if it has none."""
    key = service
    names = {name_of(str(each["urn"])): each.get("outputs") or {} for each in state.resources if each["type"] == _ECR}
    while key:
        # The versions of an A/B test share the repository of their entry.
        wanted = f"images-{key}" if service != "backend" else "images"
        for name, outputs in names.items():
            if name.removesuffix("-repository") == wanted and outputs.get("repositoryUrl"):
                return str(outputs["repositoryUrl"])
        key = key.rpartition("-")[0]
    raise CommandError(
        f"--service: the stack has no repository of this service (got {service}). Run `tierup up` first, or give the "
        "image with its repository.",
        ExitCode.SETTINGS,
    )
