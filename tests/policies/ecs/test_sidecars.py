from __future__ import annotations

import pytest

from policies.ecs.sidecars import is_sidecar


@pytest.mark.parametrize(
    "image",
    [
        "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable",
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com/ecr-public/aws-observability/aws-otel-collector:v0.43.1",
        "amazon/aws-xray-daemon",
        "public.ecr.aws/datadog/agent:7",
        "gcr.io/datadoghq/agent@sha256:0",
        "registry.example.com:5000/mirror/fluent-bit:3",
        "otel/opentelemetry-collector-contrib:0.140.0",
    ],
)
def test_known_sidecars_are_recognised_by_image(image: str) -> None:
    assert is_sidecar({"image": image})


@pytest.mark.parametrize("image", ["nginx:1.27", "example/agent:1", "example/datadog-agent-reports:1", ""])
def test_programs_are_not_sidecars(image: str) -> None:
    assert not is_sidecar({"image": image})


def test_log_router_is_recognised_by_its_firelens_configuration() -> None:
    assert is_sidecar({"image": "example/router:1", "firelensconfiguration": {"type": "fluentd"}})
