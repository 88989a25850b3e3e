"""CloudWatch: metric alarms and composite alarms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Name,
    Plain,
    Quota,
    Rejection,
    Stage,
    assumed,
    located,
    rule,
)
from .arns import region_of
from .same_scope import known
from .sources import api, created_only, schema_of, sdk

METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"

COMPOSITE_ALARM = "aws:cloudwatch/compositeAlarm:CompositeAlarm"

INVALID = "ValidationError"

_ALARM = api("cloudwatch", "PutMetricAlarm")

_OVERWRITES = assumed("PutMetricAlarm overwrites an alarm of that name; the sandbox refuses the second owner")

_SHORT_PERIODS = (10, 20, 30)

_HOUR, _DAY, _WEEK = 3_600, 86_400, 604_800

_ACTIONS = ("alarmActions", "okActions", "insufficientDataActions")

_BAND_OPERATORS = ("LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold")

_STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")

_EXTENDED = r"(p|tm|tc|ts|wm)\d{1,3}(\.\d+)?|IQM|(PR|TM|TC|TS|WM)\([^)]*\)"

_UNITS = (
    "Seconds", "Microseconds", "Milliseconds", "Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes", "Bits",
    "Kilobits", "Megabits", "Gigabits", "Terabits", "Percent", "Count", "Bytes/Second", "Kilobytes/Second",
    "Megabytes/Second", "Gigabytes/Second", "Terabytes/Second", "Bits/Second", "Kilobits/Second", "Megabits/Second",
    "Gigabits/Second", "Terabits/Second", "Count/Second", "None",
)  # fmt: skip


def _fits(period: Plain, shortest: tuple[int, ...]) -> bool:
    return not isinstance(period, (int, float)) or period in shortest or (period > 0 and period % 60 == 0)


@rule("alarm-has-one-metric-source", Stage.PLAN, source=sdk("cloudwatch/metricalarm"))
def _one_subject(call: Call) -> Iterator[Rejection]:
    ways = ("metricName", "metricQueries", "evaluationCriteria")
    given = [way for way in ways if call.inputs.get(way) is not None]
    if len(given) != 1:
        yield Rejection(
            given[0] if given else "metricName",
            f"the alarm must have exactly one metric source (got {' and '.join(given) or 'none'}). Set exactly one of"
            f" {', '.join(ways)}.",
            INVALID,
        )
        return
    if given[0] == "evaluationCriteria":
        return
    for path in ("comparisonOperator", "evaluationPeriods"):
        if path not in call.inputs:
            yield Rejection(path, f"required with {given[0]}", INVALID)
    if "threshold" not in call.inputs and "thresholdMetricId" not in call.inputs:
        yield Rejection("threshold", "set threshold, or thresholdMetricId for an anomaly detection band", INVALID)


@rule("metric-has-one-statistic", Stage.PLAN, source=_ALARM)
def _one_statistic(call: Call) -> Iterator[Rejection]:
    single = ("namespace", "period", "statistic", "extendedStatistic", "dimensions", "unit")
    if call.inputs.get("metricQueries") is not None:
        for path in single:
            if call.inputs.get(path) is not None:
                yield Rejection(path, "not allowed with metricQueries. Set it in metricQueries[].metric.", INVALID)
    if call.inputs.get("metricName") is None:
        return
    for path in ("namespace", "period"):
        if path not in call.inputs:
            yield Rejection(path, "required with metricName", INVALID)
    given = [path for path in ("statistic", "extendedStatistic") if call.inputs.get(path) is not None]
    if len(given) != 1:
        yield Rejection(
            "statistic",
            f"set exactly one of statistic and extendedStatistic (got {'both' if given else 'neither'}).",
            INVALID,
        )
    extended = known(call, "extendedStatistic")
    if isinstance(extended, str) and not re.fullmatch(_EXTENDED, extended):
        yield Rejection(
            "extendedStatistic",
            f"invalid statistic (got '{extended}'). Allowed are for example p0 to p100, tm90, IQM, PR(...).",
            INVALID,
        )


@rule("one-query-returns-data", Stage.PLAN, source=sdk("cloudwatch/metricalarm"))
def _queries(call: Call) -> Iterator[Rejection]:
    queries = known(call, "metricQueries")
    if not isinstance(queries, list) or UNKNOWN in queries:
        return
    if len(queries) > 20:
        yield Rejection("metricQueries", f"too many queries (got {len(queries)}). Allowed are at most 20.", INVALID)
    returned = [each.get("id") for each in queries if each.get("returnData") is True]
    # An anomaly detection alarm compares a metric with a band, and both return data.
    wanted = (1, 2) if call.get("thresholdMetricId") is not None else (1,)
    if len(returned) not in wanted and not any(each.get("returnData") is UNKNOWN for each in queries):
        yield Rejection(
            "metricQueries",
            f"{len(returned)} queries have returnData: true. Exactly one must have it"
            f"{', or the metric and the band of thresholdMetricId' if len(wanted) > 1 else ''}.",
            INVALID,
        )
    ids = [each.get("id") for each in queries]
    for index, each in enumerate(queries):
        at = f"metricQueries[{index}]"
        if ids.count(each.get("id")) > 1:
            yield Rejection(f"{at}.id", f"duplicate query id (got '{each.get('id')}')", INVALID)
        if isinstance(each.get("id"), str) and not re.fullmatch(r"[a-z]\w*", each["id"]):
            yield Rejection(
                f"{at}.id",
                f"invalid id (got '{each['id']}'). Allowed are letters, digits and '_', starting with a lower-case"
                " letter.",
                INVALID,
            )
        if (each.get("metric") is None) == (each.get("expression") is None):
            yield Rejection(at, "set exactly one of metric and expression", INVALID)
        metric = each.get("metric")
        if isinstance(metric, dict) and not _fits(metric.get("period"), (1, 5, *_SHORT_PERIODS)):
            yield Rejection(
                f"{at}.metric.period",
                f"invalid period (got {metric['period']}). Allowed are 1, 5, 10, 20, 30 and multiples of 60.",
                INVALID,
            )
    band = known(call, "thresholdMetricId")
    if band is not None and band not in ids:
        yield Rejection("thresholdMetricId", f"no query has the id '{band}'", INVALID)
    if band is None and known(call, "comparisonOperator") in _BAND_OPERATORS:
        yield Rejection("comparisonOperator", f"{call.get('comparisonOperator')} requires thresholdMetricId", INVALID)


@rule("alarm-evaluation-range", Stage.PLAN, source=_ALARM)
def _range(call: Call) -> Iterator[Rejection]:
    period, periods = known(call, "period"), known(call, "evaluationPeriods")
    if not _fits(period, _SHORT_PERIODS):
        yield Rejection(
            "period",
            f"invalid period (got {period} seconds). Allowed are 10, 20, 30 and multiples of 60 seconds.",
            INVALID,
        )
    if isinstance(periods, (int, float)) and periods < 1:
        yield Rejection("evaluationPeriods", f"invalid value (got {periods:g}). Allowed are 1 or more.", INVALID)
    if isinstance(period, (int, float)) and isinstance(periods, (int, float)):
        longest, length = (_DAY, "one day") if period < _HOUR else (_WEEK, "seven days")
        if period * periods > longest:
            yield Rejection(
                "evaluationPeriods",
                f"the alarm evaluates too long a range (got {periods:g} × {period:g} = {period * periods:,.0f}"
                " seconds)."
                f" Allowed are at most {longest:,} ({length}).",
                INVALID,
            )
    points = known(call, "datapointsToAlarm")
    if isinstance(points, (int, float)) and isinstance(periods, (int, float)) and not 1 <= points <= periods:
        yield Rejection(
            "datapointsToAlarm",
            f"invalid value (got {points:g}). Allowed are 1 to evaluationPeriods ({periods:g}).",
            INVALID,
        )


@rule("alarm-actions-in-region", Stage.PLAN, source=_ALARM)
def _actions(call: Call) -> Iterator[Rejection]:
    for path in _ACTIONS:
        actions = known(call, path)
        if isinstance(actions, list) and len(actions) > 5:
            yield Rejection(path, f"too many actions (got {len(actions)}). Allowed are at most 5.", INVALID)
        for at, action in located(call.inputs, f"{path}[*]"):
            if not isinstance(action, str):
                continue
            if not action.startswith("arn:"):
                yield Rejection(at, f"invalid action (got '{action}'). An action must be an ARN.", INVALID)
            elif region_of(action) not in ("", call.region):
                yield Rejection(
                    at, f"invalid region {region_of(action)} specified. Only {call.region} is supported here.", INVALID
                )


@rule("composite-alarm-children-exist", Stage.CREATE, Stage.UPDATE, source=api("cloudwatch", "PutCompositeAlarm"))
def _children(call: Call) -> Iterator[Rejection]:
    text = call.get("alarmRule", "")
    if text != text.strip():
        yield Rejection("alarmRule", "leading and trailing white space is not allowed", INVALID)
    named = re.findall(r"(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*[\"']?([^\"')]+?)[\"']?\s*\)", text)
    if not named and not re.fullmatch(r"TRUE|FALSE", text.strip()):
        yield Rejection(
            "alarmRule", f'\'{text}\' names no alarm. Write for example ALARM("a") AND ALARM("b").', INVALID
        )
    for name in named:
        short = name.rpartition(":alarm:")[2] or name
        if call.cloud.get(METRIC_ALARM, short) is None and call.cloud.get(COMPOSITE_ALARM, short) is None:
            yield Rejection("alarmRule", f"the alarm '{short}' does not exist", INVALID)


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=METRIC_ALARM,
        source=sdk("cloudwatch/metricalarm"),
        id=lambda call: call.inputs["name"],
        outputs={
            "arn": "arn:aws:cloudwatch:{region}:{account}:alarm:{id}",
            "actionsEnabled": True,
            "evaluateLowSampleCountPercentiles": "",
            "treatMissingData": "missing",
        },
        replaces=frozenset({"name"}),
        replace_source=created_only("AWS::CloudWatch::Alarm"),
        enums={
            "comparisonOperator": (
                "GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold",
                "LessThanOrEqualToThreshold", *_BAND_OPERATORS,
            ),
            "statistic": _STATISTICS,
            "treatMissingData": ("missing", "ignore", "breaching", "notBreaching"),
            "evaluateLowSampleCountPercentiles": ("evaluate", "ignore"),
            "unit": _UNITS,
            "metricQueries[*].metric.unit": _UNITS,
        },
        name=Name(
            longest=255,
            pattern=r"[^\x00-\x1f\x7f]+",
            allowed="printable characters",
            taken="ResourceConflict",
            source=_OVERWRITES,
        ),
        quotas=(
            Quota(
                limit=5_000, per="region", what="alarms per Region", code="LimitExceededFault",
                source=assumed(
                    "CloudWatch's default quota from secondary sources; page to check:"
                    " https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html"
                ),
            ),
        ),
        rules=(_one_subject, _one_statistic, _queries, _range, _actions),
    ),
    Behaviour(
        type=COMPOSITE_ALARM,
        source=sdk("cloudwatch/compositealarm"),
        id="{alarmName}",
        outputs={"arn": "arn:aws:cloudwatch:{region}:{account}:alarm:{id}", "actionsEnabled": True},
        replaces=frozenset({"alarmName", "actionsEnabled"}),
        replace_source=schema_of("cloudwatch/composite_alarm.go"),
        name=Name(property="alarmName", longest=255, automatic=False, taken="ResourceConflict", source=_OVERWRITES),
        rules=(_children, _actions),
    ),
)  # fmt: skip
