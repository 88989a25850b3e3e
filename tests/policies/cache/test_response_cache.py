from __future__ import annotations

import json

import pytest

from policies.cache.response_cache import RULE
from policies.rule import Outcome
from tests.policies.judging import GONE, UNKNOWN, judge

NO_CACHE = {"cache": GONE, "memcached": GONE, "serverless-cache": GONE, "memorydb": GONE}
DEFINITIONS = "task: containerDefinitions"


def test_a_cache_of_the_stack_passes() -> None:
    assert judge(RULE, "service").outcome is Outcome.PASS


@pytest.mark.parametrize("kept", NO_CACHE)
def test_a_cache_of_any_kind_passes(kept: str) -> None:
    changes = {name: GONE for name in NO_CACHE if name != kept}
    assert judge(RULE, "service", changes).outcome is Outcome.PASS


def test_a_web_service_without_one_fails() -> None:
    assert judge(RULE, "service", NO_CACHE).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("where", "name", "outcome"),
    [
        ("environment", "REDIS_URL", Outcome.PASS),
        ("secrets", "REDIS_URL", Outcome.PASS),
        ("Environment", "cache_host", Outcome.PASS),
        ("environment", "CACHE_TTL", Outcome.FAIL),
        ("environment", "CACHE_CONTROL", Outcome.FAIL),
    ],
)
def test_a_task_that_is_given_a_cache_has_one_elsewhere(where: str, name: str, outcome: Outcome) -> None:
    definitions = json.dumps([{"name": "api", where: [{"name": name}]}])
    assert judge(RULE, "service", {**NO_CACHE, DEFINITIONS: definitions}).outcome is outcome


@pytest.mark.parametrize("balancers", [GONE, []])
def test_a_service_without_a_load_balancer_answers_nobody(balancers: object) -> None:
    changes = {**NO_CACHE, "loadBalancers": balancers}
    assert judge(RULE, "service", changes).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", [DEFINITIONS, "loadBalancers"])
def test_what_is_not_known_yet_is_not_a_pass(path: str) -> None:
    assert judge(RULE, "service", {**NO_CACHE, path: UNKNOWN}).outcome is Outcome.UNKNOWN
