"""Tests of Service Connect."""

from __future__ import annotations

import pytest

from components.ecs.service_connect import ServiceConnect, service_connect_configuration


def test_server_has_a_dns_name_port_and_timeout() -> None:
    connect = ServiceConnect(namespace_arn="arn:namespace", dns_name="reports", request_timeout_seconds=0)
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


def test_client_only_service_has_no_server_configuration() -> None:
    configuration = service_connect_configuration(ServiceConnect(namespace_arn="arn:namespace"), port=5000, logs={})

    assert configuration["enabled"] is True
    assert "services" not in configuration


@pytest.mark.parametrize("name", ["Reports", "-reports", "reports_1", ""])
def test_malformed_dns_name_is_rejected(name: str) -> None:
    with pytest.raises(ValueError, match=rf"dns_name: not a host name \(got '{name}'\)"):
        ServiceConnect(namespace_arn="arn:namespace", dns_name=name)


def test_negative_timeout_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"request_timeout_seconds: negative \(got -1\)"):
        ServiceConnect(namespace_arn="arn:namespace", request_timeout_seconds=-1)
