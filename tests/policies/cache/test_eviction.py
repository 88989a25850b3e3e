from __future__ import annotations

import pytest

from policies.cache.eviction import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

NAME, VALUE = "parameterGroupName", "eviction: parameters[0].value"


@pytest.mark.parametrize("policy", ["volatile-lru", "allkeys-lfu", "noeviction"])
def test_a_chosen_policy_passes(policy: str) -> None:
    assert evaluate(RULE, "cache", {VALUE: policy}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "changes", [{VALUE: "allkeys-random"}, {"eviction: parameters": []}, {"eviction: parameters": ABSENT}]
)
def test_a_group_that_chooses_at_random_or_nothing_fails(changes: dict[str, object]) -> None:
    verdict = evaluate(RULE, "cache", changes)
    assert [finding.path for finding in verdict.findings] == ["eviction: parameters, maxmemory-policy"]


@pytest.mark.parametrize("name", [ABSENT, "default.valkey8"])
def test_the_default_group_fails(name: object) -> None:
    assert [finding.path for finding in evaluate(RULE, "cache", {NAME: name}).findings] == [NAME]


def test_another_stacks_group_cannot_be_seen() -> None:
    assert evaluate(RULE, "cache", {NAME: "somebodys"}).outcome is Outcome.UNKNOWN


def test_a_queue_may_insist_on_keeping_all() -> None:
    assert evaluate(RULE, "cache", parameters={"evictionPolicies": ["noeviction"]}).outcome is Outcome.FAIL


@pytest.mark.parametrize("path", [NAME, VALUE, "eviction: parameters"])
def test_what_is_not_known_yet_is_not_a_pass(path: str) -> None:
    assert evaluate(RULE, "cache", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
