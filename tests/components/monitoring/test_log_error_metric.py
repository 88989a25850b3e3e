"""Errors counted from a log: the pattern, and a metric of the log's own."""

from __future__ import annotations

from components.monitoring.log_error_metric import LogErrorMetric, LogErrorMetricArgs
from tests.engine_recorder import record


def test_the_metric_is_named_by_its_log_and_reads_zero_while_all_is_quiet() -> None:
    recording = record(lambda: LogErrorMetric("errors", LogErrorMetricArgs(log_group_name="service-logs-1a2b3c4")))
    found = recording.one("aws:cloudwatch/logMetricFilter:LogMetricFilter")
    metric = found.inputs["metricTransformation"]
    assert metric["name"] == recording.value(recording.result.metric_name) == "service-logs-1a2b3c4-errors"
    assert (metric["value"], metric["defaultValue"]) == ("1", "0")
    # CloudWatch refuses a default value together with dimensions.
    assert "dimensions" not in metric
    assert '$.level = "error"' in found.inputs["pattern"]
