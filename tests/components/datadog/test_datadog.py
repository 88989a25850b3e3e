"""The components of Datadog. One file, because its SDK takes seconds to load, in each process of a test run."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from components.datadog.aws_integration import DATADOG_ACCOUNT, DatadogAwsIntegration, DatadogAwsIntegrationArgs
from components.datadog.dashboard import DatadogDashboard, DatadogDashboardArgs
from components.datadog.monitors import DatadogMonitors, DatadogMonitorsArgs
from components.datadog.objective import DatadogObjective, DatadogObjectiveArgs
from components.datadog.queries import series
from components.datadog.recipients import DatadogRecipients
from components.datadog.synthetic_check import DatadogSyntheticCheck, DatadogSyntheticCheckArgs
from components.monitoring.metric import Metric
from components.monitoring.monitored_threshold import MonitoredThreshold
from tests.engine_recorder import ACCOUNT, Recording, record

MONITOR = "datadog:index/monitor:Monitor"
BALANCER = {"LoadBalancer": "app/Api/1"}
ERRORS = Metric(namespace="AWS/ApplicationELB", name="HTTPCode_Target_5XX_Count", dimensions=BALANCER, statistic="Sum")
REQUESTS = replace(ERRORS, name="RequestCount")
CPU = Metric(
    namespace="AWS/ECS",
    name="CPUUtilization",
    dimensions={"ServiceName": "api", "ClusterName": "app"},
    statistic="Average",
)
HEALTHY = Metric(namespace="AWS/ApplicationELB", name="HealthyHostCount", dimensions=BALANCER, statistic="Maximum")
BUSY = MonitoredThreshold(
    summary="The CPU is busy.", action="Add tasks.", metrics=[CPU], comparison=">", threshold=70, window_minutes=15
)
DOWN = replace(BUSY, metrics=[HEALTHY, HEALTHY], comparison="<", threshold=1, notify_missing=True, urgent=True)
RATE = replace(BUSY, metrics=[ERRORS], total=REQUESTS, min_total=1000, threshold=0.1)
RECIPIENTS = DatadogRecipients(page=["@pagerduty-shop"], ticket=["@ops@example.com"])
TAGS = {"Stack": "Prod", "Project": "my shop"}
ARGS = DatadogMonitorsArgs(
    thresholds={"busy": BUSY, "down": DOWN, "rate": RATE},
    title="shop/prod",
    recipients=RECIPIENTS,
    tags=TAGS,
    runbooks="https://example.com/runbooks",
)


@pytest.fixture(scope="module")
def monitors() -> Recording[DatadogMonitors]:
    return record(lambda: DatadogMonitors("it", ARGS))


def query(recording: Recording[Any], name: str) -> str:
    return recording.named(name).inputs["query"]


def test_gauge_must_breach_in_the_whole_window(monitors: Recording[DatadogMonitors]) -> None:
    expected = "min(last_15m):avg:aws.ecs.service.cpuutilization{clustername:app,servicename:api} > 70"
    assert query(monitors, "it-busy") == expected
    assert monitors.named("it-busy").inputs["monitorThresholds"] == {"critical": "70"}


def test_least_value_is_compared_with_a_lower_threshold(monitors: Recording[DatadogMonitors]) -> None:
    one = "default_zero(max:aws.applicationelb.healthy_host_count.maximum{loadbalancer:app/api/1})"
    assert query(monitors, "it-down") == f"max(last_15m):{one} + {one} < 1"


def test_heartbeat_also_notifies_without_data(monitors: Recording[DatadogMonitors]) -> None:
    down, busy = monitors.named("it-down").inputs, monitors.named("it-busy").inputs
    assert (down["notifyNoData"], down["noDataTimeframe"]) == (True, 45)
    assert busy["notifyNoData"] is False
    assert "noDataTimeframe" not in busy


def test_percentage_counts_only_from_a_least_total_on(monitors: Recording[DatadogMonitors]) -> None:
    errors = "sum:aws.applicationelb.httpcode_target_5xx{loadbalancer:app/api/1}.as_count()"
    requests = "sum:aws.applicationelb.request_count{loadbalancer:app/api/1}.as_count()"
    assert query(monitors, "it-rate-share") == f"sum(last_15m):100 * ({errors}) / {requests} > 0.1"
    assert query(monitors, "it-rate-total") == f"sum(last_15m):{requests} >= 1000"
    composite = monitors.named("it-rate").inputs
    assert (composite["type"], composite["query"]) == ("composite", "it-rate-share-id && it-rate-total-id")


def test_only_the_composite_monitor_notifies(monitors: Recording[DatadogMonitors]) -> None:
    messages = {each.name: each.inputs["message"] for each in monitors.of(MONITOR)}
    assert [name for name, text in messages.items() if "@" not in text] == ["it-rate-share", "it-rate-total"]
    assert messages["it-down"].endswith("@pagerduty-shop")
    assert messages["it-busy"] == (
        "The CPU is busy.\nWhat to do: Add tasks.\nRunbook: https://example.com/runbooks/busy.md\n\n@ops@example.com"
    )


def test_monitors_wait_for_the_metrics_of_cloudwatch(monitors: Recording[DatadogMonitors]) -> None:
    metric = [each.inputs for each in monitors.of(MONITOR) if each.inputs["type"] == "query alert"]
    assert len(metric) == 4
    assert {each["evaluationDelay"] for each in metric} == {900}
    assert {each["requireFullWindow"] for each in metric} == {False}
    assert metric[0]["tags"] == ["project:my_shop", "severity:ticket", "stack:prod"]


def test_percentile_has_a_name_of_its_own() -> None:
    p95 = replace(REQUESTS, name="TargetResponseTime", statistic="p95")
    recording = record(lambda: series(p95))
    wanted = "avg:aws.applicationelb.target_response_time.p95{loadbalancer:app/api/1}"
    assert recording.value(recording.result) == wanted


def test_unknown_metric_is_rejected() -> None:
    with pytest.raises(ValueError, match="metrics: Datadog's name of a metric is not known"):
        series(replace(CPU, name="Magic"))


INTEGRATION = DatadogAwsIntegrationArgs(account_id=ACCOUNT, regions=["us-east-1", "eu-west-1"], tags=TAGS)


def test_only_datadog_assumes_the_role_and_only_reads() -> None:
    recording = record(lambda: DatadogAwsIntegration("dd", INTEGRATION))
    assert recording.tree() == {
        "dd": None,
        "dd-external-id": "dd",
        "dd-role": "dd",
        "dd-policy": "dd",
        "dd-account": "dd",
    }
    (trust,) = json.loads(recording.named("dd-role").inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"AWS": f"arn:aws:iam::{DATADOG_ACCOUNT}:root"}
    assert trust["Condition"] == {"StringEquals": {"sts:ExternalId": "dd-external-id-id"}}
    (allowed,) = json.loads(recording.named("dd-policy").inputs["policy"])["Statement"]
    verbs = {action.partition(":")[2].rstrip("*") for action in allowed["Action"]}
    assert {verb for verb in verbs if not verb.startswith(("Describe", "Get", "List"))} == set()


def test_account_collects_only_the_architecture_in_its_regions() -> None:
    account = record(lambda: DatadogAwsIntegration("dd", INTEGRATION)).named("dd-account")
    assert account.inputs["awsRegions"] == {"includeOnlies": ["eu-west-1", "us-east-1"]}
    namespaces = account.inputs["metricsConfig"]["namespaceFilters"]["includeOnlies"]
    assert namespaces == ["AWS/ApplicationELB", "AWS/ECS", "AWS/ElastiCache"]
    assert account.inputs["metricsConfig"]["collectCustomMetrics"] is False
    assert "dd-policy" in account.opts.depends_on


def test_objective_divides_good_requests_by_all() -> None:
    args = DatadogObjectiveArgs(
        title="available", requests=REQUESTS, failures=[ERRORS], objective_percent=99.9, tags=TAGS
    )
    inputs = record(lambda: DatadogObjective("slo", args)).named("slo-objective").inputs
    requests = "sum:aws.applicationelb.request_count{loadbalancer:app/api/1}.as_count()"
    errors = "sum:aws.applicationelb.httpcode_target_5xx{loadbalancer:app/api/1}.as_count()"
    assert inputs["query"] == {"numerator": f"{requests} - ({errors})", "denominator": requests}
    assert inputs["thresholds"] == [{"timeframe": "30d", "target": 99.9}]
    with pytest.raises(ValueError, match="objective_percent: leaves no error budget"):
        replace(args, objective_percent=100)


CHECK = DatadogSyntheticCheckArgs(url="https://api.example.com/health", title="API", recipients=RECIPIENTS, tags=TAGS)


def test_synthetic_check_pages_when_two_locations_fail() -> None:
    inputs = record(lambda: DatadogSyntheticCheck("check", CHECK)).named("check-test").inputs
    assert inputs["requestDefinition"] == {"method": "GET", "url": "https://api.example.com/health"}
    assert inputs["optionsList"]["minLocationFailed"] == 2
    assert inputs["optionsList"]["tickEvery"] == 300
    assert inputs["message"].endswith("@pagerduty-shop")


def test_dashboard_shows_each_threshold_with_its_limit() -> None:
    args = DatadogDashboardArgs(title="shop", thresholds=ARGS.thresholds, objective_id="slo-1")
    recording = record(lambda: DatadogDashboard("it", args))
    widgets = json.loads(recording.named("it-dashboard").inputs["dashboard"])["widgets"]
    kinds = [(each["definition"]["type"], each["definition"].get("title")) for each in widgets]
    assert kinds == [("slo", None), ("timeseries", "busy"), ("timeseries", "down"), ("timeseries", "rate")]
    assert [each["definition"]["markers"][0]["value"] for each in widgets[1:]] == ["y > 70", "y < 1", "y > 0.1"]


@pytest.mark.parametrize(
    ("args", "changed", "message"),
    [
        (ARGS, {"delay_seconds": -1}, "^delay_seconds: "),
        (ARGS, {"runbooks": "http://x"}, "^runbooks: "),
        (INTEGRATION, {"account_id": "12"}, "^account_id: "),
        (INTEGRATION, {"regions": []}, "^regions: empty"),
        (INTEGRATION, {"site": "ddog-gov.com"}, "^site: the government site"),
        (CHECK, {"url": "http://x"}, "^url: not an https address"),
        (CHECK, {"locations": ["aws:eu-west-1"]}, "^locations: too few"),
        (CHECK, {"interval_seconds": 5}, "^interval_seconds: "),
        (RECIPIENTS, {"page": ["ops"]}, "^page: no handles"),
        (RECIPIENTS, {"ticket": []}, "^ticket: no handles"),
    ],
)
def test_wrong_arguments_are_rejected(args: Any, changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(args, **changed)
