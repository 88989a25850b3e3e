"""The components of New Relic, and the metric stream."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from components.monitoring.metric import Metric
from components.monitoring.metric_stream import MetricStream, MetricStreamArgs
from components.monitoring.monitored_threshold import MonitoredThreshold
from components.newrelic.alerts import NewRelicAlerts, NewRelicAlertsArgs
from components.newrelic.availability import NewRelicAvailability, NewRelicAvailabilityArgs
from components.newrelic.aws_link import NEW_RELIC_ACCOUNT, NewRelicAwsLink, NewRelicAwsLinkArgs
from components.newrelic.dashboard import NewRelicDashboard, NewRelicDashboardArgs
from components.newrelic.queries import condition_query
from tests.engine_recorder import Recording, record

CONDITION = "newrelic:index/nrqlAlertCondition:NrqlAlertCondition"
ERRORS = Metric(
    namespace="AWS/ApplicationELB",
    name="HTTPCode_Target_5XX_Count",
    dimensions={"LoadBalancer": "app/x"},
    statistic="Sum",
)
REQUESTS = replace(ERRORS, name="RequestCount")
CPU = Metric(
    namespace="AWS/ECS",
    name="CPUUtilization",
    dimensions={"ServiceName": "api", "ClusterName": "app"},
    statistic="Average",
)
BUSY = MonitoredThreshold(
    summary="The CPU is busy.", action="Add tasks.", metrics=[CPU], comparison=">", threshold=70, window_minutes=15
)
RATE = replace(BUSY, metrics=[ERRORS], total=REQUESTS, min_total=1000, threshold=0.1, urgent=True)
DOWN = replace(BUSY, comparison="<", threshold=1, notify_missing=True)
P95 = replace(BUSY, metrics=[replace(CPU, statistic="p95")])
ALERTS = NewRelicAlertsArgs(
    title="shop/prod",
    thresholds={"busy": BUSY, "rate": RATE, "down": DOWN},
    page_emails=["on-call@example.com", "ops@example.com"],
    ticket_emails=["ops@example.com"],
    new_relic_account_id="1234567",
    runbooks="https://example.com/runbooks",
)
STREAM = MetricStreamArgs(
    vendor="New Relic",
    endpoint="https://example.com/v1",
    key="a-license-key",
    namespaces=["AWS/ECS"],
    recovery_window_days=0,
    force_destroy=True,
    tags={"Stack": "prod"},
)


def query(threshold: MonitoredThreshold) -> str:
    recording = record(lambda: condition_query(threshold))
    return recording.value(recording.result)


def test_gauge_is_selected_by_its_dimensions() -> None:
    where = "`aws.ecs.ClusterName` = 'app' AND `aws.ecs.ServiceName` = 'api'"
    assert query(BUSY) == f"FROM Metric SELECT average(`aws.ecs.CPUUtilization`) WHERE {where}"


def test_percentage_is_zero_below_a_minimum_total() -> None:
    where = "`aws.applicationelb.LoadBalancer` = 'app/x'"
    total = "sum(`aws.applicationelb.RequestCount`)"
    share = f"100 * filter(sum(`aws.applicationelb.HTTPCode_Target_5XX_Count`), WHERE {where}) / {total}"
    assert query(RATE) == f"FROM Metric SELECT {share} * if({total} >= 1000, 1, 0) WHERE {where}"


def test_added_metrics_are_one_sum_over_both() -> None:
    both = query(replace(BUSY, metrics=[ERRORS, replace(ERRORS, dimensions={"LoadBalancer": "app/y"})]))
    assert both.endswith(
        "WHERE (`aws.applicationelb.LoadBalancer` = 'app/x') OR (`aws.applicationelb.LoadBalancer` = 'app/y')"
    )


def test_percentile_is_rejected() -> None:
    with pytest.raises(ValueError, match="metrics: a metric stream has no percentiles"):
        condition_query(P95)
    with pytest.raises(ValueError, match=r"thresholds: .* \(got slow\)"):
        replace(ALERTS, thresholds={"slow": P95})


@pytest.fixture(scope="module")
def alerts() -> Recording[NewRelicAlerts]:
    return record(lambda: NewRelicAlerts("it", ALERTS))


def test_each_severity_notifies_its_addresses(alerts: Recording[NewRelicAlerts]) -> None:
    emails = {
        severity: alerts.named(f"it-{severity}-destination").inputs["properties"][0]["value"]
        for severity in ("page", "ticket")
    }
    assert emails == {"page": "on-call@example.com,ops@example.com", "ticket": "ops@example.com"}
    (predicate,) = alerts.named("it-page-workflow").inputs["issuesFilter"]["predicates"]
    assert predicate["values"] == ["it-page-policy-id"]
    assert alerts.named("it-page-workflow").inputs["destinations"] == [{"channelId": "it-page-channel-id"}]


def test_conditions_are_in_the_policy_of_their_severity(alerts: Recording[NewRelicAlerts]) -> None:
    policies = {each.name: each.inputs["policyId"] for each in alerts.of(CONDITION)}
    assert policies == {
        "it-busy": "it-ticket-policy-id",
        "it-down": "it-ticket-policy-id",
        "it-rate": "it-page-policy-id",
    }
    assert alerts.named("it-busy").inputs["runbookUrl"] == "https://example.com/runbooks/busy.md"


def test_counts_are_added_over_the_window_and_gauges_breach_each_minute(alerts: Recording[NewRelicAlerts]) -> None:
    windows = {
        each.name: (each.inputs["aggregationWindow"], each.inputs["critical"]["thresholdDuration"])
        for each in alerts.of(CONDITION)
    }
    assert windows == {"it-busy": (60, 900), "it-down": (60, 900), "it-rate": (900, 900)}


def test_only_a_threshold_with_notify_missing_opens_an_incident_without_data(alerts: Recording[NewRelicAlerts]) -> None:
    opening = {each.name: each.inputs.get("openViolationOnExpiration") for each in alerts.of(CONDITION)}
    assert opening == {"it-busy": None, "it-down": True, "it-rate": None}


def test_only_new_relic_assumes_the_role() -> None:
    args = NewRelicAwsLinkArgs(title="shop", new_relic_account_id="1234567", tags={})
    recording = record(lambda: NewRelicAwsLink("it", args))
    (trust,) = json.loads(recording.named("it-role").inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"AWS": f"arn:aws:iam::{NEW_RELIC_ACCOUNT}:root"}
    assert trust["Condition"] == {"StringEquals": {"sts:ExternalId": "1234567"}}
    link = recording.named("it-link")
    assert link.inputs["metricCollectionMode"] == "PUSH"
    assert "it-policy" in link.opts.depends_on


def test_firehose_reads_the_key_from_secrets_manager() -> None:
    recording = record(lambda: MetricStream("it", STREAM))
    value = recording.named("it-key-value")
    assert json.loads(value.inputs["secretString"]) == {"api_key": "a-license-key"}
    assert "secretString" in value.secret_inputs
    endpoint = recording.named("it-delivery").inputs["httpEndpointConfiguration"]
    assert "accessKey" not in endpoint
    assert endpoint["secretsManagerConfiguration"]["enabled"] is True
    assert endpoint["s3BackupMode"] == "FailedDataOnly"
    stream = recording.named("it-stream").inputs
    assert stream["includeFilters"] == [{"namespace": "AWS/ECS"}]
    (allowed,) = json.loads(recording.named("it-stream-policy").inputs["policy"])["Statement"]
    assert allowed["Action"] == ["firehose:PutRecord", "firehose:PutRecordBatch"]


AVAILABLE = NewRelicAvailabilityArgs(
    title="API", url="https://api.example.com/health", objective_percent=99.9, new_relic_account_id="1234567"
)


def test_service_level_counts_the_checks_of_its_monitor() -> None:
    recording = record(lambda: NewRelicAvailability("it", AVAILABLE))
    level = recording.named("it-level").inputs
    assert level["guid"] == "it-monitor-id"
    assert level["events"]["goodEvents"]["where"] == "entityGuid = 'it-monitor-id' AND result = 'SUCCESS'"
    assert level["objective"]["target"] == 99.9
    assert recording.named("it-monitor").inputs["locationsPublics"] == ["AP_NORTHEAST_1", "EU_CENTRAL_1", "US_EAST_1"]


def test_dashboard_has_a_chart_for_each_threshold() -> None:
    args = NewRelicDashboardArgs(title="shop", thresholds=ALERTS.thresholds, new_relic_account_id="1234567")
    text = record(lambda: NewRelicDashboard("it", args)).named("it-dashboard").inputs["json"]
    widgets = json.loads(text)["pages"][0]["widgets"]
    assert [each["title"] for each in widgets] == ["busy (> 70)", "rate (> 0.1)", "down (< 1)"]
    assert [each["layout"]["column"] for each in widgets] == [1, 5, 9]


@pytest.mark.parametrize(
    ("args", "changed", "message"),
    [
        (ALERTS, {"page_emails": ["ops"]}, "^page_emails: no e-mail addresses"),
        (ALERTS, {"ticket_emails": []}, "^ticket_emails: no e-mail addresses"),
        (ALERTS, {"new_relic_account_id": "x"}, "^new_relic_account_id: "),
        (AVAILABLE, {"url": "http://x"}, "^url: "),
        (AVAILABLE, {"objective_percent": 100}, "^objective_percent: "),
        (AVAILABLE, {"locations": ["US_EAST_1"]}, "^locations: "),
        (STREAM, {"endpoint": "http://x"}, "^endpoint: "),
        (STREAM, {"namespaces": []}, "^namespaces: "),
    ],
)
def test_wrong_arguments_are_rejected(args: Any, changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(args, **changed)
