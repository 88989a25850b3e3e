from __future__ import annotations

import pytest

from policies.cache.authenticated import AUTHENTICATION, RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


@pytest.mark.parametrize("key", AUTHENTICATION)
def test_a_token_or_a_user_group_passes_also_when_unknown(key: str) -> None:
    assert evaluate(RULE, "cache", {"authToken": ABSENT, key: "given"}).outcome is Outcome.PASS
    assert evaluate(RULE, "cache", {"authToken": ABSENT, key: UNKNOWN}).outcome is Outcome.PASS


@pytest.mark.parametrize("missing", [ABSENT, None])
def test_a_cache_without_authentication_fails(missing: object) -> None:
    verdict = evaluate(RULE, "cache", {"authToken": missing})
    assert [finding.path for finding in verdict.findings] == ["authToken"]
