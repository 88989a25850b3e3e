from __future__ import annotations

import pytest

from policies.cache.authenticated import RULE, WAYS
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


@pytest.mark.parametrize("way", WAYS)
def test_a_token_or_a_user_group_passes_also_when_not_known_yet(way: str) -> None:
    assert evaluate(RULE, "cache", {"authToken": ABSENT, way: "given"}).outcome is Outcome.PASS
    assert evaluate(RULE, "cache", {"authToken": ABSENT, way: UNKNOWN}).outcome is Outcome.PASS


@pytest.mark.parametrize("missing", [ABSENT, None])
def test_a_cache_that_asks_nobody_fails(missing: object) -> None:
    verdict = evaluate(RULE, "cache", {"authToken": missing})
    assert [finding.path for finding in verdict.findings] == ["authToken"]
