from __future__ import annotations

import pytest

from policies.load_balancer.desync_mitigation import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


@pytest.mark.parametrize("mode", ["defensive", "strictest", None, ABSENT])
def test_defensive_modes_and_aws_default_pass(mode: object) -> None:
    assert evaluate(RULE, "balancer", {"desyncMitigationMode": mode}).outcome is Outcome.PASS


def test_monitor_mode_fails() -> None:
    verdict = evaluate(RULE, "balancer", {"desyncMitigationMode": "monitor"})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [("desyncMitigationMode", '"monitor"')]


@pytest.mark.parametrize("kind", ["network", "gateway"])
def test_network_and_gateway_load_balancers_are_not_applicable(kind: str) -> None:
    changes = {"loadBalancerType": kind, "desyncMitigationMode": "monitor"}
    assert evaluate(RULE, "balancer", changes).outcome is Outcome.NOT_APPLICABLE


def test_unknown_mode_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "balancer", {"desyncMitigationMode": UNKNOWN}).outcome is Outcome.UNKNOWN
