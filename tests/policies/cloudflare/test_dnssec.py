from __future__ import annotations

import pytest

from policies.cloudflare.dnssec import RULE
from policies.rule import Outcome
from tests.policies.judging import GONE, UNKNOWN, judge


def test_signed_answers_pass() -> None:
    assert judge(RULE, "zone").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("changes", "path"), [({"dnssec": GONE}, "DNSSEC"), ({"dnssec: status": "disabled"}, "dnssec: status")]
)
def test_unsigned_answers_fail(changes: dict[str, object], path: str) -> None:
    assert [finding.path for finding in judge(RULE, "zone", changes).findings] == [path]


def test_a_zone_that_others_answer_for_is_not_judged() -> None:
    assert judge(RULE, "zone", {"type": "partial", "dnssec": GONE}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["type", "dnssec: status"])
def test_what_is_not_known_yet_is_not_a_pass(path: str) -> None:
    assert judge(RULE, "zone", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
