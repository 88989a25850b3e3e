"""Alarms: what CloudWatch is given for each row, and rows that make no sense."""

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
    usual: dict[str, Any] = {
        "summary": "It fails.",
        "action": "Look at its log.",
        "metrics": {"errors": metric()},
        "comparison": ">",
        "threshold": 3,
        "missing": TreatMissingData.NOT_BREACHING,
    }
    return Alarm(**{**usual, **changes})


def recorded(alarm: Alarm, region: str | None = None) -> Recorded:
    args = AlarmsArgs(alarms={"errors": alarm}, topic_arn=TOPIC, tags={"Stack": "dev"}, region=region)
    return record(lambda: Alarms("api", args)).one(ALARM)


def test_a_row_becomes_one_alarm_that_tells_of_start_and_end() -> None:
    alarm = recorded(row(periods=3, bad_periods=2))
    assert (alarm.name, alarm.parent) == ("api-errors", "api")
    assert alarm.inputs["alarmActions"] == alarm.inputs["okActions"] == [TOPIC]
    assert alarm.inputs["alarmDescription"] == "It fails.\nWhat to do: Look at its log."
    assert (alarm.inputs["evaluationPeriods"], alarm.inputs["datapointsToAlarm"]) == (3, 2)
    assert alarm.inputs["comparisonOperator"] == "GreaterThanThreshold"
    assert alarm.inputs["treatMissingData"] == "notBreaching"
    assert (alarm.inputs["metricName"], alarm.inputs["statistic"]) == ("Errors", "Sum")
    assert alarm.inputs["tags"] == {"Stack": "dev", "Name": "api-errors"}
    assert "metricQueries" not in alarm.inputs


def test_a_percentile_is_an_extended_statistic_and_ignores_a_handful_of_samples() -> None:
    inputs = recorded(row(metrics={"slow": metric("p95")})).inputs
    assert inputs["extendedStatistic"] == "p95"
    assert inputs["evaluateLowSampleCountPercentiles"] == "ignore"
    assert "statistic" not in inputs


def test_an_expression_returns_its_own_value_only_and_leaves_out_what_excludes_it() -> None:
    metrics = {"errors": metric(), "calls": metric(name="Invocations")}
    inputs = recorded(row(metrics=metrics, expression="100 * errors / calls", period_seconds=900)).inputs
    *operands, watched = inputs["metricQueries"]
    assert [(operand["id"], operand["metric"]["metricName"], operand["metric"]["period"]) for operand in operands] == [
        ("errors", "Errors", 900),
        ("calls", "Invocations", 900),
    ]
    assert (watched["expression"], watched["returnData"]) == ("100 * errors / calls", True)
    assert not any(operand.get("returnData") for operand in operands)
    # CloudWatch takes either queries or these: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    assert not {"metricName", "namespace", "statistic", "period", "dimensions"} & inputs.keys()


def test_an_alarm_links_to_its_runbook_where_there_is_a_folder_of_them() -> None:
    args = AlarmsArgs(alarms={"errors-2": row()}, topic_arn=TOPIC, tags={}, runbooks="https://host/runbooks")
    alarm = record(lambda: Alarms("api", args)).one(ALARM)
    assert alarm.inputs["alarmDescription"].splitlines()[-1] == "Runbook: https://host/runbooks/errors.md"


def test_a_period_of_an_hour_may_look_back_a_week() -> None:
    assert row(period_seconds=86_400, periods=7).periods == 7


def test_a_folder_of_runbooks_that_no_mail_can_link_to_is_refused() -> None:
    with pytest.raises(ValueError, match="without a slash at its end"):
        AlarmsArgs(alarms={}, topic_arn=TOPIC, tags={}, runbooks="docs/runbooks/")


def test_an_alarm_can_live_in_another_region() -> None:
    assert recorded(row(), region="us-east-1").inputs["region"] == "us-east-1"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"metrics": {"a": metric(), "b": metric()}}, "2 metrics without an expression"),
        ({"metrics": {}}, "0 metrics"),
        ({"period_seconds": 45}, "multiples of 60"),
        ({"periods": 2, "bad_periods": 3}, "bad_periods is 3; allowed are 1 to 2"),
        ({"action": "Look. " * 200}, "so that the link to the runbook still fits"),
        ({"period_seconds": 1800, "periods": 49}, "one day"),
        ({"period_seconds": 86_400, "periods": 8}, "seven days"),
    ],
)
def test_rows_that_cloudwatch_refuses(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        row(**changes)


@pytest.mark.parametrize("statistic", ["sum", "p100", "p", "Avg", ""])
def test_statistics_that_do_not_exist(statistic: str) -> None:
    with pytest.raises(ValueError, match="allowed are Average"):
        metric(statistic)
