"""Custom roles of Atlas in the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.mongodbatlas import api_limits, custom_roles

from ..aws.account import Account
from .test_project import project

ROLE = "mongodbatlas:index/customDbRole:CustomDbRole"
CLUSTER = {"cluster": True}
DATABASE = {"databaseName": "app", "collectionName": ""}


@pytest.mark.parametrize(
    ("action", "resource", "accepted"),
    [
        ("FIND", DATABASE, True),
        ("FIND", {"databaseName": "", "collectionName": ""}, True),
        ("FIND", CLUSTER, False),
        ("SERVER_STATUS", CLUSTER, True),
        ("SERVER_STATUS", DATABASE, False),
        ("LIST_DATABASES", {"databaseName": "app"}, False),
        ("DB_STATS", CLUSTER, False),
        ("ENABLE_SHARDING", CLUSTER, True),
        ("ENABLE_SHARDING", DATABASE, True),
        ("COMPACT", CLUSTER, True),
        ("CHECK_METADATA_CONSISTENCY", DATABASE, True),
        ("FIND", {"cluster": True, "databaseName": "app"}, False),
    ],
)
def test_actions_fit_their_resources(action: str, resource: dict[str, Any], accepted: bool) -> None:
    account = Account()
    inputs = {
        "projectId": project(account),
        "roleName": "ops",
        "actions": [{"action": action, "resources": [resource]}],
    }
    assert account.codes(ROLE, **inputs) == (set() if accepted else {"INVALID_ATTRIBUTE"})


def test_action_tables_hold_actions_of_the_api_and_do_not_overlap() -> None:
    known = set(api_limits.limits_of(ROLE)["actions[*].action"].values)
    assert known >= custom_roles.ON_CLUSTER
    assert known >= custom_roles.ON_NAMESPACE
    assert not custom_roles.ON_CLUSTER & custom_roles.ON_NAMESPACE


@pytest.mark.parametrize(
    ("role", "database", "accepted"),
    [
        ("read", "app", True),
        ("readWrite", "app", True),
        ("clusterMonitor", "admin", True),
        ("clusterMonitor", "app", False),
        ("base", "admin", True),
        ("base", "app", False),
    ],
)
def test_inherited_roles_are_granted_on_admin(role: str, database: str, accepted: bool) -> None:
    account = Account()
    group = project(account)
    account.make(ROLE, "base", projectId=group, roleName="base", actions=[{"action": "FIND", "resources": [DATABASE]}])
    inherited = [{"roleName": role, "databaseName": database}]
    codes = account.codes(ROLE, projectId=group, roleName="ops", inheritedRoles=inherited)
    assert codes == (set() if accepted else {"INVALID_ROLE"})
