"""Tests of the behaviour rows of Lambda."""

from __future__ import annotations

from typing import Any

import pytest

from .account import Account

FUNCTION = "aws:lambda/function:Function"
PERMISSION = "aws:lambda/permission:Permission"


def role(account: Account, service: str = "lambda.amazonaws.com") -> str:
    trust = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
        f'"Principal":{{"Service":"{service}"}}}}]}}'
    )
    return account.make("aws:iam/role:Role", service.partition(".")[0], assumeRolePolicy=trust).outputs["arn"]


def function(role_arn: str, **more: Any) -> dict[str, Any]:
    inputs = {
        "role": role_arn,
        "handler": "main.handler",
        "runtime": "python3.13",
        "s3Bucket": "code",
        "s3Key": "code.zip",
        **more,
    }
    return {key: value for key, value in inputs.items() if value is not None}


def test_function_outputs_match_aws() -> None:
    account = Account()
    made = account.make(FUNCTION, name="rotate", **function(role(account)))
    assert made.id == "rotate"
    assert made.outputs["arn"] == "arn:aws:lambda:eu-west-1:123456789012:function:rotate"
    assert made.outputs["qualifiedArn"] == f"{made.outputs['arn']}:$LATEST"


@pytest.mark.parametrize(
    "more",
    [
        {"s3Bucket": None, "s3Key": None},
        {"runtime": None},
        {"imageUri": "a/b:c"},
        {"packageType": "Image"},
        {"memorySize": 64},
        {"timeout": 901},
    ],
)
def test_invalid_function_is_rejected(more: dict[str, Any]) -> None:
    account = Account()
    assert account.codes(FUNCTION, **function(role(account), **more))


def test_function_requires_role_that_lambda_can_assume() -> None:
    account = Account()
    other = role(account, "ecs-tasks.amazonaws.com")
    assert account.codes(FUNCTION, **function(other)) == {"InvalidParameterValueException"}
    assert account.codes(FUNCTION, **function("arn:aws:iam::123456789012:role/none")) == {
        "InvalidParameterValueException"
    }


def test_permission_requires_function_and_valid_action() -> None:
    account = Account()
    inputs = {"action": "lambda:InvokeFunction", "principal": "secretsmanager.amazonaws.com"}
    assert account.codes(PERMISSION, function="none", **inputs) == {"ResourceNotFoundException"}
    made = account.make(FUNCTION, name="rotate", **function(role(account)))
    assert not account.codes(PERMISSION, function=made.outputs["arn"], **inputs)
    assert account.codes(PERMISSION, function="rotate", **{**inputs, "action": "s3:GetObject"}) == {
        "ValidationException"
    }


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"environment": {"variables": {"AWS_REGION": "eu-west-1"}}}, "environment.variables.AWS_REGION"),
        ({"environment": {"variables": {"1ST": "a"}}}, "environment.variables"),
        ({"environment": {"variables": {"BIG": "x" * 4096}}}, "environment.variables"),
        ({"runtime": "python3.6"}, "runtime"),
        ({"runtime": "nodejs14.x"}, "runtime"),
    ],
)
def test_environment_and_runtime_are_validated(more: dict[str, Any], path: str) -> None:
    account = Account()
    found = account.rejections(FUNCTION, **function(role(account), **more))
    assert [rejection.path for rejection in found] == [path]


@pytest.mark.parametrize("runtime", ["python3.13", "python3.8", "nodejs16.x"])
def test_usual_environment_and_runtimes_are_accepted(runtime: str) -> None:
    account = Account()
    more = {"runtime": runtime, "environment": {"variables": {"SIZE": "x" * 4000}}}
    assert not account.codes(FUNCTION, **function(role(account), **more))
