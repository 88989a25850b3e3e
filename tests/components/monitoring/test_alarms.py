"""Metric alarms: their inputs per row, and invalid rows."""

from __future__ import annotations

from typing import Any

import pytest

from components.monitoring.alarms import Alarm, Alarms, AlarmsArgs, TreatMissingData
from components.monitoring.metric import Metric
from tests.engine_recorder import Recorded, record

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms"


def metric(statistic: str = "Sum", name: str = "Errors") -> Metric:
    return Metric(namespace="AWS/Lambda", name=name, dimensions={"FunctionName": "f"}, statistic=statistic)


def row(**changes: Any) -> Alarm:
    default: dict[str, Any] = {
        "summary": "It fails.",
        "action": "Look at its log.",
        "metrics": {"errors": metric()},
        "comparison": ">",
        "threshold": 3,
        "treat_missing_data": TreatMissingData.NOT_BREACHING,
    }
    return Alarm(**{**default, **changes})


def recorded(alarm: Alarm, region: str | None = None) -> Recorded:
    args = AlarmsArgs(alarms={"errors": alarm}, topic_arn=TOPIC, tags={"Stack": "dev"}, region=region)
    return record(lambda: Alarms("api", args)).one(ALARM)


def test_alarm_notifies_on_alarm_and_ok() -> None:
    alarm = recorded(row(evaluation_periods=3, datapoints_to_alarm=2))
    assert (alarm.name, alarm.parent) == ("api-errors", "api")
    assert alarm.inputs["alarmActions"] == alarm.inputs["okActions"] == [TOPIC]
    assert alarm.inputs["alarmDescription"] == "It fails.\nWhat to do: Look at its log."
    assert (alarm.inputs["evaluationPeriods"], alarm.inputs["datapointsToAlarm"]) == (3, 2)
    assert alarm.inputs["comparisonOperator"] == "GreaterThanThreshold"
    assert alarm.inputs["treatMissingData"] == "notBreaching"
    assert (alarm.inputs["metricName"], alarm.inputs["statistic"]) == ("Errors", "Sum")
    assert alarm.inputs["tags"] == {"Stack": "dev", "Name": "api-errors"}
    assert "metricQueries" not in alarm.inputs


def test_percentile_is_an_extended_statistic_and_ignores_few_samples() -> None:
    inputs = recorded(row(metrics={"slow": metric("p95")})).inputs
    assert inputs["extendedStatistic"] == "p95"
    assert inputs["evaluateLowSampleCountPercentiles"] == "ignore"
    assert "statistic" not in inputs


def test_expression_returns_only_its_result() -> None:
    metrics = {"errors": metric(), "calls": metric(name="Invocations")}
    inputs = recorded(row(metrics=metrics, expression="100 * errors / calls", period_seconds=900)).inputs
    *operands, result = inputs["metricQueries"]
    assert [(operand["id"], operand["metric"]["metricName"], operand["metric"]["period"]) for operand in operands] == [
        ("errors", "Errors", 900),
        ("calls", "Invocations", 900),
    ]
    assert (result["expression"], result["returnData"]) == ("100 * errors / calls", True)
    assert not any(operand.get("returnData") for operand in operands)
    # CloudWatch accepts either queries or these: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    assert not {"metricName", "namespace", "statistic", "period", "dimensions"} & inputs.keys()


def test_description_links_to_the_runbook() -> None:
    args = AlarmsArgs(alarms={"errors-2": row()}, topic_arn=TOPIC, tags={}, runbooks="https://host/runbooks")
    alarm = record(lambda: Alarms("api", args)).one(ALARM)
    assert alarm.inputs["alarmDescription"].splitlines()[-1] == "Runbook: https://host/runbooks/errors.md"


def test_hourly_periods_may_cover_a_week() -> None:
    assert row(period_seconds=86_400, evaluation_periods=7).evaluation_periods == 7


def test_invalid_runbook_folder_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"^runbooks: .*without a final slash"):
        AlarmsArgs(alarms={}, topic_arn=TOPIC, tags={}, runbooks="docs/runbooks/")


def test_alarm_has_the_given_region() -> None:
    assert recorded(row(), region="us-east-1").inputs["region"] == "us-east-1"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"metrics": {"a": metric(), "b": metric()}}, r"^metrics: .*\(got 2\)"),
        ({"metrics": {}}, r"^metrics: .*\(got 0\)"),
        ({"period_seconds": 45}, r"^period_seconds: .*\(got 45\)\. Use 10, 30 or a multiple of 60"),
        ({"evaluation_periods": 2, "datapoints_to_alarm": 3}, r"^datapoints_to_alarm: .*\(got 3\)\. Give 1 to 2"),
        ({"action": "Look. " * 200}, "^summary and action: too long"),
        ({"period_seconds": 1800, "evaluation_periods": 49}, r"\(got 88200 s\)\. CloudWatch allows 86400 s"),
        ({"period_seconds": 86_400, "evaluation_periods": 8}, r"\(got 691200 s\)\. CloudWatch allows 604800 s"),
    ],
)
def test_invalid_alarm_is_rejected(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        row(**changes)


@pytest.mark.parametrize("statistic", ["sum", "p100", "p", "Avg", ""])
def test_invalid_statistic_is_rejected(statistic: str) -> None:
    with pytest.raises(ValueError, match=r"^statistic: .*Use Average"):
        metric(statistic)
