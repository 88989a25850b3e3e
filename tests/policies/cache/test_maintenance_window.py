from __future__ import annotations

import pytest

from policies.cache.maintenance_window import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

PATH = "maintenanceWindow"


@pytest.mark.parametrize("subject", ["cache", "memorydb"])
def test_a_window_passes_also_when_unknown(subject: str) -> None:
    assert evaluate(RULE, subject).outcome is Outcome.PASS
    assert evaluate(RULE, subject, {PATH: UNKNOWN}).outcome is Outcome.PASS


@pytest.mark.parametrize("subject", ["cache", "memorydb"])
def test_a_missing_window_fails(subject: str) -> None:
    assert [finding.path for finding in evaluate(RULE, subject, {PATH: ABSENT}).findings] == [PATH]


def test_the_rule_does_not_apply_to_memcached() -> None:
    assert evaluate(RULE, "memcached").outcome is Outcome.NOT_APPLICABLE
