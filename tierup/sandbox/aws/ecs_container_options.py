"""ECS: what RegisterTaskDefinition checks of container definitions and volumes, on Fargate above all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, documented, located, rule, values_at
from .ecs import is_fargate
from .ecs_container_definitions import containers_of
from .ecs_task_definitions import TASK_DEFINITION
from .sources import sdk

_CODE = "ClientException"
_MODEL = documented(
    "AWS API model of ecs (botocore 1.44): ContainerDefinition, LinuxParameters, KernelCapabilities, PortMapping,"
    " ContainerRestartPolicy, FirelensConfiguration, Ulimit, RegisterTaskDefinitionRequest",
    read="2026-11-29",
)
_ENUMS: Mapping[str, tuple[str, ...]] = {
    "portMappings[*].appProtocol": ("http", "http2", "grpc"),
    "firelensConfiguration.type": ("fluentd", "fluentbit"),
    "ulimits[*].name": (
        *("core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio"),
        *("rttime", "sigpending", "stack"),
    ),
    "environmentFiles[*].type": ("s3",),
    "resourceRequirements[*].type": ("GPU", "InferenceAccelerator", "NeuronDevice"),
    "versionConsistency": ("enabled", "disabled"),
}
_NOT_ON_FARGATE = ("devices", "sharedMemorySize", "maxSwap", "swappiness")
_LEAST_MEMORY = 6  # MiB


@rule("container-options", Stage.CREATE, source=_MODEL)
def _containers(call: Call) -> Iterator[Rejection]:
    containers = containers_of(call.get("containerDefinitions"))
    for each in containers:
        label = f"Invalid setting for container '{each.get('name')}'."
        for reason in (*_enums(each), *_limits(each), *_fargate(call, each)):
            yield Rejection("containerDefinitions", f"{label} {reason}", _CODE)
        if (
            not is_fargate(call)
            and call.get("memory") is None
            and not (each.get("memory") or each.get("memoryReservation"))
        ):
            yield Rejection(
                "containerDefinitions",
                f"{label} At least one of 'memory' or 'memoryReservation' must be specified.", _CODE,
            )  # fmt: skip
        if each.get("repositoryCredentials") and call.get("executionRoleArn") is None:
            yield Rejection(
                "executionRoleArn", f"{label} repositoryCredentials requires executionRoleArn.", _CODE
            )  # fmt: skip
    for reason in _across(call, containers):
        yield Rejection("containerDefinitions", reason, _CODE)


def _enums(container: dict[str, Any]) -> Iterator[str]:
    for path, allowed in _ENUMS.items():
        for at, value in located(container, path):
            if value not in allowed:
                yield f"{at} must be one of {', '.join(allowed)} (got '{value}')."


def _limits(container: dict[str, Any]) -> Iterator[str]:
    memory = container.get("memory")
    if isinstance(memory, int) and memory < _LEAST_MEMORY:
        yield f"memory must be at least {_LEAST_MEMORY} MiB (got {memory})."
    for at, limit in located(container, "ulimits[*]"):
        soft, hard = limit.get("softLimit"), limit.get("hardLimit")
        if isinstance(soft, int) and isinstance(hard, int) and -1 < hard < soft:
            yield f"{at}: the soft limit ({soft}) must not exceed the hard limit ({hard})."
    period = next(values_at(container, "restartPolicy.restartAttemptPeriod"), None)
    if isinstance(period, int) and not 60 <= period <= 1800:
        yield f"restartAttemptPeriod must be from 60 to 1800 seconds (got {period})."
    if len(list(values_at(container, "restartPolicy.ignoredExitCodes[*]"))) > 50:
        yield "restartPolicy has at most 50 ignoredExitCodes."


def _fargate(call: Call, container: dict[str, Any]) -> Iterator[str]:
    if not is_fargate(call):
        return
    linux = container.get("linuxParameters") or {}
    for path in _NOT_ON_FARGATE:
        if linux.get(path):
            yield f"linuxParameters.{path} is not supported on Fargate."
    for value in values_at(linux, "capabilities.add[*]"):
        if value != "SYS_PTRACE":
            yield f"Fargate supports adding only the capability SYS_PTRACE (got '{value}')."
    if any(kind == "GPU" for kind in values_at(container, "resourceRequirements[*].type")):
        yield "GPU resource requirements are not supported on Fargate."


def _across(call: Call, containers: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what is wrong between the containers of a task definition."""
    names = Counter(name for each in containers for name in values_at(each, "portMappings[*].name") if name)
    for name, number in names.items():
        if number > 1:
            yield f"Port mapping names must be unique in a task definition (got '{name}' {number} times)."
    if is_fargate(call) or call.get("networkMode") in ("awsvpc", "host"):
        ports = Counter(
            (port["containerPort"], port.get("protocol") or "tcp")
            for each in containers
            for port in values_at(each, "portMappings[*]")
            if isinstance(port, dict) and port.get("containerPort")
        )
        for (port, protocol), number in ports.items():
            if number > 1:
                yield f"Container port mappings must be unique in this network mode (got {port}/{protocol} twice)."
    routers = sum(1 for each in containers if each.get("firelensConfiguration"))
    if routers > 1:
        yield "A task definition can have only one container with a firelensConfiguration."
    drivers = [next(values_at(each, "logConfiguration.logDriver"), None) for each in containers]
    if "awsfirelens" in drivers and not routers:
        yield "The log driver awsfirelens requires a container with a firelensConfiguration."
    known = {each.get("name") for each in containers}
    for each in containers:
        for source in values_at(each, "volumesFrom[*].sourceContainer"):
            if source not in known:
                yield f"volumesFrom names the container '{source}', which the task definition does not have."
    proxy = call.get("proxyConfiguration.containerName")
    if proxy is not None and containers and proxy not in known:
        yield f"proxyConfiguration names the container '{proxy}', which the task definition does not have."


@rule("task-definition-options", Stage.CREATE, source=_MODEL)
def _options(call: Call) -> Iterator[Rejection]:
    names = Counter(values_at(call.inputs, "volumes[*].name"))
    for name, number in names.items():
        if number > 1:
            yield Rejection("volumes", f"Volume names must be unique (got '{name}' {number} times).", _CODE)
    if call.get("enableFaultInjection") is True and call.get("networkMode") not in ("awsvpc", "host"):
        yield Rejection(
            "enableFaultInjection", "Fault injection requires the network mode awsvpc or host.", _CODE
        )  # fmt: skip
    if not is_fargate(call):
        return
    for path in ("volumes[*].hostPath", "volumes[*].dockerVolumeConfiguration"):
        for at, value in located(call.inputs, path):
            if value not in (None, "", UNKNOWN):
                yield Rejection(at, "Fargate compatible task definitions do not support this kind of volume.", _CODE)
    if call.get("placementConstraints"):
        yield Rejection(
            "placementConstraints", "Fargate compatible task definitions do not support placement constraints.", _CODE
        )  # fmt: skip
    if call.get("pidMode") == "host":
        yield Rejection("pidMode", "Fargate supports only the PID mode task (got host).", _CODE)
    if call.get("ipcMode") is not None:
        yield Rejection("ipcMode", "The IPC mode is not supported on Fargate.", _CODE)


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=TASK_DEFINITION, source=sdk("ecs/taskdefinition"), rules=(_containers, _options)),
)
