"""The container definitions inside an ECS task definition: JSON in a string, with keys in either case."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..rule import Indeterminate, NotApplicable, Resource, block

TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"


def containers(task: Resource) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each container with its path, all keys in lower case (AWS takes `Environment` for `environment`).

    Raises UnknownValue while any part of the string is unknown, which makes the whole string so, and Indeterminate
    when it is not JSON.
    """
    try:
        definitions = json.loads(task.properties.get("containerDefinitions") or "null")
    except ValueError:
        raise Indeterminate("containerDefinitions is not JSON") from None
    if not isinstance(definitions, list):
        raise Indeterminate("containerDefinitions is not a list of containers")
    for index, definition in enumerate(definitions):
        container = _lower(definition)
        yield f"containerDefinitions[{index}] ({container.get('name', 'no name')})", container


def linux_containers(task: Resource) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The containers of a Linux task, for what ECS does not support on Windows. Raises NotApplicable for a Windows one.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html (read 2026-11-24)
    """
    if str(block(task.properties, "runtimePlatform").get("operatingSystemFamily") or "").startswith("WINDOWS"):
        raise NotApplicable("Windows containers do not have it")
    yield from containers(task)


def environment(container: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The plain environment variables: name and value."""
    for entry in container.get("environment") or ():
        yield str(entry.get("name", "")), str(entry.get("value") or "")


def secret_names(container: Mapping[str, Any]) -> Iterator[str]:
    """The names of the variables that ECS fills from a secret."""
    for entry in container.get("secrets") or ():
        yield str(entry.get("name", ""))


def _lower(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key).lower(): _lower(each) for key, each in value.items()}
    return [_lower(each) for each in value] if isinstance(value, list) else value
