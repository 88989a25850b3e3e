"""CloudWatch: dashboards."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import (
    Behaviour,
    Call,
    Name,
    Plain,
    Rejection,
    Stage,
    assumed,
    rule,
)
from .same_scope import known
from .sources import created_only, sdk

_WIDGETS = assumed(
    "the API model says that the body lists widgets and refers to another page for their structure; page to check:"
    " https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html"
)


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


BEHAVIOURS: tuple[Behaviour, ...] = (
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
)  # fmt: skip
