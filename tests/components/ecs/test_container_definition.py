"""The container: what ECS is told."""

from __future__ import annotations

from typing import Any

import pytest

from components.ecs.container_definition import cloudwatch_logs, container_definition


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
        "health_check_path": "/health",
        "readonly_root": True,
    }
    return container_definition(**{**given, **changes})


def test_variables_and_secrets_are_sorted_so_that_their_order_is_no_change() -> None:
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
def test_the_root_file_system_is_as_asked_and_tmp_is_writable(readonly: bool) -> None:
    container = definition(readonly_root=readonly)

    assert container["readonlyRootFilesystem"] is readonly
    assert [(each["containerPath"], each["size"]) for each in container["linuxParameters"]["tmpfs"]] == [("/tmp", 64)]
    assert "ro" not in container["linuxParameters"]["tmpfs"][0]["mountOptions"]


def test_a_command_is_given_only_when_there_is_one() -> None:
    assert "command" not in definition()
    assert definition(command=("node", "server.js"))["command"] == ["node", "server.js"]


def test_it_stops_in_order_and_comes_back_after_a_crash() -> None:
    container = definition(stop_timeout_seconds=45)

    assert container["stopTimeout"] == 45
    assert container["linuxParameters"]["initProcessEnabled"] is True
    assert container["restartPolicy"] == {"enabled": True, "restartAttemptPeriod": 60}


def test_its_health_is_asked_at_its_own_port_and_path() -> None:
    command = definition(port=8080, health_check_path="/live")["healthCheck"]["command"]

    assert command[:3] == ["CMD", "node", "-e"]
    assert "http://127.0.0.1:8080/live" in command[3]


def test_it_logs_without_waiting_for_the_log() -> None:
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
