"""Tests of the cache's users and their access strings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.elasticache.users import CacheUsers, CacheUsersArgs, UserEngine
from tests.engine_recorder import Recording, record

USER = "aws:elasticache/user:User"
ARGS = CacheUsersArgs(
    group_id="tasks-dev",
    passwords=["password-of-the-app"],
    default_passwords=["token-of-the-cache"],
    tags={"Stack": "dev"},
)


def recorded(args: CacheUsersArgs = ARGS) -> Recording[CacheUsers]:
    return record(lambda: CacheUsers("cache-users", args))


def users(recording: Recording[CacheUsers]) -> dict[str, dict[str, Any]]:
    return {user.inputs["userName"]: dict(user.inputs) for user in recording.of(USER)}


def test_creates_exactly_these_resources() -> None:
    parts = ("app", "default", "group")

    assert recorded().tree() == {"cache-users": None, **{f"cache-users-{part}": "cache-users" for part in parts}}


def test_application_user_has_no_dangerous_or_admin_commands() -> None:
    access = users(recorded())["app"]["accessString"].split()

    assert access[0] == "on"
    assert {"-@dangerous", "-@admin"} <= set(access)
    assert access.index("+@all") < access.index("-@dangerous") < access.index("+info"), "rules apply in order"


def test_default_user_is_disabled_unless_enabled_for_the_migration() -> None:
    disabled, enabled = (
        users(recorded())["default"],
        users(recorded(replace(ARGS, default_user_enabled=True)))["default"],
    )

    assert disabled["accessString"] == "off ~* -@all"
    assert enabled["accessString"].startswith("on ")
    assert disabled["passwords"] == ["token-of-the-cache"]
    assert disabled["userId"] == enabled["userId"]


def test_passwords_are_secret_and_the_group_has_both_users() -> None:
    recording = recorded(replace(ARGS, engine=UserEngine.REDIS))

    assert ["passwords" in user.secret_inputs for user in recording.of(USER)] == [True, True]
    group = recording.one("aws:elasticache/userGroup:UserGroup").inputs
    assert group["userIds"] == ["tasks-dev-app", "tasks-dev-default"]
    assert {group["engine"], *(user["engine"] for user in users(recording).values())} == {"redis"}
    assert recording.value(recording.result.group_id) == "tasks-dev"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"group_id": "Tasks"}, r"group_id: not a user group id \(got 'Tasks'\)"),
        ({"group_id": "a--b"}, r"group_id: .*\(got 'a--b'\).*single hyphens"),
        ({"group_id": "a" * 33}, "at most 32"),
        ({"username": "default"}, "username: reserved"),
        ({"username": "a b"}, r"username: not a valid user name \(got 'a b'\)"),
    ],
)
def test_invalid_arguments_are_rejected(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(ARGS, **wrong)


@pytest.mark.parametrize("passwords", [[], ["a" * 16, "b" * 16, "c" * 16]])
def test_a_user_has_one_password_or_two(passwords: list[str]) -> None:
    with pytest.raises(ValueError, match=r"passwords: ElastiCache accepts one or two \(got"):
        replace(ARGS, passwords=passwords)
