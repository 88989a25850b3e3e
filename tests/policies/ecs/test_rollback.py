from __future__ import annotations

import pytest

from policies.ecs.rollback import DEPLOYMENT_GROUP, RULE
from policies.ecs.services import SERVICE
from policies.rule import Outcome, Resource, Stack
from policies.values import from_state
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, urn


def test_circuit_breaker_with_rollback_passes() -> None:
    assert evaluate(RULE, "service").outcome is Outcome.PASS


@pytest.mark.parametrize("breaker", [ABSENT, {}, {"enable": False, "rollback": False}])
def test_service_without_circuit_breaker_fails(breaker: object) -> None:
    assert evaluate(RULE, "service", {"deploymentCircuitBreaker": breaker}).outcome is Outcome.FAIL


def test_circuit_breaker_without_rollback_fails() -> None:
    verdict = evaluate(RULE, "service", {"deploymentCircuitBreaker.rollback": False})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [
        ("deploymentCircuitBreaker.rollback", "false")
    ]


def test_native_blue_green_requires_circuit_breaker() -> None:
    changes = {"deploymentConfiguration": {"strategy": "BLUE_GREEN"}, "deploymentCircuitBreaker": ABSENT}
    assert evaluate(RULE, "service", changes).outcome is Outcome.FAIL


def test_external_deployment_controller_is_not_applicable() -> None:
    changes = {"deploymentController": {"type": "EXTERNAL"}, "deploymentCircuitBreaker": ABSENT}
    assert evaluate(RULE, "service", changes).outcome is Outcome.NOT_APPLICABLE


def test_codedeploy_group_of_another_stack_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "service", {"deploymentController": {"type": "CODE_DEPLOY"}}).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("rollback", "outcome"),
    [({"enabled": True}, Outcome.PASS), ({"enabled": False}, Outcome.FAIL), (None, Outcome.FAIL)],
)
def test_codedeploy_group_decides_rollback(rollback: object, outcome: Outcome) -> None:
    service = Resource(
        SERVICE, "service", urn(SERVICE, "service"), from_state({"deploymentController": {"type": "CODE_DEPLOY"}})
    )
    group = Resource(
        DEPLOYMENT_GROUP,
        "group",
        urn(DEPLOYMENT_GROUP, "group"),
        from_state({"ecsService": {"serviceName": UNKNOWN}, "autoRollbackConfiguration": rollback}),
        references={"ecsService": frozenset({service.urn})},
    )
    assert RULE.evaluate(service, Stack((service, group))).outcome is outcome


def test_unknown_circuit_breaker_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "service", {"deploymentCircuitBreaker": UNKNOWN}).outcome is Outcome.UNKNOWN
