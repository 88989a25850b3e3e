"""The application's secrets: values, versions, ARNs and invalid arguments."""

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


def test_creates_exactly_these_resources(recording: Recording[AppSecrets]) -> None:
    names = ("mongodb-uri", "mongodb-uri-value", "jwt-secret", "jwt-secret-value")

    assert recording.tree() == {"app": None, **{f"app-{name}": "app" for name in names}}


def test_values_are_secret(recording: Recording[AppSecrets]) -> None:
    assert recording.of(VERSION)
    for version in recording.of(VERSION):
        assert "secretString" in version.secret_inputs
    assert recording.is_secret(recording.result.generated["JWT_SECRET"])


def test_generated_values_ignore_changes_and_given_values_do_not(recording: Recording[AppSecrets]) -> None:
    assert "secretString" in recording.named("app-jwt-secret-value").opts.ignore_changes
    assert recording.named("app-mongodb-uri-value").opts.ignore_changes == ()


def test_generations_are_versions_of_one_secret() -> None:
    recording = record(lambda: AppSecrets("app", replace(ARGS, generations={"JWT_SECRET": (1, 2)})))
    assert sorted(each.name for each in recording.of(VERSION) if "jwt" in each.name) == [
        "app-jwt-secret-value-1",
        "app-jwt-secret-value-2",
    ]
    assert set(recording.result.generations["JWT_SECRET"]) == {1, 2}
    assert recording.is_secret(recording.result.generations["JWT_SECRET"][2])


@pytest.mark.parametrize("generations", [{"OTHER": (0,)}, {"JWT_SECRET": ()}, {"JWT_SECRET": (2, 1)}])
def test_generations_of_no_generated_value_are_rejected(generations: dict[str, tuple[int, ...]]) -> None:
    with pytest.raises(ValueError, match="generations: not generations of a generated value"):
        replace(ARGS, generations=generations)


def test_generated_value_is_read_from_the_version() -> None:
    """The invoke generates another value in each run; the version keeps the first."""
    recording = record(lambda: AppSecrets("app", ARGS), outputs={VERSION: {"secretString": "stored"}})

    assert recording.value(recording.result.generated["JWT_SECRET"]) == "stored"


def test_generated_value_has_no_punctuation(recording: Recording[AppSecrets]) -> None:
    ((_, arguments),) = [call for call in recording.calls if call[0] == RANDOM]

    assert arguments["passwordLength"] == 48
    assert arguments["excludePunctuation"] is True
    assert arguments["includeSpace"] is False


def test_arn_depends_on_the_secrets_value(recording: Recording[AppSecrets]) -> None:
    arns = recording.result.arns

    assert {name: recording.value(arn) for name, arn in arns.items()} == {"MONGODB_URI": ARN, "JWT_SECRET": ARN}
    assert "app-jwt-secret-value" in recording.sources(arns["JWT_SECRET"])
    assert "app-mongodb-uri-value" in recording.sources(arns["MONGODB_URI"])


def test_secrets_have_the_recovery_window_and_automatic_names(recording: Recording[AppSecrets]) -> None:
    secrets = recording.of("aws:secretsmanager/secret:Secret")

    assert {secret.inputs["recoveryWindowInDays"] for secret in secrets} == {30}
    assert all("name" not in secret.inputs for secret in secrets)


def test_versions_of_protected_secrets_are_not_protected() -> None:
    """Another value replaces the version, and Pulumi does not replace protected resources."""
    recording = record(lambda: AppSecrets("app", ARGS, ResourceOptions(protect=True)))

    assert {secret.opts.protect for secret in recording.of("aws:secretsmanager/secret:Secret")} == {True}
    assert {version.opts.protect for version in recording.of(VERSION)} == {False}


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"recovery_window_days": 5}, r"^recovery_window_days: .*\(got 5\)\. Give 0 .* or 7 to 30"),
        ({"recovery_window_days": 31}, r"^recovery_window_days: .*\(got 31\)"),
        ({"given": {"mongodb-uri": "x"}}, r"^given and generated: .*\(got 'mongodb-uri'\)"),
        ({"given": {"JWT_SECRET": "x"}}, r"^given and generated: .*in both \(got JWT_SECRET\)"),
    ],
)
def test_invalid_arguments_are_rejected(wrong: dict[str, int], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(ARGS, **wrong)  # pyright: ignore[reportArgumentType]  # wrong on purpose


@pytest.mark.parametrize("length", [15, 129])
def test_invalid_length_is_rejected(length: int) -> None:
    with pytest.raises(ValueError, match=rf"^length: .*\(got {length}\)\. Give 16 to 128"):
        GeneratedSecret(length=length)
