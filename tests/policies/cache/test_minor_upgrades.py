from __future__ import annotations

import pytest

from policies.cache.minor_upgrades import RULE
from policies.rule import Outcome
from tests.policies.evaluation import UNKNOWN, evaluate

PATH = "autoMinorVersionUpgrade"


@pytest.mark.parametrize("value", [True, "true", None])
def test_on_by_word_or_by_default_passes(value: object) -> None:
    assert evaluate(RULE, "cache").outcome is Outcome.PASS
    assert evaluate(RULE, "cache", {PATH: value}).outcome is Outcome.PASS


@pytest.mark.parametrize("value", [False, "false"])
def test_off_fails(value: object) -> None:
    assert [finding.path for finding in evaluate(RULE, "cache", {PATH: value}).findings] == [PATH]
    assert evaluate(RULE, "memorydb", {PATH: value}).outcome is Outcome.FAIL


def test_memcached_upgrades_otherwise() -> None:
    assert evaluate(RULE, "memcached").outcome is Outcome.NOT_APPLICABLE


def test_what_is_not_known_yet_is_not_a_pass() -> None:
    assert evaluate(RULE, "cache", {PATH: UNKNOWN}).outcome is Outcome.UNKNOWN
