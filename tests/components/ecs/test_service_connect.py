"""Service Connect: who is called by which name."""

from __future__ import annotations

import pytest

from components.ecs.service_connect import ServiceConnect, service_connect_configuration


def test_a_service_that_is_called_has_a_name_and_its_port() -> None:
    connect = ServiceConnect(namespace_arn="arn:namespace", known_as="reports", longest_request_seconds=0)
    configuration = service_connect_configuration(connect, port=5000, logs={"awslogs-group": "logs"})

    assert configuration.get("namespace") == "arn:namespace"
    assert configuration.get("log_configuration") == {"log_driver": "awslogs", "options": {"awslogs-group": "logs"}}
    assert configuration.get("services") == [
        {
            "port_name": "http",
            "discovery_name": "reports",
            "client_alias": [{"dns_name": "reports", "port": 5000}],
            "timeout": {"per_request_timeout_seconds": 0},
        }
    ]


def test_a_service_that_only_calls_offers_nothing() -> None:
    configuration = service_connect_configuration(ServiceConnect(namespace_arn="arn:namespace"), port=5000, logs={})

    assert configuration["enabled"] is True
    assert "services" not in configuration


@pytest.mark.parametrize("name", ["Reports", "-reports", "reports_1", ""])
def test_a_name_that_is_no_host_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"known_as: got '{name}'"):
        ServiceConnect(namespace_arn="arn:namespace", known_as=name)


def test_a_time_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="longest_request_seconds: got -1"):
        ServiceConnect(namespace_arn="arn:namespace", longest_request_seconds=-1)
