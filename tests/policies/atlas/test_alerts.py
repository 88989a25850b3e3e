"""The five rules on alerts share one factory: each test runs for each rule."""

from __future__ import annotations

import pytest

from policies.atlas import connections, disk_alert, query_time, replication_lag, slow_queries
from policies.atlas.alerts import ALERT
from policies.atlas.clusters import ADVANCED_CLUSTER
from policies.rule import Outcome, Stack, StackRule
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource, resources_with

EACH = pytest.mark.parametrize(
    ("rule", "alert"),
    [
        (query_time.RULE, "atlas-slow-reads"),
        (query_time.RULE, "atlas-slow-writes"),
        (query_time.RULE, "atlas-slow-commands"),
        (connections.RULE, "atlas-connections"),
        (disk_alert.RULE, "atlas-disk"),
        (replication_lag.RULE, "atlas-replication-lag"),
        (slow_queries.RULE, "atlas-query-targeting"),
    ],
    ids=lambda each: each if isinstance(each, str) else each.id,
)
CONFIG = "metricThresholdConfig"


@EACH
def test_alert_within_the_limit_passes(rule: StackRule, alert: str) -> None:
    assert evaluate(rule, "atlas-cluster").outcome is Outcome.PASS
    assert evaluate(rule, "atlas-cluster", {f"{alert}: matchers": ABSENT}).outcome is Outcome.PASS


@EACH
def test_no_alert_fails(rule: StackRule, alert: str) -> None:
    verdict = evaluate(rule, "atlas-cluster", {alert: ABSENT})
    assert [finding.found for finding in verdict.findings] == ["missing"]


@EACH
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("enabled", False),
        ("enabled", ABSENT),
        ("notifications", []),
        (f"{CONFIG}.threshold", 100_000),
        (f"{CONFIG}.threshold", ABSENT),
        (f"{CONFIG}.operator", "LESS_THAN"),
    ],
)
def test_disabled_or_loose_alert_fails_with_its_path(rule: StackRule, alert: str, path: str, value: object) -> None:
    verdict = evaluate(rule, "atlas-cluster", {f"{alert}: {path}": value})
    assert [finding.path for finding in verdict.findings] == [f"{alert}: {path}"]


@EACH
@pytest.mark.parametrize("path", ["enabled", "notifications", f"{CONFIG}.threshold", f"{CONFIG}.metricName"])
def test_unknown_values_evaluate_to_unknown(rule: StackRule, alert: str, path: str) -> None:
    assert evaluate(rule, "atlas-cluster", {f"{alert}: {path}": UNKNOWN}).outcome is Outcome.UNKNOWN


@EACH
def test_alert_of_another_cluster_or_project_is_ignored(rule: StackRule, alert: str) -> None:
    assert evaluate(rule, "atlas-cluster", {f"{alert}: matchers[0].value": "another"}).outcome is Outcome.FAIL
    assert evaluate(rule, "atlas-cluster", {f"{alert}: projectId": "another"}).outcome is Outcome.FAIL


@EACH
def test_matcher_on_another_field_does_not_exclude_the_cluster(rule: StackRule, alert: str) -> None:
    changes = {f"{alert}: matchers": [{"fieldName": "TYPE_NAME", "operator": "EQUALS", "value": "PRIMARY"}]}
    assert evaluate(rule, "atlas-cluster", changes).outcome is Outcome.PASS


def test_threshold_units_are_converted() -> None:
    changes = {"atlas-replication-lag: metricThresholdConfig.units": "MINUTES"}
    verdict = evaluate(replication_lag.RULE, "atlas-cluster", changes)
    assert [(finding.found, finding.wanted) for finding in verdict.findings] == [("30 minutes", "60 seconds or below")]


def test_one_compliant_alert_is_enough() -> None:
    alerts = [
        resource(
            ALERT,
            {
                "projectId": "p",
                "eventType": "OUTSIDE_METRIC_THRESHOLD",
                "enabled": True,
                "notifications": [{"typeName": "EMAIL"}],
                CONFIG: {"metricName": "CONNECTIONS_PERCENT", "operator": "GREATER_THAN", "threshold": threshold},
            },
            name,
        )
        for name, threshold in (("loose", 95), ("good", 70))
    ]
    cluster = resource(ADVANCED_CLUSTER, {"projectId": "p"}, "cluster")
    assert connections.RULE.evaluate(cluster, Stack((cluster, *alerts))).outcome is Outcome.PASS
    assert connections.RULE.evaluate(cluster, Stack((cluster, alerts[0]))).outcome is Outcome.FAIL
    assert connections.RULE.evaluate(cluster, Stack((cluster,))).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(("service", "outcome"), [("DATADOG", Outcome.UNKNOWN), ("PAGER_DUTY", Outcome.FAIL)])
def test_alerts_of_a_metrics_service_evaluate_to_unknown(service: str, outcome: Outcome) -> None:
    here = [each for each in resources_with({}) if each.name != "atlas-connections"]
    cluster = next(each for each in here if each.name == "atlas-cluster")
    integration = resource(
        "mongodbatlas:index/thirdPartyIntegration:ThirdPartyIntegration",
        {"projectId": cluster.properties["projectId"], "type": service},
    )
    assert connections.RULE.evaluate(cluster, Stack((*here, integration))).outcome is outcome


def test_limits_are_configurable() -> None:
    assert evaluate(disk_alert.RULE, "atlas-cluster", parameters={"maximumDiskPercent": 60}).outcome is Outcome.FAIL
    assert (
        evaluate(query_time.RULE, "atlas-cluster", parameters={"maximumQueryMilliseconds": 50}).outcome is Outcome.FAIL
    )
