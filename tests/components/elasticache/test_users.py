"""The cache's users: the application can work, and nobody can harm the cache or come in by the default user."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.elasticache.users import CacheUsers, CacheUsersArgs, UserEngine
from tests.engine_recorder import Recording, record

USER = "aws:elasticache/user:User"
ARGS = CacheUsersArgs(
    group_id="tasks-dev",
    password="password-of-the-app",
    default_password="token-of-the-cache",
    tags={"Stack": "dev"},
)


def made(args: CacheUsersArgs = ARGS) -> Recording[CacheUsers]:
    return record(lambda: CacheUsers("cache-users", args))


def users(recording: Recording[CacheUsers]) -> dict[str, dict[str, Any]]:
    return {user.inputs["userName"]: dict(user.inputs) for user in recording.of(USER)}


def test_it_is_made_of_these_and_no_others() -> None:
    parts = ("app", "default", "group")

    assert made().tree() == {"cache-users": None, **{f"cache-users-{part}": "cache-users" for part in parts}}


def test_the_application_reads_and_writes_but_does_not_rule() -> None:
    access = users(made())["app"]["accessString"].split()

    assert access[0] == "on"
    assert {"-@dangerous", "-@admin"} <= set(access)
    assert access.index("+@all") < access.index("-@dangerous") < access.index("+info"), "rules apply in their order"


def test_the_default_user_is_shut_but_for_the_one_step() -> None:
    shut, open_ = users(made())["default"], users(made(replace(ARGS, default_works=True)))["default"]

    assert shut["accessString"] == "off ~* -@all"
    assert open_["accessString"].startswith("on ")
    assert shut["passwords"] == ["token-of-the-cache"]
    assert shut["userId"] == open_["userId"]


def test_passwords_are_secret_and_the_group_holds_both() -> None:
    recording = made(replace(ARGS, engine=UserEngine.REDIS))

    assert all("passwords" in user.secret_inputs for user in recording.of(USER))
    group = recording.one("aws:elasticache/userGroup:UserGroup").inputs
    assert group["userIds"] == ["tasks-dev-app", "tasks-dev-default"]
    assert {group["engine"], *(user["engine"] for user in users(recording).values())} == {"redis"}
    assert recording.value(recording.result.group_id) == "tasks-dev"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"group_id": "Tasks"}, "group_id is 'Tasks'"),
        ({"group_id": "a--b"}, "single hyphens"),
        ({"group_id": "a" * 33}, "at most 32"),
        ({"username": "default"}, "take another"),
        ({"username": "a b"}, "stands in the cache's URL"),
    ],
)
def test_wrong_arguments_are_refused(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(ARGS, **wrong)
