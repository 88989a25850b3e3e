"""The uptime check: the health check and its alarm in us-east-1."""

from __future__ import annotations

from typing import Any

import pytest

from components.monitoring.uptime_check import UptimeCheck, UptimeCheckArgs
from tests.engine_recorder import Recording, record

TOPIC = "arn:aws:sns:us-east-1:111122223333:edge"


def arguments(**changes: Any) -> UptimeCheckArgs:
    default: dict[str, Any] = {"host": "api.example.com", "topic_arn": TOPIC, "tags": {"Stack": "dev"}}
    return UptimeCheckArgs(**{**default, **changes})


def recorded() -> Recording[UptimeCheck]:
    return record(lambda: UptimeCheck("uptime", arguments()))


def test_health_check_requests_the_path_over_https() -> None:
    recording = recorded()
    assert recording.tree() == {"uptime": None, "uptime-check": "uptime", "uptime-down": "uptime"}
    inputs = recording.one("aws:route53/healthCheck:HealthCheck").inputs
    assert (inputs["type"], inputs["port"], inputs["enableSni"]) == ("HTTPS", 443, True)
    assert (inputs["fqdn"], inputs["resourcePath"]) == ("api.example.com", "/health")


def test_alarm_is_in_us_east_1_and_missing_data_breaches() -> None:
    inputs = recorded().one("aws:cloudwatch/metricAlarm:MetricAlarm").inputs
    assert inputs["region"] == "us-east-1"
    assert inputs["dimensions"] == {"HealthCheckId": "uptime-check-id"}
    assert inputs["treatMissingData"] == "breaching"
    assert inputs["alarmActions"] == inputs["okActions"] == [TOPIC]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"host": "https://api.example.com"}, r"^host: not a host name"),
        ({"host": "api.example.com/health"}, r"^host: not a host name"),
        ({"path": "health"}, r"^path: not an absolute path \(got 'health'\)"),
        ({"failure_threshold": 0}, r"^failure_threshold: .*\(got 0\)\. Give 1 to 10"),
        ({"failure_threshold": 11}, r"^failure_threshold: .*\(got 11\)\. Give 1 to 10"),
    ],
)
def test_invalid_arguments_are_rejected(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        arguments(**changes)
