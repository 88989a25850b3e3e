"""Inputs of ECS resources for the tests."""

from __future__ import annotations

import json
from typing import Any

FARGATE = {"requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "cpu": "256", "memory": "512"}


def containers(*changes: dict[str, Any], **inputs: Any) -> str:
    """Return container definitions: the API container with `inputs`, and one more container for each of `changes`."""
    api = {"name": "api", "image": "node:22", "portMappings": [{"containerPort": 5000}], **inputs}
    return json.dumps([api, *({"name": "other", "image": "node:22", **change} for change in changes)])


SECOND = "arn:second"

RULE = "arn:rule"

BLUE_GREEN_ROLE = "arn:aws:iam::123456789012:role/blue-green"


def to_groups(*arns: str) -> list[dict[str, Any]]:
    return [{"type": "forward", "forward": {"targetGroups": [{"arn": arn, "weight": 1} for arn in arns]}}]


def balanced(targets: str, **advanced: Any) -> list[dict[str, Any]]:
    entry: dict[str, Any] = {"containerName": "api", "containerPort": 5000, "targetGroupArn": targets}
    return [{**entry, "advancedConfiguration": advanced} if advanced else entry]
