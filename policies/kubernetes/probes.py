"""K8S-004: a container that serves a port has a readiness probe and a liveness probe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Resource, ResourceRule, Severity, declared, items
from .workloads import SERVERS, pod

PROBES = ("readinessProbe", "livenessProbe")


def check(workload: Resource, _parameters: Parameters) -> Iterator[Finding]:
    path, spec = pod(workload)
    serving = [(at, container) for at, container in items(spec, "containers") if container.get("ports")]
    if not serving:
        raise NotApplicable("no container serves a port")
    for at, container in serving:
        for probe in PROBES:
            if not declared(container, probe):
                yield Finding(f"{path}.{at}.{probe}", "not set", "a probe")


RULE = ResourceRule(
    id="K8S-004",
    name="kubernetes-probes",
    title="A container that serves a port has a readiness probe and a liveness probe.",
    item=ChecklistItem.HEALTH_CHECK,
    severity=Severity.HIGH,
    applies_to=SERVERS,
    check=check,
    remediation="Set readinessProbe and livenessProbe. The liveness probe must not depend on other systems.",
    example="""container = {
    "name": "app",
    "ports": [{"container_port": 5000}],
    "readiness_probe": {"http_get": {"path": "/health", "port": 5000}},
    "liveness_probe": {"tcp_socket": {"port": 5000}},
}""",
    source="https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
    read=date(2026, 11, 28),
)
