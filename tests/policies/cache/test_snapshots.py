from __future__ import annotations

import pytest

from policies.cache.snapshots import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

EACH = pytest.mark.parametrize("subject", ["cache", "serverless-cache", "memorydb"])
PATH = "snapshotRetentionLimit"


@EACH
def test_a_days_snapshot_passes(subject: str) -> None:
    assert evaluate(RULE, subject).outcome is Outcome.PASS


@EACH
@pytest.mark.parametrize("kept", [0, ABSENT])
def test_none_fails_unless_the_parameter_asks_for_none(subject: str, kept: object) -> None:
    assert [finding.path for finding in evaluate(RULE, subject, {PATH: kept}).findings] == [PATH]
    assert evaluate(RULE, subject, {PATH: kept}, parameters={"minimumSnapshotDays": 0}).outcome is Outcome.PASS


def test_memcached_has_none_to_take() -> None:
    assert evaluate(RULE, "memcached").outcome is Outcome.NOT_APPLICABLE
    assert evaluate(RULE, "serverless-cache", {"engine": "memcached"}).outcome is Outcome.NOT_APPLICABLE


@EACH
def test_what_is_not_known_yet_is_not_a_pass(subject: str) -> None:
    assert evaluate(RULE, subject, {PATH: UNKNOWN}).outcome is Outcome.UNKNOWN
