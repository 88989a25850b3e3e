"""Lifecycle hooks of ECS deployments: Lambda functions that decide at certain stages whether a deployment continues.

Creates the role in which ECS invokes the functions. It does not create the functions, or the service that gets the
hooks as part of its Deployment. A function returns SUCCEEDED, FAILED (ECS rolls back) or IN_PROGRESS (ECS invokes it
again).
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html (from memory); the stages as
in the provider's schema (pulumi-aws 7, read 2026-11-28)
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)
_FUNCTION = re.compile(r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_$-]+)?")


class LifecycleStage(StrEnum):
    """The stages of a deployment at which ECS invokes a hook."""

    RECONCILE_SERVICE = "RECONCILE_SERVICE"
    """Before a deployment that starts while another one is in progress."""
    PRE_SCALE_UP = "PRE_SCALE_UP"
    """Before the new tasks start."""
    POST_SCALE_UP = "POST_SCALE_UP"
    """After the new tasks are healthy."""
    TEST_TRAFFIC_SHIFT = "TEST_TRAFFIC_SHIFT"
    """While the test listener rule shifts to the new tasks."""
    POST_TEST_TRAFFIC_SHIFT = "POST_TEST_TRAFFIC_SHIFT"
    """After the test listener rule points at the new tasks: the stage for tests against them."""
    PRODUCTION_TRAFFIC_SHIFT = "PRODUCTION_TRAFFIC_SHIFT"
    """While the production traffic shifts."""
    POST_PRODUCTION_TRAFFIC_SHIFT = "POST_PRODUCTION_TRAFFIC_SHIFT"
    """After all production traffic has shifted."""


def check_function_arn(argument: str, arn: str) -> None:
    """Raise ValueError unless `arn` is that of a Lambda function, optionally with a version or an alias."""
    if not _FUNCTION.fullmatch(arn):
        raise ValueError(
            f"{argument}: not the ARN of a Lambda function (got {arn!r}). "
            "Give arn:aws:lambda:REGION:ACCOUNT:function:NAME."
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class LifecycleHook:
    """One hook. Raises ValueError for an ARN that is no function's, and without a stage."""

    function_arn: str
    """ARN of the Lambda function."""
    stages: Sequence[LifecycleStage]
    """Stages at which ECS invokes it."""

    def __post_init__(self) -> None:
        check_function_arn("function_arn", self.function_arn)
        if not self.stages or len(set(self.stages)) < len(self.stages):
            raise ValueError(
                f"stages: none, or one twice (got {', '.join(self.stages) or 'none'}). Give each stage once."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class LifecycleHooksArgs:
    """Arguments of LifecycleHooks."""

    hooks: Mapping[str, LifecycleHook]
    """Hooks by a short name."""
    tags: Mapping[str, str]
    """Tags of every taggable resource; a Name is added."""

    def __post_init__(self) -> None:
        if not self.hooks:
            raise ValueError("hooks: must not be empty (got none). Give at least one hook.")


class LifecycleHooks(ComponentResource):
    """The role in which ECS invokes the functions of the hooks."""

    role_arn: Output[str]
    """ARN of the role. It resolves after the role has its policy."""

    def __init__(self, name: str, args: LifecycleHooksArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:LifecycleHooks", name, None, opts)
        child = ResourceOptions(parent=self)
        role = aws.iam.Role(
            f"{name}-role",
            description="ECS invokes the lifecycle hooks of deployments",
            assume_role_policy=_TRUST,
            tags={**args.tags, "Name": f"{name}-role"},
            opts=child,
        )
        policy = aws.iam.RolePolicy(
            f"{name}-invoke",
            role=role.name,
            policy=json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": "lambda:InvokeFunction",
                            "Resource": sorted({hook.function_arn for hook in args.hooks.values()}),
                        }
                    ],
                }
            ),
            opts=child,
        )
        self.role_arn = Output.all(role.arn, policy.id).apply(lambda both: str(both[0]))
        self.register_outputs({"role_arn": self.role_arn})


@dataclass(frozen=True, kw_only=True, slots=True)
class HooksOfDeployment:
    """The hooks of a service's deployments, with the role of a LifecycleHooks component."""

    hooks: Mapping[str, LifecycleHook]
    """Hooks by a short name."""
    role_arn: Input[str]
    """ARN of the role in which ECS invokes them."""

    def configuration(self) -> list[aws.ecs.ServiceDeploymentConfigurationLifecycleHookArgsDict]:
        """Return the hooks by the provider's names, sorted by name."""
        return [
            {
                "hook_target_arn": hook.function_arn,
                "role_arn": self.role_arn,
                "lifecycle_stages": [stage.value for stage in hook.stages],
            }
            for _, hook in sorted(self.hooks.items())
        ]
