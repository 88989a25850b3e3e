from __future__ import annotations

import pytest

from policies.cdn.access_logs import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

NO_SOURCE = {"site-log-source": ABSENT}


@pytest.mark.parametrize("subject", ["distribution", "api-distribution"])
def test_delivered_logs_pass(subject: str) -> None:
    assert evaluate(RULE, subject).outcome is Outcome.PASS


@pytest.mark.parametrize("changes", [NO_SOURCE, {"site-log-source: logType": "TRACES"}])
def test_no_logs_fail(changes: dict[str, object]) -> None:
    assert [finding.path for finding in evaluate(RULE, "distribution", changes).findings] == ["access logs"]


def test_a_log_source_without_a_delivery_fails() -> None:
    verdict = evaluate(RULE, "distribution", {"site-log-delivery": ABSENT})
    assert [finding.path for finding in verdict.findings] == ["site-log-source: delivery"]


@pytest.mark.parametrize("bucket", ["logs.s3.amazonaws.com", UNKNOWN])
def test_legacy_logging_passes(bucket: str) -> None:
    changes = {**NO_SOURCE, "loggingConfig": {"bucket": bucket}}
    assert evaluate(RULE, "distribution", changes).outcome is Outcome.PASS


def test_a_logging_config_without_a_bucket_fails() -> None:
    changes = {**NO_SOURCE, "loggingConfig": {"includeCookies": True}}
    assert evaluate(RULE, "distribution", changes).outcome is Outcome.FAIL


@pytest.mark.parametrize(("everywhere", "outcome"), [(True, Outcome.PASS), (False, Outcome.FAIL)])
def test_real_time_logs_pass_only_for_every_behavior(everywhere: bool, outcome: Outcome) -> None:
    changes = {**NO_SOURCE, "defaultCacheBehavior.realtimeLogConfigArn": UNKNOWN}
    if everywhere:
        changes["orderedCacheBehaviors[0].realtimeLogConfigArn"] = UNKNOWN
    assert evaluate(RULE, "distribution", changes).outcome is outcome


@pytest.mark.parametrize("path", ["loggingConfig", "site-log-source: logType"])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "distribution", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
