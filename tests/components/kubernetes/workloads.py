"""Arguments that the tests of Kubernetes workloads start from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from components.kubernetes.pod import HttpPort, PodArgs

HTTP = HttpPort(port=3000, ready_path="/health", ingress_cidrs=["10.0.0.0/24"])

_POD = PodArgs(
    namespace="app",
    service_account_name="api",
    region="eu-west-1",
    image="registry.example/api@sha256:1",
    cpu_millis=500,
    memory_mib=512,
)


def pod(**changes: Any) -> PodArgs:
    """Return the arguments of a pod, with changes."""
    return replace(_POD, **changes)


def job_pod(**changes: Any) -> PodArgs:
    """Return the arguments of a pod that runs a command and ends, with changes."""
    return pod(**{"command": ["node", "migrate.js"], **changes})
