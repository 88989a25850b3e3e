"""The rotation as Secrets Manager drives it, against a rehearsed Secrets Manager and ECS (moto)."""

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
KEYS = {place: place[0] * 40 for place in signing_keys.PLACES}
VERSION = "11111111-1111-1111-1111-111111111111"
STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")


class Rotation:
    """One secret, one service, and a rotation that Secrets Manager has begun: an empty version that is pending."""

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

    def make_service(self) -> None:
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


def test_a_rotation_moves_every_key_one_place_on(rotation: Rotation) -> None:
    rotation.make_service()
    rotation.call(*STEPS)
    after = rotation.keys()

    assert (after["previous"], after["current"]) == (KEYS["current"], KEYS["next"])
    assert after["next"] not in KEYS.values()
    assert rotation.keys("AWSPREVIOUS") == KEYS


def test_what_one_task_signs_every_task_verifies_while_they_are_restarted(rotation: Rotation) -> None:
    """Old tasks have the keys from before, new ones those from after; either may get the other's tokens."""
    rotation.make_service()
    rotation.call(*STEPS)
    before, after = KEYS, rotation.keys()

    assert after["current"] in before.values()
    assert before["current"] in after.values()


def test_a_step_done_twice_draws_no_second_key(rotation: Rotation) -> None:
    rotation.call("createSecret")
    drawn = rotation.keys("AWSPENDING")
    rotation.call("createSecret")

    assert rotation.keys("AWSPENDING") == drawn


def test_a_finish_that_failed_at_the_restart_restarts_when_it_is_tried_again(rotation: Rotation) -> None:
    rotation.call(*STEPS[:3])
    with pytest.raises(rotation.ecs.exceptions.ServiceNotFoundException):
        rotation.call("finishSecret")
    current = rotation.keys()
    with pytest.raises(rotation.ecs.exceptions.ServiceNotFoundException):
        rotation.call("finishSecret")

    assert rotation.keys() == current, "moved once only"


def test_the_other_steps_of_a_finished_rotation_do_nothing(rotation: Rotation) -> None:
    rotation.make_service()
    rotation.call(*STEPS)
    current = rotation.keys()
    rotation.call(*STEPS[:3])

    assert rotation.keys() == current


def test_the_trial_at_the_first_up_passes_on_a_copy_of_the_keys(rotation: Rotation) -> None:
    rotation.secrets.put_secret_value(
        SecretId=rotation.arn, ClientRequestToken=VERSION, SecretString=json.dumps(KEYS), VersionStages=["AWSPENDING"]
    )
    rotation.call("testSecret")


@pytest.mark.parametrize("keys", [{**KEYS, "next": "short"}, {"current": KEYS["current"]}, {}])
def test_keys_that_nobody_should_sign_with_are_refused(rotation: Rotation, keys: dict[str, str]) -> None:
    rotation.secrets.put_secret_value(
        SecretId=rotation.arn, ClientRequestToken=VERSION, SecretString=json.dumps(keys), VersionStages=["AWSPENDING"]
    )
    with pytest.raises(ValueError, match="is missing or shorter than 32 characters"):
        rotation.call("testSecret")


def test_a_secret_of_another_kind_is_left_as_it_is(rotation: Rotation) -> None:
    rotation.secrets.put_secret_value(SecretId=rotation.arn, SecretString=json.dumps({"password": "p" * 40}))
    with pytest.raises(ValueError, match="'previous' is missing"):
        rotation.call("createSecret")


def test_calls_that_do_not_fit_the_secret_are_refused(rotation: Rotation) -> None:
    with pytest.raises(ValueError, match="is not one of secret"):
        rotation.call("createSecret", version="22222222-2222-2222-2222-222222222222")
    with pytest.raises(ValueError, match="known are createSecret"):
        rotation.call("undoSecret")
    rotation.make_service()
    rotation.call(*STEPS)
    rotation.begin("33333333-3333-3333-3333-333333333333")
    rotation.call(*STEPS, version="33333333-3333-3333-3333-333333333333")
    with pytest.raises(ValueError, match="is not pending"):
        rotation.call("createSecret")


def test_no_key_is_logged(rotation: Rotation, caplog: pytest.LogCaptureFixture) -> None:
    rotation.make_service()
    with caplog.at_level("DEBUG", logger="root"):
        rotation.call(*STEPS)
    ours = " ".join(record.getMessage() for record in caplog.records if record.name == "root")

    assert "step createSecret" in ours
    assert not [key for key in (*KEYS.values(), *rotation.keys().values()) if key in ours]
