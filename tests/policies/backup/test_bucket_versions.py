from __future__ import annotations

import pytest

from policies.backup.bucket_versions import RULE
from policies.rule import Outcome
from tests.policies.judging import GONE, UNKNOWN, judge

STATUS = "bucket-versioning: versioningConfiguration.status"


def test_old_versions_pass() -> None:
    assert judge(RULE, "bucket").outcome is Outcome.PASS


@pytest.mark.parametrize("status", ["Suspended", "Disabled", GONE])
def test_versions_that_are_off_fail(status: object) -> None:
    assert [finding.path for finding in judge(RULE, "bucket", {STATUS: status}).findings] == [STATUS]


def test_no_versions_fail() -> None:
    assert judge(RULE, "bucket", {"bucket-versioning": GONE}).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "changes", [{"versioning": {"enabled": True}}, {"backup-selection: resources": ["arn:aws:s3:*"]}]
)
def test_inline_versions_or_a_backup_plan_pass(changes: dict[str, object]) -> None:
    assert judge(RULE, "bucket", {"bucket-versioning": GONE, **changes}).outcome is Outcome.PASS


@pytest.mark.parametrize("path", [STATUS, "bucket-versioning: versioningConfiguration"])
def test_what_is_not_known_yet_is_not_a_pass(path: str) -> None:
    assert judge(RULE, "bucket", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
