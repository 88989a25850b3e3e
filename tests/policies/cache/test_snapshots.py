from __future__ import annotations

import pytest

from policies.cache.snapshots import RULE
from policies.rule import Outcome
from tests.policies.judging import GONE, UNKNOWN, judge

EACH = pytest.mark.parametrize("subject", ["cache", "serverless-cache", "memorydb"])
PATH = "snapshotRetentionLimit"


@EACH
def test_a_days_snapshot_passes(subject: str) -> None:
    assert judge(RULE, subject).outcome is Outcome.PASS


@EACH
@pytest.mark.parametrize("kept", [0, GONE])
def test_none_fails_unless_the_parameter_asks_for_none(subject: str, kept: object) -> None:
    assert [finding.path for finding in judge(RULE, subject, {PATH: kept}).findings] == [PATH]
    assert judge(RULE, subject, {PATH: kept}, parameters={"minimumSnapshotDays": 0}).outcome is Outcome.PASS


def test_memcached_has_none_to_take() -> None:
    assert judge(RULE, "memcached").outcome is Outcome.NOT_APPLICABLE
    assert judge(RULE, "serverless-cache", {"engine": "memcached"}).outcome is Outcome.NOT_APPLICABLE


@EACH
def test_what_is_not_known_yet_is_not_a_pass(subject: str) -> None:
    assert judge(RULE, subject, {PATH: UNKNOWN}).outcome is Outcome.UNKNOWN
