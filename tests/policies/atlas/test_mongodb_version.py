from __future__ import annotations

from datetime import date

import pytest

from policies.atlas.mongodb_version import RULE, end_of_life
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

PATH = "mongoDbMajorVersion"


@pytest.mark.parametrize(
    ("version", "ends"),
    [
        ("7.0", date(2027, 8, 31)),
        ("7.0.12", date(2027, 8, 31)),
        ("4.4", date(2024, 10, 31)),
        ("nonsense", date(2024, 10, 31)),
        ("8.2", None),
        ("10.0", None),
    ],
)
def test_version_newer_than_the_table_has_no_end_of_life(version: str, ends: date | None) -> None:
    assert end_of_life(version) == ends


def test_newer_version_passes() -> None:
    assert evaluate(RULE, "atlas-cluster", {PATH: "99.0"}).outcome is Outcome.PASS


def test_unsupported_version_fails() -> None:
    verdict = evaluate(RULE, "atlas-cluster", {PATH: "6.0"})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [
        (PATH, '"6.0", unsupported since 2025-07-31')
    ]


def test_version_chosen_by_atlas_is_not_applicable() -> None:
    assert evaluate(RULE, "atlas-cluster", {PATH: ABSENT}).outcome is Outcome.NOT_APPLICABLE


def test_unknown_values_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "atlas-cluster", {PATH: UNKNOWN}).outcome is Outcome.UNKNOWN
