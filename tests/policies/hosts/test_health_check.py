from __future__ import annotations

import pytest

from policies.hosts.health_check import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

SERVICES = {"render-api": "serviceDetails.healthCheckPath", "railway-deployment": "health_check_path"}


@pytest.mark.parametrize("service", SERVICES)
def test_health_check_passes(service: str) -> None:
    assert evaluate(RULE, service).outcome is Outcome.PASS


@pytest.mark.parametrize("path", ["", ABSENT])
@pytest.mark.parametrize("service", SERVICES)
def test_missing_health_check_fails(service: str, path: object) -> None:
    assert evaluate(RULE, service, {SERVICES[service]: path}).outcome is Outcome.FAIL


@pytest.mark.parametrize("service", SERVICES)
def test_unknown_path_evaluates_to_unknown(service: str) -> None:
    assert evaluate(RULE, service, {SERVICES[service]: UNKNOWN}).outcome is Outcome.UNKNOWN
