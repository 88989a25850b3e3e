"""The alarm on a certificate that ACM did not renew."""

from __future__ import annotations

import pytest

from components.monitoring.alarms import Alarms, AlarmsArgs
from components.monitoring.certificate_expiry import certificate_expiry
from tests.engine_recorder import record

ARN = "arn:aws:acm:us-east-1:111122223333:certificate/c"
TOPIC = "arn:aws:sns:us-east-1:111122223333:edge"


def test_alarm_fires_before_the_certificate_expires() -> None:
    args = AlarmsArgs(alarms={"certificate": certificate_expiry(ARN)}, topic_arn=TOPIC, tags={}, region="us-east-1")
    alarm = record(lambda: Alarms("edge", args)).one("aws:cloudwatch/metricAlarm:MetricAlarm").inputs

    assert (alarm["namespace"], alarm["metricName"]) == ("AWS/CertificateManager", "DaysToExpiry")
    assert alarm["dimensions"] == {"CertificateArn": ARN}
    assert (alarm["comparisonOperator"], alarm["threshold"]) == ("LessThanThreshold", 30)
    assert (alarm["period"], alarm["treatMissingData"]) == (86_400, "missing")


@pytest.mark.parametrize("days", [0, 60])
def test_days_outside_the_time_after_renewal_are_rejected(days: int) -> None:
    with pytest.raises(ValueError, match=rf"^days: .*\(got {days}\)\. Give 1 to 59"):
        certificate_expiry(ARN, days=days)
