"""K8S-008: a pod has its own service account, and no token for the Kubernetes API.

EKS Pod Identity gives a role to a service account. All pods of a namespace share the account `default`, and so its
role; pods without a role of their own use that of their node where they reach the metadata service.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, shown
from .workloads import WORKLOADS, pod


def check(workload: Resource, _parameters: Parameters) -> Iterator[Finding]:
    path, spec = pod(workload)
    if not spec:
        return
    account = spec.get("serviceAccountName")
    if account in (None, "", "default"):
        yield Finding(f"{path}.serviceAccountName", "default" if account else "not set", "an account of the workload")
    mounted = spec.get("automountServiceAccountToken")
    if mounted is not False:
        yield Finding(f"{path}.automountServiceAccountToken", shown(mounted), "false")


RULE = ResourceRule(
    id="K8S-008",
    name="kubernetes-service-accounts",
    title="A pod has its own service account, and no token for the Kubernetes API.",
    item=ChecklistItem.BASELINE,
    severity=Severity.MEDIUM,
    applies_to=WORKLOADS,
    check=check,
    remediation="Create a service account for each workload with an EKS Pod Identity association, and set "
    "automountServiceAccountToken to false. Except a controller, which calls the Kubernetes API, from this rule.",
    example="""spec = {
    "service_account_name": account.metadata["name"],
    "automount_service_account_token": False,
    "containers": [container],
}""",
    source="https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
    read=date(2026, 11, 28),
)
