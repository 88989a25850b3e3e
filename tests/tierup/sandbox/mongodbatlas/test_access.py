"""Atlas database users and access lists in the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.behaviour import UNKNOWN
from tierup.sandbox.mongodbatlas.access import BUILT_IN_ROLES

from ..aws.account import Account
from .test_project import project

USER = "mongodbatlas:index/databaseUser:DatabaseUser"
ROLE = "mongodbatlas:index/customDbRole:CustomDbRole"
ENTRY = "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList"
READ_WRITE = {"roleName": "readWrite", "databaseName": "app"}
ROLE_ARN = "arn:aws:iam::123456789012:role/app"


def user(project_id: str, **more: Any) -> dict[str, Any]:
    inputs = {
        "projectId": project_id,
        "username": "app",
        "authDatabaseName": "admin",
        "password": "long enough",
        "roles": [READ_WRITE],
        **more,
    }
    return {key: value for key, value in inputs.items() if value is not None}


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def group(account: Account) -> str:
    return project(account)


def test_duplicate_user_is_rejected(account: Account, group: str) -> None:
    made = account.make(USER, "first", **user(group))
    assert made.outputs["x509Type"] == "NONE"
    assert account.codes(USER, "second", **user(group)) == {"DUPLICATE_RESOURCE"}
    assert account.replaced_by(made, username="api") == {"username"}
    assert not account.replaced_by(made, password="another one")
    # The provider would ask Atlas to change a user of the other database, and there is none.
    assert not account.replaced_by(made, authDatabaseName="$external")
    assert account.change_codes(made, authDatabaseName="$external")


@pytest.mark.parametrize(
    "more",
    [
        {"password": None},
        {"password": "short"},
        {"passwordWo": "long enough"},
        {"authDatabaseName": "app"},
        {"authDatabaseName": "$external"},
        {"awsIamType": "ROLE", "username": ROLE_ARN, "password": None},
        {"awsIamType": "ROLE", "authDatabaseName": "$external", "password": None},
        {"awsIamType": "ROLE", "authDatabaseName": "$external", "username": ROLE_ARN},
        {"roles": []},
        {"roles": [{"roleName": "atlasAdmin", "databaseName": "app"}]},
        {"roles": [{"roleName": "dbAdmin", "databaseName": "app", "collectionName": "tasks"}]},
        {"roles": [{"roleName": "readEverything", "databaseName": "app"}]},
        {"x509Type": "OWN"},
        {"x509Type": "MANAGED", "ldapAuthType": "USER", "authDatabaseName": "$external", "password": None},
        {"projectId": "f" * 24},
    ],
)
def test_invalid_users_are_rejected(account: Account, group: str, more: dict[str, Any]) -> None:
    assert account.codes(USER, **user(group, **more))


def test_each_built_in_role_of_atlas_is_accepted(account: Account, group: str) -> None:
    roles = [{"roleName": name, "databaseName": "admin"} for name in sorted(BUILT_IN_ROLES)]
    assert {"killOpSession", "manageShardBalancer"} < BUILT_IN_ROLES
    assert not account.codes(USER, **user(group, roles=roles))


def test_scope_of_a_missing_cluster_is_accepted(account: Account, group: str) -> None:
    scope = {"name": "later", "type": "CLUSTER"}  # as an acceptance test of the provider has it
    assert not account.codes(USER, **user(group, scopes=[scope]))


def test_user_has_twenty_custom_roles_at_most(account: Account, group: str) -> None:
    for number in range(21):
        account.make(ROLE, f"r{number}", projectId=group, roleName=f"r{number}", actions=[])
    roles = [{"roleName": f"r{number}", "databaseName": "admin"} for number in range(21)]
    assert not account.codes(USER, **user(group, roles=[*roles[:20], READ_WRITE]))
    assert account.codes(USER, **user(group, roles=roles)) == {"INVALID_ROLE"}


def test_custom_role_of_the_project_is_accepted(account: Account, group: str) -> None:
    account.add_existing(
        "mongodbatlas:index/customDbRole:CustomDbRole", "r", projectId=group, roleName="readEverything"
    )
    assert not account.codes(USER, **user(group, roles=[{"roleName": "readEverything", "databaseName": "admin"}]))


@pytest.mark.parametrize(
    "more",
    [
        {"awsIamType": "ROLE", "authDatabaseName": "$external", "username": ROLE_ARN, "password": None},
        {"roles": [{**READ_WRITE, "collectionName": "tasks"}]},
        {"password": UNKNOWN},
    ],
)
def test_valid_users_are_accepted(account: Account, group: str, more: dict[str, Any]) -> None:
    assert not account.planned(USER, **user(group, **more))


def test_duplicate_access_list_entry_is_rejected(account: Account, group: str) -> None:
    made = account.make(ENTRY, "first", projectId=group, ipAddress="203.0.113.7")
    assert made.outputs["cidrBlock"] == "203.0.113.7/32"
    assert account.codes(ENTRY, "second", projectId=group, cidrBlock="203.0.113.7/32") == {"DUPLICATE_ENTRY"}
    assert not account.codes(ENTRY, "second", projectId=group, cidrBlock="10.0.0.0/16")
    assert account.replaced_by(made, comment="office") == {"comment"}


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"cidrBlock": "10.0.0.0/16", "ipAddress": "10.0.0.1"},
        {"cidrBlock": "10.0.0.0"},
        {"cidrBlock": "10.0.0.0/33"},
        {"ipAddress": "10.0.0.256"},
        {"awsSecurityGroup": "sg-1"},
    ],
)
def test_invalid_access_list_entries_are_rejected(account: Account, group: str, inputs: dict[str, Any]) -> None:
    assert account.codes(ENTRY, projectId=group, **inputs)
