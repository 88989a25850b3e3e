"""A fault for each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.breaks import Break
from tests.policies.judging import GONE

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
BOARD = "aws:cloudwatch/dashboard:Dashboard"


def _without(*texts: str) -> object:
    """The value with the texts in it made into others, as an author who never wrote them would have it."""

    def changed(value: object) -> str:
        text = str(value)
        for each in texts:
            text = text.replace(each, "AWS/Other")
        return text

    return changed


BREAKS: Mapping[str, Break] = {
    "MON-001": Break(ALARM, {"alarmActions": GONE}),
    "MON-002": Break(ALARM, {"actionsEnabled": False}),
    "MON-003": Break(ALARM, {"extendedStatistic": "p50"}),
    "MON-004": Break(ALARM, {"metricQueries[0].metric.metricName": "HTTPCode_Target_4XX_Count", "threshold": 1}),
    "MON-005": Break(ALARM, {"threshold": 99}),
    "MON-006": Break(ALARM, {"threshold": 99}),
    "MON-007": Break(BOARD, {"dashboardBody": _without("RequestCount")}),
    "MON-008": Break("aws:route53/healthCheck:HealthCheck", {"disabled": True}),
    "MON-009": Break(BOARD, {"dashboardBody": _without("CPUUtilization")}),
    "MON-010": Break("aws:kms/key:Key", {"policy": _without("cloudwatch.amazonaws.com")}),
    "MON-011": Break(ALARM, {"treatMissingData": "ignore"}),
    "MON-012": Break(BOARD, {"dashboardBody": _without("tierup/business", "shop/business")}),
    "MON-013": Break(ALARM, {"threshold": 99}),
    "MON-014": Break(ALARM, {"threshold": 99}),
    "MON-015": Break("aws:sns/topic:Topic", {"kmsMasterKeyId": GONE}),
    "LOG-001": Break("aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": GONE}),
    "LOG-002": Break("aws:cloudwatch/logGroup:LogGroup", {"kmsKeyId": GONE}),
    "LOG-003": Break("aws:cloudwatch/logMetricFilter:LogMetricFilter", {}),
}
