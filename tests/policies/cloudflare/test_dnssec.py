from __future__ import annotations

import pytest

from policies.cloudflare.dnssec import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_signed_answers_pass() -> None:
    assert evaluate(RULE, "zone").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("changes", "path"), [({"dnssec": ABSENT}, "DNSSEC"), ({"dnssec: status": "disabled"}, "dnssec: status")]
)
def test_unsigned_answers_fail(changes: dict[str, object], path: str) -> None:
    assert [finding.path for finding in evaluate(RULE, "zone", changes).findings] == [path]


def test_a_zone_that_others_answer_for_is_not_evaluated() -> None:
    assert evaluate(RULE, "zone", {"type": "partial", "dnssec": ABSENT}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["type", "dnssec: status"])
def test_what_is_not_known_yet_is_not_a_pass(path: str) -> None:
    assert evaluate(RULE, "zone", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
