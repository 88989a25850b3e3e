"""Datadog's objectives, synthetic tests, dashboards and AWS accounts in the sandbox."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ..aws.account import Account
from ..provider_calls import Engine

OBJECTIVE = "datadog:index/serviceLevelObjective:ServiceLevelObjective"
TEST = "datadog:index/syntheticsTest:SyntheticsTest"
DASHBOARD = "datadog:index/dashboardJson:DashboardJson"
ACCOUNT = "datadog:aws/integrationAccount:IntegrationAccount"

SLO: dict[str, Any] = {
    "name": "available",
    "type": "metric",
    "query": {"numerator": "sum:good{*}.as_count()", "denominator": "sum:all{*}.as_count()"},
    "thresholds": [{"timeframe": "30d", "target": 99.9}],
}
HTTP: dict[str, Any] = {
    "name": "api",
    "type": "api",
    "subtype": "http",
    "status": "live",
    "locations": ["aws:eu-central-1", "aws:us-east-1"],
    "requestDefinition": {"method": "GET", "url": "https://api.example.com/health"},
    "assertions": [{"type": "statusCode", "operator": "is", "target": "200"}],
    "optionsList": {"tickEvery": 300},
}
CONNECTED: dict[str, Any] = {
    "awsAccountId": "111122223333",
    "awsPartition": "aws",
    "authConfig": {"awsAuthConfigRole": {"roleName": "datadog"}},
    "awsRegions": {"includeOnlies": ["eu-west-1"]},
    "logsConfig": {"lambdaForwarder": {}},
    "metricsConfig": {"namespaceFilters": {"includeOnlies": ["AWS/ECS"]}},
    "resourcesConfig": {},
    "tracesConfig": {"xrayServices": {}},
}


@pytest.mark.parametrize(("type", "inputs"), [(OBJECTIVE, SLO), (TEST, HTTP), (ACCOUNT, CONNECTED)])
def test_valid_resources_are_created(type: str, inputs: dict[str, Any]) -> None:
    assert Account().make(type, **inputs).id


@pytest.mark.parametrize(
    ("type", "inputs", "path"),
    [
        (OBJECTIVE, {**SLO, "thresholds": [{"timeframe": "30d", "target": 100}]}, "thresholds[0].target"),
        (OBJECTIVE, {**SLO, "thresholds": [{"timeframe": "30d", "target": 99.9, "warning": 99}]},
         "thresholds[0].warning"),
        (OBJECTIVE, {**SLO, "thresholds": 2 * SLO["thresholds"]}, "thresholds[1].timeframe"),
        (OBJECTIVE, {**SLO, "timeframe": "7d"}, "timeframe"),
        (OBJECTIVE, {**SLO, "type": "monitor"}, "monitorIds"),
        (OBJECTIVE, {**SLO, "type": "monitor", "query": None, "monitorIds": [1]}, "monitorIds[0]"),
        (TEST, {**HTTP, "locations": []}, "locations"),
        (TEST, {**HTTP, "locations": ["aws:mars-1"]}, "locations[0]"),
        (TEST, {**HTTP, "assertions": []}, "assertions"),
        (TEST, {**HTTP, "optionsList": {"tickEvery": 10}}, "optionsList.tickEvery"),
        (TEST, {**HTTP, "requestDefinition": {"url": "api.example.com"}}, "requestDefinition.url"),
        (DASHBOARD, {"dashboard": "{"}, "dashboard"),
        (DASHBOARD, {"dashboard": json.dumps({"title": "t", "layout_type": "ordered"})}, "dashboard"),
        (DASHBOARD, {"dashboard": json.dumps({"title": "t", "layout_type": "grid", "widgets": []})}, "dashboard"),
        (ACCOUNT, {**CONNECTED, "resourcesConfig": None}, "resourcesConfig"),
        (ACCOUNT, {**CONNECTED, "logsConfig": {}}, "logsConfig.lambdaForwarder"),
        (ACCOUNT, {**CONNECTED, "authConfig": {}}, "authConfig"),
        (ACCOUNT, {**CONNECTED, "awsAccountId": "1"}, "awsAccountId"),
        (ACCOUNT, {**CONNECTED, "awsRegions": {"includeAll": True, "includeOnlies": ["eu-west-1"]}},
         "awsRegions.includeOnlies"),
    ],
)  # fmt: skip
def test_invalid_inputs_are_rejected(type: str, inputs: dict[str, Any], path: str) -> None:
    given = {key: value for key, value in inputs.items() if value is not None}
    assert path in {each.path for each in Account().rejections(type, **given)}


def test_account_is_in_an_organization_once() -> None:
    account = Account()
    account.make(ACCOUNT, "first", **CONNECTED)
    assert account.codes(ACCOUNT, **CONNECTED) == {"409 Conflict"}


def test_datadog_generates_an_external_id_and_keeps_it() -> None:
    account = Account()
    made = account.make(ACCOUNT, **CONNECTED)
    external = made.outputs["authConfig"]["awsAuthConfigRole"]["externalId"]
    assert len(external) == 32
    changed = account.change(made, awsRegions={"includeOnlies": ["eu-west-1", "us-east-1"]})
    assert changed.outputs["authConfig"]["awsAuthConfigRole"]["externalId"] == external


def test_type_of_an_objective_replaces_it() -> None:
    other = {**SLO, "type": "time_slice"}
    assert Engine(package="datadog").diff(OBJECTIVE, SLO, other)[1] == {"type"}
    assert Engine(package="datadog").diff(OBJECTIVE, SLO, {**SLO, "name": "x"}) == ({"name"}, set())


def test_format_of_a_dashboard_is_no_change() -> None:
    body = {"title": "t", "layout_type": "ordered", "widgets": []}
    engine = Engine(package="datadog")
    old, new = {"dashboard": json.dumps(body)}, {"dashboard": json.dumps(body, indent=2)}
    assert engine.diff(DASHBOARD, old, new) == (set(), set())
