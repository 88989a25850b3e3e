"""CloudWatch dashboards: which metrics of which resource they show.

A body is JSON in a string that usually contains names which are unknown before `up`: then the whole string is unknown,
and only the sources of its names are known.
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
_EVERY: Final = ""  # a search expression, which shows all matching metrics


def shows(stack: Stack, namespace: str, metric: str, resource: Resource) -> bool:
    """Return whether a dashboard shows this metric of the resource. Raises UnknownValue if that is unknown."""
    found_metrics = _shown(stack)
    if found_metrics.isdisjoint({(namespace, metric, name_of(resource) or "?"), (namespace, metric, _EVERY)}):
        for dashboard in stack.referring((DASHBOARD,), "dashboardBody", resource, "arn"):
            dashboard.properties.get("dashboardBody")
        return False
    return True


def shown_metrics(stack: Stack) -> Iterator[tuple[str, str]]:
    """Yield namespace and name of every metric on a dashboard. Finally raises UnknownValue for an unknown body."""
    for namespace, metric, _ in _shown(stack):
        yield namespace, metric
    for dashboard in stack.of((DASHBOARD,)):
        dashboard.properties.get("dashboardBody")


@lru_cache(maxsize=1)  # every load balancer and service evaluates the same stack
def _shown(stack: Stack) -> frozenset[tuple[str, str, str]]:
    """Return namespace, metric and the value of a dimension, of all lines in the known bodies."""
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
    """Yield namespace, metric and dimension value of each line, written as [namespace, metric, dimension, value, ...,
    {options}], where "." repeats the value above and "..." all values above up to this position.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html (from
    memory)
    """
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
    """Yield the metrics of an expression such as
    SEARCH('{AWS/ApplicationELB,LoadBalancer} MetricName="RequestCount"', 'Sum', 60)."""
    namespace = expression.partition("{")[2].partition(",")[0].partition("}")[0].strip(" \"'")
    for metric in expression.partition("MetricName=")[2].split('"')[1:2]:
        yield namespace, metric, _EVERY
