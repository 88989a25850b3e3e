"""The business metrics: the documented log line and the metrics' dimensions."""

from __future__ import annotations

import json
import re

import pytest

from components.monitoring import business_metrics
from components.monitoring.business_metrics import BusinessMetric, BusinessMetrics

METRICS = BusinessMetrics(stack_id="shop-prod")


def test_documented_log_line_matches_the_metric() -> None:
    text = (business_metrics.__doc__ or "").replace("<BUSINESS_METRICS_", "%(BUSINESS_METRICS_").replace('>"', ')s"')
    shown = re.search(r"\{\"_aws\".*1\}", text, re.DOTALL)
    assert shown
    line = json.loads(shown[0] % METRICS.environment)
    (declared,) = line["_aws"]["CloudWatchMetrics"]
    metric = METRICS.metric(BusinessMetric.TASKS_CREATED, "Sum")

    assert declared["Namespace"] == metric.namespace
    assert declared["Dimensions"] == [list(metric.dimensions)]
    assert {key: line[key] for key in metric.dimensions} == dict(metric.dimensions)
    assert [each["Name"] for each in declared["Metrics"]] == [metric.name]
    assert metric.name in line


def test_stacks_have_different_dimensions() -> None:
    other = BusinessMetrics(stack_id="shop-dev").metric(BusinessMetric.ACTIVE_USERS, "Maximum")

    assert other.dimensions != METRICS.metric(BusinessMetric.ACTIVE_USERS, "Maximum").dimensions


@pytest.mark.parametrize("stack_id", ["", ":prod", "prüfung", "x" * 251])
def test_invalid_stack_id_is_rejected(stack_id: str) -> None:
    with pytest.raises(ValueError, match=r"^stack_id: .*Use 1 to 250"):
        BusinessMetrics(stack_id=stack_id)
