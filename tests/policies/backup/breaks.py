"""A fault for each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.breaks import Break
from tests.policies.judging import GONE

BREAKS: Mapping[str, Break] = {
    "BCK-001": Break("aws:dynamodb/table:Table", {"pointInTimeRecovery.enabled": False}),
    "BCK-002": Break("aws:backup/plan:Plan", {"rules[0].schedule": "cron(0 2 ? * 1 *)"}),
    "BCK-003": Break("aws:backup/restoreTestingSelection:RestoreTestingSelection", {}),
    "BCK-004": Break("aws:dynamodb/table:Table", {"deletionProtectionEnabled": False}),
    "BCK-005": Break(
        "aws:s3/bucketVersioning:BucketVersioning",
        {"versioningConfiguration.status": "Suspended"},
        also={"S3-004": "the same versions also undo a release"},
    ),
    "BCK-006": Break("aws:backup/vault:Vault", {"kmsKeyArn": GONE}),
}
