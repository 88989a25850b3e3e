from __future__ import annotations

import pytest

from policies.cloudflare.tls_1_3 import RULE
from policies.rule import Outcome
from tests.policies.evaluation import UNKNOWN, evaluate

SETTING = "setting-tls_1_3"


@pytest.mark.parametrize(
    ("value", "outcome"),
    [
        ("on", Outcome.PASS),
        ("zrt", Outcome.PASS),
        ("off", Outcome.FAIL),
        (None, Outcome.FAIL),
        (UNKNOWN, Outcome.UNKNOWN),
    ],
)
def test_only_on_or_zrt_passes(value: object, outcome: Outcome) -> None:
    assert evaluate(RULE, SETTING, {"value": value}).outcome is outcome


def test_the_rule_does_not_apply_to_another_setting() -> None:
    assert evaluate(RULE, "setting-ssl").outcome is Outcome.NOT_APPLICABLE
