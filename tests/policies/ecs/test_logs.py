from __future__ import annotations

import pytest

from policies.ecs.logs import RULE
from policies.rule import Outcome
from tests.policies.ecs.tasks import changed, evaluated, program, router
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


@pytest.mark.parametrize("driver", ["awslogs", "awsfirelens", "splunk", "syslog", "gelf", "fluentd"])
def test_remote_log_driver_passes(driver: str) -> None:
    assert evaluated(RULE, changed(logConfiguration={"logDriver": driver})).outcome is Outcome.PASS


@pytest.mark.parametrize("logs", [ABSENT, None, {}, {"logDriver": "none"}])
def test_container_without_a_log_driver_fails(logs: object) -> None:
    verdict = evaluated(RULE, program(), changed(name="second", logConfiguration=logs))
    assert [finding.path for finding in verdict.findings] == [
        "containerDefinitions[1] (second).logConfiguration.logDriver"
    ]


def test_sidecar_logs_are_not_evaluated() -> None:
    assert evaluated(RULE, program(), router()).outcome is Outcome.PASS


def test_local_logs_evaluate_to_unknown_and_hide_no_failure() -> None:
    local = changed(logConfiguration={"logDriver": "json-file"})
    assert evaluated(RULE, local).outcome is Outcome.UNKNOWN
    assert evaluated(RULE, local, changed(logConfiguration=ABSENT)).outcome is Outcome.FAIL


def test_keys_in_api_case_are_read() -> None:
    container = {"Name": "shop", "LogConfiguration": {"LogDriver": "awslogs"}}
    assert evaluated(RULE, container).outcome is Outcome.PASS


def test_unknown_definitions_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "task", {"containerDefinitions": UNKNOWN}).outcome is Outcome.UNKNOWN
