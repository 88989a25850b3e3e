from __future__ import annotations

import pytest

from policies.hosts.sensitive_variables import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

VARIABLE = "npm-token"


def test_sensitive_secret_passes() -> None:
    assert evaluate(RULE, VARIABLE).outcome is Outcome.PASS


@pytest.mark.parametrize("sensitive", [False, ABSENT])
def test_readable_secret_fails(sensitive: object) -> None:
    assert evaluate(RULE, VARIABLE, {"sensitive": sensitive}).outcome is Outcome.FAIL


def test_secret_in_public_files_fails() -> None:
    assert evaluate(RULE, VARIABLE, {"key": "VITE_API_KEY"}).outcome is Outcome.FAIL


@pytest.mark.parametrize("key", ["VITE_API_URL", "KEYBOARD", "TOKENS_PER_PAGE"])
def test_other_variables_are_not_evaluated(key: str) -> None:
    assert evaluate(RULE, VARIABLE, {"key": key, "sensitive": False}).outcome is Outcome.NOT_APPLICABLE


def test_unknown_values_evaluate_to_unknown() -> None:
    assert evaluate(RULE, VARIABLE, {"sensitive": UNKNOWN}).outcome is Outcome.UNKNOWN
    assert evaluate(RULE, VARIABLE, {"key": UNKNOWN}).outcome is Outcome.UNKNOWN
