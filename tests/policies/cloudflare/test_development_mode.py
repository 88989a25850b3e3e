from __future__ import annotations

import pytest

from policies.cloudflare.development_mode import RULE
from policies.rule import Outcome
from tests.policies.evaluation import UNKNOWN, evaluate

SETTING = "setting-development_mode"


@pytest.mark.parametrize(
    ("value", "outcome"),
    [("off", Outcome.PASS), ("on", Outcome.FAIL), (None, Outcome.FAIL), (UNKNOWN, Outcome.UNKNOWN)],
)
def test_only_off_passes(value: object, outcome: Outcome) -> None:
    assert evaluate(RULE, SETTING, {"value": value}).outcome is outcome


def test_the_rule_does_not_apply_to_another_setting() -> None:
    assert evaluate(RULE, "setting-ssl").outcome is Outcome.NOT_APPLICABLE
