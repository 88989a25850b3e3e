"""Failed deployments: the event pattern, and a message that a person can read."""

from __future__ import annotations

import json

import pytest

from components.monitoring.deployment_events import DeploymentEvents, DeploymentEventsArgs
from tests.engine_recorder import Recording, record

SERVICE = "arn:aws:ecs:eu-west-1:111122223333:service/app/backend"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms"
RUNBOOKS = "https://github.com/you/app/blob/main/docs/runbooks"


def recorded(runbooks: str | None = None) -> Recording[DeploymentEvents]:
    args = DeploymentEventsArgs(service_arns=[SERVICE], topic_arn=TOPIC, tags={}, runbooks=runbooks)
    return record(lambda: DeploymentEvents("deployments", args))


def test_the_rule_matches_failed_deployments_of_the_services_only() -> None:
    recording = recorded()
    assert recording.tree() == {
        "deployments": None,
        "deployments-rule": "deployments",
        "deployments-target": "deployments",
    }
    assert json.loads(recording.one("aws:cloudwatch/eventRule:EventRule").inputs["eventPattern"]) == {
        "source": ["aws.ecs"],
        "detail-type": ["ECS Deployment State Change"],
        "resources": [SERVICE],
        "detail": {"eventName": ["SERVICE_DEPLOYMENT_FAILED"]},
    }


def test_the_message_is_lines_of_text_with_the_reason_and_the_runbook() -> None:
    target = recorded(RUNBOOKS).one("aws:cloudwatch/eventTarget:EventTarget").inputs
    assert target["arn"] == TOPIC
    assert target["inputTransformer"]["inputPaths"] == {"service": "$.resources[0]", "reason": "$.detail.reason"}
    lines = [json.loads(line) for line in target["inputTransformer"]["inputTemplate"].splitlines()]
    assert lines[0] == "A deployment of <service> has failed: <reason>"
    assert lines[-1] == f"Runbook: {RUNBOOKS}/failing-release.md"
    assert (
        len(
            recorded()
            .one("aws:cloudwatch/eventTarget:EventTarget")
            .inputs["inputTransformer"]["inputTemplate"]
            .splitlines()
        )
        == 2
    )


def test_no_service_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"^service_arns: empty"):
        DeploymentEventsArgs(service_arns=[], topic_arn=TOPIC, tags={})
