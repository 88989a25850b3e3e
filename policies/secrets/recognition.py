"""Recognise secrets in plain text by their name or value.

The functions return only the kind of a secret, never its value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SECRET_NAME = re.compile(
    r"(SECRET|PASSWORD|PASSWD|PASSPHRASE|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|ENCRYPTION_?KEY|SIGNING_?KEY|CREDENTIAL|(^|_)DSN($|_))",
    re.IGNORECASE,
)
# Names of settings about a secret: its location, lifetime or algorithm. JWT_SECRET_ARN is not a secret.
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
# NAME=value in a shell script with a literal value: not $OTHER, not $(aws secretsmanager ...).
ASSIGNMENT = re.compile(r"(?:^|[\s;])(?:export\s+)?([A-Za-z_]\w*)=[\"']?([^\s\"'$`;]+)")


def secret_variable(name: str, value: str) -> str | None:
    """Return the kind of secret in a variable, or None."""
    if kind := secret_value(value):
        return kind
    if NO_SECRET_VALUE.match(value) or not names_a_secret(name):
        return None
    return "a value with the name of a secret"


def secret_value(value: str) -> str | None:
    """Return the kind of secret that a text is or contains, or None."""
    return next((kind for kind, pattern in SECRET_VALUES.items() if pattern.search(value)), None)


def names_a_secret(name: str) -> bool:
    """Return whether a name indicates a secret; `dbPassword` and `db-password` count like DB_PASSWORD."""
    words = re.sub(r"\W", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name))
    return SECRET_NAME.search(words) is not None and ABOUT_A_SECRET.search(words) is None


def secrets_in_script(script: str) -> Iterator[tuple[str, str]]:
    """Yield the secrets in a shell script: the assigned variable, or "" without one, and the kind."""
    if kind := secret_value(script):
        yield "", kind
    for name, value in ASSIGNMENT.findall(script):
        if secret_value(value) is None and (kind := secret_variable(name, value)):
            yield name, kind
