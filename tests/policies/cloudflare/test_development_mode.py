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
def test_development_mode_is_off(value: object, outcome: Outcome) -> None:
    assert evaluate(RULE, SETTING, {"value": value}).outcome is outcome


def test_another_setting_is_not_evaluated() -> None:
    assert evaluate(RULE, "setting-ssl").outcome is Outcome.NOT_APPLICABLE
