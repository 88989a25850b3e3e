"""Tests of the behaviour rows of ElastiCache users and user groups."""

from __future__ import annotations

from tierup.sandbox.aws.elasticache import USER_GROUP
from tierup.sandbox.aws.elasticache_users import USER

from ..account import Account


def test_user_has_one_authentication(account: Account) -> None:
    inputs = {"accessString": "on ~* +@all", "engine": "redis", "userId": "api", "userName": "api"}
    assert account.codes(USER, **inputs) == {"InvalidParameterCombination"}
    assert account.codes(USER, passwords=["short"], **inputs) == {"InvalidParameterValue"}
    iam = {"authenticationMode": {"type": "iam"}}
    assert not account.codes(USER, **iam, **inputs)
    assert account.codes(USER, **iam, **{**inputs, "userName": "other"}) == {"InvalidParameterCombination"}
    assert account.codes(USER, **{**inputs, "userId": "1api"}, **iam) >= {"InvalidName"}


def test_redis_user_group_requires_default_user(account: Account) -> None:
    access = {"accessString": "on ~* +@all", "engine": "redis", "noPasswordRequired": True}
    account.make(USER, "api", userId="api", userName="api", **access)
    quiet = account.make(USER, "quiet", userId="quiet", userName="default", **access)
    assert account.codes(USER_GROUP, userGroupId="users", engine="redis", userIds=["api"]) == {"DefaultUserRequired"}
    assert account.codes(USER_GROUP, userGroupId="users", engine="redis", userIds=["default", "quiet"]) == {
        "DuplicateUserName"
    }
    account.make(USER_GROUP, userGroupId="users", engine="redis", userIds=["api", "quiet"])
    assert account.delete_codes(quiet) == {"InvalidUserState"}
