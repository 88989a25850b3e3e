"""ATL-006: an Atlas cluster rejects clients that use TLS 1.1 or older."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, block, shown
from ..tls import MINIMUM_TLS
from .clusters import CLUSTERS

PROTOCOL = "minimumEnabledTlsProtocol"
# Older versions of the provider also accept TLS1_0 and TLS1_1. Atlas's default is TLS1_2 (from memory).
DEFAULT = "TLS1_2"


def check(cluster: Resource, parameters: Parameters) -> Iterator[Finding]:
    given = block(cluster.properties, "advancedConfiguration").get(PROTOCOL)
    minimum = parameters[MINIMUM_TLS.name]
    lowest = str(given or DEFAULT).removeprefix("TLS").replace("_", ".")
    if lowest < minimum:
        found = shown(given) if given else f"not set (Atlas defaults to {shown(DEFAULT)})"
        yield Finding(f"advancedConfiguration.{PROTOCOL}", found, f'"TLS{minimum.replace(".", "_")}"')


def remedy(cluster: Resource, parameters: Parameters) -> Mapping[str, Any]:
    given = dict(block(cluster.properties, "advancedConfiguration"))
    return {"advancedConfiguration": {**given, PROTOCOL: f"TLS{parameters[MINIMUM_TLS.name].replace('.', '_')}"}}


RULE = ResourceRule(
    id="ATL-006",
    name="atlas-tls-version",
    title="An Atlas cluster requires TLS 1.2 or newer.",
    item=ChecklistItem.HTTPS_ENFORCED,
    severity=Severity.HIGH,
    applies_to=CLUSTERS,
    check=check,
    remedy=remedy,
    remediation="Set advanced_configuration's minimum_enabled_tls_protocol to TLS1_2 or TLS1_3.",
    example="""mongodbatlas.AdvancedCluster(
    "database",
    advanced_configuration={"minimum_enabled_tls_protocol": "TLS1_2"},
    # ...
)""",
    source="https://www.pulumi.com/registry/packages/mongodbatlas/api-docs/advancedcluster/",
    read=date(2026, 11, 24),
    parameters=(MINIMUM_TLS,),
)
