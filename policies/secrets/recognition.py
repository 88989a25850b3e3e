"""What a secret in plain text looks like, by the name it stands under or by the value itself.

Nothing here returns a value, only what kind of thing it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

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
# NAME=value in a shell script, the value written out: not $OTHER, not $(aws secretsmanager ...).
ASSIGNMENT = re.compile(r"(?:^|[\s;])(?:export\s+)?([A-Za-z_]\w*)=[\"']?([^\s\"'$`;]+)")


def secret_variable(name: str, value: str) -> str | None:
    """What kind of secret a variable holds, None when none that can be told."""
    if kind := secret_value(value):
        return kind
    if NO_SECRET_VALUE.match(value) or not names_a_secret(name):
        return None
    return "a value whose name says that it is a secret"


def secret_value(value: str) -> str | None:
    """What kind of secret a text is or contains, None when none that can be told."""
    return next((kind for kind, pattern in SECRET_VALUES.items() if pattern.search(value)), None)


def names_a_secret(name: str) -> bool:
    """Whether a name promises a secret; `dbPassword` and `db-password` are read as DB_PASSWORD is."""
    words = re.sub(r"\W", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name))
    return SECRET_NAME.search(words) is not None and ABOUT_A_SECRET.search(words) is None


def secrets_in_script(script: str) -> Iterator[tuple[str, str]]:
    """The secrets in a shell script: the variable assigned, or "" where there is none, and the kind."""
    if kind := secret_value(script):
        yield "", kind
    for name, value in ASSIGNMENT.findall(script):
        if secret_value(value) is None and (kind := secret_variable(name, value)):
            yield name, kind
