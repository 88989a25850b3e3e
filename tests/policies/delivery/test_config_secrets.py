from __future__ import annotations

from pathlib import Path

import pytest

from policies.delivery.config_secrets import RULE
from policies.rule import Outcome
from tests.policies.delivery.projects import evaluate

CANARY = "kX9mQ2vL8pTz"


@pytest.mark.parametrize(
    "config",
    [
        "app:dbPassword: {secure: v1:abc:def}",
        "app:passwordLength: '20'",
        "app:tokenTtlSeconds: 900",
        "app:secretArn: arn:aws:secretsmanager:eu-west-1:111122223333:secret:jwt",
        "aws:region: eu-west-1",
        "app:debugToken: false",
        "app:mail: {host: smtp.example.com, password: {secure: v1:abc:def}}",
    ],
)
def test_encrypted_values_and_plain_settings_pass(tmp_path: Path, config: str) -> None:
    assert evaluate(RULE, tmp_path, {"Pulumi.dev.yaml": f"config:\n  {config}\n"}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("config", "path"),
    [
        (f"app:dbPassword: {CANARY}", "app:dbPassword"),
        (f"app:sentryDsn: {CANARY}", "app:sentryDsn"),
        (f"app:url: mongodb+srv://api:{CANARY}@cluster0.example.net/app", "app:url"),
        (f"app:mail: {{host: x, apiKey: {CANARY}}}", "app:mail.apiKey"),
        (f"app:users: [{{password: {CANARY}}}]", "app:users.0.password"),
        (f"aws:secretAccessKey: {CANARY}", "aws:secretAccessKey"),
    ],
)
def test_plain_secret_fails_and_is_not_shown(tmp_path: Path, config: str, path: str) -> None:
    verdict = evaluate(RULE, tmp_path, {"Pulumi.dev.yaml": f"config:\n  {config}\n"})
    assert verdict.findings[0].path == f"Pulumi.dev.yaml: {path}"
    assert CANARY not in str(verdict)


def test_encryption_salt_passes(tmp_path: Path) -> None:
    assert evaluate(RULE, tmp_path, {"Pulumi.dev.yaml": "encryptionsalt: v1:abc=:v1:def\n"}).outcome is Outcome.PASS


def test_project_without_configuration_is_not_applicable(tmp_path: Path) -> None:
    assert evaluate(RULE, tmp_path, {"Pulumi.yaml": "name: x"}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("text", ["config: [a", "- a list"])
def test_invalid_file_evaluates_to_unknown(tmp_path: Path, text: str) -> None:
    assert evaluate(RULE, tmp_path, {"Pulumi.dev.yaml": text}).outcome is Outcome.UNKNOWN
