"""The container definitions inside an ECS task definition: JSON in a string, with keys in either case."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..rule import Resource, Unjudged

TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"


def containers(task: Resource) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each container with its path, its own keys in lower case (AWS takes `Environment` for `environment`).

    Raises UnknownValueError while any part of the string is unknown, which makes the whole string so, and Unjudged
    when it is not JSON.
    """
    try:
        definitions = json.loads(task.properties.get("containerDefinitions") or "null")
    except ValueError:
        raise Unjudged("containerDefinitions is not JSON") from None
    if not isinstance(definitions, list):
        raise Unjudged("containerDefinitions is not a list of containers")
    for index, definition in enumerate(definitions):
        container = {key.lower(): value for key, value in definition.items()}
        yield f"containerDefinitions[{index}] ({container.get('name', 'no name')})", container


def environment(container: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The plain environment variables: name and value."""
    for pair in container.get("environment") or ():
        entry = {key.lower(): value for key, value in pair.items()}
        yield str(entry.get("name", "")), str(entry.get("value") or "")
