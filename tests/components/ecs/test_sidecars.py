"""Sidecars: what ECS is told of them, and what the program has to know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from components.ecs.sidecars import Sidecar, datadog_agent, log_router, opentelemetry_collector

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


def test_a_log_router_takes_the_programs_logs_and_reads_keys_by_arn() -> None:
    sidecar = router(secret_options={"apikey": KEY})

    assert sidecar.program_logs == {
        "logDriver": "awsfirelens",
        "options": {"Name": "datadog"},
        "secretOptions": [{"name": "apikey", "valueFrom": KEY}],
    }
    assert sidecar.secret_arns == [KEY]
    assert sidecar.definition["essential"] is True, "without it logs are lost in silence"
    assert sidecar.definition["firelensConfiguration"] == {
        "type": "fluentbit",
        "options": {"enable-ecs-log-metadata": "true"},
    }


def test_an_agent_reads_its_key_by_arn_and_does_not_end_the_task() -> None:
    sidecar = agent()

    assert sidecar.definition["secrets"] == [{"name": "DD_API_KEY", "valueFrom": KEY}]
    assert sidecar.definition["essential"] is False
    assert {"name": "DD_SITE", "value": "datadoghq.eu"} in sidecar.definition["environment"]  # pyright: ignore[reportOperatorIssue]  a list, as ECS takes it
    assert sidecar.environment == {"DD_ENV": "prod", "DD_SERVICE": "api"}
    assert sidecar.program_logs is None


def test_a_collector_is_told_by_its_environment_and_told_of_to_the_program() -> None:
    sidecar = collector(secrets={"TOKEN": KEY})

    assert sidecar.definition["environment"] == [{"name": "AOT_CONFIG_CONTENT", "value": CONFIG}]
    assert sidecar.definition["secrets"] == [{"name": "TOKEN", "valueFrom": KEY}]
    assert sidecar.definition["readonlyRootFilesystem"] is True
    assert sidecar.environment == {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"}


@pytest.mark.parametrize("image", ["fluent/fluent-bit", "fluent/fluent-bit:latest", "fluent/fluent-bit:stable"])
@pytest.mark.parametrize("make", [router, agent, collector])
def test_an_image_that_may_be_another_tomorrow_is_refused(make: Callable[..., Sidecar], image: str) -> None:
    with pytest.raises(ValueError, match=r"got the image .* allowed one with a version or a digest"):
        make(image=image)


def test_a_digest_is_a_version() -> None:
    assert router(image=f"fluent/fluent-bit@sha256:{'0' * 64}").name == "log-router"


def test_what_cannot_work_is_refused() -> None:
    with pytest.raises(ValueError, match="got memory_mib 8, allowed 32 or more"):
        router(memory_mib=8)
    with pytest.raises(ValueError, match="config: got a text without receivers and exporters"):
        collector(config="service: {}")
