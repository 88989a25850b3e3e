"""New Relic's alerts and entities in the sandbox."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tierup.sandbox.newrelic.alerts import CHANNEL, DESTINATION, POLICY
from tierup.sandbox.newrelic.entities import MONITOR

from ..aws.account import Account
from ..provider_calls import Engine

CONDITION = "newrelic:index/nrqlAlertCondition:NrqlAlertCondition"
LEVEL = "newrelic:index/serviceLevel:ServiceLevel"
DASHBOARD = "newrelic:index/oneDashboardJson:OneDashboardJson"
LINK = "newrelic:cloud/awsLinkAccount:AwsLinkAccount"
EMAIL: dict[str, Any] = {"name": "ops", "type": "EMAIL", "properties": [{"key": "email", "value": "ops@example.com"}]}
PING: dict[str, Any] = {
    "name": "api",
    "type": "SIMPLE",
    "status": "ENABLED",
    "uri": "https://example.com/",
    "locationsPublics": ["US_EAST_1"],
}


def condition(account: Account, **changes: Any) -> dict[str, Any]:
    """Return the inputs of a condition whose policy exists."""
    policies = list(account.cloud.find(POLICY)) or [account.make(POLICY, "policy", name="shop")]
    given: dict[str, Any] = {
        "policyId": policies[0].id,
        "name": "cpu",
        "nrql": {"query": "FROM Metric SELECT average(`aws.ecs.CPUUtilization`) WHERE `aws.ecs.ServiceName` = 'api'"},
        "critical": {"operator": "above", "threshold": 70, "thresholdDuration": 900},
        "aggregationWindow": 60,
    }
    return {key: value for key, value in {**given, **changes}.items() if value is not None}


def test_condition_has_the_ids_of_policy_and_condition() -> None:
    account = Account()
    inputs = condition(account)
    assert account.make(CONDITION, **inputs).id.startswith(f"{inputs['policyId']}:")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"policyId": "1"}, "policyId"),
        ({"nrql": {"query": "SELECT count(*)"}}, "nrql.query"),
        ({"nrql": {"query": "FROM Metric SELECT count(*) TIMESERIES"}}, "nrql.query"),
        ({"critical": None}, "critical"),
        ({"critical": {"threshold": 70, "thresholdDuration": 90}}, "critical.thresholdDuration"),
        ({"critical": {"threshold": 70, "thresholdDuration": 30}}, "critical.thresholdDuration"),
        ({"critical": {"operator": "over", "threshold": 70}}, "critical.operator"),
        ({"aggregationWindow": 5}, "aggregationWindow"),
        ({"aggregationMethod": "event_timer", "aggregationDelay": "60"}, "aggregationDelay"),
        ({"aggregationMethod": "cadence", "aggregationTimer": "60"}, "aggregationTimer"),
        ({"slideBy": 45}, "slideBy"),
        ({"signalSeasonality": "DAILY"}, "signalSeasonality"),
        ({"type": "baseline"}, "baselineDirection"),
        ({"violationTimeLimitSeconds": 10}, "violationTimeLimitSeconds"),
        ({"fillValue": 0}, "fillValue"),
    ],
)
def test_invalid_conditions_are_rejected(changes: dict[str, Any], path: str) -> None:
    account = Account()
    assert path in {each.path for each in account.rejections(CONDITION, **condition(account, **changes))}


def test_channel_has_the_type_of_its_destination() -> None:
    account = Account()
    destination = account.make(DESTINATION, "destination", **EMAIL)
    channel = {"name": "ops", "product": "IINT", "destinationId": destination.id, "properties": []}
    assert account.rejections(CHANNEL, **{**channel, "type": "SLACK"})[0].path == "type"
    assert (
        account.rejections(CHANNEL, **{**channel, "type": "EMAIL", "properties": [{"key": "email", "value": "x"}]})
        == []
    )
    assert {each.path for each in account.rejections(DESTINATION, **{**EMAIL, "properties": []})} == {"properties"}


def test_service_level_belongs_to_an_entity() -> None:
    account = Account()
    monitor = account.make(MONITOR, "monitor", **PING)
    level: dict[str, Any] = {
        "guid": monitor.id,
        "name": "available",
        "events": {
            "accountId": "1",
            "validEvents": {"from": "SyntheticCheck"},
            "goodEvents": {"from": "SyntheticCheck", "where": "result = 'SUCCESS'"},
        },
        "objective": {"target": 99.9, "timeWindow": {"rolling": {"count": 28, "unit": "DAY"}}},
    }
    assert account.make(LEVEL, "level", **level).id.endswith(monitor.id)
    assert {each.path for each in account.rejections(LEVEL, **{**level, "guid": "x"})} == {"guid"}
    days = {"target": 99.9, "timeWindow": {"rolling": {"count": 30, "unit": "DAY"}}}
    assert account.rejections(LEVEL, **{**level, "objective": days})[0].path == "objective.timeWindow.rolling.count"
    both = {**level["events"], "badEvents": {"from": "SyntheticCheck"}}
    assert {each.path for each in account.rejections(LEVEL, **{**level, "events": both})} == {"events"}


@pytest.mark.parametrize(
    ("type", "inputs", "path"),
    [
        (MONITOR, {**PING, "locationsPublics": []}, "locationsPublics"),
        (MONITOR, {**PING, "uri": "example.com"}, "uri"),
        (MONITOR, {**PING, "period": "EVERY_2_MINUTES"}, "period"),
        (DASHBOARD, {"json": "{"}, "json"),
        (DASHBOARD, {"json": json.dumps({"name": "x", "pages": []})}, "json"),
        (LINK, {"arn": "arn:aws:iam::1:role/x", "metricCollectionMode": "PUSH"}, "arn"),
    ],
)
def test_invalid_inputs_are_rejected(type: str, inputs: dict[str, Any], path: str) -> None:
    assert path in {each.path for each in Account().rejections(type, **inputs)}


def test_policy_and_type_replace_a_condition() -> None:
    old = condition(Account())
    engine = Engine(package="newrelic")
    assert engine.diff(CONDITION, old, {**old, "policyId": "2"})[1] == {"policyId"}
    assert engine.diff(CONDITION, old, {**old, "name": "x", "enabled": True}) == ({"name"}, set())
