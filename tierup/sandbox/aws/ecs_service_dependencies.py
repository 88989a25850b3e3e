"""ECS: what a service requires of its role, its load balancers, its registry and its placement."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Reference,
    Rejection,
    Stage,
    assumed,
    documented,
    located,
    rule,
    values_at,
)
from .ecs import CLUSTER
from .ecs_container_definitions import containers_of
from .ecs_services import SERVICE
from .ecs_task_definitions import task_definition_of
from .network import APPLY
from .same_scope import known
from .servicediscovery import HTTP_NAMESPACE, PRIVATE_NAMESPACE, PUBLIC_NAMESPACE
from .sources import api, schema_of, sdk

_INVALID = "InvalidParameterException"
_DISCOVERY = "aws:servicediscovery/service:Service"
_REGISTRY = documented("AWS API model of ecs (botocore 1.44), ServiceRegistry", read="2026-11-29")


@rule(
    "execute-command-has-a-task-role",
    *APPLY,
    source=documented(
        "The service couldn't be created because a valid taskRoleArn is not being used, as public repositories quote"
        " ECS",
        read="2026-11-29",
    ),
)
def _execute_command(call: Call) -> Iterator[Rejection]:
    task = task_definition_of(call)
    if call.get("enableExecuteCommand") is True and task is not None and not task.inputs.get("taskRoleArn"):
        yield Rejection(
            "enableExecuteCommand",
            "The service couldn't be created because a valid taskRoleArn is not being used. Specify a valid task role"
            " in your task definition and try again.",
            _INVALID,
        )


@rule(
    "load-balancers-of-controller",
    Stage.PLAN,
    source=assumed(
        "ECS: a service with the CODE_DEPLOY controller requires a load balancer, and at most 5 target groups"
    ),
)
def _load_balancers(call: Call) -> Iterator[Rejection]:
    balancers = call.get("loadBalancers")
    if known(call, "deploymentController.type") == "CODE_DEPLOY" and not balancers and balancers is not UNKNOWN:
        yield Rejection(
            "loadBalancers", "A service with the deployment controller CODE_DEPLOY requires a load balancer.", _INVALID
        )
    groups = len(balancers) if isinstance(balancers, list) else 0
    if groups > 5:
        yield Rejection("loadBalancers", f"A service has at most 5 target groups (got {groups}).", _INVALID)


@rule("placement-field-of-strategy", Stage.PLAN, source=schema_of("ecs/service.go, validPlacementStrategy"))
def _placement(call: Call) -> Iterator[Rejection]:
    for at, strategy in located(call.inputs, "orderedPlacementStrategies[*]"):
        kind, field = (strategy.get("type"), strategy.get("field")) if strategy is not UNKNOWN else (None, None)
        if kind == "binpack" and field not in (UNKNOWN, "cpu", "memory"):
            yield Rejection(
                at, f"Binpack type requires the field attribute to be either 'cpu' or 'memory'. Got: {field}", _INVALID
            )
        if kind == "spread" and not field and field is not UNKNOWN:
            yield Rejection(at, "Field is required for the placement strategy spread.", _INVALID)
    for at, constraint in located(call.inputs, "placementConstraints[*]"):
        kind, text = (constraint.get("type"), constraint.get("expression")) if constraint is not UNKNOWN else (None, "")
        if kind == "distinctInstance" and text not in (None, "", UNKNOWN):
            yield Rejection(at, "An expression is not supported with the constraint distinctInstance.", _INVALID)
        if kind == "memberOf" and text in (None, ""):
            yield Rejection(at, "An expression is required for the constraint memberOf.", _INVALID)


@rule("registry-fits-its-records", *APPLY, source=_REGISTRY)
def _registry(call: Call) -> Iterator[Rejection]:
    arn = call.get("serviceRegistries.registryArn")
    service = next(call.nearby(_DISCOVERY, arn=arn), None) if arn else None
    task = task_definition_of(call)
    if service is None or task is None:
        return
    kinds = set(values_at(service.inputs, "dnsConfig.dnsRecords[*].type"))
    name, port = call.get("serviceRegistries.containerName"), call.get("serviceRegistries.containerPort")
    direct = call.get("serviceRegistries.port")
    awsvpc = task.outputs.get("networkMode") == "awsvpc"
    at = "serviceRegistries"
    if direct and (name or port):
        yield Rejection(at, "Specify either a port, or containerName and containerPort (got both).", _INVALID)
    elif awsvpc and "SRV" in kinds and not (direct or (name and port)):
        yield Rejection(
            at, "The service registry has SRV records: specify containerName and containerPort, or port.", _INVALID
        )
    elif awsvpc and kinds and "SRV" not in kinds and (name or port or direct):
        yield Rejection(
            at, "The service registry has no SRV records: containerName, containerPort and port must be omitted.",
            _INVALID,
        )  # fmt: skip
    elif not awsvpc and kinds and not (name and port):
        yield Rejection(at, "In this network mode, containerName and containerPort are required.", _INVALID)
    if name and port:
        containers = [
            each for each in containers_of(task.inputs.get("containerDefinitions")) if each.get("name") == name
        ]
        ports = [found for each in containers for found in values_at(each, "portMappings[*].containerPort")]
        if port not in ports:
            yield Rejection(
                f"{at}.containerPort", f"The container {name} did not have a container port {port} defined.", _INVALID
            )


@rule("exec-logging-has-a-destination", Stage.PLAN, source=api("ecs", "ExecuteCommandConfiguration: logging"))
def _exec_logging(call: Call) -> Iterator[Rejection]:
    at = "configuration.executeCommandConfiguration"
    logs = call.get(f"{at}.logConfiguration")
    if known(call, f"{at}.logging") == "OVERRIDE" and not logs and logs is not UNKNOWN:
        yield Rejection(f"{at}.logConfiguration", "It is required when logging is OVERRIDE.", _INVALID)


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=SERVICE,
        source=sdk("ecs/service"),
        references=(
            Reference(
                path="serviceRegistries.registryArn", to=_DISCOVERY, by="arn", code=_INVALID, holds=False,
                external=r"arn:[^:]*:[^:]*:[^:]*:(?!123456789012:)[^:]*:.*", source=_REGISTRY,
            ),
        ),
        rules=(_execute_command, _load_balancers, _placement, _registry),
    ),
    Behaviour(
        type=CLUSTER,
        source=sdk("ecs/cluster"),
        references=(
            Reference(
                path="serviceConnectDefaults.namespace", to=(HTTP_NAMESPACE, PRIVATE_NAMESPACE, PUBLIC_NAMESPACE),
                by="arn", code="NamespaceNotFoundException", holds=False, external=r"(?!arn:).*",
                source=api("ecs", "CreateCluster: NamespaceNotFoundException"),
            ),
        ),
        rules=(_exec_logging,),
    ),
)  # fmt: skip
