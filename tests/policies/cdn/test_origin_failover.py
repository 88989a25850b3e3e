from __future__ import annotations

import pytest

from policies.cdn.origin_failover import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_a_site_with_a_copy_passes() -> None:
    assert evaluate(RULE, "distribution").outcome is Outcome.PASS


@pytest.mark.parametrize("groups", [ABSENT, None, []])
def test_a_site_with_one_bucket_fails(groups: object) -> None:
    verdict = evaluate(RULE, "distribution", {"originGroups": groups})
    assert [finding.path for finding in verdict.findings] == ["originGroups"]


def test_a_distribution_of_servers_is_not_evaluated() -> None:
    assert evaluate(RULE, "api-distribution").outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["origins", "originGroups"])
def test_what_is_not_known_yet_is_not_a_pass(path: str) -> None:
    assert evaluate(RULE, "distribution", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
