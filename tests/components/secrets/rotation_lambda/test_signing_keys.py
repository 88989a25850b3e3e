"""The rotation function with the calls of Secrets Manager, against mocks of Secrets Manager and ECS (moto)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.secretsmanager.models import secretsmanager_backends

from components.secrets.rotation_lambda import signing_keys

ACCOUNT, REGION = "123456789012", "eu-west-1"
KEYS = {name: name[0] * 40 for name in signing_keys.KEY_NAMES}
VERSION = "11111111-1111-1111-1111-111111111111"
STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")


class Rotation:
    """One secret and the rotation that Secrets Manager has started: an empty version with the stage AWSPENDING."""

    def __init__(self) -> None:
        self.secrets: Any = boto3.client("secretsmanager")
        self.ecs: Any = boto3.client("ecs")
        self.arn = self.secrets.create_secret(Name="keys", SecretString=json.dumps(KEYS))["ARN"]
        self.ecs.create_cluster(clusterName="app")
        self.begin(VERSION)

    def begin(self, version: str) -> None:
        backend = secretsmanager_backends[ACCOUNT][REGION]
        backend.secrets[self.arn].versions[version] = {
            "createdate": 0,
            "version_id": version,
            "version_stages": ["AWSPENDING"],
        }

    def create_service(self) -> None:
        self.ecs.register_task_definition(
            family="api", containerDefinitions=[{"name": "api", "image": "i", "memory": 128}]
        )
        self.ecs.create_service(cluster="app", serviceName="api", taskDefinition="api", desiredCount=1)

    def call(self, *steps: str, version: str = VERSION) -> None:
        for step in steps:
            signing_keys.handler({"SecretId": self.arn, "ClientRequestToken": version, "Step": step}, None)

    def keys(self, stage: str = "AWSCURRENT") -> dict[str, str]:
        return json.loads(self.secrets.get_secret_value(SecretId=self.arn, VersionStage=stage)["SecretString"])


@pytest.fixture
def rotation(monkeypatch: pytest.MonkeyPatch) -> Iterator[Rotation]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("SERVICES", json.dumps([{"cluster": "app", "service": "api"}]))
    with mock_aws():
        yield Rotation()


def test_rotation_renames_every_key(rotation: Rotation) -> None:
    rotation.create_service()
    rotation.call(*STEPS)
    after = rotation.keys()

    assert (after["previous"], after["current"]) == (KEYS["current"], KEYS["next"])
    assert after["next"] not in KEYS.values()
    assert rotation.keys("AWSPREVIOUS") == KEYS


def test_old_and_new_tasks_verify_each_others_tokens(rotation: Rotation) -> None:
    """During a deployment, old tasks have the old keys and new tasks the rotated ones."""
    rotation.create_service()
    rotation.call(*STEPS)
    before, after = KEYS, rotation.keys()

    assert after["current"] in before.values()
    assert before["current"] in after.values()


def test_repeated_create_step_keeps_the_generated_key(rotation: Rotation) -> None:
    rotation.call("createSecret")
    generated = rotation.keys("AWSPENDING")
    rotation.call("createSecret")

    assert rotation.keys("AWSPENDING") == generated


def test_retried_finish_step_redeploys_without_rotating_again(rotation: Rotation) -> None:
    rotation.call(*STEPS[:3])
    with pytest.raises(rotation.ecs.exceptions.ServiceNotFoundException):
        rotation.call("finishSecret")
    current = rotation.keys()
    with pytest.raises(rotation.ecs.exceptions.ServiceNotFoundException):
        rotation.call("finishSecret")

    assert rotation.keys() == current, "the keys rotate once"


def test_other_steps_of_a_finished_rotation_change_nothing(rotation: Rotation) -> None:
    rotation.create_service()
    rotation.call(*STEPS)
    current = rotation.keys()
    rotation.call(*STEPS[:3])

    assert rotation.keys() == current


def test_test_step_accepts_a_copy_of_the_keys(rotation: Rotation) -> None:
    rotation.secrets.put_secret_value(
        SecretId=rotation.arn, ClientRequestToken=VERSION, SecretString=json.dumps(KEYS), VersionStages=["AWSPENDING"]
    )
    rotation.call("testSecret")

    assert rotation.keys("AWSPENDING") == KEYS


@pytest.mark.parametrize("keys", [{**KEYS, "next": "short"}, {"current": KEYS["current"]}, {}])
def test_missing_or_short_keys_are_rejected(rotation: Rotation, keys: dict[str, str]) -> None:
    rotation.secrets.put_secret_value(
        SecretId=rotation.arn, ClientRequestToken=VERSION, SecretString=json.dumps(keys), VersionStages=["AWSPENDING"]
    )
    with pytest.raises(ValueError, match=r"missing or too short \(got .*\)\. Use 32 characters or more"):
        rotation.call("testSecret")


def test_secret_without_signing_keys_is_rejected(rotation: Rotation) -> None:
    rotation.secrets.put_secret_value(SecretId=rotation.arn, SecretString=json.dumps({"password": "p" * 40}))
    with pytest.raises(ValueError, match=r"^previous: missing or too short \(got none\)"):
        rotation.call("createSecret")


def test_invalid_calls_are_rejected(rotation: Rotation) -> None:
    with pytest.raises(ValueError, match=r"^version: not a version of secret"):
        rotation.call("createSecret", version="22222222-2222-2222-2222-222222222222")
    with pytest.raises(ValueError, match=r"^step: .*\(got undoSecret\)\. Use createSecret"):
        rotation.call("undoSecret")
    rotation.create_service()
    rotation.call(*STEPS)
    rotation.begin("33333333-3333-3333-3333-333333333333")
    rotation.call(*STEPS, version="33333333-3333-3333-3333-333333333333")
    with pytest.raises(ValueError, match=r"^version: not AWSPENDING"):
        rotation.call("createSecret")


def test_log_contains_no_key(rotation: Rotation, caplog: pytest.LogCaptureFixture) -> None:
    rotation.create_service()
    with caplog.at_level("DEBUG", logger="root"):
        rotation.call(*STEPS)
    messages = " ".join(record.getMessage() for record in caplog.records if record.name == "root")

    assert "step createSecret" in messages
    assert not [key for key in (*KEYS.values(), *rotation.keys().values()) if key in messages]
