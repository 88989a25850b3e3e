"""A violation of each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.evaluation import ABSENT
from tests.policies.violations import Violation

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
BOARD = "aws:cloudwatch/dashboard:Dashboard"


def _without(*texts: str) -> object:
    """Return a function that replaces the texts in a value."""

    def changed(value: object) -> str:
        text = str(value)
        for each in texts:
            text = text.replace(each, "AWS/Other")
        return text

    return changed


VIOLATIONS: Mapping[str, Violation] = {
    "MON-001": Violation(ALARM, {"alarmActions": ABSENT}),
    "MON-002": Violation(ALARM, {"actionsEnabled": False}),
    "MON-003": Violation(ALARM, {"extendedStatistic": "p50"}),
    "MON-004": Violation(ALARM, {"metricQueries[0].metric.metricName": "HTTPCode_Target_4XX_Count", "threshold": 1}),
    "MON-005": Violation(ALARM, {"threshold": 99}),
    "MON-006": Violation(ALARM, {"threshold": 99}),
    "MON-007": Violation(BOARD, {"dashboardBody": _without("RequestCount")}),
    "MON-008": Violation("aws:route53/healthCheck:HealthCheck", {"disabled": True}, everywhere=True),
    "MON-009": Violation(BOARD, {"dashboardBody": _without("CPUUtilization")}),
    "MON-010": Violation("aws:kms/key:Key", {"policy": _without("cloudwatch.amazonaws.com")}),
    "MON-011": Violation(ALARM, {"treatMissingData": "ignore"}),
    "MON-012": Violation(BOARD, {"dashboardBody": _without("tierup/business", "shop/business")}),
    "MON-013": Violation(ALARM, {"threshold": 99}),
    "MON-014": Violation(ALARM, {"threshold": 99}),
    "MON-015": Violation("aws:sns/topic:Topic", {"kmsMasterKeyId": ABSENT}),
    "LOG-001": Violation("aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": ABSENT}),
    "LOG-002": Violation("aws:cloudwatch/logGroup:LogGroup", {"kmsKeyId": ABSENT}),
    "LOG-003": Violation("aws:cloudwatch/logMetricFilter:LogMetricFilter", {}),
}
