"""Which variables may be plain."""

from __future__ import annotations

import pytest

from components.ecs.environment_names import check_environment


@pytest.mark.parametrize(
    "name",
    [
        *("MONGODB_URI", "REDIS_URL", "SENTRY_DSN", "DATABASE_URL"),
        *("JWT_SECRET", "DB_PASSWORD", "GITHUB_TOKEN", "STRIPE_API_KEY", "jwt_secret", "PASSWORD"),
    ],
)
def test_names_that_promise_a_secret_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=rf"environment: got {name}, allowed .*give them as secrets"):
        check_environment([name, "PORT"], [])


def test_other_names_are_plain_and_any_name_may_be_secret() -> None:
    check_environment(["NODE_ENV", "ALLOWED_ORIGINS", "TOKENIZER", "KEYSPACE"], ["MONGODB_URI", "ANYTHING"])


def test_a_name_cannot_be_both() -> None:
    with pytest.raises(ValueError, match="got NODE_ENV as secrets too"):
        check_environment(["NODE_ENV"], ["NODE_ENV"])
