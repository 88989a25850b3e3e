"""The signing keys: their first values, their version and the references for ECS."""

from __future__ import annotations

import json

import pulumi
import pytest
from pulumi import ResourceOptions

from components.secrets.rotation_lambda.signing_keys import KEY_NAMES, check
from components.secrets.signing_keys import SigningKeys, SigningKeysArgs
from tests.engine_recorder import Recording, record

RANDOM = "aws:secretsmanager/getRandomPassword:getRandomPassword"
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:keys-1"


RANDOM_RESULT = {RANDOM: {"randomPassword": "r" * 64}}


def recorded(opts: ResourceOptions | None = None) -> Recording[SigningKeys]:
    def program() -> SigningKeys:
        first = pulumi.Output.secret("f" * 64)
        return SigningKeys(
            "tokens", SigningKeysArgs(first_key=first, recovery_window_days=30, tags={"Stack": "dev"}), opts
        )

    return record(program, calls=RANDOM_RESULT, outputs={VERSION: {"secretArn": ARN}})


@pytest.fixture(scope="module")
def recording() -> Recording[SigningKeys]:
    return recorded()


def test_creates_exactly_these_resources(recording: Recording[SigningKeys]) -> None:
    assert recording.tree() == {"tokens": None, "tokens-keys": "tokens", "tokens-keys-value": "tokens"}


def test_existing_key_continues_to_sign(recording: Recording[SigningKeys]) -> None:
    version = recording.one(VERSION)
    keys = json.loads(version.inputs["secretString"])

    assert "secretString" in version.secret_inputs
    assert keys["current"] == keys["previous"] == "f" * 64
    assert keys["next"] != keys["current"]


def test_first_keys_have_the_form_that_the_rotation_expects(recording: Recording[SigningKeys]) -> None:
    keys = json.loads(recording.one(VERSION).inputs["secretString"])

    assert set(keys) == set(KEY_NAMES)
    check(keys)  # raises ValueError for a missing or short key


def test_version_ignores_changes_by_the_rotation() -> None:
    protected = recorded(ResourceOptions(protect=True)).one(VERSION)

    assert protected.opts.ignore_changes == ("secretString",)
    assert protected.opts.protect is False


def test_references_name_the_json_keys(recording: Recording[SigningKeys]) -> None:
    references = {name: recording.value(each) for name, each in recording.result.references.items()}

    assert references == {
        "JWT_SECRET": f"{ARN}:current::",
        "JWT_SECRET_PREVIOUS": f"{ARN}:previous::",
        "JWT_SECRET_NEXT": f"{ARN}:next::",
    }


def test_invalid_recovery_window_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"^recovery_window_days: .*\(got 6\)"):
        SigningKeysArgs(first_key="k", recovery_window_days=6, tags={})


def test_replica_of_each_region_has_its_own_key_and_reference() -> None:
    args = SigningKeysArgs(
        first_key="f" * 64,
        recovery_window_days=30,
        tags={},
        replica_keys={"eu-central-1": "arn:aws:kms:eu-central-1:1:key/2", "eu-west-3": None},
    )
    recording = record(lambda: SigningKeys("tokens", args), calls=RANDOM_RESULT, outputs={VERSION: {"secretArn": ARN}})

    assert recording.named("tokens-keys").inputs["replicas"] == [
        {"region": "eu-central-1", "kmsKeyId": "arn:aws:kms:eu-central-1:1:key/2"},
        {"region": "eu-west-3"},
    ]
    references = recording.result.references_in("eu-central-1")
    assert recording.value(references["JWT_SECRET_NEXT"]) == (ARN.replace("eu-west-1", "eu-central-1") + ":next::")
