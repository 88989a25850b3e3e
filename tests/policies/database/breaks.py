"""A fault for each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policies.database.private_path import PATHS
from tests.policies.breaks import Break
from tests.policies.judging import GONE

CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
ALERT = "mongodbatlas:index/alertConfiguration:AlertConfiguration"
USER = "mongodbatlas:index/databaseUser:DatabaseUser"
REGION = "replicationSpecs[0].regionConfigs[0]"
SILENT = Break(ALERT, {"enabled": False})


def _at_home(regions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**region, "regionName": "EU_WEST_1"} for region in regions]


BREAKS: Mapping[str, Break] = {
    "ATL-001": Break("mongodbatlas:index/projectIpAccessList:ProjectIpAccessList", {"cidrBlock": "0.0.0.0/0"}),
    "ATL-002": Break(CLUSTER, {f"{REGION}.electableSpecs.instanceSize": "M5"}),
    "ATL-003": Break(CLUSTER, {"pitEnabled": False}),
    "ATL-004": Break(CLUSTER, {f"{REGION}.electableSpecs.nodeCount": 1}),
    "ATL-005": Break(CLUSTER, {"terminationProtectionEnabled": False}),
    "ATL-006": Break(CLUSTER, {"advancedConfiguration.minimumEnabledTlsProtocol": "TLS1_1"}),
    "ATL-007": Break(USER, {"roles[0].roleName": "atlasAdmin"}),
    "ATL-008": Break(
        "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule",
        {"policyItemDaily.retentionValue": 6, "policyItemHourly.retentionValue": 2},
    ),
    "ATL-009": Break("mongodbatlas:index/auditing:Auditing", {"enabled": False}),
    "ATL-010": SILENT,
    "ATL-011": SILENT,
    "ATL-012": SILENT,
    "ATL-013": SILENT,
    "ATL-014": Break(CLUSTER, {f"{REGION}.autoScaling.diskGbEnabled": False}),
    "ATL-015": Break(PATHS, everywhere=True),
    "ATL-016": Break(CLUSTER, {"encryptionAtRestProvider": GONE}),
    "ATL-018": SILENT,
    "ATL-019": Break(CLUSTER, {"mongoDbMajorVersion": "5.0"}),
    "ATL-020": Break(CLUSTER, {"replicationSpecs[0].regionConfigs": _at_home}),
    "ATL-021": Break(USER, {"scopes": GONE}),
}
