from __future__ import annotations

import pytest

from policies.rule import Outcome
from policies.storage.public_access import RULE, SWITCHES
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_a_bucket_with_all_four_switches_on_passes() -> None:
    assert evaluate(RULE, "bucket").outcome is Outcome.PASS


def test_a_bucket_without_a_block_fails() -> None:
    assert [finding.found for finding in evaluate(RULE, "bucket", {"access-block": ABSENT}).findings] == ["missing"]


def test_another_buckets_block_does_not_count() -> None:
    assert evaluate(RULE, "bucket", {"access-block: bucket": "another"}).outcome is Outcome.FAIL


def test_a_block_that_names_the_bucket_in_plain_text_counts() -> None:
    assert evaluate(RULE, "bucket", {"access-block: bucket": "tierup-tests"}).outcome is Outcome.PASS


@pytest.mark.parametrize("switch", SWITCHES)
@pytest.mark.parametrize(("value", "found"), [(False, "false"), (ABSENT, "not set")])
def test_each_switch_is_asked_for(switch: str, value: object, found: str) -> None:
    verdict = evaluate(RULE, "bucket", {f"access-block: {switch}": value})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [(f"access-block: {switch}", found)]


@pytest.mark.parametrize("switch", SWITCHES)
def test_unknown_switch_evaluates_to_unknown(switch: str) -> None:
    assert evaluate(RULE, "bucket", {f"access-block: {switch}": UNKNOWN}).outcome is Outcome.UNKNOWN
