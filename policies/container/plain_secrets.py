"""ECS-001: secrets reach a container by their ARN, never as plain environment or on the command line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity
from .definitions import TASK_DEFINITION, containers, environment

SECRET_NAME = re.compile(
    r"(SECRET|PASSWORD|PASSWD|PASSPHRASE|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|ENCRYPTION_?KEY|SIGNING_?KEY|CREDENTIAL|(^|_)DSN($|_))",
    re.IGNORECASE,
)
# Names of things *about* a secret: where it is, how long it lives, which algorithm. JWT_SECRET_ARN is no secret.
ABOUT_A_SECRET = re.compile(
    r"_(ARN|ID|NAME|TTL|URL|ENDPOINT|PATH|FILE|HEADER|ENABLED|LENGTH|ISSUER|AUDIENCE|ALGORITHM|VERSION|REGION"
    r"|EXPIRY|EXPIRES_IN|SECONDS|MINUTES|HOURS|DAYS|BUCKET|TABLE)$",
    re.IGNORECASE,
)
NO_SECRET_VALUE = re.compile(r"^(|true|false|\d+[smhd]?|arn:aws[\w-]*:.*)$", re.IGNORECASE)
SECRET_VALUES = {
    # `//user:password@host`, and a Sentry DSN's `//key@host`
    "a URL with credentials in it": re.compile(r"\w+://[^/\s@]+@"),
    "an AWS access key": re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a JSON web token": re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+"),
    "a GitHub token": re.compile(r"\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{40,})"),
    "a Slack token": re.compile(r"\bxox[abprs]-[\w-]{10,}"),
    "a Stripe key": re.compile(r"\b[sr]k_live_[A-Za-z0-9]{16,}"),
}
WANTED = "under `secrets` with valueFrom, the ARN of a Secrets Manager secret or SSM parameter"


def check(task: Resource, _parameters: Parameters) -> Iterator[Finding]:
    for path, container in containers(task):
        for name, value in environment(container):
            if kind := _secret(name, value):
                yield Finding(f"{path}.environment.{name}", f"{kind}, in plain text (value not shown)", WANTED)
        for key in ("command", "entrypoint"):
            for index, word in enumerate(container.get(key) or ()):
                if kind := _secret_value(str(word)):
                    yield Finding(f"{path}.{key}[{index}]", f"{kind}, in plain text (value not shown)", WANTED)


def _secret(name: str, value: str) -> str | None:
    if kind := _secret_value(value):
        return kind
    if NO_SECRET_VALUE.match(value) or ABOUT_A_SECRET.search(name):
        return None
    return "a value whose name says that it is a secret" if SECRET_NAME.search(name) else None


def _secret_value(value: str) -> str | None:
    return next((kind for kind, pattern in SECRET_VALUES.items() if pattern.search(value)), None)


RULE = ResourceRule(
    id="ECS-001",
    name="task-secrets-by-arn",
    title="A task definition holds no secret, only the ARNs of secrets.",
    item=ChecklistItem.SECRETS,
    severity=Severity.CRITICAL,
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation="Keep the value in Secrets Manager and move the variable from `environment` to `secrets`.",
    example="""container = {
    "name": "api",
    "environment": [{"name": "NODE_ENV", "value": "production"}],
    "secrets": [{"name": "JWT_SECRET", "valueFrom": jwt_secret.arn}],
}""",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-8",
    read=date(2026, 11, 24),
)
