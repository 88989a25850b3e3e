from __future__ import annotations

import json

import pytest

from policies.cache.encrypted import REPLICATION_GROUP
from policies.cache.response_cache import RULE, SERVICE
from policies.ecs.definitions import TASK_DEFINITION
from policies.rule import Outcome, Resource, Stack
from policies.values import from_state
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

DEFINITIONS = "task: containerDefinitions"


def test_a_service_with_a_cache_passes() -> None:
    assert evaluate(RULE, "service").outcome is Outcome.PASS


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
def test_a_cache_is_recognized_by_the_name_of_a_variable(where: str, name: str, outcome: Outcome) -> None:
    definitions = json.dumps([{"name": "api", where: [{"name": name}]}])
    assert evaluate(RULE, "service", {DEFINITIONS: definitions}).outcome is outcome


def test_a_service_without_a_cache_fails() -> None:
    verdict = evaluate(RULE, "service", {DEFINITIONS: json.dumps([{"name": "api"}])})
    assert [finding.path for finding in verdict.findings] == ["task: containerDefinitions"]


def test_a_cache_is_recognized_by_data_flow() -> None:
    cache = Resource(REPLICATION_GROUP, "cache", "cache", from_state({}))
    task = Resource(
        TASK_DEFINITION,
        "task",
        "task",
        from_state({"containerDefinitions": UNKNOWN}),
        references={"containerDefinitions": frozenset({"cache"})},
    )
    service = Resource(
        SERVICE,
        "service",
        "service",
        from_state({"loadBalancers": [{}]}),
        references={"taskDefinition": frozenset({"task"})},
    )
    assert RULE.evaluate(service, Stack((cache, task, service))).outcome is Outcome.PASS
    assert RULE.evaluate(service, Stack((task, service))).outcome is Outcome.UNKNOWN


def test_a_task_definition_of_another_stack_is_indeterminate() -> None:
    assert evaluate(RULE, "service", {"task": ABSENT}).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("balancers", [ABSENT, []])
def test_the_rule_does_not_apply_to_a_service_without_a_load_balancer(balancers: object) -> None:
    assert evaluate(RULE, "service", {"loadBalancers": balancers}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", [DEFINITIONS, "loadBalancers"])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "service", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
