"""Tests of the lifecycle hooks of deployments."""

from __future__ import annotations

import json

import pytest

from components.ecs.deployment import Deployment, DeploymentStrategy
from components.ecs.lifecycle_hooks import (
    HooksOfDeployment,
    LifecycleHook,
    LifecycleHooks,
    LifecycleHooksArgs,
    LifecycleStage,
)
from tests.engine_recorder import record

FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:smoke"
HOOK = LifecycleHook(function_arn=FUNCTION, stages=[LifecycleStage.POST_TEST_TRAFFIC_SHIFT])


def test_ecs_may_invoke_exactly_the_functions_of_the_hooks() -> None:
    args = LifecycleHooksArgs(hooks={"smoke": HOOK, "again": HOOK}, tags={"Stack": "dev"})
    recording = record(lambda: LifecycleHooks("hooks", args))

    assert recording.tree() == {"hooks": None, "hooks-role": "hooks", "hooks-invoke": "hooks"}
    (statement,) = json.loads(recording.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])["Statement"]
    assert statement == {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": [FUNCTION]}
    trust = json.loads(recording.one("aws:iam/role:Role").inputs["assumeRolePolicy"])
    assert trust["Statement"][0]["Principal"] == {"Service": "ecs.amazonaws.com"}


def test_only_deployments_that_shift_traffic_have_hooks() -> None:
    hooks = HooksOfDeployment(hooks={"smoke": HOOK}, role_arn="arn:role")
    shifting = Deployment(strategy=DeploymentStrategy.BLUE_GREEN, hooks=hooks).configuration()

    assert shifting is not None
    assert shifting.get("lifecycle_hooks") == [
        {"hook_target_arn": FUNCTION, "role_arn": "arn:role", "lifecycle_stages": ["POST_TEST_TRAFFIC_SHIFT"]}
    ]
    assert Deployment(hooks=hooks).configuration() is None


@pytest.mark.parametrize(
    ("function", "stages", "message"),
    [
        ("smoke", [LifecycleStage.PRE_SCALE_UP], "function_arn: not the ARN of a Lambda function"),
        (FUNCTION, [], "stages: none, or one twice"),
        (FUNCTION, [LifecycleStage.PRE_SCALE_UP] * 2, "stages: none, or one twice"),
    ],
)
def test_hooks_that_ecs_refuses_are_rejected(function: str, stages: list[LifecycleStage], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        LifecycleHook(function_arn=function, stages=stages)


def test_a_role_without_hooks_is_rejected() -> None:
    with pytest.raises(ValueError, match="hooks: must not be empty"):
        LifecycleHooksArgs(hooks={}, tags={})
