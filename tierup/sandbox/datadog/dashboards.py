"""Datadog's dashboards as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Rejection, Stage, rule
from . import sources
from .monitors import BAD_REQUEST

_PROVIDER = sources.provider("resource_datadog_dashboard_json.go")
_API = sources.api("dashboards")
_LAYOUTS = ("ordered", "free")


@rule("dashboard-is-json", Stage.PLAN, source=_PROVIDER)
def _json(call: Call) -> Iterator[Rejection]:
    text = call.get("dashboard")
    if isinstance(text, str):
        try:
            json.loads(text)
        except ValueError as error:
            yield Rejection("dashboard", f"contains an invalid JSON: {error}", BAD_REQUEST)


@rule("dashboard-has-title-layout-and-widgets", Stage.CREATE, Stage.UPDATE, source=_API)
def _parts(call: Call) -> Iterator[Rejection]:
    body = json.loads(str(call.get("dashboard")))
    if not isinstance(body, dict):
        yield Rejection("dashboard", "the definition is not an object.", BAD_REQUEST)
        return
    for key in ("title", "layout_type", "widgets"):
        if key not in body:
            yield Rejection("dashboard", f"'{key}' is a required property", BAD_REQUEST)
    if body.get("layout_type", "ordered") not in _LAYOUTS:
        yield Rejection("dashboard", f"layout_type is invalid (got {body['layout_type']}).", BAD_REQUEST)
    for number, widget in enumerate(body.get("widgets") or []):
        if not isinstance(widget, dict) or not isinstance(widget.get("definition"), dict):
            yield Rejection("dashboard", f"widgets[{number}]: 'definition' is a required property", BAD_REQUEST)
        elif "type" not in widget["definition"]:
            yield Rejection("dashboard", f"widgets[{number}]: the definition has no type", BAD_REQUEST)


def _id(call: Call) -> str:
    digits = call.hex(9)
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"


BEHAVIOURS = (
    Behaviour(
        type="datadog:index/dashboardJson:DashboardJson",
        source=_PROVIDER,
        id=_id,
        outputs={"url": "/dashboard/{id}", "dashboardListsRemoveds": []},
        replace_source=_PROVIDER,
        keeps=frozenset({"url"}),
        json_inputs=frozenset({"dashboard"}),
        rules=(_json, _parts),
        regional=False,
    ),
)
