"""The container definitions of an ECS task definition: a JSON array in a string, with keys in either case."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..inputs import as_list, as_object
from ..rule import Indeterminate, NotApplicable, Resource, block

TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"


def containers(task: Resource) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each container with its path and all its keys in lower case (AWS accepts `Environment` for `environment`).

    Raises UnknownValue while any part of the string is unknown, which makes the whole string unknown, and Indeterminate
    when it is not JSON or a value in it has another type than ECS documents.
    """
    try:
        definitions = json.loads(task.properties.get("containerDefinitions") or "null")
    except (TypeError, ValueError):
        raise Indeterminate("containerDefinitions is not JSON") from None
    if not isinstance(definitions, list):
        raise Indeterminate("containerDefinitions is not a list of containers")
    for index, definition in enumerate(definitions):
        path = f"containerDefinitions[{index}]"
        container = _lower(as_object(definition, path))
        path = f"{path} ({container.get('name', 'no name')})"
        _check_types(container, path)
        yield path, container


def _check_types(container: Mapping[str, Any], path: str) -> None:
    """Raise Indeterminate for a value that the rules read and that has the wrong type.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html (read 2026-11-24)
    """
    for key in ("logconfiguration", "linuxparameters", "healthcheck", "restartpolicy"):
        as_object(container.get(key), f"{path}.{key}")
    as_object((container.get("logconfiguration") or {}).get("options"), f"{path}.logconfiguration.options")
    capabilities = (container.get("linuxparameters") or {}).get("capabilities")
    added = as_object(capabilities, f"{path}.linuxparameters.capabilities").get("add")
    _check_texts(added, f"{path}.linuxparameters.capabilities.add")
    for key in ("environment", "secrets", "dependson"):
        for index, entry in enumerate(as_list(container.get(key), f"{path}.{key}")):
            as_object(entry, f"{path}.{key}[{index}]")
    for key in ("command", "entrypoint"):
        _check_texts(container.get(key), f"{path}.{key}")
    if isinstance(container.get("stoptimeout", 0), bool | str | list | dict):
        raise Indeterminate(f"{path}.stoptimeout is not a number")


def _check_texts(value: object, path: str) -> None:
    for index, each in enumerate(as_list(value, path)):
        if not isinstance(each, str):
            raise Indeterminate(f"{path}[{index}] is not a text")


def linux_containers(task: Resource) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the containers of a Linux task, for settings that ECS does not support on Windows.

    Raises NotApplicable for a Windows task.
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html (read 2026-11-24)
    """
    if str(block(task.properties, "runtimePlatform").get("operatingSystemFamily") or "").startswith("WINDOWS"):
        raise NotApplicable("Windows containers do not support this setting")
    yield from containers(task)


def environment(container: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the name and value of each plain environment variable."""
    for entry in container.get("environment") or ():
        yield str(entry.get("name", "")), str(entry.get("value") or "")


def secret_names(container: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the variables that ECS sets from a secret."""
    for entry in container.get("secrets") or ():
        yield str(entry.get("name", ""))


def _lower(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key).lower(): _lower(each) for key, each in value.items()}
    return [_lower(each) for each in value] if isinstance(value, list) else value
