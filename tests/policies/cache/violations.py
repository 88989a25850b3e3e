"""A violation of each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.evaluation import ABSENT
from tests.policies.violations import Violation


def _without_redis(definitions: object) -> str:
    return str(definitions).replace("REDIS", "OTHER")


VIOLATIONS: Mapping[str, Violation] = {
    "CACHE-001": Violation("aws:elasticache/replicationGroup:ReplicationGroup", {"transitEncryptionEnabled": False}),
    "CACHE-002": Violation("aws:elasticache/replicationGroup:ReplicationGroup", {"authToken": ABSENT}),
    "CACHE-003": Violation("aws:elasticache/replicationGroup:ReplicationGroup", {"multiAzEnabled": False}),
    "CACHE-004": Violation("aws:elasticache/replicationGroup:ReplicationGroup", {"snapshotRetentionLimit": 0}),
    "CACHE-005": Violation("aws:elasticache/replicationGroup:ReplicationGroup", {"autoMinorVersionUpgrade": False}),
    "CACHE-006": Violation(
        "aws:ecs/taskDefinition:TaskDefinition",
        {"containerDefinitions": _without_redis},
    ),
    "CACHE-007": Violation("aws:elasticache/parameterGroup:ParameterGroup", {"parameters[0].value": "allkeys-random"}),
    "CACHE-008": Violation("aws:elasticache/replicationGroup:ReplicationGroup", {"maintenanceWindow": ABSENT}),
}
