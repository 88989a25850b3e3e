"""The uptime check: asked over HTTPS, alarmed where its metrics are."""

from __future__ import annotations

from typing import Any

import pytest

from components.monitoring.uptime_check import UptimeCheck, UptimeCheckArgs
from tests.engine_recorder import Recording, record

TOPIC = "arn:aws:sns:us-east-1:111122223333:edge"


def arguments(**changes: Any) -> UptimeCheckArgs:
    usual: dict[str, Any] = {"host": "api.example.com", "topic_arn": TOPIC, "tags": {"Stack": "dev"}}
    return UptimeCheckArgs(**{**usual, **changes})


def built() -> Recording[UptimeCheck]:
    return record(lambda: UptimeCheck("uptime", arguments()))


def test_it_asks_for_the_health_page_over_https() -> None:
    recording = built()
    assert recording.tree() == {"uptime": None, "uptime-check": "uptime", "uptime-down": "uptime"}
    inputs = recording.one("aws:route53/healthCheck:HealthCheck").inputs
    assert (inputs["type"], inputs["port"], inputs["enableSni"]) == ("HTTPS", 443, True)
    assert (inputs["fqdn"], inputs["resourcePath"]) == ("api.example.com", "/health")


def test_its_alarm_is_in_us_east_1_and_silence_is_an_alarm() -> None:
    inputs = built().one("aws:cloudwatch/metricAlarm:MetricAlarm").inputs
    assert inputs["region"] == "us-east-1"
    assert inputs["dimensions"] == {"HealthCheckId": "uptime-check-id"}
    assert inputs["treatMissingData"] == "breaching"
    assert inputs["alarmActions"] == inputs["okActions"] == [TOPIC]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"host": "https://api.example.com"}, "a host name alone"),
        ({"host": "api.example.com/health"}, "a host name alone"),
        ({"path": "health"}, "a path from the root"),
        ({"failures": 0}, "1 to 10"),
        ({"failures": 11}, "1 to 10"),
    ],
)
def test_what_route_53_would_refuse(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        arguments(**changes)
