"""Database users: each may do its one thing in the one database, and logs in by one way."""

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
    usual: dict[str, Any] = {
        "project_id": "p",
        "cluster_name": "app",
        "host": "h.example",
        "database": "tasks",
        "max_pool_size": 10,
    }
    return AtlasUsersArgs(users=users, **{**usual, **more})


@pytest.fixture(scope="module")
def recording() -> Recording[AtlasUsers]:
    return record(lambda: AtlasUsers("users", args()))


def test_it_is_made_of_these_and_no_others(recording: Recording[AtlasUsers]) -> None:
    assert recording.tree() == {"users": None, **{f"users-{name}": "users" for name in USERS}}


def test_each_may_do_its_one_thing_in_the_one_database(recording: Recording[AtlasUsers]) -> None:
    def roles(name: str) -> list[tuple[str, str]]:
        inputs = recording.named(f"users-{name}").inputs
        assert inputs["scopes"] == [{"name": "app", "type": "CLUSTER"}]
        return [(role["roleName"], role["databaseName"]) for role in inputs["roles"]]

    assert roles("reader") == [("read", "tasks")]
    assert roles("migration") == [("readWrite", "tasks"), ("dbAdmin", "tasks")]
    assert roles("worker") == [("readWrite", "tasks")]


def test_a_role_logs_in_without_a_password(recording: Recording[AtlasUsers]) -> None:
    worker, reader = recording.named("users-worker"), recording.named("users-reader")

    assert (worker.inputs["username"], worker.inputs["authDatabaseName"]) == (ROLE, "$external")
    assert worker.inputs["awsIamType"] == "ROLE"
    assert "password" not in worker.inputs
    assert reader.inputs["authDatabaseName"] == "admin"
    assert "password" in reader.secret_inputs


def test_uris_are_secret_and_wait_for_their_user(recording: Recording[AtlasUsers]) -> None:
    uris = recording.result.uris

    assert all(recording.is_secret(uri) for uri in uris.values())
    # pragma: allowlist nextline secret
    assert str(recording.value(uris["reader"])).startswith("mongodb+srv://reader:p%2F1@h.example/tasks?")
    assert "authMechanism=MONGODB-AWS" in recording.value(uris["worker"])
    assert "users-worker" in recording.sources(uris["worker"])


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"users": {}}, "users is empty"),
        ({"users": {"A": USERS["reader"]}}, "users has 'A'"),
        ({"max_pool_size": 0}, "0 is no limit"),
    ],
)
def test_wrong_arguments_are_refused(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        args(**wrong)


@pytest.mark.parametrize("given", [{}, {"password": "p", "role_arn": ROLE}])
def test_one_way_to_log_in(given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="give exactly one"):
        AtlasUser(access=Access.READ_ONLY, **given)
