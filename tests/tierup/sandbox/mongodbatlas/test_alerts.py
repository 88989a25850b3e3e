"""Atlas alert configurations in the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from ..aws.account import Account
from .test_project import project

ALERT = "mongodbatlas:index/alertConfiguration:AlertConfiguration"
MAIL = {"typeName": "EMAIL", "emailAddress": "ops@example.com", "intervalMin": 5, "delayMin": 0}
DISK = {
    "metricName": "DISK_PARTITION_SPACE_USED_DATA",
    "operator": "GREATER_THAN",
    "threshold": 75,
    "units": "RAW",
    "mode": "AVERAGE",
}


def alert(*notifications: dict[str, Any], **more: Any) -> dict[str, Any]:
    inputs = {
        "eventType": "OUTSIDE_METRIC_THRESHOLD",
        "metricThresholdConfig": DISK,
        "notifications": list(notifications) or [MAIL],
        **more,
    }
    return {key: value for key, value in inputs.items() if value is not None}


def test_alert_configuration_has_an_atlas_id() -> None:
    account = Account()
    made = account.make(ALERT, projectId=project(account), enabled=True, **alert())
    assert len(made.outputs["alertConfigurationId"]) == 24


@pytest.mark.parametrize(
    "inputs",
    [
        alert(metricThresholdConfig=None),
        alert(eventType="NO_PRIMARY"),
        alert(metricThresholdConfig={**DISK, "operator": "ABOVE"}),
        alert(metricThresholdConfig={**DISK, "units": "PERCENT"}),
        alert(metricThresholdConfig={**DISK, "mode": "TOTAL"}),
        alert({**MAIL, "emailAddress": None}),
        alert({**MAIL, "intervalMin": 4}),
        alert({"typeName": "GROUP", "intervalMin": 5}),
        alert({"typeName": "SLACK", "apiToken": "x"}),
        alert({"typeName": "PIGEON"}),
        alert(thresholdConfig={"operator": "GREATER_THAN", "threshold": 1, "units": "RAW"}),
    ],
)
def test_invalid_alerts_are_rejected(inputs: dict[str, Any]) -> None:
    account = Account()
    assert account.codes(ALERT, projectId=project(account), **inputs)


@pytest.mark.parametrize(
    "inputs",
    [
        alert(eventType="NO_PRIMARY", metricThresholdConfig=None),
        alert({"typeName": "GROUP", "intervalMin": 5, "emailEnabled": True}),
        alert({"typeName": "SLACK", "integrationId": "a" * 24}),
    ],
)
def test_valid_alerts_are_accepted(inputs: dict[str, Any]) -> None:
    account = Account()
    assert not account.codes(ALERT, projectId=project(account), **inputs)


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        (alert(eventType="NO_PRIMARI", metricThresholdConfig=None), "INVALID_EVENT_TYPE_NAME"),
        (alert(metricThresholdConfig={**DISK, "metricName": "DISK_SPACE_USED"}), "INVALID_METRIC_NAME"),
        # Host metrics do not match on a cluster (section 4 of the findings asked which is right).
        (alert(matchers=[{"fieldName": "CLUSTER_NAME", "operator": "EQUALS", "value": "a"}]), "INVALID_MATCHER_FIELD"),
        (
            alert(
                eventType="JOINED_GROUP", metricThresholdConfig=None,
                matchers=[{"fieldName": "CLUSTER_NAME", "operator": "EQUALS", "value": "a"}],
            ),
            "INVALID_MATCHER_FIELD",
        ),
    ],
)  # fmt: skip
def test_event_matcher_and_metric_fit_each_other(inputs: dict[str, Any], code: str) -> None:
    account = Account()
    assert account.codes(ALERT, projectId=project(account), **inputs) == {code}


@pytest.mark.parametrize("field", ["TYPE_NAME", "HOSTNAME", "PORT", "HOSTNAME_AND_PORT", "REPLICA_SET_NAME"])
def test_host_metric_matches_on_hosts(field: str) -> None:
    account = Account()
    matchers = [{"fieldName": field, "operator": "EQUALS", "value": "a"}]
    assert not account.codes(ALERT, projectId=project(account), **alert(matchers=matchers))


def test_replica_set_event_matches_on_its_cluster() -> None:
    account = Account()
    matchers = [{"fieldName": "CLUSTER_NAME", "operator": "EQUALS", "value": "a"}]
    inputs = alert(eventType="TOO_MANY_ELECTIONS", metricThresholdConfig=None, matchers=matchers)
    threshold = {"operator": "GREATER_THAN", "threshold": 3, "units": "RAW"}
    assert not account.codes(ALERT, projectId=project(account), **inputs, thresholdConfig=threshold)
