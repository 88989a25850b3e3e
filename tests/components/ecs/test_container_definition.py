"""Tests of the container definition."""

from __future__ import annotations

from typing import Any

import pytest

from components.ecs.container_definition import cloudwatch_logs, container_definition, node_health_check


def definition(**changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "name": "api",
        "image": "image:1",
        "command": None,
        "user": "1000:1000",
        "port": 5000,
        "environment": {"PORT": "5000", "NODE_ENV": "production"},
        "secrets": {"REDIS_URL": "arn:redis", "JWT_SECRET": "arn:jwt"},
        "logs": cloudwatch_logs(group_name="api-logs", region="eu-west-1", stream_prefix="api"),
        "stop_timeout_seconds": 30,
        "health_check": node_health_check(5000, "/health"),
        "readonly_root": True,
    }
    return container_definition(**{**given, **changes})


def test_variables_and_secrets_are_sorted() -> None:
    container = definition()

    assert container["environment"] == [
        {"name": "NODE_ENV", "value": "production"},
        {"name": "PORT", "value": "5000"},
    ]
    assert container["secrets"] == [
        {"name": "JWT_SECRET", "valueFrom": "arn:jwt"},
        {"name": "REDIS_URL", "valueFrom": "arn:redis"},
    ]


@pytest.mark.parametrize("readonly", [True, False])
def test_root_file_system_is_as_given_and_tmp_is_writable(readonly: bool) -> None:
    container = definition(readonly_root=readonly)

    assert container["readonlyRootFilesystem"] is readonly
    assert [(each["containerPath"], each["size"]) for each in container["linuxParameters"]["tmpfs"]] == [("/tmp", 64)]
    assert "ro" not in container["linuxParameters"]["tmpfs"][0]["mountOptions"]


def test_command_is_omitted_if_none_is_given() -> None:
    assert "command" not in definition()
    assert definition(command=("node", "server.js"))["command"] == ["node", "server.js"]


def test_has_stop_timeout_init_process_and_restart_policy() -> None:
    container = definition(stop_timeout_seconds=45)

    assert container["stopTimeout"] == 45
    assert container["linuxParameters"]["initProcessEnabled"] is True
    assert container["restartPolicy"] == {"enabled": True, "restartAttemptPeriod": 60}


def test_health_check_requests_the_given_port_and_path() -> None:
    command = definition(health_check=node_health_check(8080, "/live"))["healthCheck"]["command"]

    assert command[:3] == ["CMD", "node", "-e"]
    assert "http://127.0.0.1:8080/live" in command[3]


def test_logs_are_non_blocking() -> None:
    assert definition()["logConfiguration"] == {
        "logDriver": "awslogs",
        "options": {
            "awslogs-group": "api-logs",
            "awslogs-region": "eu-west-1",
            "awslogs-stream-prefix": "api",
            "mode": "non-blocking",
            "max-buffer-size": "25m",
        },
    }


def test_health_check_is_the_given_command_or_none() -> None:
    assert definition(health_check=["CMD", "/healthy"])["healthCheck"]["command"] == ["CMD", "/healthy"]
    assert "healthCheck" not in definition(health_check=None)
