"""The monitoring vendors: their settings, thresholds, and the whole program on the sandbox's providers."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from components.monitoring.alarms import Alarm, TreatMissingData
from components.monitoring.metric import Metric
from stacks.config.groups import MonitoringVendor
from stacks.monitoring import alarms
from stacks.monitoring.vendor_thresholds import vendor_thresholds
from stacks.resources.alert_routes import PAGED
from tests.stacks.config.test_reading import read, refused
from tests.stacks.deployed import deploy

API_KEY = "0" * 32


def test_cloudwatch_alone_is_the_default() -> None:
    assert read().monitoring == (MonitoringVendor.CLOUDWATCH,)


@pytest.mark.parametrize("text", ["datadog", '["datadog"]', '["cloudwatch", "datadog"]'])
def test_one_vendor_or_a_list_is_accepted(text: str) -> None:
    settings = read(secret_keys=["tierup:datadogApiKey"], monitoring=text, datadogApiKey=API_KEY)
    assert MonitoringVendor.DATADOG in settings.monitoring


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"monitoring": "nagios"}, "tierup:monitoring"),
        ({"monitoring": '["cloudwatch", "cloudwatch"]'}, "the list contains a service twice"),
        ({"monitoring": "datadog"}, "tierup:datadogApiKey: the setting is missing, and tierup:monitoring datadog"),
        ({"datadog": '{"intervalSeconds": 60}'}, "tierup:datadog: the setting has no effect"),
        ({"monitoring": "newrelic"}, "tierup:newRelic: the setting is missing, and tierup:monitoring newrelic"),
        ({"monitoring": "datadog", "backendHost": "render"}, "the vendor monitors the load balancer"),
        ({"monitoring": "sentry"}, "tierup:sentry: the setting is missing, and tierup:monitoring sentry requires it"),
        ({"sentry": '{"organization": "example"}'}, "tierup:sentry: the setting has no effect"),
        ({"monitoring": "sentry", "sentry": '{"organization": "Example"}'}, "tierup:sentry.organization"),
        ({"monitoring": "datadog", "datadog": '{"pageHandles": ["ops"]}'}, "tierup:datadog.pageHandles.0"),
        ({"monitoring": "datadog", "datadog": '{"locations": ["aws:eu-west-1"]}'}, "locations: only one"),
    ],
)
def test_wrong_settings_are_refused(changes: Mapping[str, str], message: str) -> None:
    assert message in str(refused(**changes))


GROUPS = ("targetgroup/blue/1", "targetgroup/green/2")
TARGETS = alarms.service_targets(load_balancer="app/api/1", target_groups=GROUPS, cluster="app", service="api")
OUTAGES = alarms.outages(load_balancer="app/api/1", target_groups=GROUPS, log_errors="errors")


def test_vendors_monitor_the_thresholds_of_the_alarms() -> None:
    thresholds = vendor_thresholds(TARGETS, urgent=PAGED)
    assert {name: each.threshold for name, each in thresholds.items()} == {
        name: alarm.threshold for name, alarm in TARGETS.items()
    }
    assert {name: each.window_minutes for name, each in thresholds.items()} == {
        "slow-responses": 15,
        "error-rate": 15,
        "service-cpu": 15,
        "service-memory": 15,
    }


def test_percentage_keeps_its_total_and_its_minimum_number_of_requests() -> None:
    rate = vendor_thresholds(TARGETS, urgent=PAGED)["error-rate"]
    assert rate.total is not None
    assert (rate.total.name, rate.min_total) == ("RequestCount", alarms.ENOUGH_REQUESTS)
    assert [each.name for each in rate.metrics] == ["HTTPCode_Target_5XX_Count"] * 2


def test_vendors_keep_urgent_alarms_and_notifications_of_missing_data() -> None:
    thresholds = vendor_thresholds(OUTAGES, urgent=PAGED, prefix="x-")
    assert {name for name, each in thresholds.items() if each.urgent} == {
        "x-no-running-task",
        "x-service-errors",
        "x-load-balancer-errors",
    }
    assert [name for name, each in thresholds.items() if each.notify_missing] == ["x-no-running-task"]
    assert thresholds["x-no-running-task"].runbook == "no-running-task"


def test_custom_metrics_stay_in_cloudwatch() -> None:
    assert set(OUTAGES) - set(vendor_thresholds(OUTAGES, urgent=PAGED)) == {"logged-errors"}


def test_comparison_without_an_equivalent_is_an_error() -> None:
    metric = Metric(namespace="AWS/ECS", name="CPUUtilization", dimensions={}, statistic="Average")
    alarm = Alarm(
        summary="s",
        action="a",
        metrics={"m": metric},
        comparison=">=",
        threshold=1,
        treat_missing_data=TreatMissingData.MISSING,
    )
    with pytest.raises(ValueError, match="x: the comparison has no equivalent"):
        vendor_thresholds({"x": alarm}, urgent=())


@pytest.mark.exhaustive  # its SDK takes seconds to load
@pytest.mark.parametrize(("phase", "tier"), [("mvp", "small"), ("scale", "medium")])
def test_datadog_is_created_unchanged_by_a_second_up_and_deleted(phase: str, tier: str) -> None:
    settings = {"phase": phase, "tier": tier, "monitoring": "datadog"}
    errors, left = deploy(settings, secrets={"datadogApiKey": API_KEY}, again=True, destroy=True)
    assert errors == []
    assert left == []


def test_sentry_is_created_unchanged_by_a_second_up_and_deleted() -> None:
    settings = {"phase": "mvp", "tier": "small", "monitoring": "sentry", "sentry": '{"organization": "example"}'}
    errors, left = deploy(settings, again=True, destroy=True)
    assert errors == []
    assert left == []


LICENSE_KEY = "0" * 40


@pytest.mark.exhaustive
@pytest.mark.parametrize(("phase", "tier"), [("mvp", "small"), ("scale", "medium")])
def test_new_relic_is_created_unchanged_by_a_second_up_and_deleted(phase: str, tier: str) -> None:
    settings = {"phase": phase, "tier": tier, "monitoring": "newrelic", "newRelic": '{"accountId": "1234567"}'}
    errors, left = deploy(settings, secrets={"newRelicLicenseKey": LICENSE_KEY}, again=True, destroy=True)
    assert errors == []
    assert left == []
