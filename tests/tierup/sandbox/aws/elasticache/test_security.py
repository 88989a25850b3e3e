"""Tests of the behaviour rows of AUTH tokens, user groups and encryption of replication groups."""

from __future__ import annotations

from tierup.sandbox.aws.elasticache import SUBNET_GROUP, USER_GROUP
from tierup.sandbox.aws.elasticache_replication_groups import REPLICATION_GROUP
from tierup.sandbox.aws.elasticache_users import USER
from tierup.sandbox.cloud import CloudResource

from ..account import Account
from .inputs import ENCRYPTED, SMALL, TOKEN


def test_message_contains_no_token(account: Account) -> None:
    token = "hunter2@" * 4
    found = account.planned(REPLICATION_GROUP, authToken=token, **SMALL, **ENCRYPTED)
    assert found
    assert not any("hunter2" in rejection.message for rejection in found)


def test_transit_encryption_is_enabled_in_two_updates(account: Account, group: CloudResource) -> None:
    made = account.make(REPLICATION_GROUP, "cache", subnetGroupName=group.outputs["name"], **SMALL)
    at_once = {"transitEncryptionEnabled": True, "transitEncryptionMode": "required"}
    assert account.change_codes(made, **at_once) == {"InvalidParameterCombination"}
    step = account.change(made, transitEncryptionEnabled=True, transitEncryptionMode="preferred")
    assert not account.change_codes(step, transitEncryptionMode="required")


def test_valkey_user_group_is_rejected_for_redis(account: Account) -> None:
    access = {"accessString": "on ~* +@all", "engine": "valkey", "noPasswordRequired": True}
    account.make(USER, "api", userId="api", userName="api", **access)
    account.make(USER_GROUP, userGroupId="users", engine="valkey", userIds=["api"])
    subnets = account.add_existing(SUBNET_GROUP, "cache", name="cache", subnetIds=[])
    inputs = {"userGroupIds": ["users"], **SMALL, "transitEncryptionEnabled": True, "subnetGroupName": subnets.id}
    assert not account.codes(REPLICATION_GROUP, **inputs)
    redis = {**inputs, "engine": "redis", "engineVersion": "7.1"}
    assert account.codes(REPLICATION_GROUP, **redis) == {"InvalidParameterCombination"}


WITH_TOKEN = {**SMALL, "authToken": TOKEN, "authTokenUpdateStrategy": "ROTATE"}


def test_user_group_replaces_token_by_update(account: Account, group: CloudResource) -> None:
    inside = {**ENCRYPTED, "subnetGroupName": group.outputs["name"]}
    made = account.make(REPLICATION_GROUP, "cache", **WITH_TOKEN, **inside)
    account.make(
        USER, "app", userId="u-app", userName="app", engine="valkey", accessString="on ~* +@all", passwords=[TOKEN]
    )
    account.make(USER_GROUP, "users", userGroupId="users", engine="valkey", userIds=["u-app"])
    to_users = {"authToken": None, "userGroupIds": ["users"]}

    rotating = account.change_codes(made, **to_users)
    assert rotating == {"InvalidParameterCombination"}, "SET and ROTATE need a token"
    assert account.change_codes(made, **to_users, authTokenUpdateStrategy=None) == {"InvalidParameterCombination"}
    assert account.replaced_by(made, **to_users, authTokenUpdateStrategy="DELETE") == set()
    changed = account.change(made, **to_users, authTokenUpdateStrategy="DELETE")
    assert "authToken" not in changed.outputs
    assert account.codes(REPLICATION_GROUP, "b", **{**WITH_TOKEN, "authTokenUpdateStrategy": "DELETE"}, **inside) == {
        "InvalidParameterCombination"
    }
