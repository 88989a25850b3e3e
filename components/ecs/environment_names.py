"""Which environment variables may be plain: a name that promises a secret belongs among the secrets.

A plain variable of a task definition is readable by whoever may describe it, in every revision ever made of it.
"""

from __future__ import annotations

from collections.abc import Iterable

# Connection strings carry a password; a Sentry DSN carries the key that lets anyone write to the project.
_SECRET_NAMES = frozenset({"MONGODB_URI", "MONGO_URL", "DATABASE_URL", "REDIS_URL", "SENTRY_DSN"})
_SECRET_ENDINGS = (
    *("SECRET", "SECRET_KEY", "PASSWORD", "PASSWD", "PASSPHRASE"),
    *("TOKEN", "API_KEY", "ACCESS_KEY", "PRIVATE_KEY", "CREDENTIALS"),
)


def promises_a_secret(name: str) -> bool:
    """Whether a variable of this name (any case) is to be taken for a secret."""
    upper = name.upper()
    return upper in _SECRET_NAMES or any(upper == ending or upper.endswith(f"_{ending}") for ending in _SECRET_ENDINGS)


def check_environment(plain: Iterable[str], secret: Iterable[str]) -> None:
    """Raises ValueError for plain variables that promise a secret and for names given as both."""
    plain_names, secret_names = set(plain), set(secret)
    exposed = sorted(filter(promises_a_secret, plain_names))
    if exposed:
        raise ValueError(
            f"environment: got {', '.join(exposed)}, allowed names that promise no secret: "
            "a task definition shows plain variables to everyone who may read it; give them as secrets, by ARN"
        )
    both = sorted(plain_names & secret_names)
    if both:
        raise ValueError(f"environment: got {', '.join(both)} as secrets too, allowed one of the two: ECS refuses both")
