"""EKS-004: a cluster grants access by access entries only, and none to its creator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, block, shown
from .clusters import CLUSTER


def check(cluster: Resource, _parameters: Parameters) -> Iterator[Finding]:
    access = block(cluster.properties, "accessConfig")
    if access.get("authenticationMode") != "API":
        yield Finding("accessConfig.authenticationMode", shown(access.get("authenticationMode")), '"API"')
    creator = access.get("bootstrapClusterCreatorAdminPermissions")
    if creator is not False:
        yield Finding("accessConfig.bootstrapClusterCreatorAdminPermissions", shown(creator), "false")


RULE = ResourceRule(
    id="EKS-004",
    name="cluster-access-entries",
    title="A cluster grants access by access entries only, and none to its creator.",
    item=ChecklistItem.BASELINE,
    severity=Severity.MEDIUM,
    applies_to=(CLUSTER,),
    check=check,
    remediation="Set access_config with authentication_mode API and bootstrap_cluster_creator_admin_permissions False, "
    "and add access entries.",
    example="""access_config = {
    "authentication_mode": "API",
    "bootstrap_cluster_creator_admin_permissions": False,
}""",
    source="https://docs.aws.amazon.com/eks/latest/best-practices/cluster-access-management.html",
    read=date(2026, 11, 28),
)
