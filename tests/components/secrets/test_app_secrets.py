"""The secrets: secret all the way, generated once, and there before anyone learns their ARN."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pulumi import ResourceOptions

from components.secrets.app_secrets import AppSecrets, AppSecretsArgs, GeneratedSecret
from tests.engine_recorder import Recording, record

ARGS = AppSecretsArgs(
    recovery_window_days=30,
    given={"MONGODB_URI": "mongodb+srv://u:p@h/db"},
    generated={"JWT_SECRET": GeneratedSecret(length=48)},
    tags={"Stack": "dev"},
)
RANDOM = "aws:secretsmanager/getRandomPassword:getRandomPassword"
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"


ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:app-1"


@pytest.fixture(scope="module")
def recording() -> Recording[AppSecrets]:
    return record(lambda: AppSecrets("app", ARGS), outputs={VERSION: {"secretArn": ARN, "arn": "of the version"}})


def test_child_resources(recording: Recording[AppSecrets]) -> None:
    names = ("mongodb-uri", "mongodb-uri-value", "jwt-secret", "jwt-secret-value")

    assert recording.tree() == {"app": None, **{f"app-{name}": "app" for name in names}}


def test_no_value_is_ever_plain(recording: Recording[AppSecrets]) -> None:
    for version in recording.of(VERSION):
        assert "secretString" in version.secret_inputs
    assert recording.is_secret(recording.result.generated["JWT_SECRET"])


def test_a_generated_value_stays_and_a_given_one_follows(recording: Recording[AppSecrets]) -> None:
    assert "secretString" in recording.named("app-jwt-secret-value").opts.ignore_changes
    assert recording.named("app-mongodb-uri-value").opts.ignore_changes == ()


def test_a_generated_value_is_read_back_from_where_it_is_kept() -> None:
    """The invoke draws another value in each run; the version keeps the first."""
    kept = record(lambda: AppSecrets("app", ARGS), outputs={VERSION: {"secretString": "kept"}})

    assert kept.value(kept.result.generated["JWT_SECRET"]) == "kept"


def test_it_is_drawn_without_what_urls_and_tokens_forbid(recording: Recording[AppSecrets]) -> None:
    ((_, asked),) = [call for call in recording.calls if call[0] == RANDOM]

    assert asked["passwordLength"] == 48
    assert asked["excludePunctuation"] is True
    assert asked["includeSpace"] is False


def test_an_arn_is_known_only_once_the_secret_has_a_value(recording: Recording[AppSecrets]) -> None:
    arns = recording.result.arns

    assert {name: recording.value(arn) for name, arn in arns.items()} == {"MONGODB_URI": ARN, "JWT_SECRET": ARN}
    assert "app-jwt-secret-value" in recording.sources(arns["JWT_SECRET"])
    assert "app-mongodb-uri-value" in recording.sources(arns["MONGODB_URI"])


def test_a_deleted_secret_can_be_brought_back_for_the_days_given(recording: Recording[AppSecrets]) -> None:
    secrets = recording.of("aws:secretsmanager/secret:Secret")

    assert {secret.inputs["recoveryWindowInDays"] for secret in secrets} == {30}
    assert all("name" not in secret.inputs for secret in secrets)


def test_a_protected_secret_still_takes_a_new_value() -> None:
    """A new value replaces the version, and Pulumi replaces nothing that is protected."""
    recording = record(lambda: AppSecrets("app", ARGS, ResourceOptions(protect=True)))

    assert all(secret.opts.protect for secret in recording.of("aws:secretsmanager/secret:Secret"))
    assert not any(version.opts.protect for version in recording.of(VERSION))


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"recovery_window_days": 5}, "recovery_window_days is 5; Secrets Manager allows 0 .* or 7 to 30"),
        ({"recovery_window_days": 31}, "recovery_window_days is 31"),
        ({"given": {"mongodb-uri": "x"}}, "'mongodb-uri' is not allowed"),
        ({"given": {"JWT_SECRET": "x"}}, "both given and generated"),
    ],
)
def test_invalid_arguments_are_rejected(wrong: dict[str, int], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(ARGS, **wrong)  # pyright: ignore[reportArgumentType]  # wrong on purpose


@pytest.mark.parametrize("length", [15, 129])
def test_a_length_that_can_be_guessed_or_is_refused_later_is_refused_now(length: int) -> None:
    with pytest.raises(ValueError, match=f"is {length}; allowed is 16 to 128"):
        GeneratedSecret(length=length)
