from __future__ import annotations

import pytest

from policies.atlas.user_scopes import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_named_cluster_passes_even_when_its_name_is_unknown() -> None:
    assert evaluate(RULE, "atlas-user").outcome is Outcome.PASS
    assert evaluate(RULE, "atlas-user", {"scopes[0].name": UNKNOWN}).outcome is Outcome.PASS


@pytest.mark.parametrize("scopes", [ABSENT, []])
def test_user_without_scopes_fails(scopes: object) -> None:
    verdict = evaluate(RULE, "atlas-user", {"scopes": scopes})
    assert [finding.path for finding in verdict.findings] == ["scopes"]


def test_unknown_values_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "atlas-user", {"scopes": UNKNOWN}).outcome is Outcome.UNKNOWN
