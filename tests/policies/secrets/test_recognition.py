from __future__ import annotations

import pytest

from policies.secrets.recognition import names_a_secret, secrets_in_script

CANARY = "canary-7f3a9c"


@pytest.mark.parametrize(
    "name", ["DB_PASSWORD", "dbPassword", "db-password", "api.key", "apiKey", "SENTRY_DSN", "jwtSecret"]
)
def test_secret_name_is_recognised_in_any_spelling(name: str) -> None:
    assert names_a_secret(name)


@pytest.mark.parametrize(
    "name", ["JWT_SECRET_ARN", "jwtSecretArn", "secret-name", "tokenTtl", "apiKeyId", "host", "AUTHOR"]
)
def test_name_about_a_secret_is_not_a_secret(name: str) -> None:
    assert not names_a_secret(name)


@pytest.mark.parametrize(
    "line", [f"export DB_PASSWORD={CANARY}", f'DB_PASSWORD="{CANARY}"', f"docker run -e DB_PASSWORD={CANARY} shop"]
)
def test_assignment_in_a_script_is_found(line: str) -> None:
    assert [name for name, _ in secrets_in_script(f"#!/bin/sh\n{line}\n")] == ["DB_PASSWORD"]


def test_secret_value_in_a_script_is_found() -> None:
    assert list(secrets_in_script(f"curl https://user:{CANARY}@example.com")) == [("", "a URL with credentials in it")]


@pytest.mark.parametrize(
    "line",
    [
        "DB_PASSWORD=$(aws secretsmanager get-secret-value --secret-id db)",
        "export DB_PASSWORD=$SECRET",
        'TOKEN="${TOKEN}"',
        "JWT_SECRET_ARN=arn:aws:secretsmanager:eu-west-1:111122223333:secret:jwt",
        "LOG_LEVEL=info",
    ],
)
def test_script_that_reads_its_secrets_has_none(line: str) -> None:
    assert list(secrets_in_script(line)) == []
