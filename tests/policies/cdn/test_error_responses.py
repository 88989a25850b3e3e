from __future__ import annotations

from typing import Any

import pytest

from policies.cdn.error_responses import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

RESPONSE = {"errorCode": 503, "responseCode": 503, "responsePagePath": "/down.html", "errorCachingMinTtl": 10}


def test_short_caching_and_the_own_status_pass() -> None:
    assert evaluate(RULE, "distribution").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"errorCachingMinTtl": 3600}, "customErrorResponses[0].errorCachingMinTtl"),
        ({"responseCode": 200}, "customErrorResponses[0].responseCode"),
    ],
)
def test_long_caching_and_a_hidden_outage_fail(change: dict[str, Any], path: str) -> None:
    verdict = evaluate(RULE, "distribution", {"customErrorResponses": [{**RESPONSE, **change}]})
    assert [each.path for each in verdict.findings] == [path]


def test_a_page_of_a_single_page_application_for_404_passes() -> None:
    response = {**RESPONSE, "errorCode": 404, "responseCode": 200}
    assert evaluate(RULE, "distribution", {"customErrorResponses": [response]}).outcome is Outcome.PASS


def test_the_rule_does_not_apply_to_the_default() -> None:
    assert evaluate(RULE, "distribution", {"customErrorResponses": ABSENT}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("key", ["errorCachingMinTtl", "errorCode", "responseCode"])
def test_an_unknown_value_does_not_pass(key: str) -> None:
    responses = [{**RESPONSE, key: UNKNOWN}]
    assert evaluate(RULE, "distribution", {"customErrorResponses": responses}).outcome is Outcome.UNKNOWN
