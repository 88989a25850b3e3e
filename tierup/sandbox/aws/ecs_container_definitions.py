"""ECS: the container definitions of a task definition."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tierup.sandbox.behaviour import UNKNOWN, Call, Plain, Rejection, Stage, rule, values_at
from tierup.sandbox.cloud import CloudResource

from .ecs import is_fargate
from .ecs_container_types import type_violations
from .logs import LOG_GROUP
from .same_scope import known
from .secret_replicas import secret_at
from .sources import api

PARAMETER = "aws:ssm/parameter:Parameter"


def containers_of(definitions: Plain) -> list[dict[str, Any]]:
    """Return the container definitions in a JSON text, or [] if it is unknown or not a list of objects."""
    try:
        parsed = json.loads(definitions) if isinstance(definitions, str) else []
    except ValueError:
        return []
    return [each for each in parsed if isinstance(each, dict)] if isinstance(parsed, list) else []


@rule("container-definitions-are-json", Stage.PLAN, source=api("ecs", "RegisterTaskDefinition"))
def definitions_are_json(call: Call) -> Iterator[Rejection]:
    at, text = "containerDefinitions", known(call, "containerDefinitions")
    if text is None:
        return
    try:
        parsed = json.loads(text)
    except (TypeError, ValueError) as error:
        yield Rejection(at, f"containerDefinitions is not JSON: {error}", "ClientException")
        return
    if not isinstance(parsed, list) or not all(isinstance(each, dict) for each in parsed):
        yield Rejection(
            at, "containerDefinitions must be a JSON list of objects, one for each container", "ClientException"
        )
        return
    wrong_types = [
        f"container {number}, {violation}"
        for number, each in enumerate(parsed, 1)
        for violation in type_violations(each)
    ]
    violations = wrong_types or _container_violations(parsed, call)
    yield from (Rejection(at, violation, "ClientException") for violation in violations)


def _container_violations(containers: list[dict[str, Any]], call: Call) -> Iterator[str]:
    """Yield what is wrong with container definitions. The sentences contain no values, which may be secret."""
    if not 1 <= len(containers) <= 10:
        yield f"a task has from 1 to 10 containers (got {len(containers)})"
    names = [str(each.get("name")) for each in containers]
    if len(set(names)) != len(names):
        yield f"container names must be unique (got {', '.join(names)})"
    if containers and all(each.get("essential") is False for each in containers):
        yield "at least one container must be essential"
    if _is_circular(containers):
        yield "the dependencies between containers are circular"
    for position, each in enumerate(containers, 1):
        label = f"container {each.get('name') or position}"
        for key in ("name", "image"):
            if not each.get(key):
                yield f"{label} has no {key}"
        if each.get("name") and not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", str(each["name"])):
            yield f"{label}: a name may have up to 255 letters, digits, hyphens and underscores"
        yield from _mapping_violations(label, each, call)
        yield from _option_violations(label, each, containers, call)
        yield from _entry_violations(label, each)
        yield from _log_violations(label, each, call)


def _mapping_violations(label: str, container: dict[str, Any], call: Call) -> Iterator[str]:
    for mapping in container.get("portMappings") or ():
        port, host = mapping.get("containerPort"), mapping.get("hostPort")
        if port is None and mapping.get("containerPortRange") is None:
            yield f"{label} has a port mapping without containerPort"
        elif port is not None and not (isinstance(port, int) and 1 <= port <= 65535):
            yield f"{label}: invalid containerPort (got {port!r}). Allowed are 1 to 65535."
        if call.get("networkMode") in ("awsvpc", "host") and host not in (None, 0, port):
            yield f"{label}: hostPort {host} must equal containerPort {port} in network mode {call.get('networkMode')}"
        if mapping.get("protocol", "tcp") not in ("tcp", "udp"):
            protocol = mapping.get("protocol")
            yield f"{label}: invalid protocol of port {port} (got {protocol!r}). Allowed are tcp and udp."


def _option_violations(
    label: str, container: dict[str, Any], containers: list[dict[str, Any]], call: Call
) -> Iterator[str]:
    """Yield options that the network mode or Fargate does not support, and references inside the task definition.

    AWS API model of ecs (botocore 1.44), ContainerDefinition and ContainerDependency (read 2026-11-28).
    """
    mode = "awsvpc" if is_fargate(call) else call.get("networkMode")
    for key in ("links", "hostname", "extraHosts"):
        if mode == "awsvpc" and container.get(key):
            yield f"{label}: {key} is not supported with network mode awsvpc"
    for key in ("privileged", "dockerSecurityOptions"):
        if is_fargate(call) and container.get(key):
            yield f"{label}: {key} is not supported on Fargate"
    for key in ("startTimeout", "stopTimeout"):
        seconds = container.get(key)
        if is_fargate(call) and isinstance(seconds, int) and not 2 <= seconds <= 120:
            yield f"{label}: invalid {key} (got {seconds} seconds). Allowed are 2 to 120 on Fargate."
    volumes = call.get("volumes")
    if volumes is None or (isinstance(volumes, list) and UNKNOWN not in values_at(call.inputs, "volumes[*].name")):
        names = list(values_at(call.inputs, "volumes[*].name"))
        for mount in container.get("mountPoints") or ():
            if mount.get("sourceVolume") not in names:
                yield f"{label}: the task definition has no volume '{mount.get('sourceVolume')}'"
    others = {str(each.get("name")): each for each in containers if each is not container}
    for dependency in container.get("dependsOn") or ():
        name, condition = dependency.get("containerName"), dependency.get("condition")
        if name not in others:
            yield f"{label}: dependsOn names the container '{name}', which the task definition does not have"
        elif condition not in _CONDITIONS:
            yield f"{label}: invalid dependsOn condition (got {condition!r}). Allowed are {', '.join(_CONDITIONS)}."
        elif condition == "HEALTHY" and not others[name].get("healthCheck"):
            yield f"{label}: dependsOn condition HEALTHY requires a healthCheck in container '{name}'"
        elif condition in ("COMPLETE", "SUCCESS") and others[name].get("essential") is not False:
            yield f"{label}: dependsOn condition {condition} requires essential: false in container '{name}'"


_CONDITIONS = ("START", "COMPLETE", "SUCCESS", "HEALTHY")


def _entry_violations(label: str, container: dict[str, Any]) -> Iterator[str]:
    seen: set[str] = set()
    for entry in container.get("environment") or ():
        if not isinstance(entry.get("value", ""), str):
            yield f'{label}: environment {entry.get("name")} must be a string. Write a number as "5".'
    for entry in (*(container.get("environment") or ()), *(container.get("secrets") or ())):
        name = entry.get("name")
        if not name:
            yield f"{label} has an environment entry or secret without name"
        elif name in seen:
            yield f"{label}: duplicate name in environment and secrets (got {name}). The secret name must be unique."
        seen.add(str(name))
    for secret in container.get("secrets") or ():
        if not secret.get("valueFrom"):
            yield f"{label}: secret {secret.get('name')} has no valueFrom"
    memory, reserved = container.get("memory"), container.get("memoryReservation")
    if isinstance(memory, int) and isinstance(reserved, int) and memory < reserved:
        yield f"{label}: memory ({memory}) must be greater than memoryReservation ({reserved})"
    for key, low, high in _HEALTH_CHECK:
        value = (container.get("healthCheck") or {}).get(key)
        if isinstance(value, int) and not low <= value <= high:
            yield f"{label}: invalid {key} of the health check (got {value}). Allowed are {low} to {high}."
    command = (container.get("healthCheck") or {}).get("command")
    if container.get("healthCheck") and (not command or command[0] not in ("CMD", "CMD-SHELL", "NONE")):
        yield f"{label}: the health check's command must start with CMD or CMD-SHELL"


_HEALTH_CHECK = (("interval", 5, 300), ("timeout", 2, 60), ("retries", 1, 10), ("startPeriod", 0, 300))
"""AWS API model of ecs (botocore 1.43), HealthCheck (read 2026-11-28)."""


def _is_circular(containers: list[dict[str, Any]]) -> bool:
    """Return whether containers depend on each other in a circle."""
    left = {
        str(each.get("name")): {str(other.get("containerName")) for other in each.get("dependsOn") or ()}
        for each in containers
    }
    while ready := [name for name, others in left.items() if not others & set(left)]:
        for name in ready:
            del left[name]
    return bool(left)


def _log_violations(label: str, container: dict[str, Any], call: Call) -> Iterator[str]:
    logging = container.get("logConfiguration") or {}
    driver = logging.get("logDriver")
    if is_fargate(call) and driver not in (None, "awslogs", "splunk", "awsfirelens"):
        yield f"{label}: Fargate does not support log driver {driver!r}. Allowed are awslogs, splunk, awsfirelens."
    if driver == "awslogs":
        options = logging.get("options") or {}
        wanted = ["awslogs-group", "awslogs-region", *(["awslogs-stream-prefix"] if is_fargate(call) else [])]
        if missing := [key for key in wanted if not options.get(key)]:
            yield f"{label}: awslogs requires the options {', '.join(missing)}"


@rule("execution-role-for-secrets-and-logs", Stage.PLAN, source=api("ecs", "RegisterTaskDefinition"))
def execution_role(call: Call) -> Iterator[Rejection]:
    if call.get("executionRoleArn") is not None:
        return
    for each in containers_of(call.get("containerDefinitions")):
        driver = (each.get("logConfiguration") or {}).get("logDriver")
        needs = ["secrets"] if each.get("secrets") else []
        needs += ["the log driver awslogs"] if is_fargate(call) and driver == "awslogs" else []
        if needs:
            yield Rejection(
                "executionRoleArn",
                f"container {each.get('name')} uses {' and '.join(needs)}, which requires executionRoleArn",
                "ClientException",
            )
            return


def start_violations(call: Call, task: CloudResource) -> Iterator[str]:
    """Yield why a task of a task definition does not start: secrets and log groups that do not exist."""
    for each in containers_of(task.outputs.get("containerDefinitions")):
        label = f"container {each.get('name')}"
        for entry in each.get("secrets") or ():
            source = str(entry.get("valueFrom"))
            # arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME[:json-key:version-stage:version-id]
            arn = ":".join(source.split(":")[:7])
            if ":secretsmanager:" in source and secret_at(call.cloud.find, arn) is None:
                yield f"{label}: {arn} of secret {entry.get('name')} does not exist"
            if ":ssm:" in source and next(call.cloud.find(PARAMETER, arn=source), None) is None:
                yield f"{label}: {source} of secret {entry.get('name')} does not exist"
        logging = each.get("logConfiguration") or {}
        options = logging.get("options") or {}
        if logging.get("logDriver") != "awslogs" or str(options.get("awslogs-create-group")).lower() == "true":
            continue
        group, region = options.get("awslogs-group"), options.get("awslogs-region")
        if not any(found.region == region for found in call.cloud.find(LOG_GROUP, name=group)):
            yield f"{label} logs to the log group '{group}', which does not exist in {region}"
