"""AWS resources that a delete leaves in the account, because their input `skipDestroy` is true."""

from __future__ import annotations

from collections.abc import Mapping

from tierup.sandbox.registry import IsKept

KEPT_AFTER_DELETE: Mapping[str, IsKept] = dict.fromkeys(
    (
        "aws:appconfig/hostedConfigurationVersion:HostedConfigurationVersion",
        "aws:cloudwatch/logGroup:LogGroup",
        "aws:ecs/taskDefinition:TaskDefinition",
        "aws:lambda/function:Function",
        "aws:lambda/layerVersion:LayerVersion",
        "aws:lambda/layerVersionPermission:LayerVersionPermission",
    ),
    lambda resource: resource.outputs.get("skipDestroy") is True,
)
"""Source: the input skipDestroy in the docstrings of pulumi-aws (read 2026-11-28). A revision of a task definition then
stays ACTIVE; without it, it becomes INACTIVE."""
