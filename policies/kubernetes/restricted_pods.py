"""K8S-001: pods meet the restricted pod security standard: no root, no privileges, no capabilities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, block, shown
from .workloads import WORKLOADS, containers, pod


def check(workload: Resource, _parameters: Parameters) -> Iterator[Finding]:
    path, spec = pod(workload)
    for switch in ("hostNetwork", "hostPID", "hostIPC"):
        if spec.get(switch) is True:
            yield Finding(f"{path}.{switch}", "true", "false")
    shared = block(spec, "securityContext")
    for at, container in containers(workload):
        own = block(container, "securityContext")
        if own.get("privileged") is True:
            yield Finding(f"{at}.securityContext.privileged", "true", "false")
        if own.get("allowPrivilegeEscalation") is not False:
            found = shown(own.get("allowPrivilegeEscalation"))
            yield Finding(f"{at}.securityContext.allowPrivilegeEscalation", found, "false")
        if own.get("runAsNonRoot", shared.get("runAsNonRoot")) is not True:
            yield Finding(f"{at}.securityContext.runAsNonRoot", "not true for the pod or the container", "true")
        if own.get("runAsUser", shared.get("runAsUser")) == 0:
            yield Finding(f"{at}.securityContext.runAsUser", "0", "another user")
        dropped: Sequence[object] = block(own, "capabilities").get("drop") or ()
        if "ALL" not in dropped:
            yield Finding(f"{at}.securityContext.capabilities.drop", "not ALL", "ALL")


RULE = ResourceRule(
    id="K8S-001",
    name="kubernetes-restricted-pods",
    title="A pod meets the restricted pod security standard.",
    item=ChecklistItem.CONTAINERIZATION,
    severity=Severity.HIGH,
    applies_to=WORKLOADS,
    check=check,
    remediation="Run as a user other than root, drop all capabilities, and allow no privilege escalation.",
    example="""container = {
    "name": "app",
    "security_context": {
        "run_as_non_root": True,
        "allow_privilege_escalation": False,
        "capabilities": {"drop": ["ALL"]},
    },
}""",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
    read=date(2026, 11, 28),
)
