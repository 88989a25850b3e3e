"""A violation of each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policies.atlas.private_network import CONNECTIONS
from tests.policies.evaluation import ABSENT
from tests.policies.violations import Violation

CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
ALERT = "mongodbatlas:index/alertConfiguration:AlertConfiguration"
USER = "mongodbatlas:index/databaseUser:DatabaseUser"
REGION = "replicationSpecs[0].regionConfigs[0]"
DISABLED_ALERT = Violation(ALERT, {"enabled": False})


def _in_one_region(regions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**region, "regionName": "EU_WEST_1"} for region in regions]


VIOLATIONS: Mapping[str, Violation] = {
    "ATL-001": Violation("mongodbatlas:index/projectIpAccessList:ProjectIpAccessList", {"cidrBlock": "0.0.0.0/0"}),
    "ATL-002": Violation(CLUSTER, {f"{REGION}.electableSpecs.instanceSize": "M5"}),
    "ATL-003": Violation(CLUSTER, {"pitEnabled": False}),
    "ATL-004": Violation(CLUSTER, {f"{REGION}.electableSpecs.nodeCount": 1}),
    "ATL-005": Violation(CLUSTER, {"terminationProtectionEnabled": False}),
    "ATL-006": Violation(CLUSTER, {"advancedConfiguration.minimumEnabledTlsProtocol": "TLS1_1"}),
    "ATL-007": Violation(USER, {"roles[0].roleName": "atlasAdmin"}),
    "ATL-008": Violation(
        "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule",
        {"policyItemDaily.retentionValue": 6, "policyItemHourly.retentionValue": 2},
    ),
    "ATL-009": Violation("mongodbatlas:index/auditing:Auditing", {"enabled": False}),
    "ATL-010": DISABLED_ALERT,
    "ATL-011": DISABLED_ALERT,
    "ATL-012": DISABLED_ALERT,
    "ATL-013": DISABLED_ALERT,
    "ATL-014": Violation(CLUSTER, {f"{REGION}.autoScaling.diskGbEnabled": False}),
    "ATL-015": Violation(CONNECTIONS, everywhere=True),
    "ATL-016": Violation(CLUSTER, {"encryptionAtRestProvider": ABSENT}),
    "ATL-018": DISABLED_ALERT,
    "ATL-019": Violation(CLUSTER, {"mongoDbMajorVersion": "5.0"}),
    "ATL-020": Violation(CLUSTER, {"replicationSpecs[0].regionConfigs": _in_one_region}),
    "ATL-021": Violation(USER, {"scopes": ABSENT}),
}
