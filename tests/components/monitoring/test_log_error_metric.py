"""The metric filter for errors in a log: its pattern and its metric."""

from __future__ import annotations

from components.monitoring.log_error_metric import LogErrorMetric, LogErrorMetricArgs
from tests.engine_recorder import record


def test_metric_has_the_log_groups_name_and_defaults_to_zero() -> None:
    recording = record(lambda: LogErrorMetric("errors", LogErrorMetricArgs(log_group_name="service-logs-1a2b3c4")))
    found = recording.one("aws:cloudwatch/logMetricFilter:LogMetricFilter")
    metric = found.inputs["metricTransformation"]
    assert metric["name"] == recording.value(recording.result.metric_name) == "service-logs-1a2b3c4-errors"
    assert (metric["value"], metric["defaultValue"]) == ("1", "0")
    # CloudWatch rejects a default value together with dimensions.
    assert "dimensions" not in metric
    assert '$.level = "error"' in found.inputs["pattern"]
