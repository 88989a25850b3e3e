from __future__ import annotations

import pytest

from policies.ecs.exec_sessions import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

EXEC = "configuration.executeCommandConfiguration"


def test_sessions_in_a_log_group_pass() -> None:
    assert evaluate(RULE, "cluster").outcome is Outcome.PASS


def test_sessions_in_a_bucket_pass() -> None:
    assert evaluate(RULE, "cluster", {f"{EXEC}.logConfiguration": {"s3BucketName": UNKNOWN}}).outcome is Outcome.PASS


@pytest.mark.parametrize("changes", [{"configuration": ABSENT}, {f"{EXEC}.logging": "DEFAULT"}])
def test_aws_default_logging_passes(changes: dict[str, object]) -> None:
    assert evaluate(RULE, "cluster", changes).outcome is Outcome.PASS


def test_disabled_logging_fails() -> None:
    assert evaluate(RULE, "cluster", {f"{EXEC}.logging": "NONE"}).findings[0].found == '"NONE"'


@pytest.mark.parametrize("log", [ABSENT, {}])
def test_logging_without_a_destination_fails(log: object) -> None:
    assert evaluate(RULE, "cluster", {f"{EXEC}.logConfiguration": log}).outcome is Outcome.FAIL


def test_unknown_setting_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "cluster", {f"{EXEC}.logging": UNKNOWN}).outcome is Outcome.UNKNOWN
