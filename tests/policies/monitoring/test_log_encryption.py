from __future__ import annotations

from typing import Any

import pytest

from policies.monitoring.log_encryption import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


@pytest.mark.parametrize(
    ("key", "outcome"),
    [("arn:aws:kms:eu-west-1:1:key/2", Outcome.PASS), (ABSENT, Outcome.FAIL), (UNKNOWN, Outcome.PASS)],
)
def test_a_log_group_fails_only_without_a_key(key: Any, outcome: Outcome) -> None:
    assert evaluate(RULE, "monitored-logs", {"kmsKeyId": key}).outcome is outcome
