"""What ECS checks of a service against its cluster and task definition beyond its inputs alone."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, documented, located, rule, values_at
from .ecs import CLUSTER
from .ecs_services import SERVICE
from .ecs_task_definitions import task_definition_of
from .network import APPLY
from .same_scope import known
from .sources import sdk, unread

_INVALID = "InvalidParameterException"
_STRATEGY = documented("AWS API model of ecs (botocore 1.43), CapacityProviderStrategyItem", read="2026-11-28")


def _strategy(call: Call, path: str) -> Iterator[Rejection]:
    items = [item for item in call.get(path) or () if isinstance(item, dict)]
    weights = [item.get("weight", 0) for item in items]
    if len(weights) > 1 and all(weight == 0 and weight is not UNKNOWN for weight in weights):
        yield Rejection(path, "At least one capacity provider must have a weight value greater than zero.", _INVALID)


@rule("capacity-provider-strategy", Stage.PLAN, source=_STRATEGY)
def _service_strategy(call: Call) -> Iterator[Rejection]:
    if call.get("capacityProviderStrategies") is not UNKNOWN:
        yield from _strategy(call, "capacityProviderStrategies")


@rule("capacity-provider-strategy", Stage.PLAN, source=_STRATEGY)
def _cluster_strategy(call: Call) -> Iterator[Rejection]:
    path = "defaultCapacityProviderStrategies"
    if call.get(path) is UNKNOWN:
        return
    yield from _strategy(call, path)
    bases = [base for _, base in located(call.inputs, f"{path}[*].base") if base not in (0, UNKNOWN)]
    if len(bases) > 1:
        yield Rejection(path, "Only one capacity provider in a strategy can have a base defined.", _INVALID)


@rule("service-connect-names", *APPLY, source=unread("ecs", "ServiceConnectConfiguration, ServiceConnectService"))
def _connect_names(call: Call) -> Iterator[Rejection]:
    at = "serviceConnectConfiguration"
    if known(call, f"{at}.enabled") is not True:
        return
    name = str(call.get("cluster") or "default").rpartition("/")[2]
    cluster = next(call.nearby(CLUSTER, name=name), None)
    defaults = cluster.outputs.get("serviceConnectDefaults") if cluster else None
    if cluster is not None and not call.get(f"{at}.namespace") and not defaults:
        yield Rejection(
            f"{at}.namespace",
            f"The cluster {name} has no default namespace for Service Connect. Set a namespace.",
            _INVALID,
        )
    for path, what in (
        ("services[*].discoveryName", "discovery name"),
        ("services[*].clientAlias[*]", "client alias"),
    ):
        seen: list[object] = []
        for each_at, value in located(call.get(at), path):
            if value in seen:
                yield Rejection(f"{at}.{each_at}", f"The {what} is used by another service too.", _INVALID)
            seen.append(value)


@rule(
    "deployment-options-of-controller",
    Stage.PLAN,
    source=documented("AWS API model of ecs (botocore 1.43), DeploymentCircuitBreaker", read="2026-11-28"),
)
def _controller(call: Call) -> Iterator[Rejection]:
    controller = known(call, "deploymentController.type", "ECS")
    if controller != "ECS" and known(call, "deploymentCircuitBreaker.enable") is True:
        yield Rejection(
            "deploymentCircuitBreaker",
            f"A deployment circuit breaker is supported only with the ECS deployment controller (got {controller}).",
            _INVALID,
        )


@rule("volume-configuration", *APPLY, source=unread("ecs", "ServiceVolumeConfiguration"))
def _volumes(call: Call) -> Iterator[Rejection]:
    task = task_definition_of(call)
    if task is None:
        return
    wanted = {
        volume.get("name")
        for volume in values_at(task.inputs, "volumes[*]")
        if isinstance(volume, dict) and volume.get("configureAtLaunch")
    }
    configured = {call.get("volumeConfiguration.name")} - {None}
    for name in sorted(map(str, configured - wanted)):
        yield Rejection(
            "volumeConfiguration.name",
            f"The task definition has no volume '{name}' with configuredAtLaunch.",
            _INVALID,
        )
    for name in sorted(map(str, wanted - configured)):
        yield Rejection(
            "volumeConfiguration",
            f"The volume '{name}' of the task definition is configured at launch and has no configuration.",
            _INVALID,
        )


@rule("task-set-of-external-service", Stage.CREATE, source=unread("ecs", "CreateTaskSet"))
def _task_set(call: Call) -> Iterator[Rejection]:
    wanted = str(call.get("service"))
    for service in call.nearby(SERVICE):
        if wanted not in (service.id, service.outputs.get("name")):
            continue
        controller = next(values_at(service.inputs, "deploymentController.type"), "ECS")
        if controller == "ECS":
            yield Rejection(
                "service", f"The service '{service.name}' has the deployment controller {controller} and no task sets.",
                _INVALID,
            )  # fmt: skip


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=SERVICE,
        source=sdk("ecs/service"),
        rules=(_service_strategy, _connect_names, _controller, _volumes),
    ),
    Behaviour(
        type="aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
        source=sdk("ecs/clustercapacityproviders"),
        rules=(_cluster_strategy,),
    ),
    Behaviour(type="aws:ecs/taskSet:TaskSet", source=sdk("ecs/taskset"), rules=(_task_set,)),
)
