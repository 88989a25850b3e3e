from __future__ import annotations

import pytest

from policies.cache.authenticated import RULE, WAYS
from policies.rule import Outcome
from tests.policies.judging import GONE, UNKNOWN, judge


@pytest.mark.parametrize("way", WAYS)
def test_a_token_or_a_user_group_passes_also_when_not_known_yet(way: str) -> None:
    assert judge(RULE, "cache", {"authToken": GONE, way: "given"}).outcome is Outcome.PASS
    assert judge(RULE, "cache", {"authToken": GONE, way: UNKNOWN}).outcome is Outcome.PASS


@pytest.mark.parametrize("missing", [GONE, None])
def test_a_cache_that_asks_nobody_fails(missing: object) -> None:
    verdict = judge(RULE, "cache", {"authToken": missing})
    assert [finding.path for finding in verdict.findings] == ["authToken"]
