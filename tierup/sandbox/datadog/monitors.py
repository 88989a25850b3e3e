"""Datadog's monitors: the form of a query, and thresholds that agree with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, rule
from . import sources

MONITOR: Final = "datadog:index/monitor:Monitor"
_PROVIDER = sources.provider("resource_datadog_monitor.go")
_API = sources.api("monitors")
BAD_REQUEST: Final = "400 Bad Request"

TYPES: Final = (
    *("composite", "event alert", "log alert", "metric alert", "process alert", "query alert", "rum alert"),
    *("service check", "synthetics alert", "trace-analytics alert", "slo alert", "event-v2 alert", "audit alert"),
    *("ci-pipelines alert", "ci-tests alert", "error-tracking alert", "database-monitoring alert"),
    *("network-performance alert", "cost alert", "data-quality alert", "network-path alert", "data-jobs alert"),
    "llm-observability alert",
)
_METRIC_TYPES: Final = ("metric alert", "query alert")
_QUERY: Final = re.compile(
    r"(?:avg|sum|max|min|change|pct_change|percentile)\((?P<window>[^)]*)\)\s*:(?P<series>.*?)"
    r"\s*(?P<operator><=|>=|==|!=|<|>)\s*(?P<threshold>-?[0-9.]+(?:[eE]-?[0-9]+)?)",
    re.DOTALL,
)
_WINDOW: Final = re.compile(r"last_(?:(?P<minutes>\d+)m|(?P<hours>\d+)h|1d|1w)")
_OPERANDS: Final = re.compile(r"\d+")
_MINUTES: Final = 10_080
_HOURS: Final = 168


def _text(call: Call, path: str) -> str | None:
    value = call.get(path)
    return value.strip() if isinstance(value, str) else None


@rule("monitor-query-fits-its-type", Stage.PLAN, source=_API)
def _query(call: Call) -> Iterator[Rejection]:
    """The provider validates a known query against the API in the preview, too (CustomizeDiff)."""
    kind, query = _text(call, "type"), _text(call, "query")
    if query is None or call.get("validate") is False:
        return
    if kind in _METRIC_TYPES:
        yield from _metric_query(query)
    elif kind == "composite" and not _OPERANDS.search(query):
        yield Rejection("query", f"the value is invalid (got '{query}'). Combine ids of monitors, as in 12 && 34.",
                        BAD_REQUEST)  # fmt: skip


def _metric_query(query: str) -> Iterator[Rejection]:
    found = _QUERY.fullmatch(query)
    if found is None or "{" not in found["series"] or "}" not in found["series"]:
        yield Rejection(
            "query",
            f"The value provided for parameter 'query' is invalid (got '{query}'). A metric query has the form"
            " time_aggr(time_window):space_aggr:metric{tags} [by {key}] operator #.",
            BAD_REQUEST,
        )
        return
    window = _WINDOW.fullmatch(found["window"].split(",")[0].strip())
    if (
        window is None
        or not 1 <= int(window["minutes"] or 1) <= _MINUTES
        or not 1 <= int(window["hours"] or 1) <= _HOURS
    ):
        yield Rejection(
            "query",
            f"the time window is invalid (got '{found['window']}'). Allowed are last_1m to last_{_MINUTES}m, last_1h"
            f" to last_{_HOURS}h, last_1d and last_1w.",
            BAD_REQUEST,
        )


@rule("critical-threshold-is-that-of-the-query", Stage.PLAN, source=sources.THRESHOLDS)
def _threshold(call: Call) -> Iterator[Rejection]:
    query = _text(call, "query")
    if query is None or call.get("type") not in _METRIC_TYPES or call.get("validate") is False:
        return
    found, thresholds = _QUERY.fullmatch(query), call.get("monitorThresholds")
    if found is None or not isinstance(thresholds, dict):
        return
    critical, warning = thresholds.get("critical"), thresholds.get("warning")
    if critical is None:
        if warning is not None:
            yield Rejection("monitorThresholds.critical", "Alert status is required.", BAD_REQUEST)
        return
    if critical is UNKNOWN:
        return
    if float(critical) != float(found["threshold"]):
        yield Rejection(
            "monitorThresholds.critical",
            f"Alert threshold ({critical}) does not match that used in the query ({found['threshold']}).",
            BAD_REQUEST,
        )
    elif warning is not None and warning is not UNKNOWN and not _is_before(warning, found["operator"], critical):
        yield Rejection(
            "monitorThresholds.warning",
            f"the warning threshold is reached after the critical one (got {warning} and {critical}).",
            BAD_REQUEST,
        )


def _is_before(warning: str, operator: str, critical: str) -> bool:
    low, high = sorted((float(warning), float(critical)))
    return (low < high and (float(warning) == low) == operator.startswith(">")) or operator in ("==", "!=")


@rule("composite-combines-existing-monitors", Stage.CREATE, Stage.UPDATE, source=_API)
def _composite(call: Call) -> Iterator[Rejection]:
    if call.get("type") != "composite":
        return
    for number in _OPERANDS.findall(str(call.get("query"))):
        if call.cloud.get(MONITOR, number) is None:
            yield Rejection("query", f"the monitor '{number}' does not exist", BAD_REQUEST)


@rule("monitor-is-in-no-composite", Stage.DELETE, source=sources.api("monitors"))
def _in_composite(call: Call) -> Iterator[Rejection]:
    """A monitor that another resource refers to is deleted only with force."""
    assert call.this is not None
    if call.this.inputs.get("forceDelete"):
        return
    for other in call.cloud.find(MONITOR, type="composite"):
        if call.this.id in _OPERANDS.findall(str(other.inputs.get("query"))):
            yield Rejection(
                "", f"monitor {call.this.id} is referenced in the composite monitor {other.id}", BAD_REQUEST
            )


def _changed_type(call: Call) -> Iterator[str]:
    """Datadog returns "query alert" for "metric alert", so the provider takes both for the same."""
    kinds = {(call.old or {}).get("type"), call.inputs.get("type")}
    if len(kinds) > 1 and kinds != set(_METRIC_TYPES):
        yield "type"


def numeric_id(call: Call) -> str:
    """Return an id of eight digits or more, as Datadog numbers monitors."""
    return str(10_000_000 + int(call.hex(7), 16))


BEHAVIOURS = (
    Behaviour(
        type=MONITOR,
        source=_PROVIDER,
        id=numeric_id,
        replaces_when=_changed_type,
        replace_source=_PROVIDER,
        defaults={
            "draftStatus": "published",
            "includeTags": True,
            "newHostDelay": 300,
            "noDataTimeframe": 10,
            "notifyNoData": False,
            "requireFullWindow": True,
        },
        keeps=frozenset({"evaluationDelay", "newGroupDelay", "tags"}),
        empty_is_absent=True,
        enums={
            "type": TYPES,
            "draftStatus": ("draft", "published"),
            "renotifyStatuses[*]": ("alert", "warn", "no data"),
            "onMissingData": ("default", "show_no_data", "show_and_notify_no_data", "resolve"),
            "priority": ("1", "2", "3", "4", "5"),
        },
        conflicts=(("notifyNoData", "onMissingData"), ("noDataTimeframe", "onMissingData")),
        rules=(_query, _threshold, _composite, _in_composite),
        regional=False,
    ),
)
