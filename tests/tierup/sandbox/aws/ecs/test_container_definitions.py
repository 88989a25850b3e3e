"""Tests of the behaviour rows of ECS container definitions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tierup.sandbox.aws.ecs_task_definitions import TASK_DEFINITION
from tierup.sandbox.aws.iam import ROLE
from tierup.sandbox.behaviour import UNKNOWN

from ..account import Account
from .inputs import FARGATE, containers

TRUST = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
    '"Principal":{"Service":"ecs-tasks.amazonaws.com"}}]}'
)

SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:url-AbCdEf"

LOGGING: dict[str, Any] = {
    "logDriver": "awslogs",
    "options": {"awslogs-group": "/ecs/api", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "api"},
}


@pytest.fixture
def role(account: Account) -> str:
    return account.make(ROLE, "execution", assumeRolePolicy=TRUST).outputs["arn"]


@pytest.mark.parametrize(
    ("definitions", "says"),
    [
        ("{", "not JSON"),
        ("{}", "JSON list of objects"),
        ("[]", "1 to 10 containers"),
        (json.dumps([{"name": "api"}]), "has no image"),
        (json.dumps([{"image": "node:22"}]), "has no name"),
        (containers(essential=False), "essential"),
        (containers({"name": "api"}), "must be unique"),
        (containers(portMappings=[{"containerPort": 5000, "hostPort": 80}]), "hostPort 80"),
        (
            containers(portMappings=[{"containerPort": "web"}]),
            "portMappings[0].containerPort: cannot unmarshal a string",
        ),
        (containers(portMappings=[{"containerPort": 53, "protocol": "quic"}]), "protocol"),
        (containers(environment=[{"name": "PORT", "value": 5000}]), "must be a string"),
        (containers(environment=[{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]), "duplicate name"),
        (containers(healthCheck={"command": ["curl"]}), "CMD-SHELL"),
        (containers(logConfiguration={"logDriver": "json-file"}), "Fargate does not support"),
    ],
)
def test_invalid_container_definitions_are_rejected(account: Account, definitions: str, says: str) -> None:
    found = account.planned(TASK_DEFINITION, family="api", containerDefinitions=definitions, **FARGATE)
    assert {(rejection.path, rejection.code) for rejection in found} == {("containerDefinitions", "ClientException")}
    assert any(says in rejection.message for rejection in found)


def test_message_contains_no_environment_value(account: Account) -> None:
    definitions = containers(environment=[{"name": "TOKEN", "value": ["hunter2"]}])
    (rejection,) = account.planned(TASK_DEFINITION, family="api", containerDefinitions=definitions, **FARGATE)
    assert "hunter2" not in rejection.message


def test_unknown_container_definitions_are_accepted(account: Account) -> None:
    assert not account.planned(TASK_DEFINITION, family="api", containerDefinitions=UNKNOWN, **FARGATE)


def test_awslogs_and_secrets_require_execution_role(account: Account, role: str) -> None:
    for extra in ({"logConfiguration": LOGGING}, {"secrets": [{"name": "URL", "valueFrom": SECRET_ARN}]}):
        inputs = {"family": "api", "containerDefinitions": containers(**extra), **FARGATE}
        (rejection,) = account.planned(TASK_DEFINITION, **inputs)
        assert rejection.path == "executionRoleArn"
        assert not account.planned(TASK_DEFINITION, executionRoleArn=role, **inputs)


def test_missing_role_of_task_is_rejected(account: Account) -> None:
    missing = "arn:aws:iam::123456789012:role/missing"
    assert account.codes(
        TASK_DEFINITION, family="api", containerDefinitions=containers(), taskRoleArn=missing, **FARGATE
    ) == {"ClientException"}


@pytest.mark.parametrize(
    ("container", "says"),
    [
        ({"links": ["other"]}, "links is not supported"),
        ({"privileged": True}, "privileged is not supported on Fargate"),
        ({"stopTimeout": 121}, "invalid stopTimeout"),
        ({"mountPoints": [{"sourceVolume": "data", "containerPath": "/data"}]}, "has no volume 'data'"),
        ({"dependsOn": [{"containerName": "db", "condition": "START"}]}, "names the container 'db'"),
        ({"dependsOn": [{"containerName": "other", "condition": "HEALTHY"}]}, "requires a healthCheck"),
        ({"dependsOn": [{"containerName": "other", "condition": "SUCCESS"}]}, "requires essential: false"),
    ],
)
def test_unsupported_container_option_is_rejected(account: Account, container: dict[str, Any], says: str) -> None:
    found = account.planned(
        TASK_DEFINITION, family="api", containerDefinitions=containers({"name": "other"}, **container), **FARGATE
    )
    assert [says in rejection.message for rejection in found] == [True]


def test_supported_container_options_are_accepted(account: Account) -> None:
    depends = [{"containerName": "other", "condition": "SUCCESS"}]
    mounts = [{"sourceVolume": "data", "containerPath": "/data"}]
    definitions = containers({"essential": False}, dependsOn=depends, mountPoints=mounts, stopTimeout=120)
    inputs = {"containerDefinitions": definitions, "volumes": [{"name": "data"}], **FARGATE}
    assert not account.planned(TASK_DEFINITION, family="api", **inputs)
