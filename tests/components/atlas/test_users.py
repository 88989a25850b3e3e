"""Further database users: roles, ways to authenticate and URIs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from components.atlas.users import Access, AtlasUser, AtlasUsers, AtlasUsersArgs
from tests.engine_recorder import Recording, record

ROLE = "arn:aws:iam::111122223333:role/task"
USERS = {
    "reader": AtlasUser(access=Access.READ_ONLY, password="p/1"),
    "migration": AtlasUser(access=Access.MIGRATION, password="p/2"),
    "worker": AtlasUser(access=Access.APPLICATION, role_arn=ROLE),
}


def args(users: Mapping[str, AtlasUser] = USERS, **more: Any) -> AtlasUsersArgs:
    default: dict[str, Any] = {
        "project_id": "p",
        "cluster_name": "app",
        "host": "h.example",
        "database": "tasks",
        "max_pool_size": 10,
    }
    return AtlasUsersArgs(users=users, **{**default, **more})


@pytest.fixture(scope="module")
def recording() -> Recording[AtlasUsers]:
    return record(lambda: AtlasUsers("users", args()))


def test_creates_exactly_these_resources(recording: Recording[AtlasUsers]) -> None:
    assert recording.tree() == {"users": None, **{f"users-{name}": "users" for name in USERS}}


def test_users_have_the_roles_of_their_access(recording: Recording[AtlasUsers]) -> None:
    def roles(name: str) -> list[tuple[str, str]]:
        inputs = recording.named(f"users-{name}").inputs
        assert inputs["scopes"] == [{"name": "app", "type": "CLUSTER"}]
        return [(role["roleName"], role["databaseName"]) for role in inputs["roles"]]

    assert roles("reader") == [("read", "tasks")]
    assert roles("migration") == [("readWrite", "tasks"), ("dbAdmin", "tasks")]
    assert roles("worker") == [("readWrite", "tasks")]


def test_iam_role_authenticates_without_password(recording: Recording[AtlasUsers]) -> None:
    worker, reader = recording.named("users-worker"), recording.named("users-reader")

    assert (worker.inputs["username"], worker.inputs["authDatabaseName"]) == (ROLE, "$external")
    assert worker.inputs["awsIamType"] == "ROLE"
    assert "password" not in worker.inputs
    assert reader.inputs["authDatabaseName"] == "admin"
    assert "password" in reader.secret_inputs


def test_uris_are_secret_and_depend_on_their_user(recording: Recording[AtlasUsers]) -> None:
    uris = recording.result.uris

    assert all(recording.is_secret(uri) for uri in uris.values())
    # pragma: allowlist nextline secret
    assert str(recording.value(uris["reader"])).startswith("mongodb+srv://reader:p%2F1@h.example/tasks?")
    assert "authMechanism=MONGODB-AWS" in recording.value(uris["worker"])
    assert "users-worker" in recording.sources(uris["worker"])


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"users": {}}, "^users: must not be empty"),
        ({"users": {"A": USERS["reader"]}}, r"^users: .*\(got 'A'\)"),
        ({"max_pool_size": 0}, r"^max_pool_size: .*no limit"),
    ],
)
def test_invalid_arguments_are_rejected(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        args(**wrong)


@pytest.mark.parametrize("given", [{}, {"password": "p", "role_arn": ROLE}])
def test_user_has_exactly_one_way_to_authenticate(given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="exactly one way to authenticate"):
        AtlasUser(access=Access.READ_ONLY, **given)
