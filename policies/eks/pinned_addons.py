"""EKS-006: an add-on has a pinned version."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity
from .clusters import ADDON


def check(addon: Resource, _parameters: Parameters) -> Iterator[Finding]:
    if not addon.properties.get("addonVersion"):
        yield Finding("addonVersion", "not set", "a version such as v0.8.1-eksbuild.5")


RULE = ResourceRule(
    id="EKS-006",
    name="addon-version",
    title="An add-on has a pinned version.",
    item=ChecklistItem.CI_CD,
    severity=Severity.LOW,
    applies_to=(ADDON,),
    check=check,
    remediation="Set addon_version to one that `aws eks describe-addon-versions` lists for the version of the cluster.",
    example=(
        'aws.eks.Addon("metrics", cluster_name=cluster.name, addon_name="metrics-server", '
        'addon_version="v0.8.1-eksbuild.5")'
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/managing-add-ons.html",
    read=date(2026, 11, 28),
)
