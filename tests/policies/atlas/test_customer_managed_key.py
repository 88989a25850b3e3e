from __future__ import annotations

import pytest

from policies.atlas.customer_managed_key import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

PATH = "encryptionAtRestProvider"


@pytest.mark.parametrize("provider", ["AWS", "AZURE", "GCP"])
def test_customer_managed_key_passes(provider: str) -> None:
    assert evaluate(RULE, "atlas-cluster", {PATH: provider}).outcome is Outcome.PASS


@pytest.mark.parametrize("provider", [ABSENT, "NONE"])
def test_default_key_fails(provider: object) -> None:
    assert [finding.path for finding in evaluate(RULE, "atlas-cluster", {PATH: provider}).findings] == [PATH]


def test_unknown_values_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "atlas-cluster", {PATH: UNKNOWN}).outcome is Outcome.UNKNOWN
