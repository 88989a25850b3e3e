"""A violation of each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.evaluation import ABSENT
from tests.policies.s3.violations import NOT_BLOCKED, added_bucket
from tests.policies.violations import Violation

VIOLATIONS: Mapping[str, Violation] = {
    "BCK-001": Violation("aws:dynamodb/table:Table", {"pointInTimeRecovery.enabled": False}),
    "BCK-002": Violation("aws:backup/plan:Plan", {"rules[0].schedule": "cron(0 2 ? * 1 *)"}),
    "BCK-003": Violation("aws:backup/restoreTestingSelection:RestoreTestingSelection", {}),
    "BCK-004": Violation("aws:dynamodb/table:Table", {"deletionProtectionEnabled": False}),
    # From phase scale on, the site's bucket is in a plan and keeps versions, and one of them is enough.
    "BCK-005": Violation(
        adds=added_bucket(versioning={"enabled": False}),
        also={**NOT_BLOCKED, "S3-004": "the rule on rollback requires the same versions"},
    ),
    "BCK-007": Violation(
        "aws:backup/plan:Plan",
        {
            "rules[0].copyActions": [
                {
                    "destinationVaultArn": "arn:aws:backup:eu-central-1:111122223333:backup-vault:copies",
                    "lifecycle": {"deleteAfter": 1},
                }
            ]
        },
    ),
    "BCK-006": Violation("aws:backup/vault:Vault", {"kmsKeyArn": ABSENT}),
}
