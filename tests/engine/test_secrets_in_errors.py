"""Errors of the sandbox contain no secret value."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

from tests.engine.sandbox_stack import CreateStack

pytestmark = pytest.mark.engine

SECRET = "hunter2"
USER = "mongodbatlas:index/databaseUser:DatabaseUser"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"

INVALID: dict[str, tuple[str, dict[str, Any], str]] = {
    "password": (
        USER,
        {
            "projectId": "0123456789abcdef01234567",
            "username": "app",
            "authDatabaseName": "admin",
            "roles": [{"roleName": "readWrite", "databaseName": "app"}],
            "password": SECRET,
        },
        "password: ",
    ),
    "auth-token": (
        CACHE,
        {"description": "x", "nodeType": "cache.t4g.small", "authToken": SECRET, "transitEncryptionEnabled": True},
        "authToken: ",
    ),
    "secret-string": (
        VERSION,
        {"secretId": "x", "secretString": SECRET, "secretBinary": "aHVudGVyMg=="},
        "secretBinary",
    ),
    "container-definitions": (
        TASK,
        {
            "family": "api",
            "requiresCompatibilities": ["FARGATE"],
            "networkMode": "awsvpc",
            "cpu": "256",
            "memory": "512",
            "containerDefinitions": json.dumps(
                [{"name": "api", "image": "node:22", "essential": SECRET, SECRET: 1, "environment": [{SECRET: SECRET}]}]
            ),
        },
        "containerDefinitions",
    ),
    "invalid-json": (
        TASK,
        {"family": "api", "cpu": "256", "memory": "512", "containerDefinitions": f"[{SECRET}"},
        "containerDefinitions",
    ),
    "wrong-type": (TASK, {"family": [SECRET], "containerDefinitions": "[]"}, "family: "),
}


class Untyped(pulumi.CustomResource):
    """A resource with inputs that the SDK does not check, all of them secret."""

    def __init__(self, type: str, name: str, inputs: dict[str, Any]) -> None:
        super().__init__(type, name, {key: pulumi.Output.secret(value) for key, value in inputs.items()})


@pytest.mark.parametrize("name", INVALID)
def test_check_failure_has_the_path_and_no_secret(name: str, create_stack: CreateStack) -> None:
    type, inputs, path = INVALID[name]
    error = create_stack().preview(lambda: Untyped(type, "it", inputs) and None).error
    assert f"{type} resource 'it' has a problem: " in error
    assert path in error
    assert SECRET not in error
    assert "aHVudGVyMg" not in error
