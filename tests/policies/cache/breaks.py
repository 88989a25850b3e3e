"""A fault for each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.breaks import Break
from tests.policies.judging import GONE


def _without_redis(definitions: object) -> str:
    return str(definitions).replace("REDIS", "OTHER")


BREAKS: Mapping[str, Break] = {
    "CACHE-001": Break("aws:elasticache/replicationGroup:ReplicationGroup", {"transitEncryptionEnabled": False}),
    "CACHE-002": Break("aws:elasticache/replicationGroup:ReplicationGroup", {"authToken": GONE}),
    "CACHE-003": Break("aws:elasticache/replicationGroup:ReplicationGroup", {"multiAzEnabled": False}),
    "CACHE-004": Break("aws:elasticache/replicationGroup:ReplicationGroup", {"snapshotRetentionLimit": 0}),
    "CACHE-005": Break("aws:elasticache/replicationGroup:ReplicationGroup", {"autoMinorVersionUpgrade": False}),
    "CACHE-006": Break(
        "aws:ecs/taskDefinition:TaskDefinition",
        {"containerDefinitions": _without_redis},
    ),
    "CACHE-007": Break("aws:elasticache/parameterGroup:ParameterGroup", {"parameters[0].value": "allkeys-random"}),
    "CACHE-008": Break("aws:elasticache/replicationGroup:ReplicationGroup", {"maintenanceWindow": GONE}),
}
