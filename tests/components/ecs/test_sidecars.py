"""Tests of the sidecars: their containers and the application's settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from components.ecs.sidecars import Sidecar, custom_sidecar, datadog_agent, log_router, opentelemetry_collector

KEY = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:key-AbCdEf"
ROUTER = "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.5"
CONFIG = "receivers: {otlp: {protocols: {http: {}}}}\nexporters: {otlphttp: {}}\n"


def router(**changes: Any) -> Sidecar:
    given: dict[str, Any] = {"image": ROUTER, "options": {"Name": "datadog"}}
    return log_router(**{**given, **changes})


def agent(**changes: Any) -> Sidecar:
    image = "public.ecr.aws/datadog/agent:7.70.0"
    given: dict[str, Any] = {"image": image, "api_key_arn": KEY, "site": "datadoghq.eu"}
    given |= {"environment": "prod", "service": "api"}
    return datadog_agent(**{**given, **changes})


def collector(**changes: Any) -> Sidecar:
    image = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3"
    given: dict[str, Any] = {"image": image, "config": CONFIG}
    return opentelemetry_collector(**{**given, **changes})


def test_log_router_configures_the_application_logs_and_reads_secrets_by_arn() -> None:
    sidecar = router(secret_options={"apikey": KEY})

    assert sidecar.app_log_configuration == {
        "logDriver": "awsfirelens",
        "options": {"Name": "datadog"},
        "secretOptions": [{"name": "apikey", "valueFrom": KEY}],
    }
    assert sidecar.secret_arns == [KEY]
    assert sidecar.definition["essential"] is True, "logs are lost without it"
    assert sidecar.definition["firelensConfiguration"] == {
        "type": "fluentbit",
        "options": {"enable-ecs-log-metadata": "true"},
    }


def test_agent_reads_its_key_by_arn_and_is_not_essential() -> None:
    sidecar = agent()

    assert sidecar.definition["secrets"] == [{"name": "DD_API_KEY", "valueFrom": KEY}]
    assert sidecar.definition["essential"] is False
    assert {"name": "DD_SITE", "value": "datadoghq.eu"} in sidecar.definition["environment"]  # pyright: ignore[reportOperatorIssue]  a list
    assert sidecar.environment == {"DD_ENV": "prod", "DD_SERVICE": "api"}
    assert sidecar.app_log_configuration is None


def test_collector_is_configured_by_environment_variables() -> None:
    sidecar = collector(secrets={"TOKEN": KEY})

    assert sidecar.definition["environment"] == [{"name": "AOT_CONFIG_CONTENT", "value": CONFIG}]
    assert sidecar.definition["secrets"] == [{"name": "TOKEN", "valueFrom": KEY}]
    assert sidecar.definition["readonlyRootFilesystem"] is True
    assert sidecar.environment == {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"}


@pytest.mark.parametrize("image", ["fluent/fluent-bit", "fluent/fluent-bit:latest", "fluent/fluent-bit:stable"])
@pytest.mark.parametrize("create", [router, agent, collector])
def test_image_without_a_fixed_version_is_rejected(create: Callable[..., Sidecar], image: str) -> None:
    with pytest.raises(
        ValueError, match=r"the image has no fixed version \(got .*\)\. Set an image with a version or a digest"
    ):
        create(image=image)


def test_image_with_a_digest_passes() -> None:
    assert router(image=f"fluent/fluent-bit@sha256:{'0' * 64}").name == "log-router"


def test_too_little_memory_and_incomplete_config_are_rejected() -> None:
    with pytest.raises(ValueError, match=r"memory_mib is too small \(got 8\)\. Set 32 or more"):
        router(memory_mib=8)
    with pytest.raises(ValueError, match="config: not a collector's configuration"):
        collector(config="service: {}")


def test_custom_sidecar_has_its_own_variables_secrets_and_command() -> None:
    sidecar = custom_sidecar(
        name="proxy",
        image="envoy:1.35.0",
        memory_mib=64,
        command=["envoy"],
        environment={"MODE": "edge"},
        secrets={"CERT": KEY},
    )

    assert sidecar.definition == {
        "name": "proxy",
        "image": "envoy:1.35.0",
        "essential": False,
        "memory": 64,
        "environment": [{"name": "MODE", "value": "edge"}],
        "secrets": [{"name": "CERT", "valueFrom": KEY}],
        "command": ["envoy"],
    }
    assert sidecar.secret_arns == [KEY]
    assert sidecar.environment == {}, "the application gets no variables of it"
