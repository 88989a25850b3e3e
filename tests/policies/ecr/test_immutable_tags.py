from __future__ import annotations

import pytest

from policies.ecr.immutable_tags import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_immutable_tags_pass() -> None:
    assert evaluate(RULE, "images").outcome is Outcome.PASS


@pytest.mark.parametrize("mutability", ["MUTABLE", "MUTABLE_WITH_EXCLUSION", ABSENT])
def test_mutable_tags_fail(mutability: object) -> None:
    assert evaluate(RULE, "images", {"imageTagMutability": mutability}).outcome is Outcome.FAIL


@pytest.mark.parametrize(("filter_", "outcome"), [("latest*", Outcome.PASS), ("*", Outcome.FAIL)])
def test_exclusion_filter_must_not_match_every_tag(filter_: str, outcome: Outcome) -> None:
    changes = {
        "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
        "imageTagMutabilityExclusionFilters": [{"filter": filter_, "filterType": "WILDCARD"}],
    }
    assert evaluate(RULE, "images", changes).outcome is outcome


def test_unknown_setting_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "images", {"imageTagMutability": UNKNOWN}).outcome is Outcome.UNKNOWN
