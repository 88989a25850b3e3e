from __future__ import annotations

from pathlib import Path

import pytest

from policies.delivery import plain_keys
from policies.delivery.plain_keys import RULE
from policies.rule import Outcome
from tests.policies.delivery.projects import evaluate

KEY = "AKIA" + "Q3EGYFZ7T5N2M4XB"  # split, so that secret scanners do not report this file
BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ"
SECRETS = {
    "an AWS access key": KEY,
    "a private key": f"-----BEGIN RSA PRIVATE KEY-----\n{BODY}",  # pragma: allowlist secret
    "a GitHub token": "ghp_" + "a1B2" * 9,
    "a Slack token": "xoxb-" + "123456789012-AbCdEfGhIjKl",
    "a Stripe key": "sk_live_" + "a1B2" * 6,
    "a database URL with a password": "mongodb+srv://api:" + "kX9mQ2vL8pTz@cluster0.abcde.mongodb.net/app",
}


@pytest.mark.parametrize("kind", SECRETS)
def test_each_kind_of_key_fails_and_is_not_shown(tmp_path: Path, kind: str) -> None:
    verdict = evaluate(RULE, tmp_path, {"app.py": f"import os\n\nvalue = '''{SECRETS[kind]}'''\n"})
    assert [(f.path, f.found) for f in verdict.findings] == [("app.py:3", f"{kind} (value not shown)")]
    assert SECRETS[kind] not in str(verdict)


def test_private_key_on_one_line_fails(tmp_path: Path) -> None:
    text = '{"key": "-----BEGIN PRIVATE KEY-----\\\\n' + BODY + '"}'  # pragma: allowlist secret
    assert evaluate(RULE, tmp_path, {"key.json": text.replace("\\\\n", "\\n")}).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "name", ["a/b/__main__.py", ".env", ".env.local", "Dockerfile", ".github/workflows/x.yml", "k.pem"]
)
def test_key_is_found_in_every_kind_of_file(tmp_path: Path, name: str) -> None:
    assert evaluate(RULE, tmp_path, {name: KEY}).findings[0].path == f"{name}:1"


@pytest.mark.parametrize(
    "name", ["node_modules/a/b.js", ".venv/a.py", "tests/test_a.py", "notes.txt", ".git/config.py"]
)
def test_third_party_code_and_tests_are_skipped(tmp_path: Path, name: str) -> None:
    assert evaluate(RULE, tmp_path, {name: KEY}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7EXAMPLE",  # from AWS's documentation  # pragma: allowlist secret
        "AKIA[A-Z0-9]{16}",
        "-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----",  # pragma: allowlist secret
        "mongodb+srv://user:<password>@cluster0.example.net",
        "mongodb+srv://{user}:{password}@{host}",
        "postgres://app:${DB_PASSWORD}@db.example.com/app",
        "mongodb://app:kX9mQ2vL8pTz@localhost:27017/app",  # pragma: allowlist secret
        "redis://cache.example.com:6379",
        "https://user:kX9mQ2vL8pTz@example.com",  # not a database  # pragma: allowlist secret
    ],
)
def test_placeholders_and_local_urls_pass(tmp_path: Path, text: str) -> None:
    assert evaluate(RULE, tmp_path, {"app.py": f"value = '{text}'\n"}).outcome is Outcome.PASS


def test_more_files_than_the_maximum_evaluate_to_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_keys, "MAXIMUM_FILES", 2)
    verdict = evaluate(RULE, tmp_path, {f"{number}.py": "" for number in range(3)})
    assert verdict.outcome is Outcome.UNKNOWN
