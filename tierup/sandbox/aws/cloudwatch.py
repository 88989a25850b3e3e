"""CloudWatch alarms and dashboards, and EventBridge rules, which the SDK keeps in the same module."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Name,
    Plain,
    Quota,
    Reference,
    Rejection,
    Stage,
    assumed,
    located,
    rule,
)
from .arns import region_of
from .same_scope import known, others_in_region
from .sources import FORCE_NEW, api, created_only, sdk

METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE_ALARM = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
EVENT_RULE = "aws:cloudwatch/eventRule:EventRule"
EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget"

INVALID = "ValidationError"
_ALARM = api("cloudwatch", "PutMetricAlarm")
_WIDGETS = assumed(
    "the API model says that the body lists widgets and refers to another page for their structure; page to check:"
    " https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html"
)
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


# --- alarms ---


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
            f"invalid statistic (got '{extended}'). Allowed: for example p0 to p100, tm90, IQM, PR(...).",
            INVALID,
        )


@rule("one-query-returns-data", Stage.PLAN, source=sdk("cloudwatch/metricalarm"))
def _queries(call: Call) -> Iterator[Rejection]:
    queries = known(call, "metricQueries")
    if not isinstance(queries, list) or UNKNOWN in queries:
        return
    if len(queries) > 20:
        yield Rejection("metricQueries", f"too many queries (got {len(queries)}). Allowed: at most 20.", INVALID)
    returned = [each.get("id") for each in queries if each.get("returnData") is True]
    if len(returned) != 1 and not any(each.get("returnData") is UNKNOWN for each in queries):
        yield Rejection(
            "metricQueries",
            f"{len(returned)} queries have returnData: true. Exactly one must have it.",
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
                f"invalid id (got '{each['id']}'). Allowed: letters, digits and '_', starting with a lower-case"
                " letter.",
                INVALID,
            )
        if (each.get("metric") is None) == (each.get("expression") is None):
            yield Rejection(at, "set exactly one of metric and expression", INVALID)
        metric = each.get("metric")
        if isinstance(metric, dict) and not _fits(metric.get("period"), (1, 5, *_SHORT_PERIODS)):
            yield Rejection(
                f"{at}.metric.period",
                f"invalid period (got {metric['period']}). Allowed: 1, 5, 10, 20, 30 and multiples of 60.",
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
            f"invalid period (got {period} seconds). Allowed: 10, 20, 30 and multiples of 60 seconds.",
            INVALID,
        )
    if isinstance(periods, (int, float)) and periods < 1:
        yield Rejection("evaluationPeriods", f"invalid value (got {periods:g}). Allowed: 1 or more.", INVALID)
    if isinstance(period, (int, float)) and isinstance(periods, (int, float)):
        longest, length = (_DAY, "one day") if period < _HOUR else (_WEEK, "seven days")
        if period * periods > longest:
            yield Rejection(
                "evaluationPeriods",
                f"the alarm evaluates too long a range (got {periods:g} × {period:g} = {period * periods:,.0f}"
                " seconds)."
                f" Allowed: at most {longest:,} ({length}).",
                INVALID,
            )
    points = known(call, "datapointsToAlarm")
    if isinstance(points, (int, float)) and isinstance(periods, (int, float)) and not 1 <= points <= periods:
        yield Rejection(
            "datapointsToAlarm",
            f"invalid value (got {points:g}). Allowed: 1 to evaluationPeriods ({periods:g}).",
            INVALID,
        )


@rule("alarm-actions-in-region", Stage.PLAN, source=_ALARM)
def _actions(call: Call) -> Iterator[Rejection]:
    for path in _ACTIONS:
        actions = known(call, path)
        if isinstance(actions, list) and len(actions) > 5:
            yield Rejection(path, f"too many actions (got {len(actions)}). Allowed: at most 5.", INVALID)
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


# --- dashboards ---


@rule("dashboard-body-has-widgets", Stage.PLAN, source=_WIDGETS)
def _body(call: Call) -> Iterator[Rejection]:
    text = known(call, "dashboardBody")
    if not isinstance(text, str):
        return
    try:
        widgets = json.loads(text).get("widgets")
    except (ValueError, AttributeError) as error:
        yield Rejection("dashboardBody", f"the dashboard body is not a JSON object: {error}", "InvalidParameterInput")
        return
    if not isinstance(widgets, list) or len(widgets) > 500:
        yield Rejection(
            "dashboardBody",
            "the dashboard body must have a list 'widgets' with at most 500 widgets",
            "InvalidParameterInput",
        )
        return
    for index, widget in enumerate(widgets):
        for sentence in _widget_violations(widget):
            yield Rejection("dashboardBody", f"/widgets/{index}: {sentence}", "InvalidParameterInput")


def _widget_violations(widget: Plain) -> Iterator[str]:
    if not isinstance(widget, dict) or widget.get("type") not in ("metric", "text", "log", "alarm", "explorer"):
        yield "the widget must have a type: metric, text, log, alarm or explorer"
        return
    properties: Mapping[str, Any] = widget.get("properties") or {}
    required = {
        "metric": ("region",),
        "text": ("markdown",),
        "log": ("region", "query"),
        "alarm": ("alarms",),
        "explorer": (),
    }
    for name in required[widget["type"]]:
        if name not in properties:
            yield f"its properties should have required property '{name}'"
    if widget["type"] == "metric" and "metrics" not in properties and "annotations" not in properties:
        yield "its properties must have metrics, or annotations with an alarm"
    width = widget.get("width", 6)
    if not 1 <= width <= 24 or not 1 <= widget.get("height", 6) <= 1_000:
        yield "width must be from 1 to 24 and height from 1 to 1000"
    elif not 0 <= widget.get("x", 0) <= 24 - width:
        yield f"x {widget.get('x')} and width {width} exceed the grid's 24 columns"


# --- EventBridge ---


@rule("event-rule-has-a-trigger", Stage.PLAN, source=api("events", "PutRule"))
def _trigger(call: Call) -> Iterator[Rejection]:
    schedule, pattern = known(call, "scheduleExpression"), known(call, "eventPattern")
    if "scheduleExpression" not in call.inputs and "eventPattern" not in call.inputs:
        yield Rejection("scheduleExpression", "set scheduleExpression, eventPattern or both", "ValidationException")
    if isinstance(schedule, str) and not re.fullmatch(
        r"cron\(\S+( \S+){5}\)|rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)", schedule
    ):
        yield Rejection(
            "scheduleExpression",
            f"invalid schedule (got '{schedule}'). Allowed: for example 'rate(5 minutes)', 'rate(1 minute)', 'cron(0"
            " 20 * * ? *)'.",
            "ValidationException",
        )
    if isinstance(pattern, str):
        try:
            problem = "" if isinstance(json.loads(pattern), dict) else "it is not an object"
        except ValueError as error:
            problem = str(error)
        if problem:
            yield Rejection(
                "eventPattern", f"the event pattern must be a JSON object: {problem}", "InvalidEventPatternException"
            )
    if isinstance(schedule, str) and known(call, "eventBusName", "default") != "default":
        yield Rejection(
            "scheduleExpression", "schedules are supported only on the default event bus", "ValidationException"
        )


@rule("five-targets-per-rule", Stage.CREATE, source=api("events", "PutTargets"))
def _few_targets(call: Call) -> Iterator[Rejection]:
    if len(list(others_in_region(call, EVENT_TARGET, rule=call.get("rule")))) >= 5:
        yield Rejection(
            "rule", f"the rule '{call.get('rule')}' already has 5 targets, the quota", "LimitExceededException"
        )


@rule("ecs-target-requires-role", Stage.PLAN, source=sdk("cloudwatch/eventtarget"))
def _target_role(call: Call) -> Iterator[Rejection]:
    if call.inputs.get("ecsTarget") is not None and "roleArn" not in call.inputs:
        yield Rejection("roleArn", "required with ecsTarget", "ValidationException")


def _on_bus(call: Call, name: str) -> str:
    bus = call.inputs.get("eventBusName", "default")
    return name if bus == "default" else f"{bus}/{name}"


def _target_id(call: Call) -> str:
    return call.inputs.get("targetId") or f"terraform-{call.hex(26)}"


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
        replace_source=FORCE_NEW,
        name=Name(property="alarmName", longest=255, automatic=False, taken="ResourceConflict", source=_OVERWRITES),
        rules=(_children, _actions),
    ),
    Behaviour(
        type="aws:cloudwatch/dashboard:Dashboard",
        source=sdk("cloudwatch/dashboard"),
        id="{dashboardName}",
        outputs={"dashboardArn": "arn:aws:cloudwatch::{account}:dashboard/{dashboardName}"},
        replaces=frozenset({"dashboardName"}),
        replace_source=created_only("AWS::CloudWatch::Dashboard"),
        name=Name(
            property="dashboardName",
            longest=255,
            pattern=r"[A-Za-z0-9_-]+",
            allowed="letters, digits, '-' and '_'",
            automatic=False,
            unique="account",
            taken="ConflictException",
            source=assumed("PutDashboard overwrites one of that name; the sandbox refuses the second owner"),
        ),
        rules=(_body,),
    ),
    Behaviour(
        type=EVENT_RULE,
        source=sdk("cloudwatch/eventrule"),
        id=lambda call: _on_bus(call, call.inputs["name"]),
        outputs={
            "arn": "arn:aws:events:{region}:{account}:rule/{id}",
            "eventBusName": "default",
            "forceDestroy": False,
            "namePrefix": "",
            "state": "ENABLED",
        },
        replaces=frozenset({"name", "namePrefix", "eventBusName"}),
        replace_source=FORCE_NEW,
        enums={"state": ("DISABLED", "ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")},
        conflicts=(("isEnabled", "state"), ("name", "namePrefix")),
        name=Name(
            longest=64,
            pattern=r"[.\w-]+",
            allowed="letters, digits, '.', '_' and '-'",
            taken="ResourceAlreadyExistsException",
            source=api("events", "PutRule"),
        ),
        quotas=(
            Quota(
                limit=300, per="region", what="rules per event bus",
                source=assumed(
                    "EventBridge's default quota from secondary sources; page to check:"
                    " https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html"
                ),
            ),
        ),
        rules=(_trigger,),
    ),
    Behaviour(
        type=EVENT_TARGET,
        source=sdk("cloudwatch/eventtarget"),
        id=lambda call: f"{_on_bus(call, call.inputs['rule']).replace('/', '-')}-{_target_id(call)}",
        outputs={"targetId": _target_id, "eventBusName": "default", "forceDestroy": False},
        replaces=frozenset({"rule", "eventBusName", "targetId"}),
        replace_source=FORCE_NEW,
        conflicts=(("input", "inputPath", "inputTransformer"),),
        references=(
            Reference(
                path="rule",
                to=EVENT_RULE,
                by="name",
                in_use="ValidationException",  # "Rule can't be deleted since it has targets."
                source=api("events", "DeleteRule"),
            ),
        ),
        rules=(_few_targets, _target_role),
    ),
)  # fmt: skip
