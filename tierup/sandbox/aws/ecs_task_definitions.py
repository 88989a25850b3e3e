"""ECS: task definitions and the task sizes of Fargate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tierup.sandbox.behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Name,
    Plain,
    Reference,
    Rejection,
    Stage,
    assumed,
    documented,
    located,
    rule,
)

from .ecs import NAME_CHARACTERS, NAME_PATTERN, is_fargate
from .ecs_container_definitions import containers_of, definitions_are_json, execution_role
from .iam import to_role
from .same_scope import known
from .sources import api, sdk

TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"

TASK_SIZES = documented(
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html", read="2026-11-24"
)

MEMORY_BY_CPU: dict[int, tuple[int, ...]] = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4096 + 1, 1024)),
    1024: tuple(range(2048, 8192 + 1, 1024)),
    2048: tuple(range(4096, 16384 + 1, 1024)),
    4096: tuple(range(8192, 30720 + 1, 1024)),
    8192: tuple(range(16384, 61440 + 1, 4096)),
    16384: tuple(range(32768, 122880 + 1, 8192)),
}
"""The memory sizes (MiB) of a Fargate task, by its CPU units (1,024 units are one vCPU)."""


def units(value: Plain, of: str) -> int | None:
    """Return the CPU units of "512" or ".5 vCPU", or the MiB of "1024" or "1 GB", or None for any other text."""
    found = re.fullmatch(r"\s*([\d.]+)\s*(vcpu|gb)?\s*", str(value), re.IGNORECASE)
    if not found or (found[2] and found[2].lower() != of):
        return None
    try:
        number = float(found[1])
    except ValueError:
        return None
    return int(number * 1024) if found[2] else int(number)


@rule("fargate-task-size", Stage.PLAN, source=TASK_SIZES)
def fargate_size(call: Call) -> Iterator[Rejection]:
    if not is_fargate(call):
        return
    for path in ("cpu", "memory"):
        if call.get(path) is None:
            yield Rejection(path, f"{path} is required for Fargate", "ClientException")
    cpu, memory = known(call, "cpu"), known(call, "memory")
    if cpu is None:
        return
    cpu_units = units(cpu, "vcpu")
    allowed = MEMORY_BY_CPU.get(cpu_units or 0)
    if allowed is None:
        choice = ", ".join(map(str, MEMORY_BY_CPU))
        yield Rejection(
            "cpu", f"no Fargate task size has this cpu (got '{cpu}'). Allowed are {choice}.", "ClientException"
        )
    elif memory is not None and units(memory, "gb") not in allowed:
        choice = (
            f"{allowed[0]} to {allowed[-1]} in steps of {allowed[-1] - allowed[-2]}"
            if cpu_units != 256
            else "512, 1024, 2048"
        )
        yield Rejection(
            "memory",
            f"no Fargate task size has cpu {cpu_units} with this memory (got '{memory}'). Allowed are {choice} (MiB).",
            "ClientException",
        )


@rule(
    "containers-fit-the-task",
    Stage.PLAN,
    source=documented("AWS API model of ecs (botocore 1.44), ContainerDefinition: cpu, memory", read="2026-11-28"),
)
def containers_fit_the_task(call: Call) -> Iterator[Rejection]:
    containers = containers_of(call.get("containerDefinitions"))
    for path, unit in (("cpu", "vcpu"), ("memory", "gb")):
        limit = units(known(call, path), unit) if known(call, path) is not None else None
        numbers = [each.get(path) or (each.get("memoryReservation") if path == "memory" else 0) for each in containers]
        total = sum(number for number in numbers if isinstance(number, (int, float)))
        if limit is not None and total > limit:
            yield Rejection(
                "containerDefinitions",
                f"the containers reserve more {path} than the task has (got {total:g}, the task has {limit})",
                "ClientException",
            )


@rule("fargate-network-mode", Stage.PLAN, source=api("ecs", "RegisterTaskDefinition"))
def fargate_network_mode(call: Call) -> Iterator[Rejection]:
    mode = call.get("networkMode")
    if is_fargate(call) and mode is not UNKNOWN and mode != "awsvpc":
        yield Rejection(
            "networkMode", f"invalid network mode for Fargate (got {mode}). Allowed is awsvpc.", "ClientException"
        )


@rule("fargate-ephemeral-storage", Stage.PLAN, source=api("ecs", "RegisterTaskDefinition"))
def ephemeral_storage(call: Call) -> Iterator[Rejection]:
    size = known(call, "ephemeralStorage.sizeInGib")
    if size is not None and not 21 <= int(size) <= 200:
        yield Rejection(
            "ephemeralStorage.sizeInGib",
            f"invalid size (got {size} GiB). Allowed are 21 to 200 GiB (the default is 20).",
            "ClientException",
        )


@rule("windows-runs-on-x86", Stage.PLAN, source=api("ecs", "RuntimePlatform"))
def _windows(call: Call) -> Iterator[Rejection]:
    system = str(known(call, "runtimePlatform.operatingSystemFamily"))
    if system.startswith("WINDOWS") and known(call, "runtimePlatform.cpuArchitecture") == "ARM64":
        yield Rejection("runtimePlatform.cpuArchitecture", f"{system} does not support ARM64.", "ClientException")


@rule("efs-authorization-in-transit", Stage.PLAN, source=api("ecs", "EFSVolumeConfiguration, EFSAuthorizationConfig"))
def _efs(call: Call) -> Iterator[Rejection]:
    for at, volume in located(call.inputs, "volumes[*].efsVolumeConfiguration"):
        if not isinstance(volume, dict):
            continue
        authorization = volume.get("authorizationConfig") or {}
        if not isinstance(authorization, dict):
            continue
        in_use = authorization.get("iam") == "ENABLED" or authorization.get("accessPointId")
        if in_use and volume.get("transitEncryption") not in ("ENABLED", UNKNOWN):
            yield Rejection(
                f"{at}.transitEncryption",
                "Transit encryption must be enabled if Amazon EFS IAM authorization or an access point is used.",
                "ClientException",
            )
        if authorization.get("accessPointId") and volume.get("rootDirectory") not in (None, "", "/", UNKNOWN):
            yield Rejection(
                f"{at}.rootDirectory", "It must be omitted or '/' if an access point is used.", "ClientException"
            )


def _equivalent_definitions(value: Any, call: Call) -> Any:
    """Return container definitions in the form in which the provider compares them."""
    if not isinstance(value, list):
        return value
    found: list[Any] = []
    for container in value:
        if not isinstance(container, dict):
            return value
        each = {key: inner for key, inner in container.items() if inner not in (None, [], {}, "")}
        each.setdefault("essential", True)
        for key in ("environment", "secrets"):
            each[key] = sorted(map(str, each.get(key, ())))
        each["portMappings"] = [_equivalent_mapping(mapping, call) for mapping in each.get("portMappings", ())]
        found.append(each)
    return found


def _equivalent_mapping(mapping: Any, call: Call) -> Any:
    if not isinstance(mapping, dict):
        return mapping
    each = {key: value for key, value in mapping.items() if (key, value) not in (("protocol", "tcp"), ("hostPort", 0))}
    if call.get("networkMode") == "awsvpc":
        each.setdefault("hostPort", each.get("containerPort"))
    return each


def _family_arn(call: Call) -> str:
    return f"arn:aws:ecs:{call.region}:{call.account}:task-definition/{call.get('family')}"


def _revision(call: Call) -> int:
    """Return one more than the family's highest revision: ECS never reuses a number, not even of a deleted revision."""
    family = call.get("family")
    taken = [found.outputs.get("revision", 0) for found in call.nearby(TASK_DEFINITION, family=family)]
    # The cloud also remembers deleted revisions, without their outputs: each counts as one.
    gone = sum(1 for _ in call.cloud.tombstones(TASK_DEFINITION, family=family))
    return max([*taken, gone, len(taken) + gone]) + 1


