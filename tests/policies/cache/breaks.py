"""A fault for each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.breaks import Break
from tests.policies.judging import GONE

BREAKS: Mapping[str, Break] = {
    "CACHE-001": Break("aws:elasticache/replicationGroup:ReplicationGroup", {"transitEncryptionEnabled": False}),
    "CACHE-002": Break("aws:elasticache/replicationGroup:ReplicationGroup", {"userGroupIds": GONE}),
}
