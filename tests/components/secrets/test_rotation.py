"""The rotation: who may call whom, with which rights, and what a deployment of the function depends on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.secrets.rotation import Restarted, SecretRotation, SecretRotationArgs
from tests.components.policy_documents import allowed_actions, statements
from tests.engine_recorder import Recording, record

SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:keys-1"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1"
ARGS = SecretRotationArgs(
    account_id="111122223333",
    region="eu-west-1",
    secret_arn=SECRET,
    restarts={"api": Restarted(cluster_name="app", service_name="api")},
    runtime="python3.13",
    log_retention_days=30,
    tags={"Stack": "dev"},
)
FUNCTION = "aws:lambda/function:Function"
POLICY = "aws:iam/rolePolicy:RolePolicy"


def recorded(**changes: Any) -> Recording[SecretRotation]:
    return record(lambda: SecretRotation("rotation", replace(ARGS, **changes)))


@pytest.fixture(scope="module")
def recording() -> Recording[SecretRotation]:
    return recorded()


def test_child_resources(recording: Recording[SecretRotation]) -> None:
    parts = ("logs", "role", "policy", "function", "call", "schedule")

    assert recording.tree() == {"rotation": None, **{f"rotation-{part}": "rotation" for part in parts}}


def test_its_role_may_touch_this_secret_these_services_and_its_own_log_only(
    recording: Recording[SecretRotation],
) -> None:
    allowed = {statement["Sid"]: statement["Resource"] for statement in statements(recording.one(POLICY))}

    assert allowed["RotatesTheSecret"] == SECRET
    assert allowed["RestartsTasks"] == ["arn:aws:ecs:eu-west-1:111122223333:service/app/api"]
    assert allowed["WritesItsLog"].endswith("rotation-logs:*")
    assert len(allowed) == 3
    assert not [action for action in allowed_actions(recording) if "*" in action]


def test_secrets_manager_may_call_it_before_it_is_told_to(recording: Recording[SecretRotation]) -> None:
    permission = recording.one("aws:lambda/permission:Permission").inputs
    schedule = recording.one("aws:secretsmanager/secretRotation:SecretRotation")

    assert permission["principal"] == "secretsmanager.amazonaws.com"
    assert permission["sourceAccount"] == "111122223333"
    assert "rotation-call" in schedule.opts.depends_on
    assert schedule.inputs["secretId"] == SECRET
    assert schedule.inputs["rotateImmediately"] is False
    assert schedule.inputs["rotationRules"] == {"scheduleExpression": "rate(30 days)", "duration": "4h"}


def test_its_rights_are_there_before_it_is(recording: Recording[SecretRotation]) -> None:
    assert "rotation-policy" in recording.one(FUNCTION).opts.depends_on


def test_its_log_is_kept_for_a_time_and_is_the_one_it_writes(recording: Recording[SecretRotation]) -> None:
    assert recording.one("aws:cloudwatch/logGroup:LogGroup").inputs["retentionInDays"] == 30
    assert recording.one(FUNCTION).inputs["loggingConfig"] == {"logFormat": "JSON", "logGroup": "rotation-logs-name"}


def test_a_key_of_ones_own_covers_environment_log_and_secret() -> None:
    recording = recorded(kms_key_arn=KEY)
    (opens,) = [each for each in statements(recording.one(POLICY)) if each["Sid"] == "OpensTheSecret"]

    assert recording.one(FUNCTION).inputs["kmsKeyArn"] == KEY
    assert recording.one("aws:cloudwatch/logGroup:LogGroup").inputs["kmsKeyId"] == KEY
    assert opens["Resource"] == KEY
    assert opens["Condition"] == {"StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}}


def test_one_day_is_said_as_aws_wants_it() -> None:
    schedule = recorded(every_days=1).one("aws:secretsmanager/secretRotation:SecretRotation")

    assert schedule.inputs["rotationRules"]["scheduleExpression"] == "rate(1 day)"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"account_id": "1234"}, "account_id: got '1234', allowed 12 digits"),
        ({"every_days": 0}, "every_days is 0; Secrets Manager allows 1 to 1000"),
        ({"runtime": "nodejs22.x"}, "the function is Python"),
        ({"restarts": {}}, "restarts is empty"),
        ({"log_retention_days": 31}, "log_retention_days: got 31"),
    ],
)
def test_invalid_arguments_are_rejected(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(ARGS, **wrong)
