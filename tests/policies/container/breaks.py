"""A fault for each rule of this area."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.policies.breaks import Break


def with_plain_secret(definitions: str) -> str:
    """The app's container with a password in its environment."""
    return _with_variable(definitions, "DB_PASSWORD", "correct-horse-battery")


def with_any_origin(definitions: str) -> str:
    """The app's container with every origin allowed."""
    return _with_variable(definitions, "ALLOWED_ORIGINS", "*")


def _with_variable(definitions: str, name: str, value: str) -> str:
    containers: list[dict[str, Any]] = json.loads(definitions)
    for container in containers:
        kept = [each for each in container.get("environment", []) if each["name"] != name]
        container["environment"] = [*kept, {"name": name, "value": value}]
    return json.dumps(containers)


BREAKS: Mapping[str, Break] = {
    "ECS-001": Break("aws:ecs/taskDefinition:TaskDefinition", {"containerDefinitions": with_plain_secret}),
    "ECS-002": Break("aws:ecs/taskDefinition:TaskDefinition", {"containerDefinitions": with_any_origin}),
}
