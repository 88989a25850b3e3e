from __future__ import annotations

import pytest

from policies.backup.bucket_versions import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

STATUS = "bucket-versioning: versioningConfiguration.status"


def test_enabled_versioning_passes() -> None:
    assert evaluate(RULE, "bucket").outcome is Outcome.PASS


@pytest.mark.parametrize("status", ["Suspended", "Disabled", ABSENT])
def test_suspended_versioning_fails(status: object) -> None:
    assert [finding.path for finding in evaluate(RULE, "bucket", {STATUS: status}).findings] == [STATUS]


def test_missing_versioning_fails() -> None:
    assert evaluate(RULE, "bucket", {"bucket-versioning": ABSENT}).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "changes", [{"versioning": {"enabled": True}}, {"backup-selection: resources": ["arn:aws:s3:*"]}]
)
def test_inline_versioning_or_a_backup_plan_passes(changes: dict[str, object]) -> None:
    assert evaluate(RULE, "bucket", {"bucket-versioning": ABSENT, **changes}).outcome is Outcome.PASS


def test_the_rule_does_not_apply_to_a_bucket_whose_objects_all_expire() -> None:
    expiring = {"id": "expire", "enabled": True, "expiration": {"days": 90}}
    changes = {"bucket-versioning": ABSENT, "lifecycleRules": [expiring]}
    assert evaluate(RULE, "bucket", changes).outcome is Outcome.NOT_APPLICABLE
    assert evaluate(RULE, "bucket", {**changes, "lifecycleRules[0].prefix": "logs/"}).outcome is Outcome.FAIL


@pytest.mark.parametrize("path", [STATUS, "bucket-versioning: versioningConfiguration"])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "bucket", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
