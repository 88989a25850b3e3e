"""EKS-003: a cluster sends the audit and authenticator logs of its control plane to CloudWatch Logs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity
from .clusters import CLUSTER

WANTED = ("audit", "authenticator")


def check(cluster: Resource, _parameters: Parameters) -> Iterator[Finding]:
    enabled = cluster.properties.get("enabledClusterLogTypes") or ()
    for kind in WANTED:
        if kind not in enabled:
            yield Finding("enabledClusterLogTypes", f"no {kind}", "audit and authenticator, at least")


RULE = ResourceRule(
    id="EKS-003",
    name="cluster-control-plane-logs",
    title="A cluster sends the audit and authenticator logs of its control plane to CloudWatch Logs.",
    item=ChecklistItem.LOGGING,
    severity=Severity.MEDIUM,
    applies_to=(CLUSTER,),
    check=check,
    remediation="Set enabled_cluster_log_types to api, audit, authenticator, controllerManager and scheduler.",
    example='enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]',
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/eks-controls.html#eks-8",
    read=date(2026, 11, 28),
)
