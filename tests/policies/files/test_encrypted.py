from __future__ import annotations

import pytest

from policies.files.encrypted import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_an_encrypted_file_system_passes() -> None:
    assert evaluate(RULE, "shared-files").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("value", "outcome"), [(False, Outcome.FAIL), (ABSENT, Outcome.FAIL), (UNKNOWN, Outcome.UNKNOWN)]
)
def test_other_file_systems_do_not_pass(value: object, outcome: Outcome) -> None:
    assert evaluate(RULE, "shared-files", {"encrypted": value}).outcome is outcome
