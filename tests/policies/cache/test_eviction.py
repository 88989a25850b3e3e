from __future__ import annotations

import pytest

from policies.cache.eviction import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

NAME, VALUE = "parameterGroupName", "eviction: parameters[0].value"


@pytest.mark.parametrize("policy", ["volatile-lru", "allkeys-lfu", "noeviction"])
def test_an_explicit_policy_passes(policy: str) -> None:
    assert evaluate(RULE, "cache", {VALUE: policy}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "changes", [{VALUE: "allkeys-random"}, {"eviction: parameters": []}, {"eviction: parameters": ABSENT}]
)
def test_a_group_with_a_random_or_no_policy_fails(changes: dict[str, object]) -> None:
    verdict = evaluate(RULE, "cache", changes)
    assert [finding.path for finding in verdict.findings] == ["eviction: parameters, maxmemory-policy"]


@pytest.mark.parametrize("name", [ABSENT, "default.valkey8"])
def test_the_default_group_fails(name: object) -> None:
    assert [finding.path for finding in evaluate(RULE, "cache", {NAME: name}).findings] == [NAME]


def test_a_group_of_another_stack_is_indeterminate() -> None:
    assert evaluate(RULE, "cache", {NAME: "somebodys"}).outcome is Outcome.UNKNOWN


def test_the_parameter_can_require_noeviction() -> None:
    assert evaluate(RULE, "cache", parameters={"evictionPolicies": ["noeviction"]}).outcome is Outcome.FAIL


@pytest.mark.parametrize("path", [NAME, VALUE, "eviction: parameters"])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "cache", {path: UNKNOWN}).outcome is Outcome.UNKNOWN


def test_the_rule_does_not_apply_to_a_secondary_of_a_global_datastore() -> None:
    changes = {NAME: ABSENT, "globalReplicationGroupId": "gxeiz-app"}
    assert evaluate(RULE, "cache", changes).outcome is Outcome.NOT_APPLICABLE
