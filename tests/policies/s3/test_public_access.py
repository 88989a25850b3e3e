from __future__ import annotations

import pytest

from policies.rule import Outcome
from policies.s3.public_access import RULE, SETTINGS
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_bucket_with_all_four_settings_passes() -> None:
    assert evaluate(RULE, "bucket").outcome is Outcome.PASS


def test_bucket_without_public_access_block_fails() -> None:
    assert [finding.found for finding in evaluate(RULE, "bucket", {"access-block": ABSENT}).findings] == ["missing"]


def test_block_of_another_bucket_does_not_count() -> None:
    assert evaluate(RULE, "bucket", {"access-block: bucket": "another"}).outcome is Outcome.FAIL


def test_block_with_plain_bucket_name_counts() -> None:
    assert evaluate(RULE, "bucket", {"access-block: bucket": "tierup-tests"}).outcome is Outcome.PASS


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize(("value", "found"), [(False, "false"), (ABSENT, "not set")])
def test_each_setting_is_required(setting: str, value: object, found: str) -> None:
    verdict = evaluate(RULE, "bucket", {f"access-block: {setting}": value})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [(f"access-block: {setting}", found)]


@pytest.mark.parametrize("setting", SETTINGS)
def test_unknown_setting_evaluates_to_unknown(setting: str) -> None:
    assert evaluate(RULE, "bucket", {f"access-block: {setting}": UNKNOWN}).outcome is Outcome.UNKNOWN
