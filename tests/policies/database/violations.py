"""A fault for each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policies.database.private_path import PATHS
from tests.policies.evaluation import ABSENT
from tests.policies.violations import Violation

CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
ALERT = "mongodbatlas:index/alertConfiguration:AlertConfiguration"
USER = "mongodbatlas:index/databaseUser:DatabaseUser"
REGION = "replicationSpecs[0].regionConfigs[0]"
SILENT = Violation(ALERT, {"enabled": False})


def _at_home(regions: list[dict[str, Any]]) -> list[dict[str, Any]]:
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
    "ATL-010": SILENT,
    "ATL-011": SILENT,
    "ATL-012": SILENT,
    "ATL-013": SILENT,
    "ATL-014": Violation(CLUSTER, {f"{REGION}.autoScaling.diskGbEnabled": False}),
    "ATL-015": Violation(PATHS, everywhere=True),
    "ATL-016": Violation(CLUSTER, {"encryptionAtRestProvider": ABSENT}),
    "ATL-018": SILENT,
    "ATL-019": Violation(CLUSTER, {"mongoDbMajorVersion": "5.0"}),
    "ATL-020": Violation(CLUSTER, {"replicationSpecs[0].regionConfigs": _at_home}),
    "ATL-021": Violation(USER, {"scopes": ABSENT}),
}
