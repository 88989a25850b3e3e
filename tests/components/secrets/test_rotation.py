"""The rotation: permissions, dependencies, schedule and the function's configuration."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.secrets.rotation import RedeployedService, SecretRotation, SecretRotationArgs
from tests.components.policy_documents import allowed_actions, statements
from tests.engine_recorder import Recording, record

SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:keys-1"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1"
ARGS = SecretRotationArgs(
    account_id="111122223333",
    region="eu-west-1",
    secret_arn=SECRET,
    services={"api": RedeployedService(cluster_name="app", service_name="api")},
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


def test_creates_exactly_these_resources(recording: Recording[SecretRotation]) -> None:
    parts = ("logs", "role", "policy", "function", "permission", "schedule")

    assert recording.tree() == {"rotation": None, **{f"rotation-{part}": "rotation" for part in parts}}


def test_role_is_limited_to_the_secret_the_services_and_the_log(
    recording: Recording[SecretRotation],
) -> None:
    allowed = {statement["Sid"]: statement["Resource"] for statement in statements(recording.one(POLICY))}

    assert allowed["RotatesTheSecret"] == SECRET
    assert allowed["RedeploysServices"] == ["arn:aws:ecs:eu-west-1:111122223333:service/app/api"]
    assert allowed["WritesItsLog"].endswith("rotation-logs:*")
    assert len(allowed) == 3
    assert not [action for action in allowed_actions(recording) if "*" in action]


def test_schedule_depends_on_the_permission_to_invoke(recording: Recording[SecretRotation]) -> None:
    permission = recording.one("aws:lambda/permission:Permission").inputs
    schedule = recording.one("aws:secretsmanager/secretRotation:SecretRotation")

    assert permission["principal"] == "secretsmanager.amazonaws.com"
    assert permission["sourceAccount"] == "111122223333"
    assert "rotation-permission" in schedule.opts.depends_on
    assert schedule.inputs["secretId"] == SECRET
    assert schedule.inputs["rotateImmediately"] is False
    assert schedule.inputs["rotationRules"] == {"scheduleExpression": "rate(30 days)", "duration": "4h"}


def test_function_depends_on_its_policy(recording: Recording[SecretRotation]) -> None:
    assert "rotation-policy" in recording.one(FUNCTION).opts.depends_on


def test_function_writes_to_its_log_group(recording: Recording[SecretRotation]) -> None:
    assert recording.one("aws:cloudwatch/logGroup:LogGroup").inputs["retentionInDays"] == 30
    assert recording.one(FUNCTION).inputs["loggingConfig"] == {"logFormat": "JSON", "logGroup": "rotation-logs-name"}


def test_customer_managed_key_encrypts_environment_and_log() -> None:
    recording = recorded(kms_key_arn=KEY)
    (decrypts,) = [each for each in statements(recording.one(POLICY)) if each["Sid"] == "DecryptsTheSecret"]

    assert recording.one(FUNCTION).inputs["kmsKeyArn"] == KEY
    assert recording.one("aws:cloudwatch/logGroup:LogGroup").inputs["kmsKeyId"] == KEY
    assert decrypts["Resource"] == KEY
    assert decrypts["Condition"] == {"StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}}


def test_interval_of_one_day_is_singular() -> None:
    schedule = recorded(interval_days=1).one("aws:secretsmanager/secretRotation:SecretRotation")

    assert schedule.inputs["rotationRules"]["scheduleExpression"] == "rate(1 day)"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"account_id": "1234"}, r"^account_id: "),
        ({"interval_days": 0}, r"^interval_days: .*\(got 0\)\. Give 1 to 1000"),
        ({"runtime": "nodejs22.x"}, r"^runtime: .*\(got 'nodejs22.x'\)"),
        ({"services": {}}, r"^services: must not be empty"),
        ({"log_retention_days": 31}, r"^log_retention_days: .*\(got 31\)"),
    ],
)
def test_invalid_arguments_are_rejected(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(ARGS, **wrong)
