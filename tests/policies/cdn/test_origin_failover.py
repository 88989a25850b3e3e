from __future__ import annotations

import pytest

from policies.cdn.origin_failover import RULE
from policies.rule import Outcome
from tests.policies.judging import GONE, UNKNOWN, judge


def test_a_site_with_a_copy_passes() -> None:
    assert judge(RULE, "distribution").outcome is Outcome.PASS


@pytest.mark.parametrize("groups", [GONE, None, []])
def test_a_site_with_one_bucket_fails(groups: object) -> None:
    verdict = judge(RULE, "distribution", {"originGroups": groups})
    assert [finding.path for finding in verdict.findings] == ["originGroups"]


def test_a_distribution_of_servers_is_not_judged() -> None:
    assert judge(RULE, "api-distribution").outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["origins", "originGroups"])
def test_what_is_not_known_yet_is_not_a_pass(path: str) -> None:
    assert judge(RULE, "distribution", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
