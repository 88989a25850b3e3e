"""Datadog's monitors in the sandbox."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tierup.sandbox.datadog.monitors import MONITOR
from tierup.sandbox.validation import ReferenceIndex, delete

from ..aws.account import ROWS, Account
from ..provider_calls import Engine

QUERY = "min(last_15m):avg:aws.ecs.service.cpuutilization{servicename:api} > 70"
CPU: dict[str, Any] = {
    "name": "cpu",
    "type": "query alert",
    "message": "@ops@example.com",
    "query": QUERY,
    "monitorThresholds": {"critical": "70"},
}


def test_monitor_has_a_number_as_id() -> None:
    assert Account().make(MONITOR, **CPU).id.isdigit()


@pytest.mark.parametrize(
    "query",
    [
        QUERY,
        "sum(last_15m):100 * sum:a{x:y}.as_count() / sum:b{*}.as_count() > 70",
        "avg(last_1d):avg:system.load.1{*} by {host} >= 70",
        " avg(last_4h):avg:a{*} > 70.0 ",
    ],
)
def test_metric_queries_are_accepted(query: str) -> None:
    assert Account().rejections(MONITOR, **{**CPU, "query": query}) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"query": "avg:aws.ecs.service.cpuutilization{*} > 70"}, "parameter 'query' is invalid"),
        ({"query": "min(last_15m):avg:a > 70"}, "parameter 'query' is invalid"),
        ({"query": QUERY.replace("> 70", "")}, "parameter 'query' is invalid"),
        ({"query": QUERY.replace("15m", "99999m")}, r"the time window is invalid \(got 'last_99999m'\)"),
        ({"query": QUERY.replace("last_15m", "15m")}, "the time window is invalid"),
        ({"monitorThresholds": {"critical": "80"}}, r"Alert threshold \(80\) does not match .* query \(70\)"),
        ({"monitorThresholds": {"warning": "60"}}, "Alert status is required"),
        ({"monitorThresholds": {"critical": "70", "warning": "80"}}, "the warning threshold is reached after"),
        ({"type": "alert"}, "alert"),
        ({"notifyNoData": True, "onMissingData": "resolve"}, "onMissingData"),
    ],
)
def test_invalid_monitors_are_rejected(changes: dict[str, Any], message: str) -> None:
    rejected = Account().rejections(MONITOR, **{**CPU, **changes})
    assert rejected
    assert re.search(message, "\n".join(f"{each.path} {each.message}" for each in rejected))


def test_composite_combines_existing_monitors_which_then_cannot_be_deleted() -> None:
    account = Account()
    first = account.make(MONITOR, "first", **CPU)
    composite = {"name": "both", "type": "composite", "message": "m"}
    assert account.codes(MONITOR, query=f"{first.id} && 1", **composite) == {"400 Bad Request"}
    account.make(MONITOR, "both", query=f"{first.id} && {first.id}", **composite)
    call = account._call(MONITOR, "first", CPU)  # pyright: ignore[reportPrivateUsage]
    call.this = first
    index = ReferenceIndex(tuple(ROWS.values()))
    assert [each.code for each in delete(call, ROWS[MONITOR], index)] == ["400 Bad Request"]


@pytest.mark.parametrize(
    ("changes", "replaces"),
    [
        ({"type": "metric alert"}, set[str]()),
        ({"type": "event alert", "query": "events"}, {"type"}),
        ({"requireFullWindow": True}, set[str]()),
    ],
)
def test_only_another_kind_of_monitor_replaces_it(changes: dict[str, Any], replaces: set[str]) -> None:
    assert Engine(package="datadog").diff(MONITOR, CPU, {**CPU, **changes})[1] == replaces


def test_default_values_are_no_change() -> None:
    assert Engine(package="datadog").diff(MONITOR, CPU, {**CPU, "requireFullWindow": True}) == (set(), set())
