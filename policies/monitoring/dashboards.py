"""CloudWatch dashboards: which metrics of which resource they draw.

A body is JSON in a string, mostly with names in it that are unknown before `up`: then the whole string is, and only
where the names flow from is known.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from ..rule import Resource, Stack
from ..values import UnknownValue
from .alarms import name_of

DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
_EVERY: Final = ""  # drawn by a search, for whatever matches


def draws(stack: Stack, namespace: str, metric: str, resource: Resource) -> bool:
    """Whether a dashboard draws this metric of the resource. Raises UnknownValue where one on it is not known yet."""
    drawn = _drawn(stack)
    if drawn.isdisjoint({(namespace, metric, name_of(resource) or "?"), (namespace, metric, _EVERY)}):
        for dashboard in stack.referring((DASHBOARD,), "dashboardBody", resource, "arn"):
            dashboard.properties.get("dashboardBody")
        return False
    return True


def drawn_metrics(stack: Stack) -> Iterator[tuple[str, str]]:
    """Namespace and name of every metric that is drawn. Ends by raising UnknownValue where a body is not known."""
    for namespace, metric, _ in _drawn(stack):
        yield namespace, metric
    for dashboard in stack.of((DASHBOARD,)):
        dashboard.properties.get("dashboardBody")


@lru_cache(maxsize=1)  # every load balancer and service asks it of the same stack
def _drawn(stack: Stack) -> frozenset[tuple[str, str, str]]:
    """Namespace, metric and the value of a dimension, of all lines in the bodies that are known."""
    found: set[tuple[str, str, str]] = set()
    for dashboard in stack.of((DASHBOARD,)):
        try:
            body = json.loads(dashboard.properties.get("dashboardBody") or "{}")
        except (UnknownValue, ValueError):
            continue
        widgets: list[dict[str, Any]] = (body.get("widgets") if isinstance(body, dict) else None) or []
        for widget in widgets:
            found.update(_lines((widget.get("properties") or {}).get("metrics") or []))
    return frozenset(found)


def _lines(metrics: list[list[Any]]) -> Iterator[tuple[str, str, str]]:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html (from
    memory): [namespace, metric, dimension, value, ..., {options}], "." for the same as in the line above, "..." for
    all that it had up to here."""
    above: list[str] = []
    for line in metrics:
        words = [word for word in line if isinstance(word, str)]
        if "..." in words:
            at = words.index("...")
            keep = len(above) - (len(words) - at - 1)
            words = [*above[: max(keep, 0)], *words[at + 1 :]]
        words = [above[at] if word == "." and at < len(above) else word for at, word in enumerate(words)]
        if len(words) >= 2:
            above = words
            for value in words[3::2] or [_EVERY]:
                yield words[0], words[1], value
        for options in line:
            if isinstance(options, dict) and "SEARCH" in str(options.get("expression")):
                yield from _searched(str(options["expression"]))


def _searched(expression: str) -> Iterator[tuple[str, str, str]]:
    """SEARCH('{AWS/ApplicationELB,LoadBalancer} MetricName="RequestCount"', 'Sum', 60)"""
    namespace = expression.partition("{")[2].partition(",")[0].partition("}")[0].strip(" \"'")
    for metric in expression.partition("MetricName=")[2].split('"')[1:2]:
        yield namespace, metric, _EVERY
