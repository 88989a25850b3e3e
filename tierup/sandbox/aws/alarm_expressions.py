"""CloudWatch: the expressions, dimensions and EC2 actions of alarms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, documented, located, rule
from .same_scope import known
from .sources import sdk

_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
_CODE = "ValidationError"
_MODEL = documented(
    "AWS API model of cloudwatch (botocore 1.44), PutMetricAlarm: Dimensions (30), ThresholdMetricId, Metrics; that"
    " EC2 actions require an InstanceId dimension: from memory",
    read="2026-11-29",
)
_BANDS = (
    "GreaterThanUpperThreshold",
    "LessThanLowerOrGreaterThanUpperThreshold",
    "LessThanLowerThreshold",
)
_ID = re.compile(r"(?<![A-Za-z0-9_.])[a-z][A-Za-z0-9_]*")


@rule("alarm-expressions-name-queries", Stage.PLAN, source=_MODEL)
def _expressions(call: Call) -> Iterator[Rejection]:
    queries = known(call, "metricQueries")
    if not isinstance(queries, list) or not all(isinstance(each, dict) for each in queries):
        return
    ids = [each.get("id") for each in queries]
    for index, each in enumerate(queries):
        expression = each.get("expression")
        if not isinstance(expression, str) or UNKNOWN in ids or re.match(r"\s*select\b", expression, re.IGNORECASE):
            continue
        text = re.sub(r"'[^']*'|\"[^\"]*\"", "", expression)
        for name in _ID.findall(text):
            if name not in ids:
                yield Rejection(
                    f"metricQueries[{index}].expression",
                    f"Invalid metrics list: the expression refers to '{name}', which is not the id of a query.",
                    _CODE,
                )


@rule("alarm-dimensions-and-actions", Stage.PLAN, source=_MODEL)
def _dimensions(call: Call) -> Iterator[Rejection]:
    dimensions = known(call, "dimensions")
    if isinstance(dimensions, dict) and len(dimensions) > 30:
        yield Rejection("dimensions", f"An alarm has at most 30 dimensions (got {len(dimensions)}).", _CODE)
    if known(call, "comparisonOperator") in _BANDS and call.get("thresholdMetricId") is None:
        yield Rejection(
            "thresholdMetricId", f"It is required for the operator {call.get('comparisonOperator')}.", _CODE
        )
    names = dimensions if isinstance(dimensions, dict) else {}
    for path in ("alarmActions[*]", "okActions[*]", "insufficientDataActions[*]"):
        for at, action in located(call.inputs, path):
            of_instance = isinstance(action, str) and re.match(r"arn:aws[^:]*:(automate|swf):[^:]*:.*ec2", action, re.I)
            if (
                of_instance
                and call.get("metricName")
                and call.get("dimensions") is not UNKNOWN
                and "InstanceId" not in names
            ):
                yield Rejection(at, "An EC2 action requires the dimension InstanceId.", _CODE)


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=_ALARM, source=sdk("cloudwatch/metricalarm"), rules=(_expressions, _dimensions)),
)
