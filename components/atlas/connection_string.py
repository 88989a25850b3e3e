"""Connection URIs for MongoDB drivers. The SRV scheme implies TLS and authSource=admin."""

from __future__ import annotations

from urllib.parse import quote

SCHEME = "mongodb+srv://"


def connection_uri(*, host: str, username: str, password: str, database: str, max_pool_size: int) -> str:
    """Return the URI of a user with a password. User and password are percent-encoded."""
    user = f"{quote(username, safe='')}:{quote(password, safe='')}"
    return f"{SCHEME}{user}@{host}/{database}?retryWrites=true&w=majority&maxPoolSize={max_pool_size}"


def iam_connection_uri(*, host: str, database: str, max_pool_size: int) -> str:
    """Return the URI of an IAM role's user. The driver signs with the task's credentials, so the URI holds no secret.

    Source: https://www.mongodb.com/docs/atlas/security/aws-iam-authentication/ (read 2026-11-29; the options
    of the URI from memory).
    """
    options = (
        f"authSource=%24external&authMechanism=MONGODB-AWS&retryWrites=true&w=majority&maxPoolSize={max_pool_size}"
    )
    return f"{SCHEME}{host}/{database}?{options}"
