from __future__ import annotations

import pytest

from policies.cache.minor_upgrades import RULE
from policies.rule import Outcome
from tests.policies.evaluation import UNKNOWN, evaluate

PATH = "autoMinorVersionUpgrade"


@pytest.mark.parametrize("value", [True, "true", None])
def test_enabled_upgrades_and_the_default_pass(value: object) -> None:
    assert evaluate(RULE, "cache").outcome is Outcome.PASS
    assert evaluate(RULE, "cache", {PATH: value}).outcome is Outcome.PASS


@pytest.mark.parametrize("value", [False, "false"])
def test_disabled_upgrades_fail(value: object) -> None:
    assert [finding.path for finding in evaluate(RULE, "cache", {PATH: value}).findings] == [PATH]
    assert evaluate(RULE, "memorydb", {PATH: value}).outcome is Outcome.FAIL


def test_the_rule_does_not_apply_to_memcached() -> None:
    assert evaluate(RULE, "memcached").outcome is Outcome.NOT_APPLICABLE


def test_an_unknown_value_does_not_pass() -> None:
    assert evaluate(RULE, "cache", {PATH: UNKNOWN}).outcome is Outcome.UNKNOWN
