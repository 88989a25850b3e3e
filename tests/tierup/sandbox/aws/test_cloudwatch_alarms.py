"""Tests of the behaviour rows of CloudWatch alarms."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.behaviour import UNKNOWN

from .account import Account
from .cloudwatch_inputs import TOPIC

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"

COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"


def alarm(**more: Any) -> dict[str, Any]:
    inputs = {
        "comparisonOperator": "GreaterThanThreshold",
        "evaluationPeriods": 3,
        "metricName": "CPUUtilization",
        "namespace": "AWS/ECS",
        "period": 60,
        "statistic": "Average",
        "threshold": 70,
        **more,
    }
    return {key: value for key, value in inputs.items() if value is not None}


def metric_math(*queries: dict[str, Any], **more: Any) -> dict[str, Any]:
    bare = dict.fromkeys(("metricName", "namespace", "period", "statistic"))
    return alarm(**{**bare, "metricQueries": list(queries), **more})


REQUESTS = {
    "id": "requests",
    "metric": {"metricName": "RequestCount", "namespace": "AWS/ApplicationELB", "period": 60, "stat": "Sum"},
}

RATE = {"id": "rate", "expression": "100 * requests", "returnData": True}


def test_alarm_outputs_match_aws() -> None:
    made = Account().make(ALARM, "cpu", **alarm(alarmActions=[TOPIC], extendedStatistic="p95", statistic=None))
    assert made.outputs["arn"] == f"arn:aws:cloudwatch:eu-west-1:123456789012:alarm:{made.id}"
    assert made.outputs["treatMissingData"] == "missing"


@pytest.mark.parametrize(
    "inputs",
    [
        alarm(metricName=None),
        alarm(metricQueries=[REQUESTS, RATE]),
        alarm(extendedStatistic="p95"),
        alarm(statistic=None),
        alarm(statistic=None, extendedStatistic="95th"),
        alarm(period=45),
        alarm(period=None),
        alarm(period=300, evaluationPeriods=289),
        alarm(period=3_600, evaluationPeriods=169),
        alarm(datapointsToAlarm=4),
        alarm(threshold=None),
        alarm(alarmActions=["arn:aws:sns:us-east-1:123456789012:alarms"]),
        alarm(alarmActions=["alarms"]),
        alarm(alarmActions=[TOPIC] * 6),
        metric_math(REQUESTS),
        metric_math(REQUESTS, RATE, {**RATE, "id": "other"}),
        metric_math(REQUESTS, {**RATE, "id": "Rate"}),
        metric_math(REQUESTS, RATE, {"id": "both", "expression": "1", "metric": REQUESTS["metric"]}),
        metric_math({**REQUESTS, "id": "rate"}, RATE),
        metric_math(REQUESTS, RATE, period=60),
        metric_math(REQUESTS, RATE, thresholdMetricId="band", threshold=None),
    ],
)
def test_invalid_alarm_is_rejected(inputs: dict[str, Any]) -> None:
    assert Account().codes(ALARM, **inputs) == {"ValidationError"}


@pytest.mark.parametrize(
    "inputs",
    [
        alarm(period=300, evaluationPeriods=288),
        alarm(period=3_600, evaluationPeriods=168),
        alarm(period=10),
        metric_math(REQUESTS, RATE),
    ],
)
def test_valid_alarm_is_accepted(inputs: dict[str, Any]) -> None:
    assert not Account().codes(ALARM, **inputs)


def test_unknown_operator_is_rejected_and_unknown_value_is_not() -> None:
    account = Account()
    assert account.codes(ALARM, **alarm(comparisonOperator="Greater")) == {"InvalidValue"}
    assert not account.planned(ALARM, **alarm(alarmActions=[UNKNOWN], threshold=UNKNOWN, period=UNKNOWN))


def test_composite_alarm_requires_existing_alarms() -> None:
    account = Account()
    assert account.codes(COMPOSITE, alarmName="all", alarmRule='ALARM("cpu")') == {"ValidationError"}
    account.make(ALARM, name="cpu", **alarm())
    assert not account.codes(COMPOSITE, alarmName="all", alarmRule='ALARM("cpu") AND NOT OK(cpu)')
    assert account.codes(COMPOSITE, alarmName="all", alarmRule="cpu") == {"ValidationError"}
