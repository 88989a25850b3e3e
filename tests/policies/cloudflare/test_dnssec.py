from __future__ import annotations

import pytest

from policies.cloudflare.dnssec import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_active_dnssec_passes() -> None:
    assert evaluate(RULE, "zone").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("changes", "path"), [({"dnssec": ABSENT}, "DNSSEC"), ({"dnssec: status": "disabled"}, "dnssec: status")]
)
def test_missing_or_inactive_dnssec_fails(changes: dict[str, object], path: str) -> None:
    assert [finding.path for finding in evaluate(RULE, "zone", changes).findings] == [path]


def test_the_rule_does_not_apply_to_a_partial_zone() -> None:
    assert evaluate(RULE, "zone", {"type": "partial", "dnssec": ABSENT}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["type", "dnssec: status"])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "zone", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
