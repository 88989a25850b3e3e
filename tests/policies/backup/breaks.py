"""A fault for each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.breaks import Break
from tests.policies.judging import GONE
from tests.policies.storage.breaks import NOT_BLOCKED, added_bucket

BREAKS: Mapping[str, Break] = {
    "BCK-001": Break("aws:dynamodb/table:Table", {"pointInTimeRecovery.enabled": False}),
    "BCK-002": Break("aws:backup/plan:Plan", {"rules[0].schedule": "cron(0 2 ? * 1 *)"}),
    "BCK-003": Break("aws:backup/restoreTestingSelection:RestoreTestingSelection", {}),
    "BCK-004": Break("aws:dynamodb/table:Table", {"deletionProtectionEnabled": False}),
    # From phase scale on the site's bucket is in a plan and keeps versions, so either alone would do.
    "BCK-005": Break(
        adds=added_bucket(versioning={"enabled": False}),
        also={**NOT_BLOCKED, "S3-004": "the same versions also undo a release"},
    ),
    "BCK-006": Break("aws:backup/vault:Vault", {"kmsKeyArn": GONE}),
}
