from __future__ import annotations

from pathlib import Path

import pytest

from policies.delivery import plain_keys
from policies.delivery.plain_keys import RULE
from policies.rule import Outcome
from tests.policies.delivery.projects import judge

KEY = "AKIA" + "Q3EGYFZ7T5N2M4XB"  # in two, so that who scans this file for keys finds none
BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ"
SECRETS = {
    "an AWS access key": KEY,
    "a private key": f"-----BEGIN RSA PRIVATE KEY-----\n{BODY}",  # pragma: allowlist secret
    "a GitHub token": "ghp_" + "a1B2" * 9,
    "a Slack token": "xoxb-" + "123456789012-AbCdEfGhIjKl",
    "a Stripe key": "sk_live_" + "a1B2" * 6,
    "a database URL with its password": "mongodb+srv://api:" + "kX9mQ2vL8pTz@cluster0.abcde.mongodb.net/app",
}


@pytest.mark.parametrize("kind", SECRETS)
def test_each_kind_fails_and_is_not_shown(tmp_path: Path, kind: str) -> None:
    verdict = judge(RULE, tmp_path, {"app.py": f"import os\n\nvalue = '''{SECRETS[kind]}'''\n"})
    assert [(f.path, f.found) for f in verdict.findings] == [("app.py:3", f"{kind} (value not shown)")]
    assert SECRETS[kind] not in str(verdict)


def test_a_private_key_on_one_line_fails(tmp_path: Path) -> None:
    text = '{"key": "-----BEGIN PRIVATE KEY-----\\\\n' + BODY + '"}'  # pragma: allowlist secret
    assert judge(RULE, tmp_path, {"key.json": text.replace("\\\\n", "\\n")}).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "name", ["a/b/__main__.py", ".env", ".env.local", "Dockerfile", ".github/workflows/x.yml", "k.pem"]
)
def test_it_is_found_wherever_programs_keep_it(tmp_path: Path, name: str) -> None:
    assert judge(RULE, tmp_path, {name: KEY}).findings[0].path == f"{name}:1"


@pytest.mark.parametrize(
    "name", ["node_modules/a/b.js", ".venv/a.py", "tests/test_a.py", "notes.txt", ".git/config.py"]
)
def test_what_others_wrote_and_what_is_tested_is_passed_over(tmp_path: Path, name: str) -> None:
    assert judge(RULE, tmp_path, {name: KEY}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7EXAMPLE",  # the example of AWS's documents  # pragma: allowlist secret
        "AKIA[A-Z0-9]{16}",
        "-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----",  # pragma: allowlist secret
        "mongodb+srv://user:<password>@cluster0.example.net",
        "mongodb+srv://{user}:{password}@{host}",
        "postgres://app:${DB_PASSWORD}@db.example.com/app",
        "mongodb://app:kX9mQ2vL8pTz@localhost:27017/app",  # pragma: allowlist secret
        "redis://cache.example.com:6379",
        "https://user:kX9mQ2vL8pTz@example.com",  # no database  # pragma: allowlist secret
    ],
)
def test_what_only_looks_like_one_passes(tmp_path: Path, text: str) -> None:
    assert judge(RULE, tmp_path, {"app.py": f"value = '{text}'\n"}).outcome is Outcome.PASS


def test_more_files_than_are_read_are_not_a_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_keys, "MOST_FILES", 2)
    verdict = judge(RULE, tmp_path, {f"{number}.py": "" for number in range(3)})
    assert verdict.outcome is Outcome.UNKNOWN
