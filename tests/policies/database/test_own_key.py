from __future__ import annotations

import pytest

from policies.database.own_key import RULE
from policies.rule import Outcome
from tests.policies.judging import GONE, UNKNOWN, judge

PATH = "encryptionAtRestProvider"


@pytest.mark.parametrize("provider", ["AWS", "AZURE", "GCP"])
def test_a_key_of_ones_own_passes(provider: str) -> None:
    assert judge(RULE, "atlas-cluster", {PATH: provider}).outcome is Outcome.PASS


@pytest.mark.parametrize("provider", [GONE, "NONE"])
def test_the_clouds_key_fails(provider: object) -> None:
    assert [finding.path for finding in judge(RULE, "atlas-cluster", {PATH: provider}).findings] == [PATH]


def test_what_is_not_known_yet_is_not_a_pass() -> None:
    assert judge(RULE, "atlas-cluster", {PATH: UNKNOWN}).outcome is Outcome.UNKNOWN