def task_definition_of(call: Call) -> Any:
    """Return the task definition with an ARN, a "family:revision" or a family (its latest revision), or None."""
    wanted = str(call.get("taskDefinition") or "")
    family = wanted.rpartition("/")[2]
    for found in sorted(call.nearby(TASK_DEFINITION), key=lambda each: -each.outputs.get("revision", 0)):
        if wanted == found.outputs.get("arn") or family in (
            found.outputs.get("family"),
            f"{found.outputs.get('family')}:{found.outputs.get('revision')}",
        ):
            return found
    return None


def is_inactive(call: Call) -> bool:
    """Return whether the task definition that a call names is deregistered: ECS keeps it, INACTIVE.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html, from memory;
    https://github.com/aws/containers-roadmap/issues/328 (read 2026-11-24).
    """
    wanted = str(call.get("taskDefinition") or "")
    return any(
        wanted in (gone.resource.id, gone.resource.id.rpartition("/")[2])
        for gone in call.cloud.tombstones(TASK_DEFINITION)
    )


def _to_role(path: str) -> Reference:
    return to_role(
        path,
        code="ClientException",
        source=api("ecs", "RegisterTaskDefinition"),
        external=r"(?!arn:aws:iam::\d+:role/).*",
    )


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=TASK_DEFINITION,
        # The provider's id is the family for all revisions; the sandbox needs a unique id for each revision.
        source=sdk("ecs/taskdefinition"),
        id=lambda call: f"{_family_arn(call)}:{_revision(call)}",
        outputs={
            "arn": "{id}",
            "revision": lambda call: int(call.id.rpartition(":")[2]),
            "arnWithoutRevision": _family_arn,
            "networkMode": "bridge",
            "enableFaultInjection": False,
            "skipDestroy": False,
            "trackLatest": False,
        },
        replaces=frozenset(
            {
                "containerDefinitions",
                "cpu",
                "enableFaultInjection",
                "ephemeralStorage",
                "executionRoleArn",
                "family",
                "ipcMode",
                "memory",
                "networkMode",
                "pidMode",
                "placementConstraints",
                "proxyConfiguration",
                "requiresCompatibilities",
                "runtimePlatform",
                "taskRoleArn",
                "volumes",
            }
        ),
        replace_source=assumed("ECS cannot update a revision: the provider registers a new one"),
        enums={
            "networkMode": ("awsvpc", "bridge", "host", "none"),
            "ipcMode": ("host", "task", "none"),
            "pidMode": ("host", "task"),
            "requiresCompatibilities[*]": ("EC2", "EXTERNAL", "FARGATE", "MANAGED_INSTANCES"),
            "runtimePlatform.cpuArchitecture": ("X86_64", "ARM64"),
            "runtimePlatform.operatingSystemFamily": (
                "LINUX",
                "WINDOWS_SERVER_2019_CORE",
                "WINDOWS_SERVER_2019_FULL",
                "WINDOWS_SERVER_2022_CORE",
                "WINDOWS_SERVER_2022_FULL",
                "WINDOWS_SERVER_2025_CORE",
                "WINDOWS_SERVER_2025_FULL",
            ),
        },
        name=Name(
            property="family",
            longest=255,
            pattern=NAME_PATTERN,
            allowed=NAME_CHARACTERS,
            automatic=False,
            unique=None,  # a family may have many revisions
            source=api("ecs", "RegisterTaskDefinition"),
        ),
        references=(_to_role("executionRoleArn"), _to_role("taskRoleArn")),
        rules=(
            definitions_are_json,
            fargate_size,
            fargate_network_mode,
            execution_role,
            ephemeral_storage,
            containers_fit_the_task,
            _windows,
            _efs,
        ),
        normal_forms={"containerDefinitions": _equivalent_definitions},
    ),
)
