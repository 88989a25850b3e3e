from __future__ import annotations

import json
from typing import Any

import pytest

from policies.ecs.plain_secrets import RULE
from policies.rule import Outcome, Verdict
from tests.policies.compliant import container
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

CANARY = "canary-7f3a9c"


def with_variable(name: str, value: str) -> Verdict:
    return evaluated({**container(), "environment": [{"name": name, "value": value}]})


def evaluated(*containers: dict[str, Any]) -> Verdict:
    return evaluate(RULE, "task", {"containerDefinitions": json.dumps(containers)})


def test_secrets_by_arn_and_plain_settings_pass() -> None:
    assert evaluate(RULE, "task").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "name",
    ["JWT_SECRET", "DB_PASSWORD", "password", "GITHUB_TOKEN", "STRIPE_API_KEY", "APIKEY", "SENTRY_DSN", "PRIVATE_KEY"],
)
def test_variable_named_like_a_secret_fails(name: str) -> None:
    verdict = with_variable(name, CANARY)
    assert verdict.outcome is Outcome.FAIL
    assert f"environment.{name}" in verdict.findings[0].path


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOKEN_TTL_SECONDS", "900"),
        ("SECRET_NAME", "app/jwt"),
        ("JWT_ALGORITHM", "HS256"),
        ("PASSWORD_MIN_LENGTH", "12"),
        ("USE_TOKENS", "true"),
        ("SESSION_TOKEN", ""),
        ("API_KEY", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:key"),
        ("REDIS_URL", "rediss://cache.example.com:6379"),
        ("HOMEPAGE", "https://example.com/@team"),
        ("DSNAME", "users"),
        ("AUTHOR", "somebody"),
    ],
)
def test_variable_about_a_secret_passes(name: str, value: str) -> None:
    assert with_variable(name, value).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (f"mongodb+srv://api:{CANARY}@cluster0.mongodb.net/app", "a URL with credentials in it"),
        (f"https://{CANARY}@o1.ingest.sentry.io/1", "a URL with credentials in it"),
        ("AKIAIOSFODNN7EXAMPLE", "an AWS access key"),  # pragma: allowlist secret
        (f"-----BEGIN RSA PRIVATE KEY-----\n{CANARY}", "a private key"),  # pragma: allowlist secret
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "a JSON web token"),  # pragma: allowlist secret
        ("ghp_" + "a" * 36, "a GitHub token"),
        ("sk_live_" + "a" * 24, "a Stripe key"),
        ("xoxb-123456789012-abcdef", "a Slack token"),  # pragma: allowlist secret
    ],
)
def test_secret_value_fails_under_any_name(value: str, kind: str) -> None:
    for verdict in (with_variable("SETTING", value), evaluated({**container(), "command": ["node", f"--x={value}"]})):
        assert verdict.outcome is Outcome.FAIL
        assert verdict.findings[0].found.startswith(kind)


def test_findings_never_contain_the_value() -> None:
    url = f"redis://:{CANARY}@cache:6379"
    environment = [{"name": "JWT_SECRET", "value": CANARY}, {"name": "REDIS_URL", "value": url}]
    verdict = evaluated({**container(), "environment": environment, "command": [url], "entryPoint": [url]})
    assert len(verdict.findings) == 4
    assert CANARY not in repr(verdict)


def test_every_container_is_evaluated() -> None:
    sidecar = {"name": "agent", "environment": [{"name": "DD_API_KEY", "value": CANARY}]}
    verdict = evaluated(container(), sidecar)
    assert [finding.path for finding in verdict.findings] == ["containerDefinitions[1] (agent).environment.DD_API_KEY"]


def test_keys_in_api_case_are_read() -> None:
    verdict = evaluated({"Name": "api", "Environment": [{"Name": "JWT_SECRET", "Value": CANARY}]})
    assert verdict.outcome is Outcome.FAIL


def test_container_without_environment_passes() -> None:
    assert evaluated({"name": "api"}).outcome is Outcome.PASS


@pytest.mark.parametrize("definitions", [UNKNOWN, ABSENT, "not json", "{}"])
def test_unreadable_definitions_evaluate_to_unknown(definitions: object) -> None:
    assert evaluate(RULE, "task", {"containerDefinitions": definitions}).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("container", "path"),
    [
        ("text", "containerDefinitions[0]"),
        ({"name": "api", "environment": ["text"]}, "environment[0]"),
        ({"name": "api", "environment": {"A": "b"}}, "environment"),
        ({"name": "api", "command": "node app.js"}, "command"),
        ({"name": "api", "command": [1]}, "command[0]"),
        ({"name": "api", "logConfiguration": "awslogs"}, "logconfiguration"),
        ({"name": "api", "linuxParameters": {"capabilities": {"add": "ALL"}}}, "capabilities.add"),
        ({"name": "api", "stopTimeout": "30"}, "stoptimeout"),
    ],
)
def test_container_of_another_shape_evaluates_to_unknown_with_its_path(container: Any, path: str) -> None:
    verdict = evaluate(RULE, "task", {"containerDefinitions": json.dumps([container])})
    assert verdict.outcome is Outcome.UNKNOWN
    assert path in verdict.reason
