from __future__ import annotations

import pytest

from policies.cache.snapshots import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

EACH = pytest.mark.parametrize("subject", ["cache", "serverless-cache", "memorydb"])
PATH = "snapshotRetentionLimit"


@EACH
def test_a_retention_of_a_day_passes(subject: str) -> None:
    assert evaluate(RULE, subject).outcome is Outcome.PASS


@EACH
@pytest.mark.parametrize("kept", [0, ABSENT])
def test_no_snapshots_fail_unless_the_parameter_is_0(subject: str, kept: object) -> None:
    assert [finding.path for finding in evaluate(RULE, subject, {PATH: kept}).findings] == [PATH]
    assert evaluate(RULE, subject, {PATH: kept}, parameters={"minimumSnapshotDays": 0}).outcome is Outcome.PASS


def test_the_rule_does_not_apply_to_memcached() -> None:
    assert evaluate(RULE, "memcached").outcome is Outcome.NOT_APPLICABLE
    assert evaluate(RULE, "serverless-cache", {"engine": "memcached"}).outcome is Outcome.NOT_APPLICABLE


@EACH
def test_an_unknown_value_does_not_pass(subject: str) -> None:
    assert evaluate(RULE, subject, {PATH: UNKNOWN}).outcome is Outcome.UNKNOWN
